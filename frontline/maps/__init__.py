"""Animated maps of control: a layer for folium, and a page of its own that needs no network.

Data are carried as a base64 payload and shown as text; they never pass through an HTML or Python
template.
"""

from __future__ import annotations

from frontline.maps.layer import TimeMapLayer
from frontline.maps.payload import Payload
from frontline.maps.save import payload_of, save, time_map

__all__ = ["Payload", "TimeMapLayer", "payload_of", "save", "time_map"]

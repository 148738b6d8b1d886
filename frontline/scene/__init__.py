"""What a map or a picture shows, before it is drawn: contents, frames and the base map."""

from __future__ import annotations

"""Who held what, when, according to whom: control as a space-time composite."""

from frontline.control.history import ControlHistory
from frontline.control.infill import Infill

__all__ = ["ControlHistory", "Infill"]

"""Who held what, when, according to whom: control as a space-time composite."""

from frontline.control.history import ControlHistory

__all__ = ["ControlHistory"]

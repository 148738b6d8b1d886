"""frontline."""
from frontline._version import __version__

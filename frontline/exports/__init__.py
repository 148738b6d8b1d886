"""What a history says, written for other programs; every file carries its sources and terms."""

from frontline.exports.files import export
from frontline.exports.postgis import from_postgis, to_postgis
from frontline.exports.tables import tabulate

__all__ = ["export", "from_postgis", "tabulate", "to_postgis"]

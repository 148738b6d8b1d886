"""What a reader repaired, left out or did not know, counted, so that nothing is lost silently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontline.errors import CRSError, DataFileError

if TYPE_CHECKING:
    from pathlib import Path

_SHOWN = 50
_NAMED = 5


class Notes:
    """Counted remarks and gathered faults on one file.

    Parameters
    ----------
    name
        How messages call the file.

    Examples
    --------
    >>> notes = Notes("a.geojson")
    >>> for row in (3, 7):
    ...     notes.count("invalid areas repaired", row)
    >>> notes.remarks()
    ('invalid areas repaired: 2 (3, 7)',)
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._counts: dict[str, int] = {}
        self._where: dict[str, list[str]] = {}
        self._said: list[str] = []
        self._faults: list[str] = []
        self._off_globe = 0

    def say(self, remark: str) -> None:
        """Add a remark as it is, once."""
        if remark not in self._said:
            self._said.append(remark)

    def count(self, what: str, where: object = None, *, number: int = 1) -> None:
        """Count something, and keep the first places where it was."""
        if number:
            self._counts[what] = self._counts.get(what, 0) + number
            places = self._where.setdefault(what, [])
            if where is not None and len(places) < _NAMED:
                places.append(str(where)[:60])

    def fault(self, message: str, *, off_globe: bool = False) -> None:
        """Note a fault that keeps the file from being used."""
        self._faults.append(message)
        self._off_globe += off_globe

    def raise_if_faulty(self) -> None:
        """Raise one error that names all faults.

        Raises
        ------
        CRSError
            All faults are numbers that are no degrees.
        DataFileError
            Other faults.
        """
        if not self._faults:
            return
        listed = self._faults[:_SHOWN]
        if len(self._faults) > _SHOWN:
            listed.append(f"and {len(self._faults) - _SHOWN} more")
        number = f"{len(self._faults)} fault{'s' if len(self._faults) > 1 else ''}"
        text = f"{self.name} has {number} and was not used:\n" + "\n".join(listed)
        if self._off_globe == len(self._faults):
            raise CRSError(text)
        raise DataFileError(text, path=self.name, problems=self._faults)

    def remarks(self) -> tuple[str, ...]:
        """Return all remarks, the counted ones with their first places."""
        counted = []
        for what, number in self._counts.items():
            places = self._where[what]
            more = ", ..." if places and number > len(places) else ""
            where = f" ({', '.join(places)}{more})" if places else ""
            counted.append(f"{what}: {number}{where}")
        return (*self._said, *counted)


def drifted(path: Path | str, *, what: str, missing: object, expected: object) -> DataFileError:
    """Return the error on a file whose columns or layers are not those of its format."""
    return DataFileError(
        f"{path}: {what} {missing}; expected {expected}. The format may have changed", path=path
    )

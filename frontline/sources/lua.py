"""The tables of a Lua module, read without running it: strings, numbers, names, tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from frontline.errors import DataFileError

_MAX_DEPTH = 50
_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>--(?:\[(?P<c>=*)\[.*?(?:\](?P=c)\]|\Z)|[^\n]*))
    | (?P<long>\[(?P<l>=*)\[(?P<body>.*?)(?:\](?P=l)\]|(?P<open>\Z)))
    | (?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    | (?P<number>0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<name>[^\W\d]\w*)
    | (?P<mark>\.\.\.|\.\.|[=~<>]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(\d{1,3}|x[0-9a-fA-F]{2}|z\s*|\r?\n|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "a": "", "b": "", "f": "", "v": " "}
_OPEN, _CLOSE = frozenset("{(["), frozenset("})]")
_BYTE = 0x80


@dataclass(frozen=True, slots=True)
class Name:
    """A name that stands for something kept elsewhere, such as ``m.gov``.

    Attributes
    ----------
    path : tuple of str
        Its parts.
    """

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table constructor.

    Attributes
    ----------
    fields : dict
        Values by name; the last of the same name counts, as in Lua.
    items : list
        Values without a name.
    line : int
        Where it begins, counted from 1.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    items: list[Any] = field(default_factory=list)
    line: int = 0


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    value: Any
    line: int


def tables_of(text: str, *, name: str = "the module") -> list[tuple[str | None, Table]]:
    r"""Return every outermost table of a module, with the variable that it is assigned to.

    Parameters
    ----------
    text
        The module. Nothing of it is run: calls and operators give None.
    name
        How an error calls it.

    Raises
    ------
    DataFileError
        A string or a table is not closed, or tables stand too deep in one another.

    Examples
    --------
    >>> text = 'return { { lat = "36.1", mark = m.gov }, -- { lat = 1 }\n }'
    >>> tables_of(text)[0][1].items[0].fields
    {'lat': '36.1', 'mark': Name(path=('m', 'gov'))}
    """
    parser = _Parser(_tokens(text, name), name)
    return parser.outermost()


def walk(table: Table) -> list[Table]:
    """Return a table and all tables in it, in the order in which they are written."""
    found: list[Table] = []
    waiting = [table]
    while waiting:
        each = waiting.pop()
        found.append(each)
        inner = [v for v in (*each.fields.values(), *each.items) if isinstance(v, Table)]
        waiting.extend(sorted(inner, key=lambda t: -t.line))
    return found


def _tokens(text: str, name: str) -> list[_Token]:
    found = []
    line = 1
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        whole = match[0]
        if match["comment"] is not None or match["space"] is not None:
            pass
        elif match["long"] is not None:
            if match["open"] is not None:
                raise DataFileError(f"{name}, line {line}: a text is not closed", path=name)
            found.append(_Token("string", match["body"].removeprefix("\n"), line))
        elif match["string"] is not None:
            found.append(_Token("string", _unescaped(whole[1:-1]), line))
        elif match["number"] is not None:
            found.append(_Token("number", _number(whole), line))
        elif whole in ('"', "'"):
            raise DataFileError(f"{name}, line {line}: a text is not closed", path=name)
        else:
            found.append(_Token(kind, whole, line))
        line += whole.count("\n")
    return found


def _number(text: str) -> float:
    try:
        return float(int(text, 16)) if text[:2].lower() == "0x" else float(text)
    except OverflowError:
        return float("inf")


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text

    def one(match: re.Match[str]) -> str:
        what = match[1]
        if what.isdigit() and what.isascii():
            code = int(what)
            return chr(code) if code < _BYTE else "\ufffd"
        if what[0] == "x" and len(what) > 1:
            code = int(what[1:], 16)
            return chr(code) if code < _BYTE else "\ufffd"
        if what[0] == "z":
            return ""
        return _ESCAPED.get(what, what)

    return _ESCAPE.sub(one, text)


class _Parser:
    """Reads values one after the other; what it does not know becomes None."""

    def __init__(self, tokens: list[_Token], name: str) -> None:
        self._tokens = tokens
        self._at = 0
        self._name = name
        self._end = _Token("end", "", tokens[-1].line if tokens else 1)

    def outermost(self) -> list[tuple[str | None, Table]]:
        found: list[tuple[str | None, Table]] = []
        while self._at < len(self._tokens):
            if self._is("{"):
                variable = self._assigned()
                found.append((variable, self._table(0)))
            else:
                self._at += 1
        return found

    def _assigned(self) -> str | None:
        before = self._tokens[max(self._at - 2, 0) : self._at]
        if len(before) == 2 and before[1].value == "=" and before[0].kind == "name":  # noqa: PLR2004 - name and sign
            return str(before[0].value)
        return None

    def _peek(self, ahead: int = 0) -> _Token:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else self._end

    def _is(self, mark: str, ahead: int = 0) -> bool:
        token = self._peek(ahead)
        return token.kind == "mark" and token.value == mark

    def _take(self) -> _Token:
        token = self._peek()
        self._at += 1
        return token

    def _table(self, depth: int) -> Table:
        opened = self._take()
        if depth > _MAX_DEPTH:
            raise DataFileError(
                f"{self._name}, line {opened.line}: tables stand too deep in one another"
            )
        table = Table(line=opened.line)
        while not self._is("}"):
            if self._peek().kind == "end":
                raise DataFileError(
                    f"{self._name}, line {opened.line}: a table is not closed", path=self._name
                )
            if self._is(",") or self._is(";"):
                self._at += 1
                continue
            self._entry(table, depth)
        self._at += 1
        return table

    def _entry(self, table: Table, depth: int) -> None:
        key: Any = None
        if self._peek().kind == "name" and self._is("=", 1):
            key = self._take().value
            self._at += 1
        elif self._is("["):
            self._at += 1
            key = self._value(depth, until="]")
            if self._is("]"):
                self._at += 1
            if self._is("="):
                self._at += 1
        value = self._value(depth, until=",;}")
        if key is None:
            table.items.append(value)
        elif isinstance(key, (str, float)):
            table.fields[str(key)] = value

    def _value(self, depth: int, *, until: str) -> Any:
        value = self._operand(depth)
        while self._is(".."):
            self._at += 1
            other = self._operand(depth)
            both = isinstance(value, str) and isinstance(other, str)
            value = value + other if both else None
        if self._peek().kind != "end" and not any(self._is(mark) for mark in until):
            self._skip(until)
            return None
        return value

    def _operand(self, depth: int) -> Any:
        token = self._peek()
        if self._is("{"):
            return self._table(depth + 1)
        if self._is("-") and self._peek(1).kind == "number":
            self._at += 2
            return -self._peek(-1).value
        if token.kind in ("string", "number"):
            return self._take().value
        if token.kind == "name":
            return self._path()
        return None

    def _path(self) -> Any:
        words = [str(self._take().value)]
        while True:
            if self._is(".") and self._peek(1).kind == "name":
                words.append(str(self._peek(1).value))
                self._at += 2
            elif self._is("[") and self._peek(1).kind == "string" and self._is("]", 2):
                words.append(str(self._peek(1).value))
                self._at += 3
            else:
                break
        return {"true": True, "false": False, "nil": None}.get(words[0], Name(tuple(words)))

    def _skip(self, until: str) -> None:
        level = 0
        while self._peek().kind != "end":
            if level == 0 and any(self._is(mark) for mark in until):
                return
            token = self._take()
            if token.kind == "mark":
                level += (token.value in _OPEN) - (token.value in _CLOSE)
                level = max(level, 0)

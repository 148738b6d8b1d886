"""A module imports only from floors below it: read from the source, imports in functions included.

`docs/design.md` says what the floors are; the table here is the same in code.
"""

from __future__ import annotations

import ast
import configparser
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "frontline"

# Rooms from the ground up. A room may use every line above its own, never its own or a later one.
# Within floors 0 and 1 a few rooms stand on others, hence half floors.
FLOORS: dict[str, tuple[str, ...]] = {
    "0": ("errors", "_version", "_doors"),
    "0 1/2": ("_resources", "markup"),
    "1": ("geodesy", "compass", "units", "dates", "edtf", "partitions", "palette"),
    "1 1/4": ("edges", "planes", "chords", "rings"),
    "1 3/8": ("pieces",),
    "1 1/2": ("shapes", "spots", "noding"),
    "1 5/8": ("segments",),
    "1 3/4": ("nearness", "windings", "drawing", "locator", "sketches"),
    "2": ("gazetteer", "composite", "tessellation"),
    "2 1/2": ("patching", "cutting"),
    "3": ("locality",),
    "4": ("control", "distances"),
    "5": ("sources", "reports"),
    "5 1/2": ("exports", "publication"),
    "5 3/4": ("scene",),
    "6": ("maps", "plots"),
    "7": ("asked", "cases", "output"),
    "7 1/2": ("conversion", "plotting"),
    "8": ("cli",),
    "the face": ("__init__", "__main__"),
}
# The one module that imports upwards: lazily, for the conveniences that end in a picture.
DOORS = "_doors"
MAX_LINES = 450


@dataclass(frozen=True)
class Import:
    """One import of a module of the package, by its dotted name without the package's."""

    importer: str
    imported: str
    line: int
    for_types: bool


def module_names(package: Path) -> dict[str, Path]:
    """Return the package's modules by dotted name; a subpackage goes by its own name."""
    names = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)
        names[name] = path
    return names


def type_checking_lines(tree: ast.AST) -> set[int]:
    """Return the lines under ``if TYPE_CHECKING``."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for child in node.body:
                lines.update(range(child.lineno, (child.end_lineno or child.lineno) + 1))
    return lines


def imported_names(node: ast.AST, modules: dict[str, Path]) -> list[str]:
    """Return what a statement imports from the package, "" standing for the top package itself.

    ``from frontline.units import to_m`` imports "units", ``from frontline import units`` too.
    """
    if isinstance(node, ast.Import):
        dotted = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        inner = [f"{node.module}.{alias.name}" for alias in node.names]
        dotted = [n if n.partition(".")[2] in modules else node.module for n in inner]
    else:
        dotted = []
    return [n.partition(".")[2] for n in dotted if n.partition(".")[0] == "frontline"]


def imports_of(name: str, path: Path, modules: dict[str, Path]) -> tuple[list[Import], list[str]]:
    """Return a module's imports from its own package, and the faults in how they are written."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = type_checking_lines(tree)
    found: list[Import] = []
    faults: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            faults.append(f"{name}:{node.lineno} imports relatively")
        for imported in imported_names(node, modules):
            if imported:
                found.append(Import(name, imported, node.lineno, node.lineno in typing_only))
            else:
                faults.append(f"{name}:{node.lineno} imports the top package")
    return found, faults


def floor_of(name: str) -> int | None:
    """Return the height of the room that a module belongs to, or None if it has none."""
    room = name.partition(".")[0]
    heights = (height for height, rooms in enumerate(FLOORS.values()) if room in rooms)
    return next(heights, None)


def cycles(edges: dict[str, set[str]]) -> list[str]:
    """Return one written-out circle for every import that closes one."""
    done: set[str] = set()
    found: list[str] = []

    def visit(name: str, trail: list[str]) -> None:
        if name in trail:
            found.append(" -> ".join([*trail[trail.index(name) :], name]))
        elif name not in done:
            for other in sorted(edges.get(name, ())):
                visit(other, [*trail, name])
            done.add(name)

    for start in sorted(edges):
        visit(start, [])
    return found


def faults_of(package: Path) -> list[str]:
    """Return everything in a package that the architecture forbids, in words."""
    modules = module_names(package)
    faults = [f"{name} stands on no floor" for name in modules if floor_of(name) is None]
    edges: dict[str, set[str]] = {}
    for name, path in modules.items():
        imports, written_badly = imports_of(name, path, modules)
        if name != "__init__":
            faults += written_badly
        if name == DOORS:
            # A door may lead anywhere, if it opens only when it is used.
            tree = ast.parse(path.read_text(encoding="utf-8"))
            top = {node.lineno for node in tree.body}
            faults += [f"{name}:{i.line} imports when loaded" for i in imports if i.line in top]
            continue
        for found in imports:
            if not found.for_types:
                edges.setdefault(name, set()).add(found.imported)
            here, there = floor_of(name), floor_of(found.imported)
            same_room = name.partition(".")[0] == found.imported.partition(".")[0]
            if here is None or same_room:
                continue
            if there is None:
                faults.append(f"{name}:{found.line} imports {found.imported}, which has no floor")
            elif there >= here:
                way = "upwards" if there > here else "sideways"
                faults.append(f"{name}:{found.line} imports {found.imported}, {way}")
    return faults + [f"circular: {circle}" for circle in cycles(edges)]


def test_every_import_leads_down():
    faults = faults_of(PACKAGE)
    assert not faults, "\n".join(faults)


def test_modules_stay_small():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in [*PACKAGE.rglob("*.py"), *(ROOT / "geodata" / "build").glob("*.py")]
    }
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_every_subpackage_is_listed_for_the_wheel():
    metadata = configparser.ConfigParser()
    metadata.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = set(metadata["options"]["packages"].split())
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    found = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert listed - {"frontline.geodata"} == found


PLANTED = {
    "upwards": ("units.py", "from frontline.maps import page\n", "imports maps.page, upwards"),
    "upwards in a function": (
        "gazetteer/store.py",
        "def f():\n    from frontline.cases import load\n",
        "imports cases, upwards",
    ),
    "upwards for types": (
        "geodesy.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import frontline.control\n",
        "imports control, upwards",
    ),
    "sideways": ("units.py", "import frontline.compass\n", "imports compass, sideways"),
    "the top package": ("cases.py", "import frontline\n", "imports the top package"),
    "a name of the face": ("cases.py", "from frontline import place\n", "imports the top package"),
    "relatively": ("maps/page.py", "from . import save\n", "imports relatively"),
    "circularly": (
        "maps/page.py",
        "def f():\n    from frontline.maps.save import g\n",
        "circular: maps.page -> maps.save -> maps.page",
    ),
    "from a room nobody knows": ("cases.py", "import frontline.attic\n", "which has no floor"),
    "through a door when loaded": ("_doors.py", "import frontline.maps\n", "imports when loaded"),
}


@pytest.fixture
def house(tmp_path):
    """A small package in order: one module a room, doors that open lazily."""
    files = {
        "__init__.py": "from frontline.cli import main\n",
        "_doors.py": "def map_of():\n    from frontline.maps.page import f\n",
        "units.py": "from frontline.errors import InputError\n",
        "errors.py": "",
        "compass.py": "",
        "geodesy.py": "",
        "gazetteer/__init__.py": "from frontline.gazetteer.store import f\n",
        "gazetteer/store.py": "from frontline import _doors, units\n",
        "control/__init__.py": "import frontline.gazetteer\n",
        "maps/__init__.py": "",
        "maps/page.py": "",
        "maps/save.py": "from frontline.maps import page\n",
        "cases.py": "from frontline.control import history\n",
        "cli.py": "from frontline.cases import load\n",
    }
    package = tmp_path / "frontline"
    for name, text in files.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return package


def test_a_house_in_order_has_no_faults(house):
    assert faults_of(house) == []


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_fault_is_found(house, kind):
    file, text, message = PLANTED[kind]
    (house / file).write_text(text, encoding="utf-8")
    assert any(message in fault for fault in faults_of(house))


def test_a_module_without_a_floor_is_found(house):
    (house / "attic.py").write_text("", encoding="utf-8")
    assert faults_of(house) == ["attic stands on no floor"]

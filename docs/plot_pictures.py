"""Draw the pictures of pictures.md. Called by pictures.py; alone: ``python docs/plot_pictures.py``.

The last one is the worked case of the statement "fierce clashes five kilometres northeast of
Hama's borders" beside all others of those days.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

import frontline as fl
from frontline.plots.encode import Palette

PHRASE = "approximately five kilometers northeast of Hama's borders"
#: File name, kind, size in pixels, options.
PICTURES: tuple[tuple[str, str, tuple[int, int], dict[str, Any]], ...] = (
    ("plot-map.png", "map", (1040, 680), {"date": "2024-12-05"}),
    ("plot-changes.png", "changes", (1040, 680), {"from_": "2024-11-27", "to": "2024-12-05"}),
    ("plot-advance.png", "advance", (940, 760), {"towards": ["Aleppo", "Hama", "Homs"]}),
    (
        "hama-statements.png",
        "statements",
        (1180, 770),
        {
            "towards": "Hama",
            "phrase": PHRASE,
            "from_": "2024-12-03",
            "to": "2024-12-05",
            "date": "2024-12-04",
        },
    ),
)


def draw(folder: Path) -> None:
    """Write every picture to a folder, in few colours so that they stay small."""
    case = fl.load("syria-2024")
    folder.mkdir(exist_ok=True)
    for name, kind, size, options in PICTURES:
        path = fl.picture(case, folder / name, kind=kind, size=size, **options)
        with Image.open(path) as image:
            told = PngInfo()
            for key, text in image.text.items():
                told.add_itxt(key, text)
            pixels = np.asarray(image.convert("RGBA"))
            few = Palette([pixels]).image(pixels)
        few.save(path, optimize=True, pnginfo=told)


if __name__ == "__main__":
    draw(Path(__file__).resolve().parent / "pictures")

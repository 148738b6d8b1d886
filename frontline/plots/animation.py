"""An advance as a moving picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from frontline._resources import atomic_write, import_optional
from frontline.errors import InputError
from frontline.plots.encode import write_apng, write_gif, write_video
from frontline.plots.furniture import credits_of
from frontline.plots.reel import Reel, size_of
from frontline.plots.words import clean
from frontline.scene.content import content_of
from frontline.scene.frames import frame_times
from frontline.sources.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ANIMATED", "animate"]

ANIMATED = (".gif", ".apng", ".png", ".mp4")
_FASTEST = 50.0  # frames a second; faster ones a GIF cannot show


def animate(
    thing: Any,
    path: str | Path,
    *,
    from_: Any = None,
    to: Any = None,
    freq: str | None = None,
    frames: Iterable[Any] | None = None,
    size: tuple[int, int] = (1280, 800),
    fps: float = 4.0,
    hold_s: float = 1.5,
    title: str | None = None,
    legend: bool = True,
    extent: Any = None,
    around: Any = None,
    within_km: float = 50.0,
    crs: Any = None,
    names: bool | int = True,
    events: bool = True,
    locations: Any = (),
    as_of: Any = None,
    allow_restricted: bool = False,
) -> Path:
    """Write the advance as a GIF, an animated PNG or a video, the date on every frame.

    No browser is needed. Equal input gives equal bytes with the same versions of the libraries.

    Parameters
    ----------
    thing : ControlHistory or Case
        What to show.
    path : path
        ``.gif``, ``.apng`` (or ``.png``) or ``.mp4``. The file appears when it is complete.
    from_, to : date, optional
        First and last instant shown; by default those that the case is about, else the first and
        the last change.
    freq, frames
        See `frontline.scene.frames.frame_times`.
    size : tuple of int
        Width and height in pixels; even for a video.
    fps : float
        Frames a second.
    hold_s : float
        How much longer the last frame stays, seconds.
    title, legend, extent, around, within_km, crs, names, events, locations, as_of
        As in `frontline.plots.plot`.
    allow_restricted : bool
        Whether shapes whose terms forbid passing them on are drawn into the file all the same.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    RestrictedDataError
        The terms of the data forbid that they are passed on.
    MissingDependencyError
        A video without PyAV: ``pip install 'frontline-maps[video]'``.
    InputError
        An argument makes no sense, or the format is not known by its suffix.

    Examples
    --------
    >>> import tempfile
    >>> import geopandas as gpd, shapely
    >>> from frontline.control import ControlHistory
    >>> days = gpd.GeoDataFrame(
    ...     {"date": ["2024-12-01", "2024-12-02"], "actor": ["A", "A"]},
    ...     geometry=[shapely.box(36, 35, 37, 36), shapely.box(36, 35, 38, 36)], crs=4326)
    >>> h = ControlHistory.from_snapshots(days)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     animate(h, f"{folder}/advance.gif", size=(320, 240)).stat().st_size > 1000
    True
    """
    target = Path(path)
    kind = target.suffix.lower()
    if kind not in ANIMATED:
        raise InputError(f"{target.name!r} is no animation; name it {', '.join(ANIMATED)}")
    if not (np.isfinite(fps) and 0 < fps <= _FASTEST):
        raise InputError(f"fps={fps!r} must lie between 0 and {_FASTEST:g}")
    if not (np.isfinite(hold_s) and 0 <= hold_s <= 60):  # noqa: PLR2004 - a minute
        raise InputError(f"hold_s={hold_s!r} must lie between 0 and 60 seconds")
    video = kind == ".mp4"
    size = size_of(size, even=video)
    if video:
        import_optional("av", "video")
    terms_of(thing).check(allow_restricted=allow_restricted, what=f"the animation {target.name}")
    content = content_of(thing, title=title, locations=locations)
    starts, ends = content.window
    times = frame_times(
        content.history.change_times(),
        frames=frames,
        freq=freq,
        from_=from_ if from_ is not None or frames is not None else starts or None,
        to=to if to is not None or frames is not None else ends or None,
    )
    reel = Reel.of(
        content,
        times,
        size=size,
        legend=legend,
        events=events,
        as_of=as_of,
        title=title,
        extent=extent,
        around=around,
        within_km=within_km,
        crs=crs,
        names=names,
    )
    note = clean(credits_of(content), most=2_000)
    timing = {"frame_s": 1.0 / fps, "hold_s": float(hold_s)}
    with atomic_write(target) as temporary:
        if video:
            heading = clean(content.meta["title"])
            write_video(reel, temporary, note=note, title=heading, **timing)
        elif kind == ".gif":
            write_gif(reel, temporary, note=note, **timing)
        else:
            write_apng(reel, temporary, note=note, **timing)
    return target

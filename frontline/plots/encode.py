"""Frames as a GIF, an APNG or a video. Equal frames give equal bytes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from frontline._resources import import_optional
from frontline.plots import apng

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from frontline.plots.reel import Reel

    Pixels = NDArray[np.uint8]

__all__ = ["Palette", "write_apng", "write_gif", "write_video"]

_COLOURS = 240  # a map has few colours; the others are the rims of letters and lines
_STRIDE = 2  # of every so many rows and columns of them, one
_SAMPLED = 4  # frames from which the palette is taken
_BITS = 15  # of a colour: five for each channel
_QUALITY = "20"  # of x264: smaller is better
# x264's fast code for one step (macroblock trees) reads memory that it has not written: on a busy
# machine 3 of 480 equal videos were unlike. With this it takes the exact code; no slower, measured.
_EXACT = "cpu-independent=1"
_BT709 = 1


class Palette:
    """One palette for all frames: the colours that fill most of them.

    Parameters
    ----------
    frames : list of numpy.ndarray of uint8, shape (height, width, 4)
        Some frames.
    """

    def __init__(self, frames: list[Pixels]) -> None:
        slots = 1 << _BITS
        count = np.zeros(slots)
        sums = np.zeros((slots, 3))
        for whole in frames:
            frame = whole[::_STRIDE, ::_STRIDE]
            slot = _slots(frame).ravel()
            count += np.bincount(slot, minlength=slots)
            for channel in range(3):
                sums[:, channel] += np.bincount(
                    slot, weights=frame[..., channel].ravel(), minlength=slots
                )
        used = np.flatnonzero(count)
        # The number of a slot breaks a tie, so that equal frames have one palette.
        most = used[np.lexsort((used, -count[used]))][:_COLOURS]
        self.colours = np.rint(sums[most] / count[most, None]).astype(np.uint8)
        number = np.arange(slots)
        channels = np.stack([number & 31, (number >> 5) & 31, number >> 10], axis=1)
        middle = (channels * 8 + 4).astype(np.float32)
        middle[used] = sums[used] / count[used, None]
        self._nearest = _nearest(middle, self.colours.astype(np.float32))
        self._last: tuple[Pixels, Pixels] | None = None

    def numbers(self, frame: Pixels) -> Pixels:
        """Return the number of the nearest colour for each pixel, shape (height, width)."""
        if self._last is None or self._last[0].shape != frame.shape:
            out: Pixels = self._nearest[_slots(frame)]
        else:  # most pixels are those of the frame before
            before, out = self._last[0], self._last[1].copy()
            unlike = np.nonzero(_values(frame) != _values(before))
            out[unlike] = self._nearest[_slots(frame[unlike])]
        self._last = (frame, out)
        return out

    def image(self, frame: Pixels) -> Image.Image:
        """Return a frame as an image in the colours of the palette."""
        image = Image.fromarray(self.numbers(frame))
        image.putpalette(self.colours.tobytes(), "RGB")
        return image


def write_gif(reel: Reel, path: Path, *, frame_s: float, hold_s: float, note: str) -> None:
    """Write an animated GIF; the last frame stays `hold_s` seconds longer."""
    palette = _palette_of(reel)
    images = (palette.image(frame) for frame in reel)
    next(images).save(
        path,
        format="GIF",
        save_all=True,
        append_images=images,
        duration=_durations(len(reel), frame_s, hold_s, step_ms=10),
        loop=0,
        disposal=1,
        optimize=False,
        comment=note.encode("utf-8")[:250],
    )


def write_apng(reel: Reel, path: Path, *, frame_s: float, hold_s: float, note: str) -> None:
    """Write an animated PNG; the last frame stays `hold_s` seconds longer."""
    palette = _palette_of(reel)
    with path.open("wb") as file:
        apng.write(
            file,
            (palette.numbers(frame) for frame in reel),
            palette=palette.colours,
            durations_ms=_durations(len(reel), frame_s, hold_s, step_ms=1),
            texts=[("Copyright", note)],
        )


def write_video(
    reel: Reel, path: Path, *, frame_s: float, hold_s: float, note: str, title: str
) -> None:
    """Write an MP4 in H.264, which every browser and every newsroom's system plays.

    Raises
    ------
    MissingDependencyError
        PyAV is not installed.
    """
    av: Any = import_optional("av", "video")
    rate = Fraction(1.0 / frame_s).limit_denominator(1000)
    with av.open(str(path), "w", format="mp4", options={"fflags": "+bitexact"}) as container:
        container.metadata["title"] = title
        container.metadata["comment"] = note
        stream = container.add_stream(
            "libx264",
            rate=rate,
            options={"preset": "veryfast", "crf": _QUALITY, "x264-params": _EXACT},
        )
        stream.width, stream.height = reel.size
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.thread_count = 1  # so that equal frames give equal bytes
        context.color_range, context.colorspace = 1, _BT709
        context.color_primaries, context.color_trc = _BT709, _BT709
        frame: Any = None
        for pixels in reel:
            frame = _video_frame(av, pixels)
            container.mux(stream.encode(frame))
        for _ in range(round(hold_s / frame_s)):
            frame.pts = None
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _video_frame(av: Any, pixels: Pixels) -> Any:
    frame = av.VideoFrame.from_ndarray(pixels, format="rgba")
    return frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")


def _palette_of(reel: Reel) -> Palette:
    chosen = np.unique(np.linspace(0, len(reel) - 1, _SAMPLED).round().astype(int))
    return Palette([reel.frame(int(i)) for i in chosen])


def _durations(frames: int, frame_s: float, hold_s: float, *, step_ms: int) -> list[int]:
    one = max(step_ms, round(frame_s * 1000 / step_ms) * step_ms)
    return [one] * (frames - 1) + [one + round(hold_s * 1000 / step_ms) * step_ms]


def _slots(frame: Pixels) -> Any:
    """Return the 15-bit colour of every pixel."""
    value = _values(frame)
    return ((value >> 3) & 31) | ((value >> 6) & 0x3E0) | ((value >> 9) & 0x7C00)


def _values(frame: Pixels) -> Any:
    """Return every pixel as one number."""
    return np.ascontiguousarray(frame).view("<u4")[..., 0]


def _nearest(
    colours: NDArray[np.float32], palette: NDArray[np.float32], block: int = 4096
) -> NDArray[np.uint8]:
    """Return the number of the nearest colour of a palette for each of many colours."""
    out = np.empty(len(colours), dtype=np.uint8)
    half = (palette**2).sum(axis=1) / 2
    for start in range(0, len(colours), block):
        part = colours[start : start + block]
        out[start : start + block] = np.argmin(half - part @ palette.T, axis=1)
    return out

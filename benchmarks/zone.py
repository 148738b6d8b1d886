"""A zone with a front, drawn at random, and what may change of it from one day to the next.

The material of archive.py. Coordinates are whole microdegrees until they are written.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from scipy.interpolate import CubicSpline

from frontline.edges import areas_m2, edge_table
from frontline.geodesy import inverse

VERTICES = 2_900
FIRST_VERTICES, FIRST_PARTS = 2_938, 7
FIRST_KM2, FIRST_KM = 109_361.0, 4_149.0
#: Coordinates are whole numbers of these until they are written.
UNIT_DEG = 1e-6
#: Where the front (the first ten) and the border run, roughly; longitude, latitude.
ROUGH = np.array(
    "32.2 46.5 33.3 46.85 34.4 47.35 35.3 47.5 36.3 47.75 37.1 48.0 37.6 48.45 37.75 49.0 "
    "37.6 49.55 37.75 50.05 38.6 50.0 39.5 49.75 40.1 49.3 39.9 48.6 39.7 47.9 38.8 47.3 "
    "37.6 46.95 36.5 46.7 35.7 46.3 35.5 45.7 35.3 45.1 34.6 44.7 33.8 44.6 33.2 45.0 "
    "32.9 45.6 32.3 46.0".split(),
    dtype=float,
).reshape(-1, 2)[::-1]
FRONT_POINTS = 10
MIDDLE_DEG = np.array([36.0, 47.5])
KM_PER_DEG = 111.2


@dataclass
class Zone:
    """The zone of a day: open rings of whole microdegrees; the first is counter-clockwise."""

    main: np.ndarray
    front: int  # so many of its first vertices are the front
    holes: list[np.ndarray] = field(default_factory=list)
    parts: dict[int, np.ndarray] = field(default_factory=dict)  # by the place where they lie

    def rings(self) -> list[np.ndarray]:
        """Return all rings."""
        return [self.main, *self.holes, *self.parts.values()]

    def count(self) -> int:
        """Return the number of edges."""
        return sum(map(len, self.rings()))

    def copy(self) -> Zone:
        """Return a zone that changes apart; rings are replaced, never written to."""
        return Zone(self.main, self.front, list(self.holes), dict(self.parts))

    def same_as(self, other: Zone) -> bool:
        """Tell whether no ring was replaced."""
        own, others = self.rings(), other.rings()
        return len(own) == len(others) and all(a is b for a, b in zip(own, others, strict=True))

    def polygon(self, look: tuple[int, ...] = ()) -> shapely.MultiPolygon:
        """Return the polygon, its last digits as on a day of that look."""
        closed = [written(np.vstack([ring, ring[:1]]), look) for ring in self.rings()]
        holes = closed[1 : 1 + len(self.holes)]
        shells = [shapely.Polygon(each) for each in closed[1 + len(self.holes) :]]
        return shapely.MultiPolygon([shapely.Polygon(closed[0], holes), *shells])


def written(ring: np.ndarray, look: tuple[int, ...]) -> np.ndarray:
    """Return coordinates in degrees: six decimals, some seven, a few as many as fit.

    What is added to the sixth decimal is at most 3e-7, so that rounding takes it off again. It
    follows from the vertex alone, and for about half of all vertices (those in some squares of a
    tenth of a degree) from each number in `look` too.
    """
    cells = np.floor(ring * (UNIT_DEG / 0.1)).astype(np.int64)
    chance = mixed(ring, 0)
    digit = np.where(chance % 10 < 4, chance // 16 % 7, 3)
    for number in look:
        turned = mixed(cells, number)[:, :1] % 2 == 0
        digit = np.where(turned, (digit + 1 + mixed(ring, number) // 32 % 6) % 7, digit)
    out = (ring * 10 + digit - 3) / 1e7
    long = chance[:, :1] // 128 % 40 == 0
    return np.where(long, out + (chance // 4096 % 1000) * 1e-11, out)


def mixed(pairs: np.ndarray, key: int) -> np.ndarray:
    """Return numbers below 2**31 that look random, from pairs of whole numbers."""
    x, y = pairs.astype(np.uint64).T
    h = (x * np.uint64(0x9E3779B97F4A7C15)) ^ (y * np.uint64(0xC2B2AE3D27D4EB4F))
    h ^= np.uint64(key * 0x165667B19E3779F9 % 2**64)
    out = []
    for salt in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        g = h * np.uint64(salt)
        g = (g ^ (g >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        out.append((g ^ (g >> np.uint64(32))) & np.uint64(2**31 - 1))
    return np.column_stack(out).astype(np.int64)


# --- the first day ------------------------------------------------------------------------------


def first_zone(rng: np.random.Generator, vertices: int) -> Zone:
    """Draw the zone of the first day: a rough loop, roughened until it is long enough."""
    total = round(vertices / VERTICES * FIRST_VERTICES)
    zone = Zone(np.zeros((0, 2), dtype=np.int64), 0)
    for slot in rng.choice(14, FIRST_PARTS - 1, replace=False).tolist():
        zone.parts[slot] = new_part(rng, slot, total)
    count = total - zone.count() - 6
    knots = np.vstack([ROUGH, ROUGH[:1]])
    steps = np.clip(rng.lognormal(0.0, 1.1, count), 0.0, 14.0)
    waves = 1.0 / np.linspace(1 / 90.0, 1 / 5.0, 90)  # km
    phases = rng.uniform(0, 2 * np.pi, len(waves))
    heights = rng.rayleigh(1.0, len(waves)) * waves**1.1
    rough = rng.normal(0.0, 0.15, count)
    scale, low, high = 1.0, 0.0, 0.2
    for attempt in range(40):
        km = (knots - MIDDLE_DEG) * KM_PER_DEG * [np.cos(np.radians(MIDDLE_DEG[1])), 1] * scale
        gaps = np.hypot(*np.diff(km, axis=0).T)
        at = np.concatenate([[0.0], np.cumsum(gaps)])
        spline = CubicSpline(at, km, bc_type="periodic")
        s = np.cumsum(steps) / steps.sum() * at[-1]
        turns = np.rint(at[-1] / waves)
        size = (low + high) / 2
        d = size * (heights * np.sin(np.outer(s / at[-1], 2 * np.pi * turns) + phases)).sum(1)
        d += rough * steps / steps.mean() * VERTICES / vertices
        along = spline(s, 1)
        normal = np.column_stack([along[:, 1], -along[:, 0]]) / np.hypot(*along.T)[:, None]
        xy = (spline(s) + d[:, None] * normal) / KM_PER_DEG
        xy = xy / [np.cos(np.radians(MIDDLE_DEG[1])), 1] + MIDDLE_DEG
        zone.main = np.rint(xy / UNIT_DEG).astype(np.int64)
        zone.front = 0
        area_km2, length_km = size_of(zone.polygon())
        scale *= (FIRST_KM2 / area_km2) ** 0.5
        low, high = (low, size) if length_km > FIRST_KM else (size, high)
        if attempt % 8 == 7:  # the scale has moved, so the bounds may be wrong
            low, high = size * 0.8, size * 1.25
    back = len(ROUGH) - FRONT_POINTS
    start = int(np.searchsorted(s, at[back]))
    zone.main = np.roll(zone.main, -start, axis=0)
    zone.front = count - start
    if not shapely.is_ccw(shapely.LinearRing(zone.main)):
        raise RuntimeError("the loop runs the wrong way round")
    return zone


def new_part(rng: np.random.Generator, slot: int, total: int) -> np.ndarray:
    """Return a small part at one of the places beyond the northern end of the front."""
    count = max(5, int(min(rng.lognormal(2.9, 0.8), 110) * total / FIRST_VERTICES))
    turn = np.sort(rng.uniform(0, 1, count) * 0.6 + np.arange(count)) / count * 2 * np.pi
    radius_km = (0.6 + 0.03 * count * FIRST_VERTICES / total) * rng.uniform(0.7, 1.3, count)
    centre = np.array([37.25 - 0.16 * slot, 50.45 + 0.065 * slot])
    way = np.column_stack([np.cos(turn) * rng.uniform(1.0, 1.8), np.sin(turn) * 0.8])
    degrees = way * radius_km[:, None] / KM_PER_DEG * [1 / np.cos(np.radians(centre[1])), 1]
    return np.rint((centre + degrees) / UNIT_DEG).astype(np.int64)


def size_of(polygon: shapely.MultiPolygon) -> tuple[float, float]:
    """Return area in km2 and length of the rings in km."""
    edges, _, _ = edge_table(np.array([polygon]))
    return areas_m2([polygon])[0] / 1e6, inverse(*edges.T).distance_m.sum() / 1e3


# --- what a day changes -------------------------------------------------------------------------


def in_km(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return microdegrees as km about their first point, and the km of a microdegree."""
    lat = points[0, 1] * UNIT_DEG
    unit = UNIT_DEG * KM_PER_DEG * np.array([np.cos(np.radians(lat)) * 1.0015, 1.0])
    return (points - points[0]) * unit, unit


def area_between(path: np.ndarray) -> float:
    """Return the signed area between an open path and its chord."""
    x, y = path.T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() + x[-1] * y[0] - x[0] * y[-1]) / 2


@dataclass
class Editor:
    """Changes a zone at random, so that it stays valid."""

    rng: np.random.Generator
    scale: float  # vertices, against the usual number
    zone: Zone

    def bulge(self, area_km2: float, moved: int, surplus: int) -> tuple[float, int]:
        """Move a stretch of the front outward (inward if negative); return area and new edges.

        `surplus` is how many vertices there are too many: some are left out, or put in.
        """
        count = max(2, moved)
        for trial in range(24):
            ring, front = self.zone.main, self.zone.front
            if count + 3 >= front:
                break
            start = self._place(count, outward=area_km2 > 0)
            old, unit = in_km(ring[start : start + count + 2])
            base = self._digitise(old, surplus, outward=area_km2 > 0)
            chord = old[-1]
            width = float(np.hypot(*chord))
            normal = np.array([chord[1], -chord[0]]) / max(width, 1e-9)
            t = np.linspace(0, np.pi, len(base))
            uneven = self.rng.uniform(0.75, 1.25, max(2, int(len(base) / self.scale)))
            uneven = np.interp(t, np.linspace(0, np.pi, len(uneven)), uneven)
            weight = np.sin(t) ** 0.7 * uneven
            weight[[0, -1]] = 0.0
            # All vertices move along one direction, so the area is linear in how far they go.
            spread = np.empty_like(base)
            spread[1:-1] = base[2:] - base[:-2]
            spread[[0, -1]] = 0.0
            each_km = weight * (spread[:, 1] * normal[0] - spread[:, 0] * normal[1]) / 2
            per_km = float(each_km.sum())
            # What overhangs would lose where the rest gains.
            if per_km < 0.3 * width or (-each_km.clip(max=0).sum() > 0.01 * per_km and trial < 16):
                continue
            missing = area_km2 - (area_between(base) - area_between(old))
            height = missing / per_km
            if abs(height) > 0.45 * width:
                count = int(count * 1.3) + 1
                continue
            new = base + height * weight[:, None] * normal
            if self._replace(start, count, new, unit):
                return area_km2, len(new) - 1
        return 0.0, 0

    def redigitise(self, moved: int) -> int:
        """Move a few vertices by metres; return the number of new edges."""
        for _ in range(8):
            count = max(1, min(moved, self.zone.front - 3))
            start = int(self.rng.integers(0, self.zone.front - count - 1))
            old, unit = in_km(self.zone.main[start : start + count + 2])
            new = old + self.rng.normal(0, 0.006 / self.scale, old.shape)
            new[[0, -1]] = old[[0, -1]]
            if self._replace(start, count, new, unit):
                return count + 1
        return 0

    def _place(self, count: int, *, outward: bool) -> int:
        """Return where a stretch begins: rather where the front hangs back, if it advances."""
        starts = self.rng.integers(0, self.zone.front - count - 2, 2)
        ahead = []
        for start in starts.tolist():
            path, _ = in_km(self.zone.main[start : start + count + 2])
            width = float(np.hypot(*path[-1]))
            # The ring is counter-clockwise: a path to the right of its chord stands out.
            ahead.append(area_between(path) / max(width, 1e-9) ** 2)
        return int(starts[np.argmin(ahead) if outward else np.argmax(ahead)])

    def _digitise(self, old: np.ndarray, surplus: int, *, outward: bool) -> np.ndarray:
        """Return the stretch with some vertices fewer or more."""
        gaps = np.hypot(*np.diff(old, axis=0).T)
        if surplus > 0:
            # Those whose loss moves the line the way that it goes, beside the shortest edges.
            step = np.diff(old, axis=0)
            turn = step[:-1, 0] * step[1:, 1] - step[:-1, 1] * step[1:, 0]
            inner = np.flatnonzero(turn < 0 if outward else turn > 0)
            drop = min(surplus, len(old) // 4)
            worth = np.minimum(gaps[:-1], gaps[1:])[inner]
            return np.delete(old, inner[np.argsort(worth)[:drop]] + 1, axis=0)
        split = np.argsort(gaps)[::-1][: min(-surplus, max(1, len(gaps) // 4))]
        share = self.rng.uniform(0.25, 0.75, len(split))[:, None]
        middle = old[split] * (1 - share) + old[split + 1] * share
        return np.insert(old, split + 1, middle, axis=0)

    def _replace(self, start: int, count: int, new: np.ndarray, unit: np.ndarray) -> bool:
        """Put a path in the place of the inner vertices of a stretch, if nothing is crossed."""
        ring = self.zone.main
        path = np.rint(new / unit).astype(np.int64) + ring[start]
        path[-1] = ring[start + count + 1]
        before, after = ring[start - 1], ring[(start + count + 2) % len(ring)]
        if not shapely.is_simple(shapely.LineString(np.vstack([before, path, after]))):
            return False
        rest = np.vstack([ring[start + count + 1 :], ring[: start + 1]])
        others = [rest, *(np.vstack([each, each[:1]]) for each in self.zone.rings()[1:])]
        line = shapely.LineString(path)
        for each in others:
            inner = each[1:-1] if each is rest else each
            low = np.minimum(inner[:-1], inner[1:]) <= path.max(0)
            high = np.maximum(inner[:-1], inner[1:]) >= path.min(0)
            near = np.flatnonzero((low & high).all(1))
            pieces = shapely.linestrings(np.stack([inner[near], inner[near + 1]], axis=1))
            if len(near) and shapely.intersects(line, pieces).any():
                return False
        self.zone.main = np.vstack([ring[: start + 1], path[1:-1], ring[start + count + 1 :]])
        self.zone.front += len(path) - 2 - count
        return True

    def grow_part(self) -> tuple[float, int]:
        """Let a small part grow on one side, or move it; return the area gained and new edges."""
        if not self.zone.parts:
            return 0.0, 0
        slot = int(self.rng.choice(list(self.zone.parts)))
        ring = self.zone.parts[slot]
        if self.rng.random() < 0.12 and len(ring) < 30 * self.scale:
            moved = self.rng.normal(0, 0.002, 2) / UNIT_DEG
            self.zone.parts[slot] = ring + np.rint(moved).astype(np.int64)
            return 0.0, len(ring)
        centre = ring.mean(0)
        count = min(max(2, int(self.rng.integers(3, 8) * self.scale)), len(ring))
        which = (int(self.rng.integers(0, len(ring))) + np.arange(count)) % len(ring)
        far = np.abs(ring - centre).max() * UNIT_DEG
        grown = 1 + np.sin(np.linspace(0.3, np.pi - 0.3, count)) * self.rng.uniform(0.02, 0.2)
        grown = grown if far < 0.09 else 1 / grown
        new = ring.copy()
        new[which] = np.rint(centre + (ring[which] - centre) * grown[:, None])
        self.zone.parts[slot] = new
        km, _ = in_km(np.vstack([ring, ring[:1]]))
        unit = in_km(ring)[1]
        gained = area_between((np.vstack([new, new[:1]]) - ring[0]) * unit) - area_between(km)
        return gained, count + 1

    def set_parts(self, wanted: int) -> tuple[float, int]:
        """Let a part appear or vanish; return the area gained and the edges that are new."""
        parts = self.zone.parts
        if len(parts) + 1 < wanted:
            slot = int(self.rng.choice([each for each in range(25) if each not in parts]))
            parts[slot] = new_part(self.rng, slot, self.zone.count())
            return area_between(in_km(parts[slot])[0]), len(parts[slot])
        if len(parts) + 1 > wanted:
            slot = min(parts, key=lambda each: len(parts[each]))
            return -area_between(in_km(parts.pop(slot))[0]), 0
        return 0.0, 0

    def set_holes(self, wanted: int) -> None:
        """Let a hole appear behind the front, or vanish."""
        if len(self.zone.holes) > wanted:
            self.zone.holes.pop()
        while len(self.zone.holes) < wanted:
            shape = self.zone.polygon()
            spot = self.zone.main[int(self.rng.integers(0, self.zone.front))]
            turn = np.sort(self.rng.uniform(0, 0.8, 6) + np.arange(6)) / 6 * 2 * np.pi
            centre = spot * UNIT_DEG + self.rng.normal(0, 0.15, 2)
            hole = centre + np.column_stack([np.cos(turn), np.sin(turn)]) * 0.012
            if shapely.covers(shape, shapely.Polygon(hole).buffer(0.05)):
                self.zone.holes.append(np.rint(hole[::-1] / UNIT_DEG).astype(np.int64))

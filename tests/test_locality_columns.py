"""A column gives what `locate` gives for every phrase alone; Dask gives the same in partitions."""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

import dask.dataframe as dd
import dask_geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from frontline.errors import FrontlineError, InputError
from frontline.gazetteer import Gazetteer
from frontline.locality import locate, locate_all, progress
from frontline.locality.columns import TEMPLATES_FROM

CORPORA = sorted((Path(__file__).parent / "corpus" / "phrases").glob("*.csv"))
PATTERNS = (
    "{n} km {wind} of {name}", "about {n} miles {wind} of {name}", "{n} km from {name}",
    "within {n} km of {name}", "{n} km {wind} of {name}'s borders", "near {name}", "{name}",
    "{n}-{more} km {wind} of {name}", "{wind} of {name}", "between {name} and Hama",
    "à {n} km au nord de {name}", "{n} км севернее {name}", "{name} şehrinin {n} km kuzeyinde",
    "على بعد {n} كم شمال {name}", "{n} km nördlich von {name}", "{n} km north of the {name} border",
    "9{n}00 km {wind} of {name}", "more than {n} km {wind} of {name}",
    "northern {name} countryside", "15 km from the city", "five villages near {name}",
)  # fmt: skip
WINDS = "north NE south-southwest ESE west northwest".split()


@pytest.fixture(scope="module")
def phrases():
    chance = random.Random(7)  # noqa: S311 - repeatable, and no secret
    names = sorted({p.name for p in Gazetteer.bundled() if p.country == "SY"})
    made = [
        chance.choice(PATTERNS).format(
            n=chance.randint(1, 60),
            more=chance.randint(61, 90),
            wind=chance.choice(WINDS),
            name=chance.choice(names),
        )
        for _ in range(260)
    ]
    corpora = []
    for path in CORPORA:
        with path.open(encoding="utf-8", newline="") as file:
            corpora += [row["phrase"] for row in csv.DictReader(file)][::24]
    return made + corpora


def alone(phrase, **options):
    try:
        return locate(phrase, **options), None
    except FrontlineError as error:
        return None, str(error)


def same(frame, options):
    assert len(frame) > TEMPLATES_FROM
    located = 0
    for row in frame.itertuples(index=False):
        found, reason = alone(row.phrase, **options)
        assert row.reason == reason, row.phrase
        if found is None:
            assert row.kind is None
            assert row.geometry is row.point is None
            assert np.isnan(row.uncertainty_m)
            continue
        located += 1
        assert row.kind == found.locality.kind
        assert row.uncertainty_m == pytest.approx(found.uncertainty_m, rel=1e-9, abs=1e-9)
        assert row.point.distance(found.point) < 1e-9
        if not row.geometry.equals(found.region):
            assert shapely.symmetric_difference(row.geometry, found.region).area < 1e-9, row.phrase
    assert located > 90


@pytest.mark.parametrize(
    "options",
    [{}, {"method": "standard"}, {"coverage": 0.5, "country": "SY"}],
    ids=["calibrated", "standard", "half, in Syria"],
)
def test_a_column_equals_its_phrases(phrases, options):
    same(locate_all(phrases, **options), options)


def test_points_are_those_of_the_regions(phrases):
    whole = locate_all(phrases)
    points = locate_all(phrases, regions=False)
    near = whole.reason.isna()
    assert (points.kind[near] == whole.kind[near]).all()
    np.testing.assert_allclose(points.uncertainty_m[near], whole.uncertainty_m[near], rtol=1e-12)
    assert (points.geometry[near] == whole.point[near]).all()


def test_the_index_is_kept_and_phrases_may_repeat():
    column = pd.Series(["5 km north of Hama", None, "5 km north of Hama"], index=[7, 3, 7])
    frame = locate_all(column)
    assert frame.index.tolist() == [7, 3, 7]
    assert frame.geometry.iloc[0].equals(frame.geometry.iloc[2])
    assert frame.reason.tolist() == [None, "no phrase given", None]


def test_dask_gives_the_same_in_two_partitions(phrases):
    column = pd.Series(phrases[:240], index=range(100, 340))
    lazy = locate_all(dd.from_pandas(column, npartitions=2))
    assert isinstance(lazy, dask_geopandas.GeoDataFrame)
    assert lazy.npartitions == 2
    frame, expected = lazy.compute(scheduler="threads"), locate_all(column)
    assert frame.crs == expected.crs == "EPSG:4326"
    assert frame.columns.tolist() == expected.columns.tolist()
    for name in ("phrase", "kind", "reason"):
        assert [each or None for each in frame[name]] == [each or None for each in expected[name]]
    pd.testing.assert_series_equal(frame.uncertainty_m, expected.uncertainty_m)
    for one, other in zip(frame.geometry, expected.geometry, strict=True):
        assert one == other or one.equals(other)
    mapped = dd.from_pandas(column, npartitions=2).map_partitions(
        locate_all, regions=False, meta=locate_all([], regions=False)
    )
    assert len(mapped.compute(scheduler="threads")) == len(column)
    with pytest.raises(InputError):
        locate_all(dd.from_pandas(column, npartitions=2), method="foo")


def test_progress_is_shown_when_asked_for_and_it_takes_long(monkeypatch, capsys):
    column = [f"{n} km north of Hama" for n in range(2, 40)]
    locate_all(column, progress=True)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "PATIENCE_S", 0.0)
    locate_all(column)
    assert capsys.readouterr().err == ""  # no terminal
    locate_all(column, progress=True)
    shown = capsys.readouterr()
    assert "reading" in shown.err
    assert shown.out == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    locate_all(column, progress=False)
    assert capsys.readouterr().err == ""

"""Dask asks the same functions partition by partition, and a history reaches a worker once."""

from __future__ import annotations

import os
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import cloudpickle
import dask
import dask.bag
import dask.dataframe as dd
import dask_geopandas
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from distributed import Client, LocalCluster

from frontline.control import ControlHistory
from frontline.errors import FrontlineError, InputError
from frontline.gazetteer import Gazetteer
from frontline.gazetteer.world import SqliteStore, build_index
from frontline.locality import locate_all
from frontline.partitions import computed_once

PHRASES = ["5 km north of Hama", "near Homs", None, "15 km from the city", "Nowhere at all"] * 4


@pytest.fixture(scope="module")
def history():
    rng = np.random.default_rng(4)
    lon, lat = rng.uniform(36, 38, 300), rng.uniform(34, 36, 300)
    first = np.where(lon < 37, "A", "B")
    moved = np.flatnonzero(np.abs(lon - 37) < 0.4)
    frame = gpd.GeoDataFrame(
        {
            "actor": np.append(first, np.where(first[moved] == "A", "B", "A")),
            "valid_from": [pd.Timestamp("2024-12-01")] * 300
            + [pd.Timestamp("2024-12-01") + pd.Timedelta(days=int(i) % 9 + 1) for i in moved],
        },
        geometry=gpd.points_from_xy(np.append(lon, lon[moved]), np.append(lat, lat[moved])),
        crs=4326,
    )
    return ControlHistory.from_places(frame, outline=shapely.box(36, 34, 38, 36), name="two")


@pytest.fixture(scope="module")
def events():
    """Dated points as a table of numbers, in disorder, with an index of their own."""
    rng = np.random.default_rng(5)
    count = 3_000
    return pd.DataFrame(
        {
            "lon": rng.uniform(35.9, 38.1, count),
            "lat": rng.uniform(33.9, 36.1, count),
            "date": pd.Timestamp("2024-11-30", tz="UTC")
            + pd.to_timedelta(rng.uniform(0, 12, count), unit="D"),
        },
        index=pd.Index(np.arange(count) + 7, name="event"),
    )


@pytest.fixture(scope="module")
def lazy(events):
    return dd.from_pandas(events, npartitions=4)


def points_of(events):
    return gpd.GeoSeries.from_xy(events.lon, events.lat, crs=4326)


def same(found, expected):
    kind = pd.testing.assert_series_equal
    if isinstance(expected, gpd.GeoDataFrame):
        assert isinstance(found, gpd.GeoDataFrame)
        assert found.crs == expected.crs
        assert found.geometry.name == expected.geometry.name
        shapes = (frame.geometry.to_wkb() for frame in (found, expected))
        kind(*shapes)
        found, expected = (pd.DataFrame(f).drop(columns="geometry") for f in (found, expected))
        kind = pd.testing.assert_frame_equal
    kind(found, expected, check_exact=True)


def questions(history, points, when, column):
    """Return each question with Dask points and the same one without."""
    return [
        (history.holder(points, when), history.holder(column, column.date)),
        (
            history.distance_to_front(points, when, signed="A", details=True),
            history.distance_to_front(column, column.date, signed="A", details=True),
        ),
        (
            history.distance_to_front(points, "2024-12-04", between=("A", "B")),
            history.distance_to_front(column, "2024-12-04", between=("A", "B")),
        ),
    ]


def test_threads_give_what_one_call_gives(history, events, lazy):
    for answer, expected in questions(history, lazy, lazy.date, events):
        assert answer.npartitions == 4
        assert answer.divisions == lazy.divisions
        same(answer.compute(scheduler="threads"), expected)
        form = answer._meta
        assert type(form) is type(expected)
        assert form.index.name == "event"
        if isinstance(form, pd.DataFrame):
            assert isinstance(answer, dask_geopandas.GeoDataFrame)
            pd.testing.assert_series_equal(form.dtypes, expected.dtypes)
        else:
            assert (form.dtype, form.name) == (expected.dtype, expected.name)


def test_points_may_be_geometries_and_partitions_empty(history, events, lazy):
    frame = gpd.GeoDataFrame(events, geometry=points_of(events))
    collection = dask_geopandas.from_geopandas(frame.to_crs(32637), npartitions=3)
    # Reprojection moves points by nanometres, so those at borders are not asked to agree.
    found = history.holder(collection, collection.date).compute(scheduler="threads")
    expected = history.holder(frame.to_crs(32637), frame.date)
    same(found, expected)
    degrees = history.holder(frame, frame.date)
    assert (found.fillna("") == degrees.fillna("")).mean() > 0.999
    same(
        history.holder(collection.geometry, "2024-12-03").compute(scheduler="threads"),
        history.holder(frame.to_crs(32637), "2024-12-03"),
    )
    some = lazy[lazy.lon > 37.9]
    none = some[some.lat < 0]
    for part in (some, none):
        mine = part.compute(scheduler="threads")
        same(
            history.distance_to_front(part, part.date).compute(scheduler="threads"),
            history.distance_to_front(mine, mine.date),
        )
    assert len(none.compute(scheduler="threads")) == 0


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # what writes the files says so
def test_answers_are_columns_of_files_in_partitions(history, events, tmp_path):
    frame = gpd.GeoDataFrame(events[["date"]], geometry=points_of(events))
    with dask.config.set(scheduler="threads"):
        dask_geopandas.from_geopandas(frame, npartitions=3).to_parquet(tmp_path / "events")
        found = dask_geopandas.read_parquet(tmp_path / "events", calculate_divisions=False)
        assert found.divisions == (None,) * 4
        found["holder"] = history.holder(found, found.date).astype("string")
        found["to_front_m"] = history.distance_to_front(found, found.date, signed="A")
        found.to_parquet(tmp_path / "held")
    files = sorted((tmp_path / "held").glob("*.parquet"))
    assert len(files) == 3
    back = pd.concat([gpd.read_parquet(file) for file in files])
    assert back.crs == "EPSG:4326"
    expected = history.holder(frame, frame.date)
    assert (back.holder.fillna("") == expected.fillna("")).all()
    near = history.distance_to_front(frame, frame.date, signed="A").rename("to_front_m")
    same(back.to_front_m, near)


def test_a_frame_of_numbers_is_points(history, events):
    each = history.holder(points_of(events), events.date)
    same(history.holder(events, events.date), each)
    whole = pd.concat([events] * 8)  # so many that the grid is laid
    many = history.holder(whole, whole.date.to_numpy())
    same(many, pd.concat([each] * 8))
    shapes = history.holder(points_of(whole), whole.date.to_numpy())
    same(many, shapes)
    with pytest.raises(InputError, match="lon and lat"):
        history.holder(events.rename(columns={"lon": "x"}), events.date)
    with pytest.raises(InputError, match="must be numbers"):
        history.holder(events.assign(lon="east"), events.date)
    with pytest.raises(InputError, match=r"missing in rows \[9\]"):
        history.holder(events.assign(lon=events.lon.where(events.index != 9)), events.date)
    with pytest.raises(FrontlineError, match="beyond 180 and 90"):
        history.holder(events.assign(lon=4e6), events.date)


def test_mistakes_are_found_before_anything_is_computed(history, events, lazy):
    with pytest.raises(InputError, match="signed names 'C'"):
        history.distance_to_front(lazy, lazy.date, signed="C")
    with pytest.raises(InputError, match="both be Dask"):
        history.holder(lazy, events.date)
    with pytest.raises(InputError, match="both be Dask"):
        history.holder(events, lazy.date)
    with pytest.raises(InputError, match="repartition"):
        history.holder(lazy, lazy.date.repartition(npartitions=2))
    with pytest.raises(InputError, match="Bag is no Dask Series"):
        history.holder(dask.bag.from_sequence([(36.5, 35.0)]), "2024-12-04")
    with pytest.raises(InputError, match="lon and lat"):
        history.holder(lazy[["lon"]], "2024-12-04")
    for frame in (lazy, lazy._meta):
        with pytest.raises(InputError, match="not a frame"):
            locate_all(frame)


def test_the_history_is_one_node_of_the_graph(history, lazy):
    weight = len(cloudpickle.dumps(history))
    answers = (history.holder(lazy, lazy.date), history.distance_to_front(lazy, lazy.date))
    tasks = {}
    for answer in answers:
        tasks |= dict(answer.optimize().__dask_graph__())
    sizes = [len(cloudpickle.dumps(task)) for task in tasks.values()]
    assert sum(size > weight / 2 for size in sizes) == 1
    column = dd.from_pandas(pd.Series(PHRASES), npartitions=4)
    own = Gazetteer.from_frame(
        gpd.GeoDataFrame({"name": ["Hama"] * 900}, geometry=[shapely.Point(36, 35)] * 900, crs=4326)
    )
    graph = locate_all(column, own).optimize().__dask_graph__()
    sizes = [len(cloudpickle.dumps(task)) for task in dict(graph).values()]
    assert sum(size > len(cloudpickle.dumps(own)) / 2 for size in sizes) == 1


def cached(value):
    kind = type(value)
    return {n for n in vars(value) if isinstance(getattr(kind, n, None), cached_property)}


def test_a_history_is_pickled_without_what_it_can_compute_again(history, events, tmp_path):
    many = pd.concat([events] * 8)  # so many that the grid is laid
    expected = history.holder(many, many.date.to_numpy()), history.front("2024-12-04")
    assert {"timeline", "_fronts"} <= cached(history)
    assert {"tree", "locator", "polygons"} <= cached(history.composite)
    raw = pickle.dumps(history)
    copy = pickle.loads(raw)  # noqa: S301 - our own bytes
    assert cached(copy) == cached(copy.composite) == set()
    same(copy.holder(many, many.date.to_numpy()), expected[0])
    same(copy.front("2024-12-04"), expected[1])
    assert repr(copy) == repr(history)
    assert len(pickle.dumps(copy)) == pytest.approx(len(raw), rel=0.01)
    history.save(tmp_path / "h.gpkg")
    opened = ControlHistory.open(tmp_path / "h.gpkg")
    again = pickle.loads(pickle.dumps(opened))  # noqa: S301 - our own bytes
    same(again.holder(events, events.date), opened.holder(events, events.date))


def test_gazetteers_are_pickled(tmp_path):
    own = Gazetteer.from_frame(
        gpd.GeoDataFrame({"name": ["Hama"]}, geometry=[shapely.Point(36, 35)], crs=4326)
    )
    assert own.place("hama").lon == 36
    assert cached(own._store)
    copy = pickle.loads(pickle.dumps(own))  # noqa: S301 - our own bytes
    assert not cached(copy._store)
    assert copy.place("Hama") == own.place("Hama")
    source = tmp_path / "cities.json"
    source.write_text("{}", encoding="utf-8")
    build_index(source, tmp_path / "index.sqlite")
    store = SqliteStore(tmp_path / "index.sqlite")
    copy = pickle.loads(pickle.dumps(store))  # noqa: S301 - our own bytes
    assert len(copy) == len(store) == 0
    copy.close()
    store.close()


def test_what_is_dear_is_computed_by_one_thread():
    begun = []

    class Thing:
        @computed_once
        def value(self):
            begun.append(threading.get_ident())
            threading.Event().wait(0.05)
            return object()

    thing = Thing()
    with ThreadPoolExecutor(4) as pool:
        values = set(pool.map(lambda _: thing.value, range(4)))
    assert len(values) == len(begun) == 1


def count_arrivals():
    """Count in this process how often a history is unpickled."""

    def arrive(self, state):
        ControlHistory.arrived += 1
        vars(self).update(state)

    ControlHistory.arrived = 0
    ControlHistory.__setstate__ = arrive


def arrivals():
    return os.getpid(), ControlHistory.arrived


def test_two_processes_give_what_one_call_gives(history, events, lazy, tmp_path):
    column = pd.Series(PHRASES, name="phrase")
    phrases = dd.from_pandas(column, npartitions=4)
    with (
        dask.config.set({"temporary-directory": str(tmp_path)}),
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", memory_limit=0
        ) as cluster,
        Client(cluster) as client,
    ):
        arrived = client.run(count_arrivals)
        asked = questions(history, lazy, lazy.date, events)
        asked.append((locate_all(phrases), locate_all(column)))
        # Left alone, the scheduler may find that one worker is enough for so little.
        halves = [
            client.compute([answer.partitions[part] for answer, _ in asked], workers=[worker])
            for part, worker in zip((slice(0, 2), slice(2, 4)), arrived, strict=True)
        ]
        for *found, (_, expected) in zip(*client.gather(halves), asked, strict=True):
            same(pd.concat(found), expected)
        arrived = client.run(arrivals)
        assert len({process for process, _ in arrived.values()} - {os.getpid()}) == 2
        # Once a worker, though 3 questions with 4 partitions each were asked.
        assert [count for _, count in arrived.values()] == [1, 1]


def test_a_history_that_was_lengthened_is_pickled(history, events):
    more = gpd.GeoDataFrame(
        {"actor": ["C"], "valid_from": ["2024-12-11"]},
        geometry=history.reports.geometry.iloc[:1].array,
        crs=4326,
    )
    longer = history.with_reports(more)
    copy = pickle.loads(pickle.dumps(longer))  # noqa: S301 - our own bytes
    assert copy.actors == ["A", "B", "C"]
    same(copy.holder(events, events.date), longer.holder(events, events.date))
    assert len(copy.reports) == len(history.reports) + 1

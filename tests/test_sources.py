"""Tables from strangers: every fault named at once, nothing half-read."""

import pytest

from frontline.errors import DataFileError
from frontline.sources import Column, read_reports, read_table

GOOD = "place,actor,valid_from,basis\nHama,opposition,2024-12-05T15:50Z,reported\n"


def write(tmp_path, text, name="reports.csv"):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_reads(tmp_path):
    frame = read_reports(write(tmp_path, GOOD))
    assert frame.loc[2, "place"] == "Hama"
    assert str(frame.valid_from.dtype) == "datetime64[us, UTC]"


def test_byte_order_mark_and_arabic(tmp_path):
    frame = read_reports(write(tmp_path, "\ufeff" + GOOD.replace("Hama", "حماة")))
    assert frame.place.tolist() == ["حماة"]


def test_points(tmp_path):
    text = "lon,lat,actor,valid_from\n36.75,35.13,a,2024-12-05\n"
    frame = read_reports(write(tmp_path, text))
    assert frame.crs.to_epsg() == 4326
    assert (frame.geometry.iloc[0].x, frame.geometry.iloc[0].y) == (36.75, 35.13)


def test_every_fault_is_named(tmp_path):
    text = (
        "place,actor,valid_from,basis,lon,lat\n"
        "Hama,a,2024-12-05,reported,,\n"
        "Homs,a,2024-12-35,reported,,\n"
        "Homs,a,,guessed,,\n"
        "Homs,a,2024-12-05,reported,36.7\n"
        "Homs,a,2024-12-05,reported,36.7,135\n"
        "Homs,a,05/12/2024,reported,x,35\n"
    )
    with pytest.raises(DataFileError) as caught:
        read_reports(write(tmp_path, text))
    problems = caught.value.problems
    assert len(problems) == 7
    for line, words in [
        (3, "column valid_from"), (4, "column valid_from: the field is empty"),
        (4, "'guessed' is none of confirmed"), (5, "5 fields where the header has 6"),
        (6, "column lat: '135' is not between -90 and 90"), (7, "day or the month first"),
        (7, "column lon: 'x' is no number"),
    ]:  # fmt: skip
        assert any(p.startswith(f"line {line}") and words in p for p in problems), (line, words)
    assert [int(p.split()[1].strip(":,")) for p in problems] == [3, 4, 4, 5, 6, 7, 7]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "header is missing"),
        (b"\n\n", "header is missing"),
        ("place,actor,valid_from\nحماة,a,2024-12-05\n".encode("cp1256"), "not UTF-8"),
        (GOOD.encode("utf-16"), "not UTF-8"),
        (b"place,actor,valid_from\nHama\x00,a,2024-12-05\n", "NUL"),
        (b"place,actor\nHama,a\n", "columns valid_from are missing"),
        (b"place,place,actor,valid_from\n", "more than once"),
        (b'place,actor,valid_from\n"Hama,a,2024-12-05\n', "line"),
        (b"actor,valid_from\na,2024-12-05\n", "give a column place"),
        (b"place,valid_from\nHama,2024-12-05\n", "column actor is missing"),
        (b"place,lon,lat,actor,valid_from\n,,,a,2024-12-05\n", "neither a place nor lon"),
        (b"lon,lat,actor,valid_from\n36,,a,2024-12-05\n", "lon without lat"),
    ],
)
def test_broken_files(tmp_path, content, words):
    with pytest.raises(DataFileError, match=words):
        read_reports(write(tmp_path, content))


def test_no_file(tmp_path):
    with pytest.raises(DataFileError, match="there is no file"):
        read_reports(tmp_path / "none.csv")
    with pytest.raises(DataFileError, match="there is no file"):
        read_reports(tmp_path)


def test_quoted_line_breaks_keep_the_line_numbers(tmp_path):
    text = 'place,actor,valid_from\n"Ha\nma",a,2024-12-05\nHoms,a,never\n'
    with pytest.raises(DataFileError, match="line 4, column valid_from"):
        read_reports(write(tmp_path, text))


def test_many_faults_are_counted(tmp_path):
    text = "valid_from\n" + "x\n" * 120
    with pytest.raises(DataFileError, match="120 faults") as caught:
        read_table(write(tmp_path, text), [Column("valid_from", "utc")])
    assert len(caught.value.problems) == 120
    assert "and 70 more" in str(caught.value)


def test_empty_table_is_empty(tmp_path):
    assert read_table(write(tmp_path, "a,b\n"), [Column("a", "number")]).empty

"""The command line as a user meets it: its two streams and its exit code.

The commands of the README run as processes of their own in test_face.py, as do some here; the rest
is asked in this process, where the libraries are loaded already.
"""

import json
import subprocess
import sys

import pytest

from tests.commands import process, run


def succeed(*arguments, stdin=None, by=run):
    done = by(*arguments, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_distance():
    assert succeed("distance", "Aleppo", "Hama", by=process).startswith("124.2 km SSW")
    found = json.loads(succeed("distance", "Aleppo", "Hama", "--json"))
    assert found["km"] == pytest.approx(124.2, abs=0.05)
    assert found["between"] == "centres"
    edges = json.loads(succeed("distance", "Aleppo", "Hama", "--edges", "--json"))
    assert edges["km"] < found["km"]


def test_distance_imports_nothing_heavy():
    code = (
        "import sys; sys.argv = ['frontline', 'distance', 'Aleppo', 'Hama']\n"
        "from frontline.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'geopandas', 'folium', 'matplotlib', 'pandas', 'shapely', 'scipy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["124.2 km SSW", "[]"]


def test_negative_longitudes():
    assert succeed("distance", "-70.5,-33", "-70.5,-34").startswith("110.9 km S")


def test_locate():
    phrase = "five kilometers northeast of Hama's borders"
    assert "offset" in succeed("locate", phrase)
    found = json.loads(succeed("locate", phrase, "--json"))
    assert found["locality"]["reference"] == "edge"
    assert found["point"]["type"] == "Point"
    feature = json.loads(succeed("locate", phrase, "--geojson"))
    assert feature["type"] == "Feature"
    assert feature["geometry"]["type"] in {"Polygon", "MultiPolygon"}


def test_locate_from_stdin():
    out = succeed("locate", "-", stdin="5 km north of Hama\n\nnear Homs\n", by=process)
    assert len(out.splitlines()) == 2


def test_stdin_goes_on_after_a_fault_and_prints_a_document_a_line():
    done = process("locate", "-", "--json", stdin="5 km north of Hama\nthe weather\nnear Homs\n")
    assert done.returncode == 1
    assert [json.loads(line)["locality"]["kind"] for line in done.stdout.splitlines()] == [
        "offset",
        "near",
    ]
    assert done.stderr.startswith("frontline: line 2: ")


def test_a_date_outside_the_case_is_noted():
    done = run("at", "syria-2024", "2030-01-01")
    assert done.returncode == 0
    assert "outside the case" in done.stderr


def test_describe():
    assert succeed("describe", "36.80,35.16").strip() == "5 km northeast of Hama"
    edge = succeed("describe", "36.80,35.16", "--lang", "fr", "--edge").strip()
    assert edge == "à 2 km au nord-est des limites de Hama"
    found = json.loads(succeed("describe", "36.80,35.16", "--json"))
    assert found["distance_m"] == pytest.approx(4970, abs=100)
    assert len(succeed("describe", "-", stdin="36.80,35.16\n-58.4,-34.6\n").splitlines()) == 2


def test_place():
    assert succeed("place", "حماة", by=process).startswith("Hama")
    assert json.loads(succeed("place", "Hama", "--json"))["country"] == "SY"
    assert "35.29" in succeed("place", "Suran", "--admin1", "Hama")


def test_version_and_help():
    assert succeed("--version").startswith("frontline ")
    for command in ("place", "distance", "locate", "describe", "at", "front", "changes",
                    "measures", "map"):  # fmt: skip
        assert command in succeed("--help")
        assert "--json" in succeed(command, "--help")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("distance", "Atlantis-on-Orontes", "Hama"), "Atlantis-on-Orontes"),
        (("distance", "Suran", "Hama"), "Suran"),
        (("place", "Suran"), "Suran"),
        (("locate", "the weather was fine"), "weather"),
        (("locate", "15 km from the city"), "the city"),
        (("describe", "136.80,135.16"), "globe"),
        (("describe", "Hama"), "lon,lat"),
        (("distance", "35.16,36.8,5", "Hama"), "lon,lat"),
        (("measures", "syria-2024", "--freq=-1D"), "-1D"),
        (("describe", "nan,nan"), "no number"),
        (("at", "syria-2024", "2024-11-31"), "2024-11-31"),
        (("at", "syria-2025", "2024-12-03"), "syria-2024"),
        (("at", "no-such.csv", "2024-12-03"), "no-such.csv"),
        (("map", "syria-2024", "-o", "/nonexistent-folder/x.html"), "nonexistent-folder"),
        (("map", "syria-2024", "-o", "x", "--from", "2024-12-05", "--to", "2024-12-01"), "lies"),
    ],
)  # fmt: skip
def test_one_clear_sentence(arguments, words):
    done = run(*arguments)
    assert done.returncode == 1
    assert done.stdout == ""
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [("distance", "Hama"), ("fly",), ("locate",), ("map", "syria-2024"),
     ("at", "syria-2024", "2024-12-03", "--json", "--csv"),
     ("locate", "Hama", "--method", "guess"), ("locate", "Hama", "--json", "--geojson")],
)  # fmt: skip
def test_usage(arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_broken_reports(tmp_path):
    file = tmp_path / "reports.csv"
    file.write_text("place,actor,valid_from\nHama,a,2024-12-05\nHoms,a,soon\n")
    done = process("at", file, "2024-12-06")
    assert done.returncode == 1
    assert "line 3, column valid_from" in done.stderr
    page = tmp_path / "page.html"
    assert run("map", file, "-o", page).returncode == 1
    assert [each.name for each in tmp_path.iterdir()] == ["reports.csv"]


def test_own_reports_end_to_end(tmp_path):
    file = tmp_path / "reports.csv"
    file.write_text(
        "place,actor,valid_from\nHama,government,2024-11-26\nHoms,government,2024-11-26\n"
        "Hama,opposition,2024-12-05T15:50Z\n"
    )
    rows = json.loads(succeed("at", file, "2024-12-06", "--json"))
    assert {"government", "opposition"} <= {row["actor"] for row in rows}
    page = tmp_path / "page.html"
    succeed("map", file, "-o", page)
    assert page.stat().st_size > 100_000


def test_the_case_answers():
    rows = json.loads(succeed("at", "syria-2024", "2024-12-03", "--json"))
    assert sum(row["area_km2"] for row in rows) == pytest.approx(185_940, rel=0.002)
    collection = json.loads(succeed("at", "syria-2024", "2024-12-03", "--geojson"))
    assert collection["type"] == "FeatureCollection"
    assert "Syrian government" in succeed("front", "syria-2024", "2024-12-03")
    parts = succeed("front", "syria-2024", "2024-12-03", "--stretches", "--csv").splitlines()
    assert parts[0].startswith("actor_left,actor_right,length_km,confirmed_on,since,staleness")
    assert "Syrian government" in succeed("changes", "syria-2024", "2024-11-27", "2024-12-05")
    steps = succeed("changes", "syria-2024", "2024-11-27", "2024-12-05", "--freq", "D",
                    "--min-area-km2", "1", "--csv").splitlines()  # fmt: skip
    assert steps[0].startswith("date,from_actor,to_actor,area_km2,parts,slivers_km2")
    assert len({line.partition(",")[0] for line in steps[1:]}) > 5
    lines = succeed("measures", "syria-2024", "--csv").splitlines()
    assert lines[0].startswith("date,actor,area_km2")
    assert len(lines) > 40

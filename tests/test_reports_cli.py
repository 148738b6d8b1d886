"""`frontline read`: text in, tables out."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from frontline.cli import app

TEXT = "Insurgents captured Aleppo. Shells fell 5 km northeast of Hama.\n"


@pytest.fixture
def run():
    def call(*arguments, text=TEXT):
        return CliRunner().invoke(app, ["read", *arguments], input=text.encode())

    return call


def test_stdin_to_json(run):
    rows = json.loads(run("--json").stdout)
    assert [row["kind"] for row in rows] == ["feature", "offset"]
    assert rows[1]["places"] == "Hama"


def test_file_to_geojson(run, tmp_path):
    path = tmp_path / "report.txt"
    path.write_text(TEXT, encoding="utf-8")
    features = json.loads(run(str(path), "--geojson").stdout)["features"]
    assert features[1]["geometry"]["type"] == "Polygon"


def test_csv_and_claims(run):
    lines = run("-", "--csv").stdout.splitlines()
    assert lines[0].startswith("start,end,text,kind")
    claim = json.loads(run("--claims", "--json", "--published", "2024-11-30").stdout)[0]
    assert (claim["actor"], claim["valid_from"]) == ("Insurgents", "2024-11-30T00:00:00Z")


def test_for_people(run):
    assert "5 km northeast of Hama" in run().stdout


def test_what_is_not_utf8_is_refused(run, tmp_path):
    path = tmp_path / "report.txt"
    path.write_bytes(b"caf\xe9")
    assert "not UTF-8" in str(run(str(path)).exception)

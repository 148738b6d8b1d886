"""The face: every name there, nothing heavy imported for it, the README's examples true."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import frontline as fl

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"


def blocks(language):
    """Return the README's fenced blocks in a language, "" for those that name none."""
    fences = re.findall(
        r"^```(\w*)\n(.*?)^```$", README.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    return [body for name, body in fences if name == language]


def test_every_name_is_there():
    assert sorted(fl.__all__) == fl.__all__
    for name in fl.__all__:
        assert getattr(fl, name) is not None, name
    assert set(fl.__all__) <= set(dir(fl))
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = fl.no_such_name


def test_importing_is_cheap():
    code = (
        "import sys, frontline; "
        "print(sorted({'pandas', 'geopandas', 'folium', 'shapely', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_error_is_ours_and_a_builtin():
    for name in fl.__all__:
        if name.endswith("Error") and name != "FrontlineError":
            error = getattr(fl, name)
            assert issubclass(error, fl.FrontlineError)
            assert issubclass(error, (ValueError, LookupError, ImportError)), name


def test_readme_python_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (code,) = blocks("python")
    assert len([line for line in code.splitlines() if line.strip()]) <= 12
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - the README's own example
    out = capsys.readouterr().out
    assert "124.2 km SSW" in out
    assert "5 km northeast of Hama" in out
    assert (tmp_path / "advance.html").stat().st_size > 100_000


def test_readme_commands_run(tmp_path):
    commands = [
        shlex.split(line)
        for line in "".join(blocks("")).splitlines()
        if line.startswith("frontline ")
    ]
    assert len(commands) == 10
    for words in commands:
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=tmp_path, capture_output=True, text=True,
            check=False, encoding="utf-8", env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert done.returncode == 0, (words, done.stderr)
        assert done.stdout or (tmp_path / "advance.html").exists(), words


def test_readme_names_the_two_commands_and_what_ci_runs():
    text = README.read_text("utf-8")
    quick = text.split("## Quick start")[1].split("##")[0]
    assert "make map" in quick
    assert "make test" in quick
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")


LINKS = re.findall(r"\]\(((?!https?:)[^)]+)\)", README.read_text("utf-8"))


@pytest.mark.parametrize("path", LINKS)
def test_readme_links_exist(path):
    assert (ROOT / path).exists()

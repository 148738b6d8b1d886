"""The command line, run by tests: what it wrote to its two streams, and its exit code."""

import contextlib
import io
import os
import subprocess
import sys

import pytest

from frontline.cli import main

ENVIRONMENT = {**os.environ, "PYTHONWARNINGS": "default", "COLUMNS": "100"}


def process(*arguments, stdin=None):
    """Run a command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "frontline", *map(str, arguments)],
        capture_output=True, text=True, input=stdin, check=False, env=ENVIRONMENT, encoding="utf-8",
    )  # fmt: skip


def run(*arguments, stdin=None):
    """Run a command in this process, where the libraries are loaded already."""
    given = io.TextIOWrapper(io.BytesIO((stdin or "").encode()), encoding="utf-8")
    out, errors = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    words = ["frontline", *map(str, arguments)]
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as streams:
        patch.setenv("COLUMNS", ENVIRONMENT["COLUMNS"])
        patch.setattr("sys.argv", words)
        patch.setattr("sys.stdin", given)
        streams.enter_context(contextlib.redirect_stdout(out))
        streams.enter_context(contextlib.redirect_stderr(errors))
        ended = streams.enter_context(pytest.raises(SystemExit))
        main()
    texts = []
    for stream in (out, errors):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return subprocess.CompletedProcess(words, ended.value.code or 0, *texts)

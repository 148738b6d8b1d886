"""The notebooks run from top to bottom, and are committed without their outputs."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def test_there_are_notebooks():
    assert [path.name for path in NOTEBOOKS] == ["hama_advance.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_stripped(path):
    for cell in nbformat.read(path, as_version=4).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs(path, tmp_path):
    executed = tmp_path / "executed.ipynb"
    # In a process of its own: the kernel's client leaves sockets for the collector to close.
    # Pipes in a folder instead of ports, so that no two tests get in each other's way.
    code = f"""
import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

notebook = nbformat.read({str(path)!r}, as_version=4)
nbformat.validate(notebook)
manager = AsyncKernelManager(transport="ipc", ip={str(tmp_path / "k")!r})
where = {{"metadata": {{"path": {str(FOLDER.parent)!r}}}}}
NotebookClient(notebook, km=manager, timeout=300, resources=where).execute()
nbformat.write(notebook, {str(executed)!r})
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    cells = nbformat.read(executed, as_version=4).cells
    shown = [str(output) for cell in cells for output in cell.get("outputs", [])]
    assert sum("image/png" in output for output in shown) >= 2
    assert any("5 km northeast of Hama" in output for output in shown)

"""Build every table of the case syria-2024, in order.

    python geodata/build/syria_2024.py --places SYRIA-PLACES.csv --facts SYRIA-2024-FACTS.csv

Hand-written and therefore not built: README.md, case.toml, actors.csv, sources.csv, events.csv.
The same inputs give the same bytes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Run the steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=Path, required=True)
    parser.add_argument("--facts", type=Path, required=True)
    given = parser.parse_args()
    for script, options in (
        ("syria_2024_sites.py", ["--places", given.places]),
        ("syria_2024_initial.py", []),
        ("syria_2024_areas.py", []),
        ("syria_2024_reports.py", ["--facts", given.facts]),
    ):
        subprocess.run([sys.executable, HERE / script, *options], check=True)


if __name__ == "__main__":
    main()

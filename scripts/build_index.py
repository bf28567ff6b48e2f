"""Make the package indexes that ship with aicheck from plain lists of names.

    python scripts/build_index.py pypi NAMES.tsv.gz --complete --made 2026-11-20
    python scripts/build_index.py npm NAMES.tsv.gz --made 2026-11-20

A list has a line of headings, then a name a line and after a tab how well known
it is: a rank (PyPI, 1 is best) or downloads (npm).
"""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path

from aicheck_checks.packages.index import build
from aicheck_checks.packages.pypi import normal

DATA = Path(__file__).parents[1] / "checks/aicheck_checks/data"


def main() -> None:
    """Run; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("registry", choices=("pypi", "npm"))
    parser.add_argument("names", type=Path)
    parser.add_argument("--made", required=True, help="date of the list, YYYY-MM-DD")
    parser.add_argument("--complete", action="store_true", help="the list has every name of the registry")
    options = parser.parse_args()
    with gzip.open(options.names, "rt", encoding="utf-8") as file:
        rows = [([*line.rstrip("\n").split("\t"), ""])[:2] for line in file][1:]
    spelt = normal if options.registry == "pypi" else str
    sign = 1 if options.registry == "pypi" else -1
    ranked = sorted((sign * int(measure), spelt(name)) for name, measure in rows if measure.isdigit())
    data = build(
        options.registry,
        (spelt(name) for name, _ in rows),
        (name for _, name in ranked),
        made=options.made,
        complete=options.complete,
    )
    target = DATA / f"{options.registry}.index"
    target.write_bytes(data)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Install what the tests of a team's log and of bulk checking need: ``python3 scripts/setup_team.py``, after ``python3 dev.py setup``.

PostgreSQL and Java (by apt-get, as root), and PySpark into ``.venv``. A part that can't be installed is named with the reason and
stops no other; its tests are skipped. What is there already is left alone.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from setup_editors import ROOT, MissingPartError, debian, run

SPARK = ("pyspark==4.3.0", "pandas==3.1.1")
PYTHON = ROOT / ".venv" / "bin" / "python"


def postgresql() -> None:
    """A server for the tests, which start one of their own."""
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and shutil.which("initdb") is None:
        debian("postgresql")


def java() -> None:
    """What Spark runs on."""
    if shutil.which("java") is None:
        debian("default-jre-headless")


def spark() -> None:
    """PySpark; it is large, so it is no part of the development environment."""
    if not list((ROOT / ".venv").glob("lib/python*/site-packages/pyspark")):
        run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *SPARK)


def main() -> None:
    """Install all parts."""
    for part in (postgresql, java, spark):
        try:
            part()
            print(f"{part.__name__}: there", flush=True)
        except MissingPartError as error:
            print(f"{part.__name__}: MISSING, its tests are skipped: {error}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

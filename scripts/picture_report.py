#!/usr/bin/env python3
"""Make docs/images/report.png: the beginning of the report of ``aicheck demo``, as Chromium shows it.

    python scripts/picture_report.py [CHROMIUM]

The pictures of VS Code are made by the extension's own end-to-end tests, where ``AICHECK_PICTURES`` names docs/images.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

PICTURE = Path(__file__).resolve().parents[1] / "docs/images/report.png"
SIZE = "960,975"


def main() -> None:
    """Make the sessions and their report, and take the picture."""
    chromium = sys.argv[1] if len(sys.argv) > 1 else "chromium"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-c", "from aicheck_app.cli.main import main; main()", "demo", "--output", folder],
            check=True,
        )
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--hide-scrollbars",
        ]
        page = f"file://{folder}/report.html"
        subprocess.run([chromium, *options, f"--window-size={SIZE}", f"--screenshot={PICTURE}", page], check=True)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Make app/aicheck_app/report/evidence/vega.js: Vega, Vega-Lite and Vega's interpreter as one script for the evidence page.

    python scripts/build_vega.py

The interpreter evaluates Vega's expressions without ``eval``, which the page's own policy forbids. Needs npm.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

PACKAGES = {"vega": "6.4.0", "vega-lite": "6.5.0", "vega-interpreter": "2.3.2", "esbuild": "0.28.0"}
PLACE = Path(__file__).resolve().parents[1] / "app/aicheck_app/report/evidence"
ENTRY = """
import { View, parse } from "vega";
import { compile } from "vega-lite";
import { expressionInterpreter } from "vega-interpreter";
globalThis.charts = { View, parse, compile, expressionInterpreter };
"""


def main() -> None:
    """Install the packages in a temporary folder, bundle them, and put the licence in front."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "package.json").write_text('{"private": true}')
        (folder / "entry.mjs").write_text(ENTRY)
        wanted = [f"{package}@{version}" for package, version in PACKAGES.items()]
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", *wanted], cwd=folder, check=True)
        command = ["npx", "esbuild", "entry.mjs", "--bundle", "--minify", "--format=iife", "--target=es2022", "--legal-comments=none",
                   "--charset=ascii", "--outfile=vega.js"]  # fmt: skip
        subprocess.run(command, cwd=folder, check=True)
        licence = (folder / "node_modules/vega/LICENSE").read_text().strip()
        about = ", ".join(f"{package} {version}" for package, version in PACKAGES.items() if package != "esbuild")
        script = (folder / "vega.js").read_text()
    assert "</script" not in script
    (PLACE / "vega.js").write_text(f"/* {about} and the packages of D3 that they use (ISC)\n\n{licence}\n*/\n{script}")


if __name__ == "__main__":
    main()

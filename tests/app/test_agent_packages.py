"""The npm packages for agents: what their files say, and their own tests under Node."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from aicheck_app import __version__
from aicheck_app.hook import extensions

EDITORS = Path(__file__).parents[2] / "editors"


@pytest.mark.parametrize("name", extensions.MODULES)
def test_the_package_holds_what_it_names(name: str) -> None:
    folder = EDITORS / name
    package = json.loads((folder / "package.json").read_text())
    assert (package["name"], package["version"], package["type"]) == (f"aicheck-{name}", __version__, "module")
    named = [package["main"], *package["files"], *package.get("pi", {}).get("extensions", [])]
    assert [file for file in named if not (folder / file).is_file()] == []
    assert "dependencies" not in package


@pytest.mark.skipif(shutil.which("node") is None or os.name == "nt", reason="needs node, and scripts for sh")
def test_their_own_tests_pass(tmp_path: Path) -> None:
    files = sorted(str(file) for name in extensions.MODULES for file in (EDITORS / name / "test").glob("*.test.js"))
    done = subprocess.run(["node", "--test", *files], capture_output=True, text=True, check=False, timeout=120)
    assert len(files) == 2
    assert done.returncode == 0, done.stdout

"""Every Python that an editor's extension, an action or a CI template starts leaves the folder it stands in alone.

The extension's own tests start its commands for good, with pip and venv (editors/vscode/test/unit/planted.test.ts), as
tests/e2e/test_ci_templates.py and test_neovim.py do for the others; here no start is forgotten, also one of tomorrow.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [
    ROOT / "action.yml", ROOT / ".pre-commit-hooks.yaml", ROOT / "scripts/github_action.sh", ROOT / "editors/vscode/package.json",
    *sorted((ROOT / "examples/ci").glob("*.yml")), *sorted((ROOT / "editors/claude-code").rglob("*.json")),
    *sorted((ROOT / "editors/vscode/src").rglob("*.ts")),
    *(path for part in ("lua", "lsp", "plugin") for path in sorted((ROOT / "editors/neovim" / part).rglob("*.lua"))),
]  # fmt: skip
START = re.compile(r"""["'\s](-[cm])(?=["'\s])""")
"""An option that makes an interpreter run a module or a text: `python -m`, `["-c", ...]`."""
ISOLATED = re.compile(r"""-[IP]["',\s]+$""")
PLANTED = ("json", "subprocess", "select", "fcntl", "site", "sitecustomize", "encodings", "re", "os", "aicheck_app")


def starts() -> list[tuple[str, str, str]]:
    """Every start of an interpreter: the file, the text before its option, the option with what follows."""
    found = []
    for path in SOURCES:
        for line in path.read_text("utf-8").splitlines():
            if re.search(r"(?i)python|\bpip\b|venv|told\(|before:", line):
                found += [(path.name, line[: match.start(1)], line[match.start(1) :]) for match in START.finditer(line)]
    return found


def test_every_python_is_started_isolated() -> None:
    assert len(starts()) >= 7
    assert [f"{name}: {before}{option}" for name, before, option in starts() if not ISOLATED.search(before)] == []


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A folder of modules that tell when they are imported."""
    folder = tmp_path / "work"
    folder.mkdir()
    for name in PLANTED:
        (folder / f"{name}.py").write_text("raise SystemExit('planted: ' + __file__)\n")
    return folder


def test_the_copy_in_the_extension_imports_its_own_modules_alone(planted: Path, tmp_path: Path) -> None:
    source = (ROOT / "editors/vscode/src/server/candidates.ts").read_text("utf-8")
    found = re.search(r"before: (\[.*\]),", source)
    assert found is not None
    libraries = tmp_path / "libs"
    (libraries / "aicheck_app" / "cli").mkdir(parents=True)
    for package in (libraries / "aicheck_app", libraries / "aicheck_app" / "cli"):
        (package / "__init__.py").touch()
    (libraries / "aicheck_app" / "cli" / "main.py").write_text(
        "import json, re, select, subprocess\ndef main(): print('own')\n"
    )
    done = subprocess.run(
        [sys.executable, *json.loads(found[1])], cwd=planted, env={**os.environ, "PYTHONPATH": str(libraries)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("own\n", "")

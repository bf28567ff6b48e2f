"""Emacs with eglot and with lsp-mode, in batch mode, with the real server."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from aicheck_app.log.store import Log
from tests.e2e import neovim

EMACS = shutil.which("emacs")
SCENARIOS = Path(__file__).with_name("emacs")
JSON = "IMP001: 'json' is used but never imported: 'import json' is missing"

pytestmark = pytest.mark.e2e


def need(library: str) -> None:
    command = [EMACS or "", "--batch", "--eval", f"(unless (require '{library} nil t) (kill-emacs 1))"]
    if EMACS is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip(f"no Emacs with {library} (Debian: emacs-nox elpa-{library})")


def run(scenario: str, folder: Path) -> Any:
    work = folder / "work"
    work.mkdir()
    assert EMACS is not None
    command = [EMACS, "--batch", "-l", str(SCENARIOS / f"{scenario}-scenario.el")]
    done = subprocess.run(
        command, cwd=work, env=neovim.environment(folder), capture_output=True, text=True, check=False, timeout=120,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    report = folder / "report.json"
    assert report.exists(), done.stdout + done.stderr
    return json.loads(report.read_text())


def attributions() -> list[str]:
    with Log(read_only=True) as log:
        return [record["attribution"] for record in log.bodies("kind = 'output'")]


def test_eglot(tmp_path: Path) -> None:
    need("eglot")
    report = run("eglot", tmp_path)
    text = report.pop("text")
    assert text.startswith("import json\nimport os\n")
    first = JSON.replace("IMP001: ", "9: aicheck [IMP001]: ")
    assert report == {
        "reloaded": [first], "inserted": [first, first.replace("9:", "14:").replace("json", "sys")],
        "titles": [
            "Add 'import json'", "Ignore IMP001 here", "Not a problem: dismiss this IMP001",
            "This output is degraded: confirm", "Copy evidence", "Fix all that aicheck can fix",
        ],
    }  # fmt: skip
    assert attributions() == ["heuristic", "heuristic"]


def test_lsp_mode(tmp_path: Path) -> None:
    need("lsp-mode")
    assert run("lsp-mode", tmp_path) == {"inserted": ["9: IMP001"]}
    assert attributions() == ["heuristic"]

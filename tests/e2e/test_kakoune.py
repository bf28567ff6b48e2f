"""Kakoune's own linting, without a screen, with the real program and the settings of docs/editors/kakoune.md."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e import neovim
from tests.e2e.editor_pages import blocks

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(shutil.which("kak") is None, reason="no Kakoune (Debian: kakoune)")]
SECONDS = 90.0


def test_lint_puts_the_finding_on_its_line(tmp_path: Path) -> None:
    settings, report, file = tmp_path / "kakrc", tmp_path / "report", tmp_path / "a.py"
    settings.write_text(blocks("kakoune")[0])
    file.write_text("import os\n\n\ndef f(x):\n    return os.fspath(x,\n")
    environment = {**neovim.environment(tmp_path), "KAKOUNE_CONFIG_DIR": str(tmp_path)}
    begin = f"source {settings}; hook global BufSetOption lint_messages=.+ %{{ echo -to-file {report} %opt{{lint_messages}} }}"
    editor = subprocess.Popen(
        ["kak", "-s", "aicheck", "-ui", "dummy", "-n", "-e", f"{_tools()}; {begin}; set-option buffer filetype python; lint", str(file)],
        cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and "TRU001" not in (report.read_text() if report.exists() else ""):
            time.sleep(0.1)
    finally:
        editor.kill()
        editor.wait()
    said = "error: TRU001 cut off: the text ends inside '(' opened on line 5; the rest is missing(col 5)"
    assert said in report.read_text().replace("''", "'")


def _tools() -> str:
    """Kakoune's own scripts for linting, which ``-n`` leaves out with the user's."""
    folder = Path(shutil.which("kak") or "").resolve().parents[1] / "share/kak/rc/tools"
    return "; ".join(f"source {folder / name}.kak" for name in ("lint", "make"))

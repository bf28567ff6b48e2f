"""Vim with ALE, without a screen, with the real server and the settings of docs/editors/vim.md."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e import neovim
from tests.e2e.editor_pages import blocks

pytestmark = pytest.mark.e2e
VIM = shutil.which("vim")
DRIVE = """set nocompatible
filetype plugin on
packadd ale
source {settings}
let g:ale_linters = {{'python': ['aicheck']}}
edit a.py
let rounds = 0
while rounds < 90 && !len(ale#engine#GetLoclist(bufnr('')))
  if rounds == 20
    call append(0, ['def f(x):', '    y = json.dumps(x)', '    return y', '', ''])
  endif
  if rounds % 10 == 0
    ALELint
  endif
  sleep 500m
  let rounds += 1
endwhile
let found = map(copy(ale#engine#GetLoclist(bufnr(''))), {{_, one -> [one.lnum, one.col, one.code, one.text, one.type]}})
call writefile([json_encode(found)], '{report}')
qall!
"""


def test_an_insertion_is_judged_and_its_finding_shown(tmp_path: Path) -> None:
    has_ale = [VIM or "", "-N", "-es", "-u", "NONE", "-c", "try | packadd ale | catch | cquit | endtry", "-c", "qall!"]
    if VIM is None or subprocess.run(has_ale, capture_output=True, check=False).returncode:
        pytest.skip("no Vim with ALE (Debian: vim-nox vim-ale)")
    work, settings, report, script = (tmp_path / name for name in ("work", "ale.vim", "report.json", "drive.vim"))
    (work / ".git").mkdir(parents=True)
    (work / "a.py").write_text("import os\n")
    settings.write_text(blocks("vim", "vim")[0])
    script.write_text(DRIVE.format(settings=settings, report=report))
    subprocess.run(
        [VIM, "-es", "-u", "NONE", "-S", str(script)], cwd=work, env=neovim.environment(tmp_path), capture_output=True, check=False,
        timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert json.loads(report.read_text()) == [
        [2, 9, "IMP001", "'json' is used but never imported: 'import json' is missing", "E"]
    ]

"""The documents are true: generated pages are up to date, links lead somewhere, examples run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from docs import generate

from aicheck_app.log.store import Log

ROOT = Path(__file__).parents[1]
PAGES = [
    p
    for p in ROOT.rglob("*.md")
    if not {".venv", ".git", ".editors", "node_modules", "dist"} & set(p.relative_to(ROOT).parts)
]


def test_generated_pages_are_up_to_date() -> None:
    """After a change of a rule, a help text or a sample: ``python docs/generate.py``."""
    pages = generate.pages()
    assert set((ROOT / "docs/rules").glob("*.md")) == {p for p in pages if p.parent.name == "rules"}
    for path, text in pages.items():
        assert path.read_text("utf-8") == text, path


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"```.*?```|^ {4}[^\n]*$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", prose):
        assert (page.parent / target).exists(), target


def test_the_library_example() -> None:
    sample = ROOT / "examples/degraded/missing_import.py"
    done = _run("check_text.py", str(sample))
    assert done.stdout.splitlines()[-2:] == [
        "5:12 IMP001 'hashlib' is used but never imported: 'import hashlib' is missing",
        "suspect",
    ]
    assert done.returncode == 1


def test_a_stranger_can_verify_a_log() -> None:
    with Log() as log:
        log.take([{"id": f"{n}", "kind": "output", "time": f"2026-01-0{n}", "path": "é"} for n in range(1, 5)])
        log.prune("2026-01-03", "2026-02-01")
        head, path = log.head(), log.path
    assert _run("verify_log.py", path, head).stdout == f"chain intact, head {head}\n"
    assert _run("verify_log.py", path, "00").returncode == 1
    with Log() as log:
        log.db.execute("UPDATE records SET body = replace(body, 'é', 'e') WHERE id = '3'")
    assert _run("verify_log.py", path).stdout == "the log does not verify: record 3 does not fit the chain\n"


def _run(example: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "examples" / example), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)

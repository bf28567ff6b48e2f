"""CONTRIBUTING.md's first hour is true: the rule that it writes is red, then green."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUR = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Your first hour")[2].partition("\n## Add a rule")[0]

pytestmark = pytest.mark.e2e


def block(language: str, first: str = "") -> str:
    """The one block of code of this language that begins with this line."""
    (found,) = re.findall(rf"^```{language}\n{re.escape(first)}\n?(.*?)^```$", HOUR, re.DOTALL | re.MULTILINE)
    return str(found)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The checks library and the test of its rules, with the example's rule as its first step leaves it."""
    shutil.copytree(ROOT / "checks", tmp_path / "checks", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests/checks").mkdir(parents=True)
    shutil.copy(ROOT / "tests/checks/test_rules.py", tmp_path / "tests/checks")
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = checks\naddopts = --import-mode=importlib\n")
    (first,) = re.findall(r"^# (checks/\S+\.py)$", HOUR, re.MULTILINE)
    (tmp_path / first).write_text(block("python", f"# {first}"), "utf-8")
    instant = tmp_path / "checks/aicheck_checks/instant.py"
    text = instant.read_text("utf-8")
    lines = block("diff").splitlines()
    for neighbour, added in zip(lines[::2], lines[1::2], strict=True):
        assert text.count(f"\n{neighbour[1:]}\n") == 1
        text = text.replace(f"\n{neighbour[1:]}\n", f"\n{neighbour[1:]}\n{added[1:]}\n")
    instant.write_text(text, "utf-8")
    return tmp_path


def outcome(clone: Path, *chosen: str) -> tuple[int, str]:
    """How many tests passed and failed there."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/checks/test_rules.py", *chosen]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(command, cwd=clone, env=environment, capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout.splitlines()[-1].partition(" in ")[0]


def test_the_example_s_rule_is_red_and_then_green(clone: Path) -> None:
    chosen = ("-k", "COR900 or registered or instant_rules")
    code, said = outcome(clone, *chosen)
    assert (code, re.sub(r", \d+ deselected", "", said)) == (1, "1 failed, 6 passed")
    rule = clone / "checks/aicheck_checks/rules/corruption/copied_button.py"
    text = rule.read_text("utf-8")
    empty = text[text.index("def check") : text.index("\n\nRULE")]
    rule.write_text(text.replace(empty, block("python", "# in the place of check")), "utf-8")
    code, said = outcome(clone, *chosen)
    assert (code, re.sub(r", \d+ deselected", "", said)) == (0, "7 passed")
    formatted = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--check", "--line-length", "120", rule], check=False
    )
    assert formatted.returncode == 0

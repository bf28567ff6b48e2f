"""What is wrong in a new file that tests read is a note; where a change broke one it is more."""

from __future__ import annotations

from pathlib import Path

import pytest

from aicheck_checks.engine import check
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings

BROKEN = "def f(:\n    return (1,\n"


def suspect(tmp_path: Path, name: str, previous: str | None = None) -> bool:
    (tmp_path / ".git").mkdir(parents=True, exist_ok=True)
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    around = Surroundings(str(file.parent))
    return check(Source(BROKEN, path=str(file), previous=previous, surroundings=around)).verdict == "suspect"


@pytest.mark.parametrize(
    "folder",
    [
        "fixtures",
        "tests/fixtures/x",
        "src/__fixtures__",
        "pkg/testdata",
        "test/data",
        "tests/parser/invalid",
        "tests/ui",
        "syntax/testdir/input",
        "test/shell/assets",
        "test/configCases/css",
    ],
)
def test_broken_test_data_is_no_fault(tmp_path: Path, folder: str) -> None:
    assert not suspect(tmp_path, f"{folder}/x.py")


@pytest.mark.parametrize("folder", ["src", "tests", "tests/unit", "data", "examples", "fixturesque"])
def test_broken_code_is(tmp_path: Path, folder: str) -> None:
    assert suspect(tmp_path, f"{folder}/x.py")


def test_a_change_that_breaks_test_data_is_a_fault(tmp_path: Path) -> None:
    assert suspect(tmp_path, "tests/fixtures/x.py", previous="def f():\n    return (1, 2)\n")


def test_where_the_repository_itself_lies_is_of_no_matter(tmp_path: Path) -> None:
    assert suspect(tmp_path / "tests/fixtures/checkout", "src/x.py")

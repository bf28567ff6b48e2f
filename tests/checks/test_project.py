"""IMP004 and the reading of a project from its files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aicheck_checks.engine import check
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Disk, Surroundings
from aicheck_checks.surroundings.python import roots_of


def found(folder: Path, text: str) -> list[tuple[str, str]]:
    path = str(folder / "app.py")
    return [
        (f.code, f.confidence) for f in check(Source(text, path=path, surroundings=Surroundings(str(folder)))).findings
    ]


def environment(folder: Path, *modules: str, installed: tuple[str, ...] = ()) -> None:
    site = folder / ".venv/lib/python3.12/site-packages"
    site.mkdir(parents=True)
    (folder / ".venv/pyvenv.cfg").write_text("home = /usr/bin\n")
    for module in modules:
        (site / module).mkdir()
    for name in installed:
        (site / f"{name}.dist-info").mkdir()


def test_an_import_that_nothing_provides_is_found(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "a"\ndependencies = ["requests>=2", "PyYAML"]\n')
    environment(tmp_path, "requests", "yaml", installed=("requests-2.32.0", "PyYAML-6.0"))
    (tmp_path / "helpers.py").write_text("")
    (tmp_path / "src").mkdir()
    (tmp_path / "src/shop").mkdir()
    text = "import json\nimport requests\nimport yaml\nimport helpers\nimport shop.cart\nimport flask\n"
    assert found(tmp_path, text) == [("IMP004", "high")]
    assert found(tmp_path, "import surely_not_there\n") == [("IMP006", "medium")]


def test_what_is_declared_but_not_installed_is_taken_on_trust(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("# deps\npillow==10\nopencv-python-headless\n-r other.txt\n")
    environment(tmp_path, "pip")
    assert found(tmp_path, "import PIL\nimport cv2\n") == []


def test_without_an_environment_or_a_project_it_can_not_tell(tmp_path: Path) -> None:
    assert found(tmp_path, "import flask\n") == []
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'a'\n")
    assert found(tmp_path, "import flask\n") == []


def test_optional_imports_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'a'\n")
    environment(tmp_path, "pip")
    text = (
        "try:\n    import surely_not_there\nexcept ImportError:\n    pass\n\n\ndef f():\n    import not_there_either\n"
    )
    assert [f for f in found(tmp_path, text) if f[0] == "IMP004"] == []


@pytest.mark.parametrize(
    ("declared", "installed", "codes"),
    [
        ([], (), []),
        (["requests"], ("rich-1",), []),
        (["requests"], ("requests-2.32.0",), [("IMP004", "high")]),
    ],
    ids=["nothing is declared", "another project's", "the project's own"],
)
def test_an_environment_that_is_merely_active_is_asked_if_it_has_what_the_project_declares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, declared: list[str], installed: tuple[str, ...], codes: list[Any]
) -> None:
    work, elsewhere = tmp_path / "work", tmp_path / "elsewhere"
    work.mkdir()
    (work / "pyproject.toml").write_text(f'[project]\nname = "a"\ndependencies = {json.dumps(declared)}\n')
    environment(elsewhere, installed=installed)
    monkeypatch.setenv("VIRTUAL_ENV", str(elsewhere / ".venv"))
    assert found(work, "import numpy\n\nprint(numpy)\n") == codes


def test_files_of_installed_packages_have_no_project(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'a'\n")
    environment(tmp_path, "thing")
    inside = tmp_path / ".venv/lib/python3.12/site-packages/thing/x.py"
    assert roots_of(Disk(), str(inside.parent)) == ()

"""IMP006: packages that a Python repository holds or declares in ways of its own are not invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from aicheck_checks.engine import check
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings

PROJECT = '[project]\nname = "zzq"\nversion = "0"\ndependencies = ["requests"]\n'
IMPORT = "import zzq_thing\n\nprint(zzq_thing)\n"


def found(
    tmp_path: Path, files: dict[str, str], name: str = "src/app/main.py", text: str = IMPORT
) -> list[tuple[str, bool]]:
    """The code of each finding in a file of a repository, and whether it makes the file suspect."""
    (tmp_path / ".git").mkdir()
    for path, content in {"pyproject.toml": PROJECT, **files, name: text}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    source = Source(text, path=str(tmp_path / name), surroundings=Surroundings(str((tmp_path / name).parent)))
    return [(finding.code, finding.suspect) for finding in check(source).findings]


def test_a_package_that_nobody_knows_is_invented(tmp_path: Path) -> None:
    assert found(tmp_path, {}) == [("IMP006", True)]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"zzq_thing/__init__.py": ""}, id="at the top"),
        pytest.param({"zzq_thing/deep/x.py": ""}, id="without __init__"),
        pytest.param({"a/b/c/zzq_thing/__init__.py": ""}, id="deep below"),
        pytest.param({"a/b/zzq_thing.py": ""}, id="a module deep below"),
        pytest.param({"src/app/requirements.txt": "flask\n", "zzq_thing/__init__.py": ""}, id="manifest between"),
        pytest.param({"src/setup.py": "", "src/__init__.py": "", "zzq_thing/x.py": ""}, id="setup.py as a module"),
        pytest.param({"protos/zzq_thing.proto": ""}, id="generated"),
        pytest.param({"docker/requirements-gpu.txt": "zzq-thing==1\n"}, id="requirements elsewhere"),
        pytest.param({"services/x/pyproject.toml": '[project]\nname="x"\ndependencies=["zzq-thing"]\n'}, id="monorepo"),
        pytest.param({"Dockerfile": "FROM x\nRUN pip install --no-cache-dir \\\n    zzq_thing>=1 && true\n"}, id="image"),
        pytest.param({".github/workflows/ci.yml": "      - run: uv pip install 'zzq-thing[all]'\n"}, id="workflow"),
        pytest.param({f"src/other{n}.py": IMPORT for n in range(3)}, id="imported by many"),
        pytest.param({"pyproject.toml": PROJECT.replace("requests", "zzq-thing-lib")}, id="longer name declared"),
    ],
)  # fmt: skip
def test_what_the_repository_has_is_none(tmp_path: Path, files: dict[str, str]) -> None:
    assert found(tmp_path, files) == []


@pytest.mark.parametrize(
    ("files", "text"),
    [
        ({"pyproject.toml": "[tool.ruff]\nline-length = 100\n"}, IMPORT),
        ({"pyproject.toml": '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "x"\n'}, IMPORT),
        ({}, "import sys\n\nsys.path.insert(0, sys.argv[1])\n\n" + IMPORT),
    ],
    ids=["only tools", "no dependencies", "a path of its own"],
)
def test_what_can_not_be_judged_is_a_note(tmp_path: Path, files: dict[str, str], text: str) -> None:
    assert found(tmp_path, files, text=text) == [("IMP006", False)]


def test_generated_modules_are_none(tmp_path: Path) -> None:
    assert (
        found(
            tmp_path,
            {},
            text="from zzq_thing_pb2 import A\nimport zzq_thing_pb2_grpc\n\nprint(A, zzq_thing_pb2_grpc)\n",
        )
        == []
    )


def test_a_slip_of_a_famous_name_is_told_in_any_project(tmp_path: Path) -> None:
    text = "import reqeusts\n\nprint(reqeusts)\n"
    assert found(tmp_path, {"pyproject.toml": "[tool.ruff]\n"}, text=text) == [("IMP006", True)]

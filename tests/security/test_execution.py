"""Nothing of a checked repository is imported or started, whatever its files are called and its settings say."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aicheck_app.config import load
from aicheck_app.errors import AicheckError
from aicheck_checks.settings import Settings
from tests.security.processes import MAIN, PATH, ROOT, aicheck, plant_modules, plant_programs

PACKAGES = ("app/aicheck_app", "checks/aicheck_checks", "lsp_server/aicheck_lsp")
LIBRARY = "import math\nimport json\nimport unittest\n\nmath.sqroot(2)\njson.dumpz({})\nunittest.mock\n"


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    return tmp_path / "witness"


@pytest.fixture
def planted(tmp_path: Path, witness: Path) -> Path:
    """A repository full of traps, with a file to check."""
    folder = tmp_path / "repository"
    folder.mkdir()
    plant_modules(folder, witness)
    plant_programs(folder, witness)
    (folder / "app.py").write_text(LIBRARY)
    return folder


def untouched(witness: Path) -> None:
    assert not witness.exists(), sorted(set(witness.read_text().splitlines()))


def stray_colon(planted: Path) -> dict[str, str]:
    """An environment whose empty entries mean the working folder, without the traps that Python itself then falls into at its start."""
    script = "import sys; from aicheck_app.cli import main; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True)
    for name in {*done.stdout.replace(".", " ").split(), "sitecustomize", "usercustomize", "aicheck_app"}:
        (planted / f"{name}.py").unlink(missing_ok=True)
        shutil.rmtree(planted / name, ignore_errors=True)
    return {"PATH": f".::{PATH}", "PYTHONPATH": ":"}


@pytest.mark.e2e
@pytest.mark.parametrize("stray", [False, True], ids=["plain", "stray colon"])
def test_no_module_and_no_program_of_the_working_folder_is_run(planted: Path, witness: Path, stray: bool) -> None:
    """Also where an empty entry in PATH or PYTHONPATH means the working folder."""
    environment = stray_colon(planted) if stray else {}
    payload = json.dumps(
        {
            "hook_event_name": "PostToolUse", "session_id": "s", "cwd": str(planted), "tool_name": "Write", "tool_use_id": "t",
            "transcript_path": "", "tool_input": {"file_path": str(planted / "app.py"), "content": LIBRARY},
        }
    )  # fmt: skip
    for arguments in (
        ("check", "app.py"), ("check", "app.py", "--deep"), ("check", ".", "--quality"), ("doctor",), ("check", "--staged"),
    ):  # fmt: skip
        aicheck(planted, *arguments, environment=environment)
    for _ in range(2):  # the first starts the helper, the second may ask it
        assert aicheck(planted, "hook", data=payload, environment=environment).returncode == 0
        time.sleep(1.5)
    untouched(witness)


@pytest.mark.e2e
def test_the_language_server_runs_nothing_of_the_workspace(planted: Path, witness: Path) -> None:
    def message(**body: object) -> bytes:
        data = json.dumps({"jsonrpc": "2.0", **body}).encode()
        return b"Content-Length: %d\r\n\r\n%s" % (len(data), data)

    document = {"uri": (planted / "app.py").as_uri(), "languageId": "python", "version": 1, "text": LIBRARY}
    server = subprocess.Popen(
        [sys.executable, "-P", "-c", MAIN, "lsp"], cwd=planted, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, **stray_colon(planted)},
    )  # fmt: skip
    assert server.stdin is not None
    assert server.stdout is not None
    with server:
        server.stdin.write(
            message(
                id=1, method="initialize", params={"processId": None, "rootUri": planted.as_uri(), "capabilities": {}}
            )
            + message(method="initialized", params={})
            + message(
                method="workspace/didChangeConfiguration",
                params={"settings": {"aicheck": {"scope": "all", "select": ["API", "SYN", "IMP"], "quality": True}}},
            )
            + message(method="textDocument/didOpen", params={"textDocument": document})
            + message(method="textDocument/didSave", params={"textDocument": {"uri": document["uri"]}})
        )
        server.stdin.flush()
        time.sleep(3)
        server.stdin.write(message(id=2, method="shutdown") + message(method="exit"))
        server.stdin.flush()
        server.stdout.read()
    untouched(witness)


@pytest.mark.e2e
def test_asking_pip_for_its_index_imports_nothing_from_here(
    planted: Path, witness: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aicheck_app import package_index

    monkeypatch.chdir(planted)
    monkeypatch.setenv("PATH", f".:{PATH}")
    monkeypatch.setenv("PYTHONPATH", ":")
    for registry in package_index.REGISTRIES:
        try:
            package_index.configured(registry)
        except AicheckError:  # there is no npm here
            continue
    untouched(witness)


@pytest.mark.e2e
def test_an_extension_module_named_like_one_of_the_standard_library_is_not_loaded(planted: Path, witness: Path) -> None:
    """astroid loads such extensions of the standard library to see what is in them, by the path of the checked project."""
    import sysconfig

    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    for name in ("_json", "_struct", "_heapq"):
        (planted / f"{name}.py").unlink(missing_ok=True)
        (planted / f"{name}{suffix}").write_bytes(b"not an extension at all")
    (planted / "app.py").write_text(
        "import _json, _struct, _heapq\n_json.scanner\n_struct.nothing\n_heapq.heappush([], 1)\n"
    )
    done = aicheck(planted, "check", "app.py", "--deep")
    assert done.returncode in (0, 1), done.stderr
    untouched(witness)


PRIVILEGED = ("deep = true\n", 'select = ["API"]\n', 'deep = true\ntools = ["eslint", "tsc"]\nquality = true\n')


@pytest.mark.e2e
@pytest.mark.parametrize("settings", PRIVILEGED)
@pytest.mark.parametrize("command", [("check", "."), ("check", "app.py"), ("check", "--staged")])
def test_settings_of_a_repository_start_no_program(
    settings: str, command: tuple[str, ...], tmp_path: Path, witness: Path
) -> None:
    repository = tmp_path / "repository"
    tools = repository / "node_modules" / ".bin"
    tools.mkdir(parents=True)
    plant_programs(tools, witness)
    (repository / "aicheck.toml").write_text(settings)
    (repository / "package.json").write_text("{}")
    (repository / "tsconfig.json").write_text("{}")
    (repository / "app.py").write_text(LIBRARY)
    (repository / "a.ts").write_text("let a = 1;\n")
    subprocess.run(["git", "init", "-q"], cwd=repository, check=True)
    subprocess.run(["git", "add", "-f", "app.py", "a.ts"], cwd=repository, check=True)
    done = aicheck(repository, *command)
    assert b"API" not in done.stdout
    assert ("deep" not in settings) == (b"the user's to set" not in done.stderr)
    untouched(witness)
    assert aicheck(repository, *command, "--tool", "eslint", "--quality").returncode in (0, 1)
    assert witness.exists() == (command != ("check", "app.py"))  # the user's word: it is asked about a.ts


def test_only_the_user_widens_what_is_started(tmp_path: Path, home: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "aicheck.toml").write_text('deep = true\ntools = ["tsc", "eslint"]\n')
    config = load(str(repository))
    assert (config.checks.tiers, config.checks.tools) == (("instant",), ())
    assert len(config.refused) == 2
    home.mkdir()
    (home / "aicheck.toml").write_text('tools = ["tsc"]\n')

    assert load(str(repository)).checks.tools == ("tsc",)
    (home / "aicheck.toml").write_text(f'trust = ["{tmp_path}"]\n')
    config = load(str(repository))
    assert (config.checks.tiers, config.checks.tools, config.refused) == (("instant", "deep"), ("tsc", "eslint"), ())
    (repository / "aicheck.toml").write_text('trust = ["/"]\n')
    with pytest.raises(AicheckError, match="unknown setting 'trust'"):
        load(str(repository))


def test_a_repository_may_take_away_what_the_user_allows(tmp_path: Path, home: Path) -> None:
    home.mkdir()
    (home / "aicheck.toml").write_text('deep = true\ntools = ["tsc", "eslint"]\n')
    (tmp_path / "aicheck.toml").write_text('deep = false\ntools = ["tsc"]\n')
    config = load(str(tmp_path))
    assert (config.checks.tiers, config.checks.tools, config.refused) == (("instant",), ("tsc",), ())


def test_naming_a_rule_starts_nothing() -> None:
    assert not Settings(select=("API",)).wants("API001", "deep")
    assert Settings(select=("API",), tiers=("instant", "deep")).wants("API001", "deep")


def test_every_program_is_started_with_a_safe_environment() -> None:
    """A new place that starts a program or a Python can't forget it. ``aicheck acp`` starts what the user named, in the user's own."""
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in ("subprocess.Popen", "subprocess.run"):
                    env = next((ast.unparse(word.value) for word in node.keywords if word.arg == "env"), "")
                    own = file.name == "proxy.py" and env == "environment"
                    assert env.startswith("environment(") or own, f"{file}:{node.lineno}"
                if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(
                    ("os.posix_spawn", "os.exec", "os.spawn")
                ):
                    assert "environment()" in ast.unparse(node), f"{file}:{node.lineno}"
                if isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.executable":
                    assert file.name in (
                        "programs.py",
                        "ruff.py",
                        "cold.py",
                        "init.py",
                        "client.py",
                        "spark.py",
                        "extras.py",
                    ), f"{file}:{node.lineno}"
                if isinstance(node, ast.Attribute) and ast.unparse(node) == "shutil.which":
                    raise AssertionError(f"{file}:{node.lineno}")

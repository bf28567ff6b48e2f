"""The plugin in real Neovims with the real server: scenarios in Lua, what the log holds afterwards."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from aicheck_app.log.store import Log
from aicheck_checks.languages import LANGUAGES
from tests.e2e import neovim

if TYPE_CHECKING:
    from pathlib import Path

NEOVIMS = neovim.found()
HEAD = "import os\n\n\ndef first(x):\n    return os.fspath(x)\n"
BAD = "\n\ndef second(x):\n    y = json.dumps(x)\n    return y\n"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not NEOVIMS, reason=neovim.MISSING),
    pytest.mark.parametrize("version", NEOVIMS or ["none"]),
]


def run(version: str, scenario: str, folder: Path, given: Any = None) -> Any:
    return neovim.run(NEOVIMS[version], scenario, folder, given=given)


def logged(kind: str = "output") -> list[Any]:
    with Log(read_only=True) as log:
        assert log.verify()[1] == []
        return list(log.bodies("kind = ?", (kind,)))


def origins() -> list[tuple[str, ...]]:
    names = ("path", "agent", "model", "tool", "attribution")
    return [tuple(record.get(name, "") for name in names) for record in logged()]


def test_lua_units(version: str) -> None:
    names = " ".join(f"a{suffix}" for language in LANGUAGES for suffix in language.suffixes)
    command = [NEOVIMS[version], "--clean", "-l", str(neovim.PLUGIN / "tests" / "run.lua")]
    environment = {**os.environ, "AICHECK_FILES": names}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_degraded_insertion_is_shown_and_fixed(version: str, tmp_path: Path) -> None:
    report = run(version, "findings", tmp_path)
    assert report.pop("status").items() >= {"outputs": 1, "suspect": 1, "verdict": "suspect"}.items()
    assert report == {
        "said": [], "before": HEAD, "after": f"import json\n{HEAD}{BAD}", "line": "aicheck 1, 1 suspect",
        "titles": [
            "Add 'import json'", "Ignore IMP001 here", "Not a problem: dismiss this IMP001",
            "This output is degraded: confirm", "Copy evidence", "Fix all that aicheck can fix",
        ],
    }  # fmt: skip
    assert origins() == [("a.py", "", "", "insertion", "heuristic")]
    assert [mark["mark"] for mark in logged("mark")] == ["fixed"]


def test_commands(version: str, tmp_path: Path) -> None:
    report = run(version, "commands", tmp_path)
    subcommands = "check confirm dismiss evidence explain log output report restart status".split()
    assert report["completed"] == {
        "Aicheck ": subcommands, "Aicheck re": ["report", "restart"], "Aicheck report ": ["html", "markdown", "json"],
        "Aicheck report m": ["markdown"], "Aicheck log ": [], "Aicheck x y ": [],
    }  # fmt: skip
    opened = report["opened"]
    assert {command: (one["name"], one["filetype"], one["lines"][0]) for command, one in opened.items()} == {
        "Aicheck explain": ("aicheck://IMP001", "markdown", "# IMP001 missing-import"),
        "Aicheck explain TRU001": ("aicheck://TRU001", "markdown", "# TRU001 unclosed-bracket"),
        "Aicheck output": ("aicheck://output ID", "markdown", f"**suspect** output {logged()[0]['id']}"),
        "Aicheck log 10": ("aicheck://log", "text", opened["Aicheck log 10"]["lines"][0]),
    }  # fmt: skip
    (line,) = opened["Aicheck log 10"]["lines"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  suspect    heuristic  a\.py  IMP001  \[dismissed\]", line)
    assert report["evidence"].split("\n")[0] == f"**suspect** output {logged()[0]['id']}"
    missing = "IMP001: 'json' is used but never imported: 'import json' is missing"
    assert report["asked"] == {"prompt": "Why is this no problem? ", "default": missing}
    assert [(mark["mark"], mark["reason"]) for mark in logged("mark")][:2] == [
        ("confirmed", missing), ("dismissed", "only a test"),
    ]  # fmt: skip
    assert report["quickfix"] == ["b.py:1 'json' is used but never imported: 'import json' is missing"]
    assert report["report"] == "# Evidence of AI code quality"
    reports = f"{os.environ['AICHECK_HOME']}/reports/report"
    assert report["browsed"] == f"file://{reports}.html"
    assert report["said"] == [
        "aicheck: server not running",
        "aicheck: the server is not running. Open a file that it checks, or see :checkhealth aicheck",
        f"aicheck: no subcommand 'nonsense'; there are {', '.join(subcommands)}",
        "aicheck: the log holds no outputs yet",
        "aicheck: no finding in this line",
        "aicheck: server running for this buffer, 1 output today, 1 suspect",
        "aicheck: no rule 'NOPE' (see 'aicheck rules')",
        "aicheck: evidence copied",
        "aicheck: confirmed in the log",
        "aicheck: dismissed in the log",
        "aicheck: 3 files checked, 1 suspect",
        f"aicheck: report written to {reports}.html",
        f"aicheck: report written to {reports}.md",
    ]


def test_announced_text_is_logged_with_its_origin(version: str, tmp_path: Path) -> None:
    assert run(version, "insertions", tmp_path) == {"outputs": 4, "said": []}
    assert origins() == [
        ("first.py", "copilot", "m1", "completion", "editor"),
        ("second.py", "codecompanion", "sonnet", "chat", "editor"),
        ("third.py", "codecompanion", "gpt-x", "chat", "editor"),
        ("fourth.py", "claude-code", "", "agent", "editor"),
    ]
    assert [record["bytes"] for record in logged()] == [len("str(1) + "), len(BAD), len(BAD), len(BAD)]


def test_a_paste_in_the_first_seconds_counts(version: str, tmp_path: Path) -> None:
    report = run(version, "early", tmp_path)
    assert report["early"], "the server was there too soon for this test to say anything"
    assert (report["outputs"], len(report["found"])) == (1, 1)
    assert origins() == [("a.py", "", "", "paste", "heuristic")]


def test_a_damaged_file_opened_by_hand_is_told_of_once(version: str, tmp_path: Path) -> None:
    told = "aicheck: 1 problem in a.py not shown: by default only AI-written text is. :Aicheck check shows all"
    report = run(version, "hidden", tmp_path)
    assert report["said"] == [told, "aicheck: 2 files checked, 2 suspect"]
    assert report["quickfix"] == ["a.py:9", "b.py:9"]


def test_inline_completion_is_announced_by_itself(version: str, tmp_path: Path) -> None:
    if version.startswith("0.11"):
        pytest.skip("vim.lsp.inline_completion came with Neovim 0.12")
    report = run(version, "inline_completion", tmp_path)
    report["said"] = [
        said for said in report["said"] if "not shown" not in said
    ]  # the text is broken when it is opened
    assert report == {"accepted": True, "outputs": 1, "text": "def f(x):\n    return x +\\\n    1\n", "said": []}
    assert origins() == [("a.py", "copilot", "", "completion", "editor")]


def test_what_an_agent_rewrites_on_disk_is_loaded_and_known(version: str, tmp_path: Path) -> None:
    report = run(version, "disk", tmp_path)
    assert report == {
        "said": [], "dirty": f"# mine\n{HEAD}",
        "why": ["written by claude-code: logged as claude-code's output ID", "written by AI: 3 lines came at once"],
    }  # fmt: skip
    assert [origin[-1] for origin in origins()] == ["hook", "heuristic"]


def test_a_killed_server_comes_back_but_not_for_ever(version: str, tmp_path: Path) -> None:
    report = run(version, "crash", tmp_path)
    *quits, last = report["said"]
    assert ["quit with exit code 0 and signal 9" in message for message in quits] == [True] * 3
    assert last == (
        "aicheck: the server ended 3 times and is left stopped. See :checkhealth aicheck, then :Aicheck restart"
    )
    assert report["running"] == 0


def test_a_missing_server_is_told_once_and_a_broken_one_left_alone(version: str, tmp_path: Path) -> None:
    report = run(version, "missing", tmp_path)
    install = "Install it from a clone or the address of its repository (pipx install PATH_OR_URL_OF_AICHECK), or say where it is"
    assert report["missing"] == [
        f"aicheck: 'aicheck' is not there to be run. {install}: vim.lsp.config('aicheck', {{ cmd = {{ '/path/to/aicheck', 'lsp' }} }})",
        "aicheck: server not running",
        "aicheck: the server is not running. Open a file that it checks, or see :checkhealth aicheck",
        "aicheck: 'aicheck' is not there to be run, see :checkhealth aicheck",
    ]
    assert "- ❌ ERROR 'aicheck' is not there to be run" in report["health"]
    assert ["quit with exit code 1" in message for message in report["said"][4:]] == [True] * 3 + [False]


def test_nothing_of_a_project_is_run(version: str, tmp_path: Path) -> None:
    report = run(version, "planted", tmp_path)
    (refused,) = report["refused"]
    assert refused.startswith(f"aicheck: '{tmp_path}/work/bin/aicheck' is in a project that is not trusted, see :help")
    assert report == {"said": [refused], "refused": [refused], "root": f"{tmp_path}/work", "ran": []}


def test_health(version: str, tmp_path: Path) -> None:
    report = run(version, "health", tmp_path)
    said = {state: [line for line in report[state] if line.startswith("-")] for state in report if state != "said"}
    assert re.fullmatch(rf"- ✅ OK Neovim {re.escape(version)}.*", said["running"][0])
    assert re.fullmatch(r"- ✅ OK server: aicheck .* \(.*/bin/aicheck\)", said["running"][1])
    assert said["running"].pop() == (
        "- messages are not shown beside the text: vim.diagnostic.config({ virtual_text = true })"
    )
    said = {state: [line for line in lines if "messages are" not in line] for state, lines in said.items()}
    assert {state: lines[-1] for state, lines in said.items()} == {
        "disabled": "- ⚠️ WARNING the server is not enabled",
        "enabled": "- enabled, not running: no file that it checks is open",
        "running": "- ✅ OK running for 1 buffer of no project",
    }
    assert not [line for line in said["running"] if "OK" not in line]


def test_a_home_that_cannot_be_written_is_told_once(version: str, tmp_path: Path, home: Path) -> None:
    home.write_text("in the way")
    (message,) = run(version, "home", tmp_path)["messages"]
    assert message.startswith("aicheck: the log can't be ")


def test_help(version: str, tmp_path: Path) -> None:
    report = run(version, "help", tmp_path)
    assert report["kept"] == report["tags"]
    assert report["reached"] == [f"{tag.split(chr(9))[0]} aicheck.txt" for tag in report["tags"]]
    assert report["long"] == []
    assert report["unresolved"] == ([] if version >= "0.12" else ["vim.lsp.inline_completion.get()"])


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_installing_with_vim_pack(version: str, tmp_path: Path) -> None:
    if version.startswith("0.11"):
        pytest.skip("vim.pack came with Neovim 0.12")
    clone = tmp_path / "aicheck"
    shutil.copytree(neovim.PLUGIN, clone / "editors" / "neovim")
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "all"]):
        subprocess.run(["git", *command], cwd=clone, check=True)
    report = run(version, "pack", tmp_path, {"src": f"file://{clone}", "plugin": str(neovim.PLUGIN)})
    assert report["commands"] == 2
    assert report["help"].endswith("/editors/neovim/doc/aicheck.txt")
    assert report["help"].startswith("pack/")

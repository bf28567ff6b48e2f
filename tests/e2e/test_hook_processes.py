"""``aicheck hook`` as agents run it: real processes, many at once, with the warm helper and without."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aicheck_app.hook import client
from aicheck_app.log.store import Log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from aicheck_app.cli.main import main; main()", "hook"]
CUT = "import os\n\n\ndef g(x):\n    return os.fspath(x,\n"

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(os.name != "posix", reason="the helper listens at a Unix socket")]


def payload(folder: Path, number: int) -> bytes:
    path = folder / f"f{number}.py"
    path.write_text(CUT)
    return json.dumps({
        "session_id": "s1", "transcript_path": "/x/.claude/projects/p/s1.jsonl", "cwd": str(folder), "hook_event_name": "PostToolUse",
        "tool_name": "Write", "tool_use_id": f"toolu_{number}", "tool_input": {"file_path": str(path), "content": CUT},
        "tool_response": {"type": "create", "filePath": str(path), "originalFile": None},
    }).encode()  # fmt: skip


def environment(**more: str) -> dict[str, str]:
    paths = os.pathsep.join(str(ROOT / part) for part in ("app", "checks", "lsp_server"))
    return {**os.environ, "PYTHONPATH": paths, **more}


def run(data: bytes, **more: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(COMMAND, input=data, capture_output=True, env=environment(**more), check=False, timeout=60)


@pytest.fixture
def helper(home: Path) -> Iterator[int]:
    """A helper of this test's home, by its process id."""
    process = subprocess.Popen(
        [sys.executable, "-m", "aicheck_app.hook.helper"], env=environment(), start_new_session=True
    )
    for _ in range(200):
        if (home / client.socket_name()).exists():
            break
        time.sleep(0.05)
    yield process.pid
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def told(done: subprocess.CompletedProcess[bytes]) -> Any:
    assert (done.returncode, done.stderr) == (0, b"")
    return json.loads(done.stdout)["hookSpecificOutput"]["additionalContext"]


def logged() -> list[str]:
    with Log(read_only=True) as log:
        assert log.verify()[1] == []
        return sorted(record["tool_use"] for record in log.bodies("kind = 'output'"))


def test_without_a_helper_the_same_is_said(tmp_path: Path) -> None:
    assert told(run(payload(tmp_path, 1), AICHECK_HOOK_HELPER="off")).startswith("aicheck: f1.py:5 TRU001 ")
    assert logged() == ["toolu_1"]


@pytest.mark.usefixtures("helper")
def test_fifty_hooks_at_once_lose_nothing(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
        )
        for _ in range(50)
    ]
    for number, process in enumerate(processes):
        assert process.stdin is not None
        process.stdin.write(payload(tmp_path, number))
        process.stdin.close()
        process.stdin = None
    for number, process in enumerate(processes):
        out, errors = process.communicate(timeout=60)
        assert told(subprocess.CompletedProcess([], process.returncode, out, errors)).startswith(
            f"aicheck: f{number}.py:5"
        )
    assert logged() == sorted(f"toolu_{number}" for number in range(50))


def test_a_killed_helper_costs_nothing(tmp_path: Path, helper: int) -> None:
    """Also where the helper had just answered, and the record that it was about to complete still waits on disk."""
    told(run(payload(tmp_path, 1)))
    os.killpg(helper, signal.SIGKILL)
    time.sleep(0.2)
    for waits in tmp_path.rglob("*.held"):
        os.utime(waits, (1, 1))  # long enough
    told(run(payload(tmp_path, 2), AICHECK_HOOK_HELPER="on"))
    _until(lambda: logged() == ["toolu_1", "toolu_2"])


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_helper_that_ends_leaves_no_process_behind(home: Path, helper: int, how: signal.Signals) -> None:
    def ours() -> list[int]:
        listed = subprocess.run(["pgrep", "-g", str(helper)], capture_output=True, text=True, check=False)
        return [
            one
            for one in map(int, listed.stdout.split())
            if Path(f"/proc/{one}/stat").read_text().split(") ")[1][0] != "Z"
        ]

    _until(lambda: len(ours()) >= 3)
    os.kill(helper, how)
    _until(lambda: ours() == [])
    assert how == signal.SIGKILL or not list(home.glob("hook-*.sock"))


def test_the_first_hook_starts_a_helper_and_only_one(tmp_path: Path, home: Path) -> None:
    told(run(payload(tmp_path, 1)))
    for _ in range(200):
        if (home / client.socket_name()).exists():
            break
        time.sleep(0.05)
    told(run(payload(tmp_path, 2)))
    second = subprocess.run(
        [sys.executable, "-m", "aicheck_app.hook.helper"], env=environment(), timeout=20, check=False
    )
    assert second.returncode == 0  # another listens
    listening = subprocess.run(["pgrep", "-f", "aicheck_app.hook.helper"], capture_output=True, text=True, check=False)
    for process in map(int, listening.stdout.split()):
        with suppress(OSError):  # helpers of other tests end meanwhile
            if f"AICHECK_HOME={home}".encode() in Path(f"/proc/{process}/environ").read_bytes():
                os.kill(process, signal.SIGKILL)


def test_help_is_given_without_a_payload() -> None:
    done = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, env=environment(), check=True)
    assert "aicheck init claude-code" in done.stdout


def test_an_installation_that_changes_is_not_answered_for_by_its_old_code(tmp_path: Path, home: Path) -> None:
    """An upgrade in place, or an editable installation that somebody works on."""
    for part in ("app", "checks"):
        shutil.copytree(ROOT / part, tmp_path / "there" / part, ignore=shutil.ignore_patterns("__pycache__"))
    paths = os.pathsep.join(str(tmp_path / "there" / part) for part in ("app", "checks"))
    helper = subprocess.Popen(
        [sys.executable, "-m", "aicheck_app.hook.helper"], env=environment(PYTHONPATH=paths), start_new_session=True
    )
    try:
        _until(lambda: bool(list(home.glob("hook-*.sock"))))
        assert told(run(payload(tmp_path, 1), PYTHONPATH=paths)).startswith("aicheck: f1.py:5 TRU001 cut off")
        rule = tmp_path / "there/checks/aicheck_checks/rules/truncation/unclosed_bracket.py"
        rule.write_text(rule.read_text().replace("cut off: the text", "changed: the text"))
        assert told(run(payload(tmp_path, 2), PYTHONPATH=paths)).startswith("aicheck: f2.py:5 TRU001 changed")
        _until(lambda: helper.poll() is not None)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(helper.pid, signal.SIGKILL)
        helper.wait()


def test_two_installations_do_not_share_a_helper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even where an installer has linked the same files into both."""
    names = set()
    for python in ("/a/bin/python", "/b/bin/python"):
        monkeypatch.setattr(sys, "executable", python)
        names.add(client.socket_name())
    assert len(names) == 2


def _until(there: Callable[[], bool]) -> None:
    late = time.monotonic() + 20
    while not there():
        assert time.monotonic() < late
        time.sleep(0.02)


@pytest.mark.parametrize("helped", ["on", "off"])
def test_a_working_folder_that_is_gone_loses_nothing(tmp_path: Path, helped: str) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"cd {gone} && rmdir {gone} && exec {shlex.join(COMMAND)}"
    done = subprocess.run(
        ["sh", "-c", script], input=payload(tmp_path, 1), capture_output=True, env=environment(AICHECK_HOOK_HELPER=helped),
        check=False, timeout=60,
    )  # fmt: skip
    assert told(done).startswith("aicheck: f1.py:5 TRU001 ")
    assert logged() == ["toolu_1"]

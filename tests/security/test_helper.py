"""The hook's warm helper: nobody else's, and nobody's environment but the caller's."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from aicheck_app.hook import client
from aicheck_app.log.store import Log
from tests.security.processes import aicheck

if TYPE_CHECKING:
    from pathlib import Path


def payload(folder: Path, name: str, content: str = "def f(:\n", session: str = "s") -> str:
    return json.dumps(
        {
            "hook_event_name": "PostToolUse", "session_id": session, "cwd": str(folder), "tool_name": "Write",
            "tool_use_id": f"{folder}{name}", "transcript_path": "",
            "tool_input": {"file_path": str(folder / name), "content": content},
        }
    )  # fmt: skip


def warm(folder: Path, home: Path, **environment: str) -> None:
    """Start a helper and wait until it listens."""
    aicheck(folder, "hook", "--agent", "claude-code", data=payload(folder, "first.py"), environment=environment)
    late = time.monotonic() + 20
    while not (home / client.socket_name()).exists():
        assert time.monotonic() < late
        time.sleep(0.05)


def listen(home: Path, heard: list[bytes]) -> socket.socket:
    """A helper of somebody else's, which answers what it likes."""
    home.mkdir(exist_ok=True)
    here = os.getcwd()
    os.chdir(home)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(client.socket_name())
    os.chdir(here)
    listener.listen(4)

    def serve() -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        connection.sendall(client.HERE)
        while piece := connection.recv(65536):
            heard.append(piece)
        connection.sendall(client.DONE + b'{"evil": 1}')
        connection.close()

    threading.Thread(target=serve, daemon=True).start()
    return listener


@pytest.mark.e2e
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("how", ["folder of another", "folder open to all", "socket of another", "link to a folder"])
def test_a_payload_is_given_to_no_other_user(how: str, tmp_path: Path, home: Path) -> None:
    heard: list[bytes] = []
    place = home
    if how == "link to a folder":
        place = tmp_path / "elsewhere"
    listener = listen(place, heard)
    socket_file = place / client.socket_name()
    if how == "folder of another":
        os.chown(place, 12345, 12345)
    elif how == "folder open to all":
        place.chmod(0o777)
    elif how == "socket of another":
        os.chown(socket_file, 12345, 12345)
    else:
        os.chown(place, 12345, 12345)
        home.symlink_to(place)
    done = aicheck(
        tmp_path, "hook", "--agent", "claude-code", data=payload(tmp_path, "a.py", "secret = 'x'\ndef f(:\n")
    )
    assert b"evil" not in done.stdout
    assert heard == []
    listener.close()


@pytest.mark.e2e
def test_each_caller_has_its_own_log(tmp_path: Path) -> None:
    """The helper is found by the cache folder, the log by the state folder: two callers may share the one and not the other."""
    caches = tmp_path / "caches"
    caches.mkdir(mode=0o700)
    shared = {"XDG_CACHE_HOME": str(caches), "AICHECK_HOME": ""}
    warm(tmp_path, caches / "aicheck", **shared, XDG_STATE_HOME=str(tmp_path / "one"))
    for name in ("two", "three"):
        aicheck(
            tmp_path, "hook", "--agent", "claude-code", data=payload(tmp_path, f"{name}.py"), environment=shared,
            XDG_STATE_HOME=str(tmp_path / name),
        )  # fmt: skip
        paths: list[str] = []
        for _ in range(100):  # the record is completed after the answer
            with Log(str(tmp_path / name / "aicheck" / "log.sqlite3"), read_only=True) as log:
                paths = [record["path"] for record in log.bodies("kind = 'output'")]
            if paths:
                break
            time.sleep(0.05)
        assert paths == [f"{name}.py"]


@pytest.mark.e2e
def test_files_of_one_name_are_told_of_each(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        done = aicheck(
            tmp_path,
            "hook",
            "--agent",
            "claude-code",
            data=payload(tmp_path, f"{folder}/a.py"),
            AICHECK_HOOK_HELPER="off",
        )
        assert f"{folder}/a.py".encode() in done.stdout


@pytest.mark.e2e
def test_a_helper_whose_process_ends_loses_nothing(tmp_path: Path, home: Path) -> None:
    """The answer broke off: the hook does the work itself."""
    heard: list[bytes] = []
    home.mkdir(mode=0o700)
    here = os.getcwd()
    os.chdir(home)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(client.socket_name())
    os.chmod(client.socket_name(), 0o600)
    os.chdir(here)
    listener.listen(1)

    def serve() -> None:
        connection, _ = listener.accept()
        connection.sendall(client.HERE)
        heard.append(connection.recv(65536))
        connection.close()

    threading.Thread(target=serve, daemon=True).start()
    done = aicheck(tmp_path, "hook", "--agent", "claude-code", data=payload(tmp_path, "a.py"))
    assert heard
    assert b"a.py" in done.stdout
    listener.close()


def test_a_client_goes_on_where_no_thread_can_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from aicheck_app.capture.anthropic_api import Exchange, Watcher
    from aicheck_app.config import Config

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    watcher = Watcher(Config(), "s")
    exchange = Exchange("/v1/messages", 200, {"content-type": "application/json", "request-id": "r"}, 0.0)
    exchange.add(
        json.dumps(
            {"type": "message", "id": "m", "model": "c", "stop_reason": "end_turn", "content": [
                {"type": "text", "text": "```python\nx = 1\n```"}]}
        ).encode()
    )  # fmt: skip
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        watcher.put(exchange)
    assert watcher.flush()
    with Log(read_only=True) as log:
        assert len(list(log.bodies("kind = 'output'"))) == 1

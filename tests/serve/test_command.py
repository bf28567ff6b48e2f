"""The command: what it prints and starts, and that another user of the machine learns nothing from it."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from aicheck_app.cli.main import main
from aicheck_app.init.extras import wanted
from tests.security.processes import MAIN
from tests.serve.browsing import filled


def test_without_the_extra_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["aicheck", "serve"])
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "aicheck_app.serve.running", raising=False)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == (f"aicheck: the page needs 'uvicorn', of the extra 'serve': {wanted('serve')}\n")


@pytest.mark.e2e
@pytest.mark.skipif(os.name == "nt", reason="POSIX modes and signals")
def test_the_browser_is_started_with_a_file_of_the_user_s_alone(tmp_path: Path, home: Path) -> None:
    """What a program is started with is seen by all users of a machine; so is what lies in a folder of the working tree."""
    filled(3)
    witness, folder, own = tmp_path / "witness", tmp_path / "repository", tmp_path / "bin"
    for place, words in ((folder, f"touch {witness}"), (own, f'echo "$1" > {own}/new; mv {own}/new {own}/seen')):
        place.mkdir()
        (place / "browser").write_text(f"#!/bin/sh\n{words}\n")
        (place / "browser").chmod(0o755)
    environment = {**os.environ, "BROWSER": "browser", "PATH": f".::{own}:{os.environ['PATH']}"}
    run = subprocess.Popen(
        [sys.executable, "-P", "-c", MAIN, "serve"], cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    )
    assert run.stderr is not None
    address = run.stderr.readline().removeprefix("open ").strip()
    assert run.stderr.readline() == "it lets one browser in, once; Ctrl-C ends the page\n"
    seen = own / "seen"
    deadline = time.monotonic() + 60
    while not seen.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    opened = seen.read_text().strip()
    file = Path(opened.removeprefix("file://"))
    token = address.rpartition("=")[2]
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{43}", address)
    assert token not in opened
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert f'content="0; url={address}"' in file.read_text()
    if sys.platform == "linux":
        assert token not in Path(f"/proc/{run.pid}/cmdline").read_text()
        assert token not in Path(f"/proc/{run.pid}/environ").read_text()
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=30)
    assert run.returncode == 130
    assert told == "\ninterrupted\n"
    assert not file.exists()
    assert not witness.exists()
    assert not (home / "faults.log").exists()


@pytest.mark.e2e
@pytest.mark.skipif(os.name == "nt", reason="POSIX limits")
def test_many_connections_leave_files_to_open(tmp_path: Path, home: Path) -> None:
    """And say nothing in the terminal."""
    few = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200)); {MAIN}"
    command = [sys.executable, "-P", "-c", few, "serve", "--no-browser"]
    run = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    assert run.stderr is not None
    port = int(run.stderr.readline().partition("127.0.0.1:")[2].partition("/")[0])
    run.stderr.readline()
    with ExitStack() as held:
        for _ in range(300):
            with suppress(ConnectionError):
                held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10)).sendall(b"G")
    with socket.create_connection(("127.0.0.1", port), timeout=30) as one:
        one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert one.recv(12) == b"HTTP/1.1 403"
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=30)
    assert told == "\ninterrupted\n"

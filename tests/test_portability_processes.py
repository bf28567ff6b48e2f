"""Processes as macOS and Windows have them, as far as that can be played here: no fork, no timers of the kernel, other pipes."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

from aicheck_app import pool
from aicheck_app.hook import client, cold
from aicheck_checks import isolation
from aicheck_checks.isolation import CRASHED, FAILED, check_isolated, reason_of
from aicheck_checks.settings import DEFAULT
from aicheck_checks.source import Source


@pytest.mark.skipif(os.name == "nt", reason="plays Windows, which is here")
class TestWithoutFork:
    """Windows: a long text is checked in a process that is kept for it."""

    @pytest.fixture(autouse=True)
    def without_fork(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        monkeypatch.delattr(os, "fork")
        yield
        isolation._kept().close()
        isolation._kept.cache_clear()

    def test_a_long_text_gets_the_same_result(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = "import os\n\n\ndef f():\n    return os.getcwd(\n" + "# more\n" * 2_000
        texts = {"a.py": text, "b.py": "x = 1\n"}
        here = check_isolated([Source(text, path=path) for path, text in texts.items()], DEFAULT)
        monkeypatch.undo()
        assert here == check_isolated([Source(text, path=path) for path, text in texts.items()], DEFAULT)
        assert here[0].findings

    def test_a_process_that_has_ended_is_started_again(self) -> None:
        worker = isolation._kept()
        worker.start()
        process = worker._process
        assert process is not None
        process.kill()
        process.wait()
        found = check_isolated([Source("x = 1\n" + "# more\n" * 2_000, path="a.py")], DEFAULT)
        assert found[0].unchecked is None

    def test_exit_codes_of_windows_are_told_apart(self) -> None:
        assert reason_of(0xC0000005) == CRASHED  # STATUS_ACCESS_VIOLATION
        assert reason_of(0xC00000FD) == CRASHED  # STATUS_STACK_OVERFLOW
        assert reason_of(1) == FAILED


@pytest.mark.skipif(os.name == "nt", reason="plays Windows, which is here")
def test_no_timer_of_the_kernel_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    for name in ("SIGPROF", "setitimer", "ITIMER_PROF"):
        monkeypatch.delattr(signal, name)
    assert isolation.check_or_end([Source("x = 1\n", path="a.py")])[0].unchecked is None


@pytest.mark.skipif(os.name == "nt", reason="plays Windows, which is here")
class TestHelper:
    def test_windows_has_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", "win32")
        monkeypatch.delattr(os, "geteuid")
        monkeypatch.delattr(os, "posix_spawn")
        assert not client.wanted()
        assert client._ask([], b"{}") is None
        cold._start_helper()

    def test_the_answer_stands_where_none_can_be_started(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise NotImplementedError("setsid unavailable on this platform")

        monkeypatch.setattr(os, "posix_spawn", refuse)
        assert cold.answer_here([], b"{}") == b""

    def test_the_peer_is_asked_as_macos_wants(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[tuple[int, ...]] = []

        def option(*given: int) -> bytes:
            asked.append(given)
            return (0).to_bytes(4, sys.byteorder) + (501).to_bytes(4, sys.byteorder) + bytes(68)

        monkeypatch.setattr(sys, "platform", "darwin")
        assert client.peer(SimpleNamespace(getsockopt=option)) == 501  # type: ignore[arg-type]
        assert asked == [(0, 1, 76)]

    def test_a_system_that_does_not_tell_is_not_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delattr("_socket.SO_PEERCRED")
        assert client.peer(SimpleNamespace()) is None  # type: ignore[arg-type]


@pytest.mark.skipif(os.name == "nt", reason="a Unix socket stands in for a named pipe")
def test_the_server_speaks_through_a_named_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """asyncio's loop on Windows has ``create_pipe_connection``; here a Unix socket stands in for the pipe."""
    from aicheck_lsp.start import _connected

    async def talk() -> bytes:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"heard " + await reader.readline())
            writer.close()

        server = await asyncio.start_unix_server(answer, str(tmp_path / "pipe"))
        loop = asyncio.get_running_loop()
        loop.create_pipe_connection = loop.create_unix_connection  # type: ignore[attr-defined]
        monkeypatch.setattr(sys, "platform", "win32")
        monkeypatch.delattr(asyncio, "open_unix_connection")
        reader, writer = await _connected(str(tmp_path / "pipe"))
        writer.write(b"you\n")
        heard = await reader.readline()
        writer.close()
        server.close()
        return heard

    assert asyncio.run(talk()) == b"heard you\n"


def test_many_files_are_checked_by_processes_that_are_not_forked(tmp_path: Path) -> None:
    """macOS and Windows start them anew, and Python 3.14 does on Linux."""
    for number in range(130):
        (tmp_path / f"m{number:03}.py").write_text("def f(:\n" if number == 7 else "x = 1\n")
    code = (
        "import multiprocessing, sys\n"
        "if __name__ == '__main__':\n"
        "    multiprocessing.set_start_method('spawn')\n"
        "    from aicheck_app.cli.main import main\n"
        "    main()\n"
    )
    script = tmp_path / "run.txt"
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, str(script), "check", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "m007.py" in done.stdout


def test_windows_gets_no_more_processes_than_it_can_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    class AskedError(Exception):
        """Carries how many processes were asked for."""

    def refuse(count: int, *_: object, **__: object) -> NoReturn:
        raise AskedError(count)

    monkeypatch.setattr(pool, "ProcessPool", refuse)
    monkeypatch.setattr(os, "cpu_count", lambda: 128)
    with pytest.raises(AskedError, match="61"):
        list(pool.on_all_cores([[n] for n in range(70)], list, lambda *_: []))

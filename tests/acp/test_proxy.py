"""The proxy changes no byte, delays none, and comes and goes as the agent does."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from aicheck_app import faults
from aicheck_app.acp.copies import HEAD
from aicheck_app.acp.logger import Lines, take
from aicheck_app.capture.lines import MAX_LINE
from tests.acp.processes import PROXY, agent, awaited, logged, started

pytestmark = pytest.mark.e2e

BOTH_WAYS = """
import random, threading
def listen():
    with open(sys.argv[2], 'wb') as file:
        file.write(sys.stdin.buffer.read())
listener = threading.Thread(target=listen)
listener.start()
sizes = random.Random(1)
with open(sys.argv[1], 'rb') as file:
    while data := file.read(sizes.choice([1, 7, 100, 5_000, 65_536, 200_000])):
        while data:
            data = data[os.write(1, data):]
listener.join()
"""


def stream(seed: int) -> bytes:
    """Messages, half messages, bytes that are no text, and one long line."""
    some = random.Random(seed)
    update = {"jsonrpc": "2.0", "method": "session/update", "params": {"sessionId": "s", "update": {}}}
    pieces = [
        json.dumps(update).encode(), b"{", b"\0\xff\xfe\r\n\r", b"[[[[" * 2_000, "\u2028 \U0001f600 ü".encode(), b"",
        b'{"id":1,"result":', some.randbytes(20_000), b"x" * 300_000, b'{"jsonrpc":"2.0","id":"\\ud800","method":7}',
    ]  # fmt: skip
    return b"".join(some.choice(pieces) + some.choice([b"\n", b"\n", b"\r\n", b""]) for _ in range(60))


@pytest.mark.parametrize("seed", range(3))
def test_no_byte_is_changed_in_either_direction(tmp_path: Path, seed: int) -> None:
    """Both at once, in pieces of all sizes, while what logs reads along."""
    there, back = stream(seed), stream(seed + 100)
    (tmp_path / "back").write_bytes(back)
    process = started(agent(BOTH_WAYS, str(tmp_path / "back"), str(tmp_path / "there")), tmp_path)
    sizes = random.Random(seed)
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        read: list[bytes] = []
        reader = threading.Thread(target=lambda: read.append(process.stdout.read()))  # type: ignore[union-attr]
        reader.start()
        left = there
        while left:
            size = sizes.choice([1, 9, 400, 70_000])
            os.write(process.stdin.fileno(), left[:size])
            left = left[size:]
        process.stdin.close()
        reader.join()
    assert process.returncode == 0
    assert read == [back]
    assert (tmp_path / "there").read_bytes() == there


def test_each_message_is_passed_on_at_once(tmp_path: Path) -> None:
    """Without its line's end too: nothing waits for more."""
    process = started(agent("while data := os.read(0, 9): os.write(1, data.upper())"), tmp_path)
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        for word in (b"a", b"bc\n", b"no end"):
            os.write(process.stdin.fileno(), word)
            assert os.read(process.stdout.fileno(), 100) == word.upper()
        process.stdin.close()
    assert process.returncode == 0


@pytest.mark.parametrize("code", [0, 1, 3, 255])
def test_the_exit_code_is_the_agent_s_and_its_errors_are_its_own(tmp_path: Path, code: int) -> None:
    process = started(
        agent(f"sys.stdout.write('last words'); sys.stderr.write('\\x1b[31mtrouble'); sys.exit({code})"), tmp_path
    )
    assert process.communicate() == (b"last words", b"\x1b[31mtrouble")
    assert process.returncode == code


@pytest.mark.skipif(os.name == "nt", reason="no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_are_passed_on(tmp_path: Path, number: signal.Signals) -> None:
    """To an agent that takes them, and to one that they end: then they end the proxy too."""
    takes = f"import signal\nsignal.signal({int(number)}, lambda *_: (os.write(1, b'taken'), os._exit(7)))\nos.write(1, b'ready')\ntime.sleep(60)"
    ended = f"import signal\nsignal.signal({int(number)}, signal.SIG_DFL)\nos.write(1, b'ready')\ntime.sleep(60)"
    for code, said, status in ((takes, b"taken", 7), (ended, b"", -number)):
        process = started(agent(code), tmp_path)
        with process:
            assert process.stdout is not None
            assert process.stdout.read(5) == b"ready"
            process.send_signal(number)
            assert process.stdout.read() == said
        assert process.returncode == status


@pytest.mark.skipif(os.name == "nt", reason="no such signals")
def test_an_editor_that_ends_the_agent_need_not_read_what_is_left(tmp_path: Path) -> None:
    process = started(agent("while True: os.write(1, b'x' * 65_536)"), tmp_path)
    assert process.stdout is not None
    assert process.stdout.read(1) == b"x"
    time.sleep(0.5)  # until all pipes are full
    process.terminate()
    assert process.wait(30) == -signal.SIGTERM
    process.communicate()


@pytest.mark.skipif(os.name == "nt", reason="no such signals")
def test_an_agent_that_is_killed_kills_the_proxy(tmp_path: Path) -> None:
    process = started(agent("import signal\nos.kill(os.getpid(), signal.SIGKILL)"), tmp_path)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def test_an_editor_that_goes_away_ends_an_agent_that_reads(tmp_path: Path) -> None:
    process = started(agent("sys.stdin.read()\nopen(sys.argv[1], 'w').write('end')", str(tmp_path / "seen")), tmp_path)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(30) == 0
    assert (tmp_path / "seen").read_text() == "end"
    assert process.stderr is not None
    process.stderr.close()


def test_an_agent_that_has_said_all_may_go_on_reading(tmp_path: Path) -> None:
    code = "os.write(1, b'all')\nos.close(1)\nopen(sys.argv[1], 'wb').write(sys.stdin.buffer.read())\nos._exit(0)"
    process = started(agent(code, str(tmp_path / "heard")), tmp_path)
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.read() == b"all"  # to its end, though the agent runs
        process.stdin.write(b"more")
    assert (tmp_path / "heard").read_bytes() == b"more"


def test_an_agent_that_listens_no_more_is_told_to_the_editor(tmp_path: Path) -> None:
    process = started(agent("os.close(0)\nos.write(1, b'closed')\ntime.sleep(60)"), tmp_path)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.read(6) == b"closed"

    def is_told() -> bool:  # not of the first word, which is lost on the way as in any pipe
        assert process.stdin is not None
        try:
            os.write(process.stdin.fileno(), b"word\n")
        except BrokenPipeError:
            return True
        return False

    assert awaited(is_told)
    process.terminate()
    process.communicate()


def test_a_program_that_outlives_the_agent_holds_nobody_up(tmp_path: Path) -> None:
    code = "import subprocess\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(20)'], stderr=subprocess.DEVNULL)\nos.write(1, b'x' * 300_000)"
    begun = time.monotonic()
    process = started(agent(code), tmp_path)
    assert process.stdout is not None
    assert len(process.stdout.read()) == 300_000
    assert process.wait(30) == 0
    assert time.monotonic() - begun < 15
    process.communicate()


@pytest.mark.skipif(os.name == "nt", reason="no pipes that do not block")
def test_who_is_slow_slows_the_other_side(tmp_path: Path) -> None:
    """What an agent does not read is not gathered anywhere without a bound."""
    process = started(agent("os.write(1, b'ready')\ntime.sleep(60)"), tmp_path)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.read(5) == b"ready"
    os.set_blocking(process.stdin.fileno(), False)
    taken, until = 0, time.monotonic() + 2
    while time.monotonic() < until:
        try:
            taken += os.write(process.stdin.fileno(), b"y" * 65_536)
        except BlockingIOError:
            time.sleep(0.05)
    process.terminate()
    process.communicate()
    assert 0 < taken < 1_000_000


def test_the_agent_has_the_environment_that_the_user_gave(tmp_path: Path) -> None:
    code = "import json\nprint(json.dumps(dict(os.environ)))"
    given = {"PYTHONPATH": f"relative{os.pathsep}{os.environ.get('PYTHONPATH', '')}", "OWN": "x", "AICHECK_HOME": "h"}
    process = started(agent(code), tmp_path, given)
    assert json.loads(process.communicate()[0]) == {**os.environ, **given}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["no-such-agent"], "there is no program 'no-such-agent' on the PATH"),
        (
            ["./no-such-agent"],
            "./no-such-agent can't be started: [Errno 2] No such file or directory: './no-such-agent'",
        ),
    ],
)
def test_an_agent_that_can_t_be_started_is_told(tmp_path: Path, words: list[str], said: str) -> None:
    process = started([*PROXY, *words], tmp_path)
    assert process.communicate() == (b"", f"aicheck: {said}{os.linesep}".encode())
    assert process.returncode == 2


def test_a_program_of_the_working_folder_is_started_by_its_path_alone(tmp_path: Path) -> None:
    (tmp_path / "own-agent").write_text("#!/bin/sh\necho started\n")
    (tmp_path / "own-agent").chmod(0o755)
    path = {"PATH": f".{os.pathsep}{os.environ['PATH']}"}
    assert started([*PROXY, "own-agent"], tmp_path, path).communicate()[0] == b""
    assert started([*PROXY, "./own-agent"], tmp_path, path).communicate()[0] == b"started\n"


def test_what_can_t_be_logged_stops_nothing_and_is_told(tmp_path: Path, home: Path) -> None:
    """Messages are odd, and the log is none."""
    home.mkdir()
    (home / "log.sqlite3").mkdir()
    new = {"jsonrpc": "2.0", "id": 1, "method": "session/new", "params": {"cwd": str(tmp_path)}}
    call = {
        "sessionUpdate": "tool_call", "toolCallId": "toolu_01ABCDEFGHIJKLMNOPQR", "title": "Write", "kind": "edit", "status": "completed",
        "content": [{"type": "diff", "path": str(tmp_path / "a.py"), "newText": "x = 1\n"}],
    }  # fmt: skip
    update = {"jsonrpc": "2.0", "method": "session/update", "params": {"sessionId": "s", "update": call}}
    data = b"".join(json.dumps(one).encode() + b"\n" for one in (new, update))
    process = started(agent("while data := os.read(0, 99): os.write(1, data)"), tmp_path)
    assert process.communicate(data) == (data, b"")
    assert process.returncode == 0
    assert awaited(lambda: faults.recorded().total > 0)
    assert "log" in faults.recorded().newest[0]


def test_what_waits_when_the_agent_ends_is_logged_all_the_same(tmp_path: Path) -> None:
    """More than a pipe holds, said at once and faster than it can be checked."""
    number, code = 30, "import os\n\n\ndef f(x):\n    return os.fspath(x)\n" + "# a line of words\n" * 500
    call = {"sessionUpdate": "tool_call", "title": "Write", "kind": "edit", "status": "completed"}
    lines = []
    for at in range(number):
        content = [{"type": "diff", "path": str(tmp_path / f"{at}.py"), "newText": code}]
        told = {**call, "toolCallId": f"toolu_01ABCDEFGHIJKLMNOPQR{at:02}", "content": content}
        update = {"jsonrpc": "2.0", "method": "session/update", "params": {"sessionId": "s", "update": told}}
        lines.append(json.dumps(update))
    (tmp_path / "said").write_text("\n".join(lines) + "\n")
    process = started(agent("sys.stdout.write(open(sys.argv[1]).read())", str(tmp_path / "said")), tmp_path)
    assert process.communicate() == ((tmp_path / "said").read_bytes(), b"")
    assert len(logged(number)) == number
    assert faults.recorded().newest == []


def test_lines_are_put_together_and_what_is_lost_is_counted() -> None:
    lines = Lines()
    assert list(lines.add(b"a\nb")) == [b"a"]
    assert list(lines.add(b"c\nd")) == [b"bc"]
    assert list(lines.add(b"")) == []  # a piece is missing here
    assert list(lines.add(b"e\nf\n")) == [b"f"]
    assert list(lines.add(b"x" * (MAX_LINE + 1))) == []
    assert list(lines.add(b"x\ng\n")) == [b"g"]
    assert lines.lost == 2


def test_messages_that_are_lost_are_told(tmp_path: Path, home: Path) -> None:
    copies = tmp_path / "copies"
    copies.write_bytes(
        HEAD.pack(True, 2) + b"{}" + HEAD.pack(True, 0) + HEAD.pack(True, 1) + b"\n" + HEAD.pack(True, 9)
    )
    with copies.open("rb") as stream:
        take(stream)
    assert faults.recorded().newest[0].partition(" ")[2].startswith("acp: 1 messages were too long or came too fast")


@pytest.mark.skipif(os.name == "nt", reason="found by its parent, as Linux tells")
def test_a_logger_that_ends_stops_nothing(tmp_path: Path) -> None:
    process = started(agent("while data := os.read(0, 99): os.write(1, data)"), tmp_path)
    assert process.stdin is not None
    assert process.stdout is not None

    def logger() -> list[int]:
        told = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
        rows = [line.split(None, 2) for line in told.splitlines()]
        return [int(pid) for pid, parent, command in rows if parent == str(process.pid) and "acp.logger" in command]

    assert awaited(lambda: bool(logger()))
    os.kill(logger()[0], signal.SIGKILL)
    assert awaited(lambda: not logger())  # on a loaded machine it takes its time to die
    for number in range(200):
        word = f"word {number}\n".encode()
        process.stdin.write(word)
        process.stdin.flush()
        assert process.stdout.read(len(word)) == word
    with process:
        process.stdin.close()
    assert process.returncode == 0
    assert awaited(lambda: "nothing more of this connection is logged" in "".join(faults.recorded().newest))

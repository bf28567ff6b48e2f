"""Nothing of a repository, a session or a client is waited for without end, and nothing is read without bound."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aicheck_app.capture.edits import edits_of
from aicheck_app.hook import client
from aicheck_checks.encodings import decode
from aicheck_checks.toml import BadTomlError, parse
from tests.lsp.client import Client
from tests.security.processes import MAIN, aicheck

SPECIAL = {
    "a.py": ["pyproject.toml", "setup.cfg", "requirements.txt", "requirements", "uv.lock", "aicheck.toml", "b.py", ".venv/pyvenv.cfg"],
    "a.ts": ["package.json", "tsconfig.json", "jsconfig.json", "b.ts", "deno.json"],
    "a.go": ["go.mod", "go.work", "b.go"],
    "a.rs": ["Cargo.toml", "lib.rs", "mod.rs"],
    "A.java": ["pom.xml", "build.gradle", "B.java"],
    "a.cs": ["a.csproj", "Directory.Build.props", "B.cs"],
    "a.php": ["composer.json", "b.php"],
    "a.cpp": ["a.h", "b.cpp", "CMakeLists.txt"],
    "a.rb": ["Gemfile", "b.rb"],
    "a.scala": ["build.sbt", "B.scala"],
    "a.kt": ["B.kt", "settings.gradle.kts"],
}  # fmt: skip
TEXTS = {
    "a.py": "import requests\nimport b\n\nrequests.get(b.x)\n",
    "a.ts": "import { x } from './b';\nimport y from 'left-pad';\nexport const z = x(y);\n",
    "a.go": 'package a\n\nimport "example.com/x/y"\n\nfunc f() { y.G(b.H) }\n',
    "a.rs": "use crate::lib::thing;\nuse serde::Serialize;\nfn f() -> Serialize { thing() }\n",
    "A.java": "package a;\n\nimport org.x.Y;\n\nclass A { B b = new Y(); }\n",
    "a.cs": "using X.Y;\n\nclass A { B b = new B(); List<int> c; }\n",
    "a.php": "<?php\nuse X\\Y;\n\nclass A extends B { }\n",
    "a.cpp": '#include "a.h"\n\nint main() { std::vector<int> v; return b(); }\n',
    "a.rb": "require 'json'\nJSON.parse(Set.new)\n",
    "a.scala": "package a\n\nclass A extends B { val x = ListBuffer() }\n",
    "a.kt": "package a\n\nclass A : B() { val x = ArrayList<Int>() }\n",
}


@pytest.mark.e2e
@pytest.mark.parametrize("name", SPECIAL)
@pytest.mark.parametrize("kind", ["pipe", "standard input", "device"])
def test_special_files_round_a_text_are_not_read(name: str, kind: str, tmp_path: Path) -> None:
    for other in (*SPECIAL[name], ".gitignore", "src"):
        path = tmp_path / other
        path.parent.mkdir(exist_ok=True)
        if kind == "pipe":
            os.mkfifo(path)
        else:
            path.symlink_to("/dev/stdin" if kind == "standard input" else "/dev/zero")
    (tmp_path / name).write_text(TEXTS[name])
    reader, writer = os.pipe()  # a standard input that never ends
    try:
        for target in (name, "."):
            done = subprocess.run(
                [sys.executable, "-P", "-c", MAIN, "check", target], cwd=tmp_path, stdin=reader, capture_output=True,
                check=False, timeout=20,
            )  # fmt: skip
            assert done.returncode in (0, 1), done.stderr
    finally:
        os.close(reader)
        os.close(writer)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Client]:
    client = Client(str(tmp_path))
    yield client
    client.kill()


@pytest.mark.e2e
def test_a_server_lives_among_special_files(tmp_path: Path) -> None:
    for other in (*SPECIAL["a.py"], *SPECIAL["a.ts"]):
        path = tmp_path / other
        path.parent.mkdir(exist_ok=True)
        path.symlink_to("/dev/stdin")
    server = Client(str(tmp_path))
    for name, language in (("a.py", "python"), ("a.ts", "typescript")):
        uri = server.open(str(tmp_path / name), TEXTS[name] + "x = (1\n", language)
        assert server.diagnostics(uri, 1, lambda found: found)
    server.request("workspace/executeCommand", command="aicheck.checkWorkspace", arguments=[])
    server.kill()


@pytest.mark.e2e
@pytest.mark.parametrize("kind", ["pipe", "dangling link", "device", "folder", "unreadable"])
def test_a_session_that_is_no_regular_file_ends_no_run(kind: str, tmp_path: Path) -> None:
    sessions = tmp_path / "sessions"
    sessions.mkdir()
    line = {"type": "assistant", "sessionId": "s", "message": {"id": "m", "role": "assistant", "model": "claude", "content": [
        {"type": "text", "text": "```python\nx = 1\n```"}]}}  # fmt: skip
    for name in ("a.jsonl", "z.jsonl"):
        (sessions / name).write_text(json.dumps(line | {"sessionId": name}) + "\n")
    odd = sessions / "m.jsonl"
    if kind == "pipe":
        os.mkfifo(odd)
    elif kind == "folder":
        odd.mkdir()
    elif kind == "unreadable":
        odd.write_text("{}\n")
        odd.chmod(0)
    else:
        odd.symlink_to("/dev/zero" if kind == "device" else "/nowhere")
    done = aicheck(tmp_path, "ingest", str(sessions), "--format", "json", seconds=30)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sessions"] == 2


@pytest.mark.e2e
@pytest.mark.skipif(sys.platform != "linux", reason="the system limits no address space")
def test_a_long_line_and_a_large_archive_take_no_memory(tmp_path: Path) -> None:
    """400 MB of one line, plain and as an archive of half a megabyte, in 600 MB of address space."""
    import resource

    session = tmp_path / "session.jsonl"
    head, tail = b'{"type":"user","sessionId":"s","message":{"role":"user","content":"', b'"}}\n'
    with open(session, "wb") as plain, gzip.open(tmp_path / "archive.jsonl.gz", "wb", 1) as archive:
        for stream in (plain, archive):
            stream.write(head + b"a" + tail + head)
            for _ in range(400):
                stream.write(b"a" * 1_000_000)
            stream.write(tail + head + b"b" + tail)
    done = subprocess.run(
        [sys.executable, "-P", "-c", MAIN, "ingest", ".", "--format", "json"], cwd=tmp_path, capture_output=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20)), timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-400:]
    found = json.loads(done.stdout)
    assert found["records"]["user"] == 3
    assert found["skipped"] == {"line longer than 33,554,432 bytes": 2, "what comes after 268,435,456 bytes": 1}


def test_replacements_of_all_places_do_not_grow_without_measure() -> None:
    edits = [{"old_string": "a", "new_string": "aa" * 50, "replace_all": True}] * 40
    (edit,) = edits_of({"file_path": "a.py", "edits": edits}, {"originalFile": "a"})
    assert edit.after is None


def test_an_encoding_that_takes_the_square_of_the_time_is_none() -> None:
    for name in ("punycode", "idna", "zlib_codec", "unicode_escape", "undefined", "mbcs"):
        assert decode(f"# coding: {name}\n".encode() + b"\xff" + b"a-" * 400_000) is None
    assert decode("# coding: latin-1\né".encode("latin-1")) == "# coding: latin-1\né"


@pytest.mark.parametrize(
    "text", ["a." * 400_000 + "a = 1", "x = " + "[" * 50_000, "x = " + "1" * 9_000, "\n[" + "a." * 100 + "b]"]
)
def test_manifests_made_to_exhaust_the_parser_are_none(text: str) -> None:
    began = time.process_time()
    with pytest.raises(BadTomlError):
        parse(text.encode())
    assert time.process_time() - began < 2


def payload(folder: Path, name: str, content: str) -> str:
    return json.dumps(
        {
            "hook_event_name": "PostToolUse", "session_id": "s", "cwd": str(folder), "tool_name": "Write", "tool_use_id": name,
            "transcript_path": "", "tool_input": {"file_path": str(folder / name), "content": content},
        }
    )  # fmt: skip


@pytest.mark.e2e
def test_idle_connections_do_not_delay_a_hook(tmp_path: Path, home: Path) -> None:
    aicheck(tmp_path, "hook", "--agent", "claude-code", data=payload(tmp_path, "a.py", "def f(:\n"))
    late = time.monotonic() + 20
    name = home / client.socket_name()
    while not name.exists():
        assert time.monotonic() < late
        time.sleep(0.1)
    idle = [socket.socket(socket.AF_UNIX) for _ in range(20)]
    here = os.getcwd()
    os.chdir(home)
    try:
        for one in idle:
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                one.connect(name.name)
    finally:
        os.chdir(here)
    began = time.monotonic()
    done = aicheck(tmp_path, "hook", "--agent", "claude-code", data=payload(tmp_path, "b.py", "def f(:\n"))
    assert b"SYN001" in done.stdout or b"TRU" in done.stdout
    assert time.monotonic() - began < 5
    for one in idle:
        one.close()


@pytest.mark.e2e
def test_an_endless_payload_is_not_read_for_ever(tmp_path: Path, home: Path) -> None:
    started = subprocess.Popen(
        [sys.executable, "-P", "-c", MAIN, "hook"], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "AICHECK_HOOK_HELPER": "off"},
    )  # fmt: skip
    assert started.stdin is not None
    with contextlib.suppress(BrokenPipeError), started:
        for _ in range(200):
            started.stdin.write(b"a" * 1_000_000)
    assert started.returncode == 0
    assert "was not read" in (home / "faults.log").read_text()


@pytest.mark.e2e
def test_a_giant_message_is_left_out_and_told(tmp_path: Path, server: Client) -> None:
    uri = server.open(str(tmp_path / "a.py"), "x = (1\n")
    assert server.diagnostics(uri, 1, lambda found: found)
    assert server.process.stdin is not None
    server.process.stdin.write(b"Content-Length: %d\r\n\r\n" % (120 << 20))
    for _ in range(120):
        server.process.stdin.write(b" " * (1 << 20))
    server.process.stdin.flush()
    assert "was left out" in server.notification("window/showMessage")["message"]
    server.open(str(tmp_path / "a.py"), "x = (1\n", version=2)
    assert server.diagnostics(uri, 2, lambda found: found)


@pytest.mark.e2e
def test_a_message_of_any_announced_length_is_not_waited_for(server: Client) -> None:
    assert server.process.stdin is not None
    server.process.stdin.write(b"Content-Length: 99999999999999\r\n\r\n{}")
    server.process.stdin.flush()
    assert server.process.wait(20) == 1


@pytest.mark.e2e
def test_a_large_document_does_not_freeze_the_server(tmp_path: Path, server: Client) -> None:
    """A text over the bound is unchecked at once; others are checked meanwhile."""
    server.open(str(tmp_path / "large.py"), "x = 1\n" * 5_000_000)
    uri = server.open(str(tmp_path / "a.py"), "x = (1\n")
    began = time.monotonic()
    assert server.diagnostics(uri, 1, lambda found: found)
    assert time.monotonic() - began < 5


@pytest.mark.e2e
@pytest.mark.parametrize("pattern", ["*a" * 60, "**/" * 60 + "b", "[a-z]*" * 60 + "!", "*" * 5_000])
def test_an_ignore_file_is_matched_in_time(pattern: str, tmp_path: Path) -> None:
    """Outside git the patterns of a .gitignore become regular expressions."""
    deep = tmp_path.joinpath(*(["a" * 40] * 30))
    deep.mkdir(parents=True)
    for number in range(20):
        (deep / f"{'a' * 200}{number}.py").write_text("x = 1\n")
    (tmp_path / ".gitignore").write_text(f"{pattern}\n" * 50)
    done = aicheck(tmp_path, "check", ".", seconds=10)
    assert done.stdout in (b"clean: 21 files checked\n", b"clean: 1 file checked\n")


@pytest.mark.parametrize("times", [1_000])
def test_ranges_that_come_again_cost_nothing_more(times: int) -> None:
    from aicheck_app.attribution import agent_trace, git_ai

    began = time.process_time()
    ranges = [{"start_line": 1, "end_line": 490_000}] * times
    talk = {"contributor": {"type": "ai"}, "ranges": ranges}
    agent_trace.lines_of([{"files": [{"path": "a.py", "conversations": [talk]}]}], "a.py")
    facts = json.dumps({"schema_version": "authorship/3.0.0", "sessions": {"s1": {}}})
    git_ai.parse("a.py\n" + "  s1 1-999998\n" * times + f"---\n{facts}")
    assert time.process_time() - began < 3


@pytest.mark.e2e
def test_a_transcript_without_end_is_read_to_a_bound(tmp_path: Path) -> None:
    transcript = tmp_path / "s.jsonl"
    transcript.touch()
    os.truncate(transcript, 200 << 30)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for event in ("UserPromptSubmit", "Stop"):
        given = {"hook_event_name": event, "session_id": "s", "transcript_path": str(transcript), "cwd": str(tmp_path)}
        assert aicheck(tmp_path, "hook", data=json.dumps(given), seconds=15, AICHECK_HOOK_HELPER="off").returncode == 0


@pytest.mark.e2e
@pytest.mark.parametrize("value", ["99999999999999999999", "1000000000000", "0x" + "F" * 5_000, "-1", "64_000_001"])
def test_no_setting_makes_room_for_any_text(value: str, tmp_path: Path) -> None:
    (tmp_path / "aicheck.toml").write_text(f"max-bytes = {value}\n")
    (tmp_path / "a.py").write_text("x = 1\n")
    done = aicheck(tmp_path, "check", "a.py")
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)


@pytest.mark.e2e
def test_a_folder_of_many_names_is_looked_into_once(tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(20_000):
        (many / f"{number}").touch()
    for number in range(60):
        (tmp_path / f"link{number}").symlink_to(many)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "a.py").write_text("import foo\n")
    assert aicheck(tmp_path, "check", "a.py", seconds=5).returncode in (0, 1)

"""What ``aicheck acp`` adds to a message between an editor and an agent.

    python -m benchmarks.acp [--messages 2000] [--write]

An agent that sends every line back is started twice: once behind the proxy, once on plain pipes. Each message goes to both, one
right after the other, and is timed from its first byte to the last byte of what comes back; it passes the proxy twice. Messages are those
of a session: pieces of an answer, calls of a tool with a diff that are completed (each is checked and logged meanwhile), large files;
5 ms apart, as fast as a model streams. What the proxy adds to one message is half of the difference between both; milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.log import queries
from aicheck_app.log.store import Log
from benchmarks import readme

if TYPE_CHECKING:
    from collections.abc import Iterator

ECHO = [sys.executable, "-c", "import os\nwhile data := os.read(0, 1 << 16): os.write(1, data)"]
PROXY = [sys.executable, "-c", "from aicheck_app.cli.main import main; main()", "acp", "--"]
APART = 0.005
MODULE = Path(__file__).read_text("utf-8")
"""The text of the edits."""


class Message(NamedTuple):
    """A line, and what kind of message it is."""

    kind: str
    line: bytes


def messages(count: int) -> Iterator[Message]:
    """The messages of a session, which begins with its own."""
    new = {"jsonrpc": "2.0", "id": 0, "method": "session/new", "params": {"cwd": "/work"}}
    yield Message("session", json.dumps(new).encode() + b"\n")
    for number in range(count):
        if number % 20 == 10:
            content = [
                {"type": "diff", "path": f"/work/{number}.py", "oldText": None, "newText": f"{MODULE}# {number}\n"}
            ]
            call = {
                "sessionUpdate": "tool_call",
                "toolCallId": f"call_0123456789abcdef{number:06}",
                "kind": "edit",
                "title": "Edit",
            }
            yield _update("an edit of 5 KB", **call, status="completed", content=content)
        elif number % 20 == 15:
            yield _update("a file of 300 KB", sessionUpdate="agent_message_chunk", content={"text": "x = 1\n" * 50_000})
        else:
            yield _update("a piece of an answer", sessionUpdate="agent_message_chunk", content={"text": "word " * 8})


def _update(kind: str, /, **update: object) -> Message:
    params = {"sessionId": "session-1", "update": update}
    return Message(kind, json.dumps({"jsonrpc": "2.0", "method": "session/update", "params": params}).encode() + b"\n")


class Echo:
    """An agent that sends back what it is sent; a context manager."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)

    def __enter__(self) -> Echo:
        self.timed(b"ready\n")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def timed(self, line: bytes) -> float:
        """Milliseconds until a line has come back; raises ValueError if it is another."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        writes, reads = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(writes, False)
        begun, left, came = time.perf_counter(), memoryview(line), b""
        while len(came) < len(line):
            readable, writable, _ = select.select([reads], [writes] if left else [], [])
            if writable:
                left = left[os.write(writes, left[:65_536]) :]
            if readable:
                came += os.read(reads, 1 << 20)
        taken = time.perf_counter() - begun
        if came != line:
            raise ValueError("what came back is not what was sent")
        return taken * 1000


def measured(count: int) -> dict[str, list[tuple[float, float]]]:
    """By kind, what each message took on plain pipes and through the proxy."""
    found: dict[str, list[tuple[float, float]]] = {}
    with Echo(ECHO) as plain, Echo([*PROXY, *ECHO]) as proxied:
        for message in messages(count):
            found.setdefault(message.kind, []).append((plain.timed(message.line), proxied.timed(message.line)))
            time.sleep(APART)
    del found["session"]
    return found


def table(found: dict[str, list[tuple[float, float]]]) -> list[str]:
    """A row a kind of message."""
    lines = [
        "| message | number | plain p50 | plain p99 | proxy p50 | proxy p99 | added to one, p50 | added to one, p99 |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    every = [pair for own in found.values() for pair in own]
    for kind, times in {**found, "all": every}.items():
        plain, proxied = (sorted(each) for each in zip(*times, strict=True))
        at = (len(times) // 2, int(len(times) * 0.99))
        added = [(proxied[place] - plain[place]) / 2 for place in at]
        figures = [f"{figure:.2f}" for figure in (*(plain[n] for n in at), *(proxied[n] for n in at), *added)]
        lines.append(f"| {kind} | {len(times):,} | {' | '.join(figures)} |")
    return lines


def _logged(expected: int) -> int:
    """The outputs in the log, when all that were made have been logged, or after a minute."""
    late = time.monotonic() + 60
    while True:
        time.sleep(1)
        with Log() as log:
            found = queries.count(log)
        if found >= expected or time.monotonic() > late:
            return found


def main() -> None:
    """Measure, print, and with ``--write`` put it into the README."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=2_000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        os.environ["AICHECK_HOME"] = home
        found = measured(options.messages)
        outputs = _logged(options.messages // 20)
    load = f"{os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"
    said = f"{outputs} edits were checked and logged meanwhile; all bytes came back as they were sent. Load average: {load}."
    lines = [*table(found), "", said]
    print("\n".join(lines))
    if options.write:
        readme.write("acp", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

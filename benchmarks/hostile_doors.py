"""Hostile texts of 1 MB at three doors: how long until the command, the hook and the server have answered?

    python -m benchmarks.hostile_doors [--size 1000000] [--every 5] [--languages python,typescript,markdown]

Every so many kinds of tests/security/hostile.py in each language: ``aicheck check FILE``, ``aicheck hook`` (with the warm
helper, a payload that writes the file) and ``aicheck lsp`` (from opening the file to diagnostics or a later document's).
Seconds by the clock, as a person waits.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.lsp.client import Client
from tests.security.hostile import KINDS, of_bytes

MAIN = [sys.executable, "-P", "-c", "from aicheck_app.cli.main import main; main()"]
SUFFIXES = {
    "python": "py", "typescript": "ts", "go": "go", "java": "java", "cpp": "cpp", "yaml": "yaml", "markdown": "md",
    "html": "html", "vue": "vue", "bash": "sh",
}  # fmt: skip
LIMIT = 3.0
"""Seconds that somebody should wait at most."""


class Wait(NamedTuple):
    """How long a door took for one text, in seconds, and what it said."""

    door: str
    kind: str
    language: str
    seconds: float
    said: str


def command(_client: Client, path: Path, _text: str, _language: str) -> str:
    """What ``aicheck check`` says in its last line."""
    done = subprocess.run([*MAIN, "check", path.name], cwd=path.parent, capture_output=True, check=False)
    return (done.stdout or done.stderr).decode("utf-8", "replace").strip().splitlines()[-1][:60]


def hook(_client: Client, path: Path, text: str, _language: str) -> str:
    """What ``aicheck hook`` answers."""
    given = {"file_path": str(path), "content": text}
    payload = {
        "hook_event_name": "PostToolUse", "session_id": "s", "cwd": str(path.parent), "tool_name": "Write",
        "tool_use_id": str(time.time_ns()), "transcript_path": "", "tool_input": given,
    }  # fmt: skip
    data = json.dumps(payload).encode()
    done = subprocess.run(
        [*MAIN, "hook", "--agent", "claude-code"], input=data, cwd=path.parent, capture_output=True, check=False
    )
    return "told" if done.stdout else "silent"


def server(client: Client, path: Path, text: str, language: str) -> str:
    """Whether the server has shown something of the text."""
    uri = client.open(str(path), text, language)
    shown = client.diagnostics(uri, 1)
    client.notify("textDocument/didClose", textDocument={"uri": uri})
    return f"{len(shown)} shown"


DOORS = {"check": command, "hook": hook, "server": server}


def main() -> None:
    """Print each wait over the limit, and the longest of each door."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--every", type=int, default=5)
    parser.add_argument("--languages", default="python,typescript,markdown")
    given = parser.parse_args()
    waits: list[Wait] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AICHECK_HOME"] = os.path.join(folder, "home")
        client = Client(folder)
        hook(client, Path(folder, "first.py"), "x = 1\n", "python")
        time.sleep(2)
        for language in given.languages.split(","):
            for number, kind in enumerate(list(KINDS)[:: given.every]):
                text = of_bytes(kind, given.size)
                path = Path(folder, f"{number}.{SUFFIXES[language]}")
                path.write_text(text, "utf-8", errors="replace")
                for door, ask in DOORS.items():
                    began = time.perf_counter()
                    said = ask(client, path, text, language)
                    waits.append(Wait(door, kind, language, time.perf_counter() - began, said))
                    if waits[-1].seconds > LIMIT:
                        print(*waits[-1], flush=True)
        client.kill()
    for door in DOORS:
        seconds = sorted(wait.seconds for wait in waits if wait.door == door)
        over = sum(value > LIMIT for value in seconds)
        print(
            f"{door}: {len(seconds)} texts, median {seconds[len(seconds) // 2]:.2f} s, longest {seconds[-1]:.2f} s, {over} over {LIMIT:g} s"
        )


if __name__ == "__main__":
    main()

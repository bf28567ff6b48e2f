"""``aicheck hook`` on real edits: what it says of them and of damaged copies, and how long it takes.

    python -m benchmarks.hook [--edits 500] [--write]

The edits are those of the corpus' Claude Code sessions, as the payloads that the client sends; damaged copies
have the new text of the file replaced by one that was damaged by script; lagging ones name a transcript that does not hold
the call yet. Times are from the start of the process to
its exit, a tenth of a second apart, on compiled bytecode, beside ``python -c pass`` between them; milliseconds.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aicheck_app.capture.edits import edits_of
from aicheck_app.hook import client
from aicheck_checks.languages import language_of
from benchmarks import readme
from benchmarks.damage_any import CLASSES
from benchmarks.humans import CORPUS

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 5
AT_ONCE = 50
APART = 0.1
"""Seconds between two processes: an agent's edits are seconds apart, and what the last one left to do is done by then."""
COMMAND = [sys.executable, "-c", "from aicheck_app.cli.main import main; main()", "hook"]
NOTHING = [sys.executable, "-c", "pass"]
EDIT_TOOLS = ("Write", "Edit", "MultiEdit")

Payload = dict[str, Any]


def payloads() -> Iterator[Payload]:
    """The applied edits of the corpus' sessions, as a hook is told of them."""
    for path in sorted((CORPUS / "transcripts/claude_code").glob("*.gz")):
        calls: dict[str, Payload] = {}
        for line in gzip.decompress(path.read_bytes()).splitlines():
            try:
                found = json.loads(line)
                content = found["message"]["content"]
            except (ValueError, KeyError, TypeError):
                continue
            for block in [b for b in content if isinstance(b, dict)]:
                if block.get("type") == "tool_use" and block["name"] in EDIT_TOOLS:
                    calls[block["id"]] = block
                call = calls.get(block.get("tool_use_id", ""))
                result = found.get("toolUseResult")
                if call is not None and not block.get("is_error") and isinstance(result, dict):
                    yield {
                        "session_id": found["sessionId"], "transcript_path": f"/x/.claude/projects/p/{found['sessionId']}.jsonl",
                        "cwd": found["cwd"], "hook_event_name": "PostToolUse", "tool_name": call["name"],
                        "tool_use_id": call["id"], "tool_input": call["input"], "tool_response": result,
                    }  # fmt: skip


def damaged(payload: Payload, rng: random.Random) -> Payload | None:
    """The same call with a text that is damaged; None where no way of damage fits."""
    edits = edits_of(payload["tool_input"], payload["tool_response"])
    text = edits[0].after if edits else None
    language = language_of(edits[0].path, None, text or "") if edits else None
    if text is None or language is None or language.group != "code":
        return None
    damage, _ = CLASSES[rng.choice(["cut at a token", "elided body", "fence", "stray script", "line numbers"])]
    broken = damage(text, language, rng)
    if broken is None:
        return None
    path = edits[0].path
    told = {"filePath": path, "content": broken, "originalFile": text, "type": "update"}
    call = {
        "tool_name": "Write",
        "tool_use_id": payload["tool_use_id"] + "-damaged",
        "session_id": "damaged-" + payload["tool_use_id"],
    }
    return {**payload, **call, "tool_input": {"file_path": path, "content": broken}, "tool_response": told}


def run(command: list[str], data: bytes = b"", **more: str) -> tuple[float, bytes]:
    """Seconds from start to exit, and what was printed."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **more}
    time.sleep(APART)
    began = time.perf_counter()
    done = subprocess.run(command, input=data, capture_output=True, env=environment, check=True)
    return time.perf_counter() - began, done.stdout


def at_once(found: list[Payload]) -> tuple[int, float]:
    """How many of many hooks that run at the same time are in the log, and seconds until all have ended."""
    from aicheck_app.log.store import Log

    began = time.perf_counter()
    running = []
    for number, payload in enumerate(found):
        data = json.dumps({**payload, "tool_use_id": f"at-once-{number}", "session_id": "at-once"}).encode()
        process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        assert process.stdin is not None
        process.stdin.write(data)
        process.stdin.close()
        running.append(process)
    for process in running:
        process.wait()
    seconds = time.perf_counter() - began
    counted = 0
    for _ in range(100):  # records are completed after the answers
        with Log(read_only=True) as log:
            counted = len(list(log.bodies("session = 'at-once'")))
        if counted == len(found):
            break
        time.sleep(0.1)
    return counted, seconds


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--edits", type=int, default=500)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rng = random.Random(SEED)
    every = list(payloads())
    rng.shuffle(every)
    good = every[: options.edits]
    bad = [one for payload in good if (one := damaged(payload, rng)) is not None]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        os.environ["AICHECK_HOME"] = home
        cold = [run(COMMAND, json.dumps(p).encode(), AICHECK_HOOK_HELPER="off")[0] for p in good[:40]]
        helper = _start(home)
        try:
            lines = _measure(good, bad, [_lagging(payload, home) for payload in bad], cold)
            counted, seconds = at_once(good[:AT_ONCE])
            lines.append("")
            lines.append(
                f"{AT_ONCE} hooks at once: {counted} outputs in the log, {seconds:.2f} s until the last has ended."
            )
        finally:
            helper.terminate()
    print("\n".join(lines))
    if options.write:
        readme.write("hook", "\n".join(lines) + "\n")


def _lagging(payload: Payload, home: str) -> Payload:
    """The same damaged edit in another session, whose transcript is there and tells of the call later, or never."""
    session = f"lagging-{payload['tool_use_id']}"
    transcript = Path(home) / ".claude/projects/p" / f"{session}.jsonl"
    transcript.parent.mkdir(parents=True, exist_ok=True)
    transcript.write_text('{"type": "user"}\n')
    call = {"session_id": session, "tool_use_id": session, "transcript_path": str(transcript)}
    return {**payload, **call}


def _start(home: str) -> subprocess.Popen[bytes]:
    helper = subprocess.Popen([sys.executable, "-m", "aicheck_app.hook.helper"], start_new_session=True)
    while not (Path(home) / client.socket_name()).exists():
        time.sleep(0.05)
    time.sleep(2)
    return helper


def _measure(good: list[Payload], bad: list[Payload], late: list[Payload], cold: list[float]) -> list[str]:
    told = []
    nothing, warm, named = [], [], []
    for payload in good:
        nothing.append(run(NOTHING)[0])
        seconds, answer = run(COMMAND, json.dumps(payload).encode())
        warm.append(seconds)
        told += [payload["tool_use_id"]] if answer else []
    for payload in bad:
        seconds, answer = run(COMMAND, json.dumps(payload).encode())
        named.append((seconds, bool(answer)))
    late_times: list[float] = []
    for payload in late:
        seconds, answer = run(COMMAND, json.dumps(payload).encode())
        assert bool(answer) == named[len(late_times)][1], "a lagging transcript changes no answer"
        late_times.append(seconds)
    base = statistics.median(nothing)
    rows = [
        ("`python -c pass`", nothing),
        ("warm, real edits", warm),
        ("warm, damaged", [s for s, _ in named]),
        ("warm, damaged, lagging transcript", late_times),
        ("cold", cold),
    ]
    lines = ["| process | p50 | p95 | p50 over bare Python |", "| --- | ---: | ---: | ---: |"]
    for name, times in rows:
        middle = statistics.median(times)
        slow = sorted(times)[int(len(times) * 0.95)]
        lines.append(f"| {name} | {1000 * middle:.1f} | {1000 * slow:.1f} | {middle / base:.1f} x |")
    lines.append("")
    found = sum(named for _, named in named)
    lines.append(
        f"{len(told)} of {len(good)} real edits told of as suspect; {found} of {len(named)} damaged ones named."
    )
    if told:
        lines.append(f"Told of: {', '.join(told)}.")
    return lines


if __name__ == "__main__":
    main()

"""Command-line clients of agents as something that the canary can ask: each version of a client is a series of its own.

A client of a stated version is installed by npm into a temporary folder, and started there in an empty folder for each task, with
what its own help calls the way to print one answer and end. What it prints is read as JSON; nothing else of it is.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.errors import AicheckError
from aicheck_checks.programs import environment, find

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SECONDS = 600.0
"""For one answer."""
INSTALL_SECONDS = 600.0
MAX_OUTPUT = 20_000_000
_SERIES = re.compile(r"(?P<name>[a-z-]+)@(?P<version>[0-9][0-9A-Za-z.-]{0,40}|latest)")


class Answer(NamedTuple):
    """What a client printed: its words, why it stopped, the model that served, and tokens given and taken."""

    text: str
    stop_reason: str
    model: str
    given: int
    taken: int
    identifier: str = ""


class Kind(NamedTuple):
    """A client: its package, its program, the arguments that make it print one answer, and how that is read."""

    package: str
    program: str
    arguments: Callable[[str], Sequence[str]]
    read: Callable[[str], Answer]


class FailedError(Exception):
    """A client gave no answer; ``status_code`` as an error of the service has it, so that a run goes on."""

    status_code = 599


def _of_claude_code(printed: str) -> Answer:
    found = json.loads(printed)
    used, models = found.get("usage") or {}, found.get("modelUsage") or {}
    if found.get("is_error"):
        raise FailedError(str(found.get("result") or found.get("subtype"))[:200])
    given = sum(
        int(used.get(name) or 0) for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    )
    stop = str(found.get("stop_reason") or "end_turn")
    return Answer(
        str(found.get("result") or ""), stop, next(iter(models), ""), given, int(used.get("output_tokens") or 0),
        str(found.get("session_id") or ""),
    )  # fmt: skip


def _of_codex(printed: str) -> Answer:
    said, given, taken, thread = "", 0, 0, ""
    for line in printed.splitlines():
        event = json.loads(line) if line.startswith("{") else {}
        item, used = event.get("item") or {}, event.get("usage") or {}
        if event.get("type") == "thread.started":
            thread = str(event.get("thread_id") or "")
        elif event.get("type") == "item.completed" and item.get("type") == "agent_message":
            said = str(item.get("text") or "")
        elif event.get("type") == "turn.completed":
            given, taken = int(used.get("input_tokens") or 0), int(used.get("output_tokens") or 0)
        elif event.get("type") == "turn.failed":
            raise FailedError(str(event.get("error"))[:200])
    return Answer(said, "end_turn", "", given, taken, thread)


KINDS = {
    "claude-code": Kind(
        "@anthropic-ai/claude-code", "claude", lambda prompt: ("-p", prompt, "--output-format", "json"), _of_claude_code
    ),
    "codex": Kind(
        "@openai/codex", "codex", lambda prompt: ("exec", "--json", "--skip-git-repo-check", prompt), _of_codex
    ),
}


class Clients:
    """Clients by the names of their series (``claude-code@2.1.98``); ``messages.create`` asks as an SDK's client does.

    ``programs`` holds the program of each series. A context manager: what was installed goes with it.
    """

    def __init__(self, series: Sequence[str]) -> None:
        """Raises AicheckError for what is no client with a version."""
        self.series = [_parsed(one) for one in series]
        self.programs: dict[str, str] = {}
        self._home = tempfile.TemporaryDirectory(prefix="aicheck-ab-")
        self.messages = SimpleNamespace(create=self._create)

    def __enter__(self) -> Clients:
        return self

    def __exit__(self, *_: object) -> None:
        self._home.cleanup()

    def install(self, told: Callable[[str], None]) -> None:
        """Install the clients with npm; ``told`` hears of each. Raises AicheckError if that fails."""
        npm = find("npm")
        if npm is None:
            raise AicheckError("npm is needed to install the versions of a client, and it is not on the PATH")
        for kind, version in self.series:
            name, place = f"{kind}@{version}", os.path.join(self._home.name, f"{kind}-{version}")
            told(name)
            package = f"{KINDS[kind].package}@{version}"
            command = [npm, "install", "--no-audit", "--no-fund", "--silent", "--prefix", place, package]
            done = _run(command, self._home.name, INSTALL_SECONDS, {})
            if done.returncode:
                raise AicheckError(f"npm could not install {package}: {done.stderr.strip()[-300:]}")
            program = find(KINDS[kind].program, os.path.join(place, "node_modules", ".bin"))
            if program is None:
                raise AicheckError(f"{package} brings no program '{KINDS[kind].program}'")
            self.programs[name] = program

    def _create(self, *, model: str, max_tokens: int, messages: list[dict[str, str]]) -> SimpleNamespace:
        """Ask the client of a series; the conversation so far is one prompt, since each start is a session of its own."""
        del max_tokens  # which a client's user has no say in
        kind = KINDS[model.partition("@")[0]]
        prompt = "\n\n".join(message["content"] for message in messages)
        with tempfile.TemporaryDirectory(prefix="task-", dir=self._home.name) as folder:
            done = _run([self.programs[model], *kind.arguments(prompt)], folder, SECONDS, _settings(self._home.name))
        try:
            answer = kind.read(done.stdout[:MAX_OUTPUT])
        except (ValueError, AttributeError, TypeError) as error:
            raise FailedError(f"{done.stderr.strip()[-200:] or done.stdout.strip()[-200:]}") from error
        return SimpleNamespace(
            content=[SimpleNamespace(type="text", text=answer.text)], model=answer.model or model, id=answer.identifier,
            stop_reason=answer.stop_reason, usage=SimpleNamespace(input_tokens=answer.given, output_tokens=answer.taken),
        )  # fmt: skip


def _parsed(series: str) -> tuple[str, str]:
    match = _SERIES.fullmatch(series)
    if match is None or match["name"] not in KINDS:
        raise AicheckError(
            f"'{series}' is no client with a version: give {' or '.join(f'{name}@VERSION' for name in KINDS)}"
        )
    return match["name"], match["version"]


def _settings(home: str) -> dict[str, str]:
    """With a key of its own a client needs nothing of the user's settings, and then meets none: no hooks, no instructions."""
    if os.environ.get("ANTHROPIC_API_KEY") or os.environ.get("ANTHROPIC_AUTH_TOKEN"):
        return {"CLAUDE_CONFIG_DIR": os.path.join(home, "claude"), "DISABLE_AUTOUPDATER": "1"}
    return {"DISABLE_AUTOUPDATER": "1"}


def _run(command: Sequence[str], folder: str, seconds: float, more: dict[str, str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, cwd=folder, env=environment(**more), stdin=subprocess.DEVNULL, capture_output=True, text=True,
            encoding="utf-8", errors="replace", timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise FailedError(f"no answer in {seconds:.0f} s") from error
    except OSError as error:
        raise AicheckError(f"{command[0]}: can't be started: {error.strerror}") from error

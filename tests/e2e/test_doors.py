"""Ten texts through every door: the same verdict and the same findings, or the name of the rule that the door could not ask."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from aicheck_app.cli.group import run
from aicheck_app.hook.handle import handle
from aicheck_app.log.store import Log
from tests.app import transcripts
from tests.lsp.client import Client

Code = tuple[str, int]
"""A rule's code and the line of what it found."""


class Text(NamedTuple):
    """A text with one thing wrong, and what is found of it where the project round it is known."""

    name: str
    path: str
    text: str
    found: frozenset[Code]


class Answer(NamedTuple):
    """What a door said: the verdict, what was found, and the rules that it could not ask."""

    verdict: str
    found: frozenset[Code]
    not_asked: frozenset[str] = frozenset()


def _text(name: str, path: str, text: str, *found: Code) -> Text:
    return Text(name, path, text, frozenset(found))


TEXTS = (
    _text("an invented package", "shop/a.py", "import surely_not_there_9\n\nsurely_not_there_9.go()\n", ("IMP006", 1)),
    _text("a missing import", "shop/b.py", "def f(a):\n    return os.path.join(a, a)\n", ("IMP001", 2)),
    _text("cut off", "shop/c.py", "def f(a):\n    return g(a,\n", ("TRU001", 2)),
    _text("elided", "shop/d.py", "def f(a):\n    # ... existing code ...\n    pass\n", ("ELI001", 2)),
    _text("an invented package", "web/a.ts", "import { x } from 'surely-not-there-9';\n\nx();\n", ("IMP006", 1)),
    _text("cut off", "web/b.ts", "export function f(a: number) {\n  return g(a,\n", ("TRU001", 2)),
    _text(
        "a missing import", "src/main/java/shop/A.java",
        "package shop;\n\nclass A {\n    BigDecimal a;\n    Other b;\n}\n", ("IMP001", 4),
    ),
    _text(
        "elided", "src/main/java/shop/B.java",
        "package shop;\n\nclass B {\n    int f() {\n        // ... existing code ...\n    }\n}\n", ("ELI001", 5),
    ),
    _text("a missing import", "cmd/a.go", 'package cmd\n\nfunc F() {\n\tfmt.Println("x")\n}\n', ("IMP001", 4)),
    _text("a package of no module", "cmd/b.go", 'package cmd\n\nimport "example.com/x/y"\n\nvar A = y.B\n', ("IMP004", 3)),
)  # fmt: skip
FILES = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["requests"]\n',
    "package.json": '{"name": "shop", "dependencies": {"react": "19"}}\n',
    "pom.xml": "<project></project>\n",
    "go.mod": "module example.com/shop\n",
    "src/main/java/shop/Other.java": "package shop;\n\nclass Other {\n}\n",
}
Door = Callable[["Doors", Text], Answer]


class Doors:
    """A project with git round it, the command line in this process, and a language server."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._monkeypatch, self._capture = monkeypatch, capture
        for name, text in FILES.items():
            self.write(name, text)
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("-c", "user.name=a", "-c", "user.email=a@b.invalid", "commit", "-qm", "a")
        monkeypatch.chdir(root)
        self.server: Client | None = None

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.root, check=True)

    def checked(self, *arguments: str, stdin: str = "") -> Answer:
        """What ``aicheck check`` says of one file."""
        self._monkeypatch.setattr(sys, "argv", ["aicheck", "check", "--format", "json", *arguments])
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = run()
        said = json.loads(self._capture.readouterr().out)
        assert said["files"] == 1
        found = frozenset((f["code"], f["start"]["line"]) for f in said["findings"])
        blind = frozenset(one["name"] for one in said["skipped"] if not one["failed"])
        return Answer({0: "clean", 1: "suspect", 2: "unchecked"}[code], found, blind)


def logged() -> Answer:
    """The newest output of the log; what is only information is left out."""
    with Log(read_only=True) as log:
        *_, record = log.bodies("kind = 'output'")
    found = frozenset((f["code"], f["line"]) for f in record.get("findings", ()) if f["severity"] != "info")
    return Answer(record["verdict"], found, frozenset(record.get("not_asked", ())))


def file(doors: Doors, text: Text) -> Answer:
    doors.write(text.path, text.text)
    return doors.checked(text.path)


def folder(doors: Doors, text: Text) -> Answer:
    for name in FILES:
        (doors.root / ".gitignore").write_text("".join(f"/{name}\n" for name in FILES))
        (doors.root / name).touch()
    path = doors.write(text.path, text.text)
    if path.suffix == ".java":  # its package's other file is checked as well
        return doors.checked(text.path)
    return doors.checked(str(path.parent.relative_to(doors.root)))


def stdin(doors: Doors, text: Text) -> Answer:
    return doors.checked("-", "--stdin-filename", text.path, stdin=text.text)


def staged(doors: Doors, text: Text) -> Answer:
    doors.write(text.path, text.text)
    doors.git("add", text.path)
    return doors.checked("--staged")


def origin(doors: Doors, text: Text) -> Answer:
    doors.write(text.path, text.text)
    said = doors.checked("--origin", '{"agent": "x"}', text.path)
    assert logged() == said
    return said


def hook(doors: Doors, text: Text) -> Answer:
    path = doors.write(text.path, text.text)
    told: dict[str, Any] = {
        "type": "create",
        "filePath": str(path),
        "content": text.text,
        "structuredPatch": [],
        "originalFile": None,
    }
    payload = {
        "session_id": "s1", "transcript_path": f"{doors.root}/.claude/projects/p/s1.jsonl", "cwd": str(doors.root),
        "hook_event_name": "PostToolUse", "tool_name": "Write", "tool_use_id": "toolu_1",
        "tool_input": {"file_path": str(path), "content": text.text}, "tool_response": told,
    }  # fmt: skip
    handle(json.dumps(payload).encode(), str(doors.root))
    return logged()


def ingest(doors: Doors, text: Text) -> Answer:
    path = str(doors.write(text.path, text.text))
    told: dict[str, Any] = {
        "type": "create",
        "filePath": path,
        "content": text.text,
        "structuredPatch": [],
        "originalFile": None,
    }
    session = transcripts.write(
        doors.root.parent / "sessions" / "s1.jsonl",
        transcripts.assistant("m1", transcripts.use("t1", "Write", file_path=path, content=text.text)),
        transcripts.result("t1", told),
    )
    doors._monkeypatch.setattr(sys, "argv", ["aicheck", "ingest", str(session)])
    assert run() == 0
    doors._capture.readouterr()
    return logged()


def server(doors: Doors, text: Text) -> Answer:
    path = str(doors.root / text.path)
    doors.server = doors.server or Client(str(doors.root), settings={"scope": "all", "log": True})
    language = {"py": "python", "ts": "typescript"}.get(path.rpartition(".")[2], path.rpartition(".")[2])
    uri = doors.server.open(path, text.text, language)
    doors.server.notify("aicheck/output", uri=uri, agent="x", kind="agent", version=1)
    doors.server.notification("aicheck/status")
    shown = frozenset(
        (d["code"], d["range"]["start"]["line"] + 1)
        for d in doors.server.diagnostics(uri, 1, lambda found: any("output" in d.get("data", {}) for d in found))
    )
    said = logged()
    assert shown == said.found
    return said


def watch(doors: Doors, text: Text) -> Answer:
    anthropic = pytest.importorskip("anthropic", reason="the extra 'api' is not installed")
    from aicheck_app.capture.anthropic_api import flush
    from aicheck_app.capture.anthropic_api import watch as watch_
    from tests.app.anthropic_server import message, serving

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        whole = message(body)
        call = {
            "type": "tool_use",
            "id": "toolu_1",
            "name": "write",
            "input": {"path": text.path, "content": text.text},
        }
        return {**whole, "content": [call], "stop_reason": "tool_use"}

    with serving(answer) as address:
        client = anthropic.Anthropic(api_key="k", base_url=address, max_retries=0)
        watching = watch_(client)
        watching.messages.create(model="m", max_tokens=9, messages=[{"role": "user", "content": "go"}])
        flush(watching)
        client.close()
    return logged()


@pytest.fixture
def doors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path
) -> Iterator[Doors]:
    (tmp_path / "work").mkdir()
    made = Doors(tmp_path / "work", monkeypatch, capsys)
    yield made
    if made.server is not None:
        made.server.kill()


@pytest.mark.parametrize(
    "door", [file, folder, stdin, staged, origin, hook, ingest, server, watch], ids=lambda d: d.__name__
)
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: f"{text.name} in {text.path}")
def test_every_door_says_the_same_or_what_it_could_not_ask(doors: Doors, door: Door, text: Text) -> None:
    answer = door(doors, text)
    expected = frozenset(one for one in text.found if one[0] not in answer.not_asked)
    assert answer.found - {one for one in answer.found if one[0] in answer.not_asked} == expected
    if not answer.not_asked:
        suspect = any(code != "IMP004" for code, _ in text.found)  # which is a warning in Go
        assert answer.verdict == ("suspect" if suspect else "clean")
    if door not in (ingest, watch):  # which know the text alone
        assert answer.not_asked == frozenset()

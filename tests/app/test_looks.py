"""When what an edit uses is judged, which output it is counted for, and what a session knows of its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from aicheck_app.capture.ingest import Ingest
from aicheck_app.cli.group import aicheck
from aicheck_app.config import Config
from aicheck_app.log import queries
from aicheck_app.log.listing import older
from aicheck_app.log.marks import judgements, mark
from aicheck_app.log.queries import Selection
from aicheck_app.log.store import Log
from tests.app.transcripts import assistant, result, use, write

GO = 'package a\n\nimport "os"\n\nfunc f() {\n\tos.Exit(1)\n}\n\nfunc g() {\n}\n'
PROMPT = {"type": "user", "sessionId": "s1", "message": {"role": "user", "content": "go on"}}


class Turns:
    """Writes a session: each call with a result, numbered."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def call(self, tool: str, facts: Any = None, **given: Any) -> Turns:
        number = len(self.lines) // 2 + 1
        self.lines += [assistant(f"m{number}", use(f"t{number}", tool, **given)), result(f"t{number}", facts or {})]
        return self

    def edit(self, old: str, new: str, before: str | None, path: str = "/x/a.go", **facts: Any) -> Turns:
        told = {"filePath": path, "oldString": old, "newString": new, "originalFile": before, **facts}
        return self.call("Edit", told, file_path=path, old_string=old, new_string=new)

    def bash(self, command: str) -> Turns:
        return self.call("Bash", {"stdout": "", "stderr": ""}, command=command)

    def prompt(self) -> Turns:
        self.lines += [PROMPT, {"type": "summary"}]
        return self

    def ingested(self, tmp_path: Path, home: str = "") -> list[tuple[str, str, list[str]]]:
        """Tool, verdict and codes of each output."""
        session = write(tmp_path / home / "s1.jsonl", *self.lines)
        with Log() as log:
            Ingest(log, Config()).run([str(session)])
            return [
                (one.record.tool, one.record.verdict, [f.code for f in one.record.findings])
                for one in reversed(older(log, 100))
            ]


def whens() -> list[str]:
    with Log(read_only=True) as log:
        return [body["when"] for body in log.bodies("kind = 'later'")]


USES = GO.replace("func g() {\n", "func g() {\n\tfmt.Println()\n")
MENDED = USES.replace('import "os"', 'import (\n\t"fmt"\n\t"os"\n)')


def uses() -> Turns:
    """An edit that uses a package which is not imported yet."""
    return Turns().edit("func g() {\n", "func g() {\n\tfmt.Println()\n", GO)


def test_what_the_next_edit_brings_is_no_finding_though_a_command_runs_later(tmp_path: Path) -> None:
    turns = uses().edit('import "os"', 'import (\n\t"fmt"\n\t"os"\n)', USES).bash("go build ./...").prompt()
    assert turns.ingested(tmp_path) == [("Edit", "clean", []), ("Edit", "clean", [])]


@pytest.mark.parametrize(
    "command",
    [
        "go build ./...",
        "cd /x && go test ./... 2>&1 | tail -5",
        "make test",
        "timeout 60 go vet ./a",
        "git commit -am x",
        "FOO=1 go run .",
        "bash scripts/test.sh",
        "go test ./... | tail -3",
    ],
)
def test_what_still_holds_when_a_command_uses_the_file_counts_for_good(tmp_path: Path, command: str) -> None:
    turns = uses().bash(command).edit('import "os"', 'import (\n\t"fmt"\n\t"os"\n)', USES).prompt()
    assert turns.ingested(tmp_path) == [("Edit", "suspect", ["IMP001"]), ("Edit", "clean", [])]
    assert whens() == ["commit" if "commit" in command else "build"]


@pytest.mark.parametrize(
    "command",
    ["ls -la", "git diff", "npm test", "pytest -q", "cat a.go | grep go", "go version", "go mod tidy", "echo go test"],
)
def test_a_command_that_does_not_use_the_file_settles_nothing(tmp_path: Path, command: str) -> None:
    turns = uses().bash(command).edit('import "os"', 'import (\n\t"fmt"\n\t"os"\n)', USES).prompt()
    assert [codes for _, _, codes in turns.ingested(tmp_path)] == [[], []]


def test_a_finding_is_of_the_edit_that_brought_it_and_counts_once(tmp_path: Path) -> None:
    other = USES.replace("func f() {\n", "func f() {\n\tprintln()\n")
    turns = uses().edit("func f() {\n", "func f() {\n\tprintln()\n", USES).bash("go build ./...")
    turns = turns.edit("\tprintln()\n", "", other).bash("go test ./...").prompt()
    assert turns.ingested(tmp_path) == [("Edit", "suspect", ["IMP001"]), ("Edit", "clean", []), ("Edit", "clean", [])]
    assert whens() == ["build"]
    with Log(read_only=True) as log:
        assert queries.by_verdict(log, Selection()) == {"clean": 2, "suspect": 1}
        assert [one.verdict for one in queries.tallies(log, Selection())] == ["clean"]
        assert [len(one.record.findings) for one in queries.suspects(log, Selection())] == [1]


@pytest.mark.parametrize(
    "command", ["goimports -w a.go && go build", "sed -i 's/fmt/log/' a.go; go build", "mise run fmt\ngo build"]
)
def test_a_file_that_a_command_may_have_changed_is_not_judged_by_what_it_was(tmp_path: Path, command: str) -> None:
    assert [codes for _, _, codes in uses().bash(command).prompt().ingested(tmp_path)] == [[]]


def test_the_end_of_a_turn_that_ingest_met_in_its_midst_is_judged_by_the_next_run(tmp_path: Path) -> None:
    session = write(tmp_path / "s.jsonl", *uses().lines)
    session.touch()
    with Log() as log:
        Ingest(log, Config()).run([str(session)])
        assert queries.by_verdict(log, Selection()) == {"clean": 1}
        write(session, *uses().lines)  # the same, long ago
        Ingest(log, Config()).run([str(session)])
        assert queries.by_verdict(log, Selection()) == {"suspect": 1}
        assert Ingest(log, Config()).run([str(session)]).as_dict()["outputs"] == 0


def test_an_older_log_s_second_looks_count_for_their_edits() -> None:
    with Log() as log:
        common = {"kind": "output", "session": "s", "tool_use": "t1", "time": "2026-01-01T00:00:00.000Z", "model": "m"}
        finding = {"code": "IMP001", "message": "m", "line": 1, "column": 1, "severity": "error", "confidence": "high"}
        edit = {**common, "id": "e", "tool": "Edit", "verdict": "clean"}
        look = {**common, "id": "l", "tool": "turn", "verdict": "suspect", "findings": [finding]}
        log.take([edit, look])
        assert queries.by_verdict(log, Selection()) == {"suspect": 1}
        assert [one.record.id for one in queries.suspects(log, Selection())] == ["e"]
        assert [one.record.findings[0].code for one in older(log, 9)] == ["IMP001"]


LONG = GO + "".join(f"\nfunc h{n}() {{\n\tos.Exit({n})\n}}\n" for n in range(30))
HUNK = [
    {"oldStart": 9, "oldLines": 2, "newStart": 9, "newLines": 3, "lines": [" func g() {", "+  fmt.Println()", " }"]}
]


def read(text: str, start: int = 1, end: int | None = None) -> Any:
    lines = text.split("\n")
    part = lines[start - 1 : end]
    file = {
        "filePath": "/x/a.go",
        "content": "\n".join(part),
        "startLine": start,
        "numLines": len(part),
        "totalLines": len(lines),
    }
    return {"type": "text", "file": file}


def units(turns: Turns, tmp_path: Path, home: str = "") -> list[str]:
    turns.ingested(tmp_path, home)
    with Log(read_only=True) as log:
        return [one.record.unit for one in reversed(older(log, 100))]


@pytest.mark.parametrize(
    ("before", "unit"),
    [
        (Turns(), "fragment"),
        (Turns().call("Read", read(LONG), file_path="/x/a.go"), "file"),
        (
            Turns()
            .call("Read", read(LONG, 1, 40), file_path="/x/a.go")
            .call("Read", read(LONG, 41), file_path="/x/a.go"),
            "file",
        ),
        (Turns().call("Read", read(LONG, 1, 40), file_path="/x/a.go"), "fragment"),
        (Turns().call("Read", read(f"// x\n{LONG}"), file_path="/x/a.go"), "fragment"),
        (Turns().call("Read", read(LONG), file_path="/x/a.go").bash("sed -i s/a/b/ /x/a.go"), "fragment"),
        (Turns().call("Read", read(LONG), file_path="/x/a.go").bash("git checkout main"), "file"),
        (Turns().call("Read", read(f"// x\n{LONG}"), file_path="/x/a.go").bash("git checkout main"), "fragment"),
        (Turns().call("Read", read(LONG), file_path="/x/a.go").bash("go test ./..."), "file"),
    ],
    ids=[
        "never read",
        "read",
        "read in parts",
        "read in part",
        "changed meanwhile",
        "changed by a command",
        "git, and the lines are where they were",
        "git, and they are not",
        "a test ran",
    ],
)
def test_a_file_that_the_client_left_out_is_known_from_what_the_session_saw(
    tmp_path: Path, before: Turns, unit: str
) -> None:
    turns = Turns()
    turns.lines = list(before.lines)
    turns.edit("func g() {\n", "func g() {\n\tfmt.Println()\n", None, structuredPatch=HUNK)
    assert units(turns, tmp_path)[-1] == unit


def test_a_file_is_known_from_the_copy_that_the_client_keeps(tmp_path: Path) -> None:
    copy = tmp_path / ".claude/file-history/s1/abc@v1"
    copy.parent.mkdir(parents=True)
    copy.write_text(LONG)
    tracked = {
        "/x/a.go": {"backupFileName": "abc@v1", "version": 1},
        "/x/b.go": {"backupFileName": "../../../etc/passwd"},
    }
    turns = Turns()
    turns.lines = [{"type": "file-history-snapshot", "snapshot": {"trackedFileBackups": tracked}}, {"type": "summary"}]
    turns.edit("func g() {\n", "func g() {\n\tfmt.Println()\n", None, structuredPatch=HUNK).bash("go build")
    assert turns.ingested(tmp_path, ".claude/projects/p") == [("Edit", "suspect", ["IMP001"])]


def test_what_a_command_writes_as_it_stands_in_the_line_is_an_output(tmp_path: Path) -> None:
    line = "mkdir -p d && cat > d/a.py <<'EOF'\nimport os\nprint(os.sep\nEOF\necho done"
    assert Turns().bash(line).ingested(tmp_path) == [("Bash", "suspect", ["TRU001"])]
    with Log(read_only=True) as log:
        (one,) = older(log, 9)
        assert (one.record.path, one.record.unit, one.record.lines) == ("d/a.py", "file", 3)


def test_parts_of_a_file_that_is_not_known_are_judged_each_by_itself(tmp_path: Path) -> None:
    edits = [
        {"old_string": "a", "new_string": "def f():\n    return 1"},
        {"old_string": "b", "new_string": "x = sum结果(1)"},
    ]
    turns = Turns().call("MultiEdit", {"filePath": "/x/a.py", "edits": edits}, file_path="/x/a.py", edits=edits)
    assert turns.ingested(tmp_path) == [("MultiEdit", "suspect", ["COR001"])]
    with Log(read_only=True) as log:
        (one,) = older(log, 9)
        assert [(f.line, f.column) for f in one.record.findings] == [(3, 5)]


def test_a_second_look_s_id_is_the_same_by_whatever_door(tmp_path: Path) -> None:
    turns = uses().bash("go build").prompt()
    turns.ingested(tmp_path)
    copy = write(tmp_path / "copy.jsonl", *turns.lines)
    with Log() as log:
        Ingest(log, Config()).run([str(copy)])
    assert whens() == ["build"]


def test_a_later_finding_is_shown_with_its_output_and_can_be_dismissed(tmp_path: Path) -> None:
    uses().bash("go build").prompt().ingested(tmp_path)
    with Log() as log:
        (one,) = older(log, 9)
        shown = CliRunner().invoke(aicheck, ["log", "show", one.record.id])
        assert "IMP001 at line" in shown.output
        assert shown.output.startswith(f"output {one.record.id}: suspect")
        mark(log, one.record.id, "dismissed", finding=one.record.findings[0])
        assert judgements(log) == {one.record.id: "dismissed"}

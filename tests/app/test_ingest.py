"""Ingest of Claude Code sessions: what counts, what does not, and reading on."""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from aicheck_app import faults
from aicheck_app.capture.ingest import Ingest
from aicheck_app.capture.reader import transcripts
from aicheck_app.cli.group import aicheck
from aicheck_app.config import Config
from aicheck_app.errors import AicheckError
from aicheck_app.log.listing import older
from aicheck_app.log.store import Log
from aicheck_app.observe import observe
from tests.app.transcripts import OLD, assistant, result, text, use, write

GOOD = "import os\n\n\ndef f():\n    return os.sep\n"


def ingest(*paths: Path) -> dict[str, Any]:
    with Log() as log:
        return Ingest(log, Config()).run([f for p in paths for f in transcripts(str(p))]).as_dict()


def outputs() -> list[dict[str, Any]]:
    """The outputs in the log's order, with what was found of them later."""
    with Log(read_only=True) as log:
        return [stored.body for stored in older(log, 1_000)[::-1]]


def test_an_applied_write_becomes_an_output_with_its_origin(tmp_path: Path) -> None:
    created: dict[str, Any] = {
        "type": "create",
        "filePath": "/home/dev/shop/a.py",
        "content": GOOD,
        "structuredPatch": [],
        "originalFile": None,
    }
    session = write(
        tmp_path / "s.jsonl",
        assistant("m1", text("I'll write it."), stop_reason=None, tokens=3),
        assistant("m1", use("t1", "Write", file_path="/home/dev/shop/a.py", content=GOOD), tokens=42),
        result("t1", created),
    )
    assert ingest(session)["outputs"] == 1
    (output,) = outputs()
    for key in ("id", "sha256", "project", "bytes", "line_hashes", "file"):
        assert output.pop(key)
    assert output == {
        "kind": "output", "tool": "Write", "unit": "file", "language": "python", "verdict": "clean", "path": "a.py",
        "lines": 6, "ruleset": "1", "agent": "claude-code", "agent_version": "2.1.0", "model": "model-a", "asked": "model-a",
        "provider": "anthropic", "session": "s1", "message": "m1", "request": "req-m1", "tool_use": "t1", "turn": 1,
        "stop_reason": "tool_use", "tokens": 42, "time": "2026-05-01T10:00:00.000Z", "attribution": "transcript",
    }  # fmt: skip


def test_edits_are_checked_as_the_whole_file_against_the_version_before(tmp_path: Path) -> None:
    after = {
        "filePath": "/x/a.py",
        "oldString": "import os\n",
        "newString": "",
        "originalFile": GOOD,
        "replaceAll": False,
    }
    session = write(
        tmp_path / "s.jsonl",
        assistant("m1", use("t1", "Edit", file_path="/x/a.py", old_string="import os\n", new_string="")),
        result("t1", after),
        assistant("m2", use("t2", "MultiEdit", file_path="/x/b.py", edits=[{"old_string": "1", "new_string": "2"}])),
        result("t2", {"filePath": "/x/b.py", "originalFileContents": "x = 1\n"}),
        assistant("m3", use("t3", "NotebookEdit", notebook_path="/x/n.ipynb", new_source="x = su结果m(1)\n")),
        result("t3", {"new_source": "x = su结果m(1)\n", "cell_type": "code"}),
    )
    assert ingest(session)["findings"] == {"COR001": 1, "IMP005": 1}
    assert [(o["tool"], o["unit"], o["verdict"]) for o in outputs()] == [
        ("Edit", "file", "suspect"), ("MultiEdit", "file", "clean"), ("NotebookEdit", "fragment", "suspect"),
    ]  # fmt: skip


def test_what_one_edit_uses_the_next_of_the_turn_may_bring(tmp_path: Path) -> None:
    """Imports are judged when the turn is over, against the text before its first edit."""

    def edit(n: int, old: str, new: str, before: str) -> list[dict[str, Any]]:
        given = {"file_path": "/x/a.py", "old_string": old, "new_string": new}
        told = {"filePath": "/x/a.py", "oldString": old, "newString": new, "originalFile": before}
        return [assistant(f"m{n}", use(f"t{n}", "Edit", **given)), result(f"t{n}", told)]

    uses = GOOD.replace("os.sep", "json.dumps(os.sep)")
    prompt = {**result("p", None), "message": {"role": "user", "content": "go on"}}
    turn = [*edit(1, "os.sep", "json.dumps(os.sep)", GOOD), *edit(2, "import os\n", "import json\nimport os\n", uses)]
    fixed = uses.replace("import os\n", "import json\nimport os\n")
    session = write(tmp_path / "s.jsonl", *turn, prompt, *edit(3, "import json\n", "", fixed), prompt)
    assert ingest(session)["findings"] == {"IMP005": 1}
    assert [(o["tool"], o["verdict"]) for o in outputs()] == [
        ("Edit", "clean"), ("Edit", "clean"), ("Edit", "suspect"),
    ]  # fmt: skip


def test_rejected_failed_staged_and_withdrawn_edits_are_counted_and_no_outputs(tmp_path: Path) -> None:
    def edit(n: int) -> dict[str, Any]:
        return assistant(f"m{n}", use(f"t{n}", "Write", file_path=f"/x/{n}.py", content="x = 1\n"))

    session = write(
        tmp_path / "s.jsonl",
        edit(1), result("t1", "User rejected tool use", error=True, said="The user doesn't want to proceed with this"),
        edit(2), result("t2", "Error: File has not been read yet.", error=True, said="File has not been read yet."),
        edit(3), result("t3", {"filePath": "/x/3.py", "staged": True}),
        edit(4), result("t4", {"filePath": "/x/4.py", "originalFile": None}),
        {"type": "system", "subtype": "model_refusal_fallback", "sessionId": "s1", "retractedMessageUuids": ["u-m4"]},
        edit(5),
        assistant("m6", text("API Error: 529"), model="<synthetic>", isApiErrorMessage=True),
    )  # fmt: skip
    totals = ingest(session)
    assert totals["outputs"] == 0
    assert totals["rejected"] == {"Write": 1}
    assert totals["failed"] == {"Write": 2}
    assert totals["events"] == {"api error": 1, "model refusal fallback": 1, "withdrawn": 1}


def test_code_blocks_of_replies_are_outputs_of_their_own_kind(tmp_path: Path) -> None:
    reply = text("Like this:\n```python\nx = 1\n```\nand\n```\nplain\n```\n")
    session = write(tmp_path / "s.jsonl", assistant("m1", reply, stop_reason="end_turn"), assistant("m1", reply))
    assert ingest(session)["by_tool"] == {"reply": 2}
    assert [(o["unit"], o.get("language", "")) for o in outputs()] == [("reply", "python"), ("reply", "text")]


def test_a_reply_that_was_stopped_by_its_length_is_suspect(tmp_path: Path) -> None:
    reply = text("```python\ndef f():\n    return 1\n")
    session = write(tmp_path / "s.jsonl", assistant("m1", reply, stop_reason="max_tokens"))
    assert ingest(session)["findings"] == {"TRU005": 1}


def test_every_line_is_explained(tmp_path: Path) -> None:
    session = write(
        tmp_path / "s.jsonl", "// a comment", "", "{broken", "[1]", '{"type": "user", "message": 5}',
        '{"type": "brand-new-thing", "sessionId": "s1"}', '{"type":"summary"}', result("t9", None),
    )  # fmt: skip
    totals = ingest(session)
    assert totals["skipped"] == {
        "comment": 1, "empty line": 1, "not a JSON object": 1, "not valid JSON": 1, "unknown shape of 'user'": 1,
    }  # fmt: skip
    assert totals["records"] == {"brand-new-thing": 1, "summary": 1, "user": 1}


def test_a_second_run_reads_only_what_is_new_and_adds_nothing_twice(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    first = [
        assistant("m1", use("t1", "Write", file_path="/x/1.py", content="x = 1\n")),
        result("t1", {"filePath": "/x/1.py", "originalFile": None}),
        assistant("m2", use("t2", "Write", file_path="/x/2.py", content="y = 1\n")),
    ]
    half = json.dumps(result("t2", {"filePath": "/x/2.py", "originalFile": None}))
    write(path, *first)
    with path.open("a") as file:
        file.write(half[:60])
    assert ingest(path)["outputs"] == 1
    assert ingest(path)["records"] == {}
    with path.open("a") as file:
        file.write(half[60:] + "\n")
    totals = ingest(path)
    assert (totals["outputs"], totals["records"]) == (1, {"user": 1})
    assert ingest(path)["outputs"] == 0
    with Log(read_only=True) as log:
        sessions = list(log.bodies("kind = 'session'"))
        assert sum(s.get("applied", {}).get("Write", 0) for s in sessions) == 2
        assert log.verify()[1] == []


def test_a_resumed_session_that_copies_its_history_adds_only_what_is_new(tmp_path: Path) -> None:
    lines = [
        assistant("m1", use("toolu_01Copied000000000001", "Write", file_path="/x/1.py", content="x = 1\n")),
        result("toolu_01Copied000000000001", {"filePath": "/x/1.py", "originalFile": None}),
    ]
    one = write(tmp_path / "one.jsonl", *lines)
    two = write(tmp_path / "two.jsonl", *({**line, "sessionId": "s2"} for line in lines))
    totals = ingest(one, two)
    assert (totals["outputs"], totals["already_known"]) == (1, 1)


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "data.jsonl", '{"a": 1}', '{"b": 2}')
    assert ingest(tmp_path)["skipped"] == {"file is no session of a known agent": 1}


def opened(path: Path) -> list[bytes]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return data.split(b"\n")[: -1 if data.endswith(b"\n") else None]


def test_the_corpus_agrees_with_an_independent_count(corpus: Path) -> None:
    """By the raw JSON alone: lines, and edits by tool that were applied, rejected or failed."""
    lines, applied, refused, outcome = 0, Counter[str](), Counter[str](), {}
    calls: dict[str, str] = {}
    folder = corpus / "transcripts/claude_code"
    for path in sorted(folder.glob("*.gz")):
        for line in opened(path):
            lines += 1
            try:
                data = json.loads(line)
                content = data["message"]["content"]
            except (ValueError, KeyError, TypeError):
                continue
            for block in [b for b in content if isinstance(b, dict)] if isinstance(content, list) else []:
                if block.get("type") == "tool_use" and block["name"] in ("Write", "Edit", "MultiEdit", "NotebookEdit"):
                    calls[block["id"]] = block["name"]
                if block.get("type") == "tool_result":
                    outcome[block["tool_use_id"]] = bool(block.get("is_error"))
    for identifier, bad in ((i, bad) for i, bad in outcome.items() if i in calls):
        (refused if bad else applied)[calls[identifier]] += 1
    totals = ingest(folder)
    assert sum(totals["records"].values()) + sum(totals["skipped"].values()) == lines
    assert {t: n for t, n in totals["by_tool"].items() if t not in ("reply", "Bash")} == dict(applied)
    assert Counter(totals["rejected"]) + Counter(totals["failed"]) == refused
    assert set(totals["skipped"]) == {"comment", "not a JSON object", "not valid JSON", "unknown shape of 'user'"}
    again = ingest(folder)
    assert (again["outputs"], again["records"]) == (0, {})
    with Log(read_only=True) as log:
        assert log.verify()[1] == []


def test_a_result_that_is_written_before_its_call_still_counts(tmp_path: Path) -> None:
    """Calls made side by side are written to the transcript as they end."""
    session = write(
        tmp_path / "s.jsonl",
        result("t1", {"type": "create", "filePath": "/x/a.py", "content": GOOD, "originalFile": None}),
        assistant("m1", use("t1", "Write", file_path="/x/a.py", content=GOOD)),
    )
    assert ingest(session)["outputs"] == 1


def test_what_the_session_added_and_took_out_again_is_told_if_another_file_needs_it(tmp_path: Path) -> None:
    load, save = "def load():\n    return 1\n", "def save():\n    return 2\n"

    def wrote(number: int, path: str, content: str, before: str | None = None) -> list[dict[str, Any]]:
        facts = {"type": "update" if before else "create", "filePath": path, "originalFile": before}
        call = use(f"t{number}", "Write", file_path=path, content=content)
        return [assistant(f"m{number}", call), result(f"t{number}", facts)]

    prompt = {"type": "user", "message": {"role": "user", "content": "go on"}}
    session = write(
        tmp_path / "s.jsonl",
        *wrote(1, "/x/store.py", f"{load}\n\n{save}"),
        *wrote(2, "/x/main.py", "from store import save\n\nsave()\n"),
        prompt,
        *wrote(3, "/x/store.py", load, f"{load}\n\n{save}"),
        prompt,
    )
    assert ingest(session)["findings"] == {"CTX001": 1}
    assert [(o["tool"], o["verdict"], [f["code"] for f in o.get("findings", [])]) for o in outputs()] == [
        ("Write", "clean", []), ("Write", "clean", []), ("Write", "clean", ["CTX001"]),
    ]  # fmt: skip


def session_of(tmp_path: Path, *texts: str) -> Path:
    lines: list[dict[str, Any]] = []
    for number, content in enumerate(texts):
        path = f"/home/dev/shop/a{number}.py"
        told: dict[str, Any] = {
            "type": "create",
            "filePath": path,
            "content": content,
            "structuredPatch": [],
            "originalFile": None,
        }
        call = use(f"t{number}", "Write", file_path=path, content=content)
        lines += [assistant(f"m{number}", call), result(f"t{number}", told)]
    return write(tmp_path / "sessions" / "s1.jsonl", *lines)


def test_a_path_that_leads_nowhere_is_told_and_costs_no_other(tmp_path: Path) -> None:
    good = session_of(tmp_path, "x = 1\n")
    dangling = tmp_path / "dangling.jsonl"
    dangling.symlink_to("nowhere.jsonl")
    done = CliRunner().invoke(aicheck, ["ingest", str(dangling), str(good)], standalone_mode=False)
    assert done.return_value == 2
    assert f"{dangling}: no such file or folder" in done.output
    with Log(read_only=True) as log:
        assert [body["tool_use"] for body in log.bodies("kind = 'output' AND tool != 'turn'")] == ["t0"]


def test_an_output_that_aicheck_fails_on_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = observe

    def fail(outputs: list[Any], *rest: Any, **more: Any) -> Any:
        if any("FAIL" in output.text for output in outputs):
            raise ValueError("odd")
        return real(outputs, *rest, **more)

    monkeypatch.setattr("aicheck_app.capture.examine.examine", fail)
    good = session_of(tmp_path, "x = 1\n", "FAIL = 1\n", "y = 1\n")
    done = CliRunner().invoke(aicheck, ["ingest", str(good)], standalone_mode=False)
    assert "output that aicheck failed on" in done.output
    with Log(read_only=True) as log:
        logged = [body["tool_use"] for body in log.bodies("kind = 'output' AND tool != 'turn'")]
    assert logged == ["t0", "t2"]
    assert "ValueError: odd" in faults.recorded().newest[-1]


def test_what_was_skipped_is_named(tmp_path: Path) -> None:
    for number in range(12):
        write(tmp_path / f"other{number:02}.jsonl", '{"a": 1}')
    good = session_of(tmp_path, "x = 1\n")
    good.write_text(good.read_text() + "no json\n")
    done = CliRunner().invoke(aicheck, ["ingest", str(tmp_path)], standalone_mode=False)
    assert f"skipped: {tmp_path / 'other00.jsonl'}: file is no session of a known agent\n" in done.output
    assert "skipped: 3 more (--format json names them)" in done.output
    rows = ingest(tmp_path)["skipped_files"]
    assert {row["path"] for row in rows} >= {str(tmp_path / f"other{number:02}.jsonl") for number in range(12)}


def test_a_session_of_which_lines_were_skipped_is_named(tmp_path: Path) -> None:
    good = session_of(tmp_path, "x = 1\n")
    good.write_text(good.read_text() + "no json\nnor this\n")
    assert ingest(good)["skipped_files"] == [{"path": str(good), "reason": "2 x not valid JSON"}]


def test_what_was_read_is_counted_in_right_words_and_what_is_not_there_is_told(tmp_path: Path) -> None:
    lines = (
        assistant("m1", use("t1", "Write", file_path="/p/a.py", content=GOOD)),
        result("t1", {"type": "create", "filePath": "/p/a.py", "content": GOOD, "structuredPatch": []}),
    )
    done = CliRunner().invoke(aicheck, ["ingest", str(write(tmp_path / "s.jsonl", *lines))])
    assert done.stdout.startswith("1 new output from 1 session in 1 file:")
    with pytest.raises(AicheckError, match="nonexist does not exist"):
        raise CliRunner().invoke(aicheck, ["ingest", "nonexist"]).exception  # type: ignore[misc]


def test_a_session_that_may_go_on_is_told_and_is_read_again(tmp_path: Path) -> None:
    session = write(tmp_path / "s.jsonl", assistant("m1", text("Hello.")))
    os.utime(session)
    for _ in range(2):
        assert "1 session may go on" in CliRunner().invoke(aicheck, ["ingest", str(session)]).output
    os.utime(session, (OLD, OLD))
    assert "may go on" not in CliRunner().invoke(aicheck, ["ingest", str(session)]).output


def test_without_any_session_it_is_said_where_they_were_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("CLAUDE_CONFIG_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(aicheck, ["ingest", "--agent", "claude-code"], standalone_mode=False)
    assert str(done.exception) == (
        f"no agent has left a session where it keeps them ({tmp_path / '.claude' / 'projects'});"
        " run this again after one, or name a file or folder with sessions"
    )

"""``aicheck check --fix``: what is repaired, what is left alone, and what is never lost."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkstemp

import click
import pytest

from aicheck_app import fixing
from aicheck_app.checking import check_targets
from aicheck_app.errors import AicheckError
from aicheck_app.files import Target
from aicheck_checks.finding import Edit, Finding, Fix
from aicheck_checks.settings import DEFAULT
from tests.app.test_check import BAD, git, invoke, work

__all__ = ["work"]
FENCED = "```python\nimport os\n\n\ndef f():\n    return os.sep\n```\n"


def test_what_can_be_repaired_is_and_the_rest_is_shown(work: Path) -> None:
    (work / "a.py").write_text("def f(x):\n    return json.dumps(x), os.sep\n")
    (work / "b.py").write_text("def f(x):\n    return undefined_here(x)\n")
    (work / "c.py").write_text(FENCED)
    (work / "d.py").write_text("x = 1\n")
    os.chmod(work / "a.py", 0o755)
    done = invoke("check", "--fix", "--format", "concise")
    assert done.return_value == 1
    assert done.stdout == "b.py:2:12: IMP002 'undefined_here' is used but nothing defines or imports it\n"
    assert "fixed a.py: add 'import json', add 'import os'\n" in done.stderr
    assert "fixed c.py: remove the fences\n" in done.stderr
    assert {"import json", "import os"} <= set((work / "a.py").read_text().splitlines())
    assert (work / "c.py").read_text() == "".join(FENCED.splitlines(keepends=True)[1:-1])
    assert stat.S_IMODE((work / "a.py").stat().st_mode) == 0o755
    assert sorted(path.name for path in work.iterdir()) == ["a.py", "b.py", "c.py", "d.py"]
    (work / "b.py").unlink()
    again = invoke("check", "--fix")
    assert (again.return_value, again.stderr) == (0, "")


def test_a_preview_is_a_diff_and_writes_nothing(work: Path) -> None:
    (work / "c.py").write_text(FENCED)
    done = invoke("check", "--fix", "--dry-run")
    assert done.return_value == 1
    assert done.stdout.splitlines()[:4] == ["--- c.py", "+++ c.py (fixed)", "@@ -1,8 +1,6 @@", "-```python"]
    assert "would change 1 file; nothing was written" in done.stderr
    assert (work / "c.py").read_text() == FENCED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"x = json.dumps(1)\r\n", b"import json\r\nx = json.dumps(1)\r\n"),
        (b"\xef\xbb\xbfx = json.dumps(1)\n", b"\xef\xbb\xbfimport json\nx = json.dumps(1)\n"),
        (b"# coding: latin-1\nx = json.dumps('\xe9')\n", None),
        ("x = json.dumps(1)\n".encode("utf-16"), None),
    ],
    ids=["CRLF", "mark", "latin-1", "UTF-16"],
)
def test_line_breaks_marks_and_encodings_stay(work: Path, before: bytes, after: bytes | None) -> None:
    (work / "a.py").write_bytes(before)
    invoke("check", "--fix")
    assert (work / "a.py").read_bytes() == (before if after is None else after)


def repaired(text: str, *fixes: Fix, monkeypatch: pytest.MonkeyPatch) -> str:
    """What becomes of a text in which each fix is offered as long as its title stands in the text."""

    def findings(_: Target, now: str, __: object) -> list[Finding]:
        broken = [Finding("SYN001", "broken", 0, 0)] if "(" in now else []
        return broken + [Finding("IMP001", f.title, 0, 0, fix=f) for f in fixes if f.title in now]

    monkeypatch.setattr(fixing, "_findings", findings)
    Path("a.py").write_text(text)
    report = check_targets([Target("a.py")], DEFAULT)
    located = report.findings[0]._replace(path="a.py", finding=Finding("IMP001", "", 0, 0, fix=fixes[0]))
    found = list(fixing.repaired([Target("a.py")], report._replace(findings=[located]), DEFAULT))
    return found[0].after if found else text


def test_a_repair_that_does_harm_is_not_made_and_stops_no_other(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    harm, good = Fix("bad", (Edit(0, 3, "("),)), Fix("old", (Edit(4, 7, "new"),))
    assert repaired("bad old os.x\n", harm, good, monkeypatch=monkeypatch) == "bad new os.x\n"
    assert repaired("bad old os.x\n", harm, monkeypatch=monkeypatch) == "bad old os.x\n"


def test_a_repair_that_never_ends_does(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grows = Fix("x", (Edit(0, 0, "x"),))
    assert repaired("x = os.sep\n", grows, monkeypatch=monkeypatch) == "x = os.sep\n"


def test_edits_that_overlap_are_made_once() -> None:
    assert fixing.applied("abc", [Edit(0, 2, "x"), Edit(1, 3, "y"), Edit(0, 2, "x")]) == "xc"
    assert fixing.applied("a\r\nb", [Edit(3, 3, "1\n2\n")]) == "a\r\n1\r\n2\r\nb"


def test_a_file_that_was_changed_meanwhile_is_left_alone(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (work / "a.py").write_text(BAD)
    (work / "b.py").write_text(BAD)
    real = mkstemp

    def meanwhile(*arguments: object, **given: object) -> object:
        if (work / "b.py").read_text() == BAD and (work / "a.py").read_text() == BAD:
            (work / "a.py").write_text("theirs = 1\n")
        return real(*arguments, **given)  # type: ignore[call-overload]

    monkeypatch.setattr("aicheck_app.writing.mkstemp", meanwhile)
    done = invoke("check", "--fix")
    assert (work / "a.py").read_text() == "theirs = 1\n"
    assert (work / "b.py").read_text().startswith("import os\n")
    assert "a.py: not fixed: a.py was changed by another program meanwhile" in done.stderr
    assert done.return_value in (1, 2)


def test_a_file_that_must_not_be_written_is_left_alone(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (work / "a.py").write_text(BAD)
    real = os.access
    monkeypatch.setattr(
        os, "access", lambda path, *rest, **given: not str(path).endswith("a.py") and real(path, *rest, **given)
    )
    done = invoke("check", "--fix")
    assert (work / "a.py").read_text() == BAD
    assert "a.py can't be written: Permission denied" in done.stderr
    with pytest.raises(AicheckError, match="can't be written"):
        fixing.write(fixing.Repaired(Target("a.py"), BAD.encode(), BAD, "", ()))


def test_what_is_fixed_of_a_change_is_only_what_the_change_brought(work: Path) -> None:
    git("init", "-q")
    (work / "a.py").write_text("x = json.dumps(1)\n")
    git("add", "-A")
    git("commit", "-qm", "a")
    (work / "a.py").write_text("x = json.dumps(1)\ny = os.sep\n")
    invoke("check", "--fix", "--diff", "HEAD")
    assert (work / "a.py").read_text() == "import os\nx = json.dumps(1)\ny = os.sep\n"


@pytest.mark.parametrize(
    "arguments",
    [("--fix", "--staged"), ("--fix", "-"), ("--fix", "--origin", "{}"), ("--dry-run",), ("--write-baseline",),
     ("--statistics", "--format", "json")],
)  # fmt: skip
def test_options_that_do_not_go_together(work: Path, arguments: Sequence[str]) -> None:
    done = invoke("check", *arguments)
    assert isinstance(done.exception, click.UsageError)

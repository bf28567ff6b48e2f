"""A baseline, and the other options that say what is shown and where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aicheck_app.errors import AicheckError
from tests.app.test_check import BAD, invoke, work

__all__ = ["work"]
NOTE = "struct S { int a b; };\nint f(void) { return 1; }\n"


@pytest.fixture
def known(work: Path) -> Path:
    """A project with two files that are suspect, and its baseline."""
    (work / "sub").mkdir()
    (work / "a.py").write_text(BAD + "\n\ndef g():\n    return os.sep\n")
    (work / "sub/b.py").write_text(BAD)
    done = invoke("check", "--baseline", "known.json", "--write-baseline")
    assert (done.return_value, done.stdout) == (0, "")
    assert "findings to known.json" in done.stderr
    (work / "sub/known.json").write_text("{}")
    return work


def test_what_a_baseline_holds_is_not_shown_again(known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = invoke("check", "--baseline", "known.json", "a.py", "sub/b.py")
    assert (done.return_value, done.stdout) == (0, "clean: 2 files checked, 2 known by the baseline\n")
    (known / "a.py").write_text("# more above\nx = 1\n\n\n" + (known / "a.py").read_text())
    assert invoke("check", "--baseline", "known.json", "a.py").return_value == 0
    monkeypatch.chdir(known / "sub")
    assert invoke("check", "--baseline", "../known.json", "..", "--exclude", "*.json").return_value == 0
    assert invoke("check", "--baseline", str(known / "known.json"), str(known / "a.py")).return_value == 0


def test_what_is_new_is_shown(known: Path) -> None:
    (known / "a.py").write_text("x = json.dumps(1)\n" + (known / "a.py").read_text())
    done = invoke("check", "--baseline", "known.json", "--format", "concise", "a.py")
    assert done.stdout == "a.py:1:5: IMP001 'json' is used but never imported: 'import json' is missing\n"
    (known / "c.py").write_text(BAD)
    assert invoke("check", "--baseline", "known.json", "c.py").return_value == 1


def test_the_same_finding_more_often_is_new(known: Path) -> None:
    held = json.loads((known / "known.json").read_text())
    held["findings"] = [row for row in held["findings"] if row["path"] == "sub/b.py"]
    (known / "known.json").write_text(json.dumps(held))
    assert invoke("check", "--baseline", "known.json", "sub/b.py").return_value == 0
    held["findings"][0]["count"] = 0
    (known / "known.json").write_text(json.dumps(held))
    assert invoke("check", "--baseline", "known.json", "sub/b.py").return_value == 1


def test_a_baseline_holds_no_code(known: Path) -> None:
    text = (known / "known.json").read_text()
    assert "os.sep" not in text
    assert json.loads(text)["version"] == 1


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"findings": [1]}', '{"findings": [{"path": "a"}]}', "[" * 100_000, None, "\0"]
)
def test_a_baseline_that_is_none_is_told(work: Path, text: str | None) -> None:
    (work / "a.py").write_text("x = 1\n")
    if text is not None:
        (work / "b.json").write_text(text)
    done = invoke("check", "--baseline", "b.json", "a.py")
    assert isinstance(done.exception, AicheckError)
    assert "b.json" in str(done.exception)


def test_notes_are_shown_on_request_and_machines_get_all(work: Path) -> None:
    (work / "a.c").write_text(NOTE)
    done = invoke("check", "a.c")
    assert (done.return_value, done.stdout) == (
        0, "clean: 1 file checked, 1 note hidden (--notes shows them)\n",
    )  # fmt: skip
    shown = invoke("check", "--notes", "a.c").stdout
    assert "SYN001 invalid-syntax (warning, low confidence)" in shown
    assert shown.endswith("clean: 1 file checked, 1 note\n")
    for form, count in (("concise", 0), ("github", 0), ("gitlab", 0), ("junit", 0), ("json", 1), ("sarif", 1)):
        assert ("SYN001" in invoke("check", "--format", form, "a.c").stdout) == bool(count), form
        assert "SYN001" in invoke("check", "--notes", "--format", form, "a.c").stdout, form
    (work / "aicheck.toml").write_text("notes = true\n")
    assert "SYN001" in invoke("check", "a.c").stdout


def test_an_output_file_gets_the_report_and_nothing_else(work: Path) -> None:
    (work / "a.py").write_text(BAD)
    for form in ("json", "text"):
        said = invoke("check", "--format", form, "a.py").stdout
        done = invoke("check", "--format", form, "-o", "out/report", "a.py")
        assert (done.return_value, done.stdout, (work / "out/report").read_text("utf-8")) == (1, "", said)
    failed = invoke("check", "-o", "a.py/x", "a.py")
    assert "a.py/x can't be written" in str(failed.exception)


def test_how_much_is_said(work: Path) -> None:
    (work / "a.py").write_text(BAD)
    (work / "b.zig").write_text("x")
    assert "suspect" not in invoke("check", "-q", "a.py", "b.zig").stdout
    assert "b.zig" not in invoke("check", "-q", "a.py", "b.zig").stdout
    assert invoke("check", "-q", "b.zig").stdout == ""
    assert invoke("check", "--statistics", "a.py").stdout == "1  IMP001  missing-import         1 suspect\n"
    assert invoke("check", "--exit-zero", "a.py").return_value == 0
    assert invoke("check", "--exit-zero", "a.py", "gone.py").return_value == 2

"""The engine: hostile input, positions, suppression, the version before."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aicheck_checks import engine
from aicheck_checks.engine import Result, Skipped, check, check_all
from aicheck_checks.languages import LANGUAGES, Language
from aicheck_checks.settings import DEFAULT, Settings
from aicheck_checks.source import Position, Source
from aicheck_checks.tools import ruff
from tests.checks.samples import SAMPLES

PIECES = [
    *"abc xyz\n\t\r()[]{}'\"#:,.=+-@\\`~<>|…的แи\ufeff\u200b\x0c\x00😀",
    "def f(x):\n    ", "class A:\n    ", "import os\n", "```", '"""', "\n+ ", "1: ", "# ... existing code ...\n",
]  # fmt: skip
TANGLED = st.lists(st.sampled_from(PIECES), max_size=120).map("".join)


def codes(text: str, **context: object) -> list[str]:
    return [f.code for f in check(Source(text, path="m.py", **context)).findings]  # type: ignore[arg-type]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TANGLED, st.one_of(st.none(), TANGLED))
def test_any_text_gives_findings_or_a_reason(text: str, previous: str | None) -> None:
    """Never an exception; places lie inside the text; the same text gives the same findings."""
    source = Source(text, path="m.py", previous=previous)
    result = check(source)
    for finding in result.findings:
        assert 0 <= finding.start <= finding.end <= len(text)
        assert source.position(finding.start).line <= len(source.lines)
    assert "failed" not in (result.unchecked or "")
    assert check(Source(text, path="m.py", previous=previous)) == result


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(LANGUAGES), TANGLED, st.integers(0, 10_000))
def test_any_text_of_any_language_gives_findings_or_a_reason(language: Language, noise: str, at: int) -> None:
    """Noise put into a whole text of the language."""
    whole = SAMPLES.get(language.name, "def f(x):\n    return x\n")
    text = whole[: at % len(whole)] + noise + whole[at % len(whole) :]
    result = check(Source(text, language=language.name))
    assert "failed" not in (result.unchecked or "")
    assert all(0 <= finding.start <= finding.end <= len(text) for finding in result.findings)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(LANGUAGES), TANGLED, st.lists(st.integers(0, 10_000), min_size=1, max_size=6))
def test_a_few_places_are_looked_up_as_all_are(language: Language, noise: str, places: list[int]) -> None:
    """The short way, from the tree round one place, and the table of all strings and comments agree."""
    text = SAMPLES.get(language.name, "def f(x):\n    return 'x'  # y\n") + noise
    source, whole = Source(text, language=language.name), Source(text, language=language.name)
    assert whole.regions is not None
    for place in places:
        assert source.region(place % len(text)) == whole.region(place % len(text))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = '\0'\n", "binary: contains NUL characters"),
        ("const x = 1;\n" * 20 + "const y = '\0';\n", "binary: contains NUL characters"),
        ("print 'a'\n", "written for Python 2, which no current parser takes"),
        ("x = 1\n" * 400_000, "larger than 2,000,000 bytes (setting max-bytes)"),
    ],
    ids=["binary", "binary, but for a language that takes it", "python 2", "large"],
)
def test_what_cannot_be_judged_is_unchecked_with_a_reason(text: str, reason: str) -> None:
    assert check(Source(text, path="m.js" if text.startswith("const") else "m.py")).unchecked == reason


@pytest.mark.parametrize("path", ["m.py", "m.go"])
def test_a_few_nuls_in_a_language_that_takes_none_are_damage(path: str) -> None:
    text = {
        "m.py": "x = 1\n" * 20 + '"""\0 sessions"""\n',
        "m.go": "package m\n\n// \0 sessions\n" + "var a = 1\n" * 9,
    }[path]
    assert [finding.code for finding in check(Source(text, path=path)).findings] == ["COR008"]


def test_unknown_and_unsupported_languages_are_unchecked() -> None:
    assert check(Source("x", language="nonesuch")).unchecked == "language not recognised"
    assert check(Source("x", path="a.png")).unchecked == "language not recognised"
    assert check(Source("x", path="a.xyz")) == Result()
    assert check(Source("x = 1", path="a.toml")).unchecked is None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("head", ["", "\ufeff", "# \U0001f600 é\n"])
def test_positions_count_code_points_whatever_the_line_ends(end: str, head: str) -> None:
    text = (head + "def f():\n    s = '\U0001f600'; return os.path.join(s, 'é')\n").replace("\n", end)
    source = Source(text, path="m.py")
    (finding,) = check(source).findings
    assert finding.code == "IMP001"
    assert source.position(finding.start) == Position(2 + head.count("\n"), 21)
    assert text[finding.start : finding.end] == "os"


def test_the_fix_of_a_missing_import_makes_the_text_clean() -> None:
    text = '#!/usr/bin/env python\n"""Doc."""\nfrom __future__ import annotations\n\nimport sys\n\nprint(os.sep, sys.path)\n'
    (finding,) = check(Source(text, path="m.py")).findings
    assert finding.fix is not None
    (edit,) = finding.fix.edits
    fixed = text[: edit.start] + edit.text + text[edit.end :]
    assert fixed.count("import os\nimport sys\n") == 1
    assert codes(fixed) == []


@pytest.mark.parametrize(
    "text",
    [
        "print(os.sep)  # aicheck: ignore[IMP001]\n",
        "# aicheck: ignore[IMP]\nprint(os.sep)\n",
        "print(os.sep)  # aicheck: ignore\n",
        "# aicheck: ignore-file[IMP001]\n\n\nprint(os.sep)\n",
    ],
)
def test_comments_silence_rules(text: str) -> None:
    assert codes(text) == []


def test_comments_silence_only_what_they_name() -> None:
    assert codes("print(os.sep)  # aicheck: ignore[TRU]\n") == ["IMP001"]
    assert codes("print(os.sep, '# aicheck: ignore')\n") == ["IMP001"]


def test_select_and_ignore_take_the_longest_prefix() -> None:
    wants = Settings(select=("IMP", "TRU004"), ignore=("IMP00", "TRU")).wants
    assert [wants(c) for c in ("IMP001", "TRU004", "TRU001", "SYN001")] == [False, True, False, False]
    assert Settings(select=("IMP001",), ignore=("IMP",)).wants("IMP001")


def test_damage_of_the_version_before_is_not_reported_again() -> None:
    before = "def f():\n    return os.sep\n"
    after = before + "\n\ndef g():\n    return sys.path\n"
    assert [f.message[:5] for f in check(Source(after, path="m.py", previous=before)).findings] == ["'sys'"]
    everything = check(Source(after, path="m.py", previous=before), Settings(all_lines=True))
    assert len(everything.findings) == 2


def test_an_import_removed_far_from_its_use_is_reported() -> None:
    before = "import mylib\n\n\ndef f():\n    return mylib.go()\n"
    assert codes(before.partition("\n\n\n")[2], previous=before) == ["IMP005"]


def test_one_text_that_kills_ruff_does_not_take_the_others_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    diagnostics = ruff.Run._diagnostics

    def fragile(self: ruff.Run) -> object:
        found = diagnostics(self)
        return None if any("poison" in s.text for s in self.sources) else found

    monkeypatch.setattr(ruff.Run, "_diagnostics", fragile)
    texts = ["print(os.sep)\n", "poison = 1\n", "x = 1\n", "print(sys.path)\n"]
    results = check_all([Source(t, path="m.py") for t in texts])
    assert [[f.code for f in r.findings] for r in results] == [["IMP001"], [], [], ["IMP001"]]


def test_a_ruff_that_is_killed_in_mid_line_leaves_the_text_to_the_other_rules(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "ruff"
    program.write_text('#!/bin/sh\ncat >/dev/null\nprintf \'{"code":"F8\'\n')
    program.chmod(0o755)
    monkeypatch.setattr(ruff, "executable", lambda: str(program))
    assert codes("x = sum结果(1)\n") == ["COR001"]


def test_without_ruff_the_rest_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "executable", lambda: None)
    assert codes("x = sum结果(1)\n") == ["COR001"]


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("m.py", "x = " + "(" * 3000 + "1" + ")" * 3000 + "\n", None),
        ("m.py", "".join("  " * n + "if x:\n" for n in range(90)) + "  " * 90 + "y = 1\n", None),
        ("m.py", "[" * 1_000_000, "broken, and too large to tell how"),
        ("m.py", "=\n" * 300_000, "broken, and too large to tell how"),
        ("m.py", "# " + "```a " * 300_000, None),
        ("m.py", "x = [" + "'é', " * 50_000 + "]\n", None),
        ("m.py", "missing\n" * 5_000, None),
        ("a.json", "[\n" * 100_000, "broken, and too large to tell how"),
        ("a.html", "<b>\n" * 80_000, "parsing takes longer than 1 s"),
        ("a.ts", "let a = 1;\n" + "<a>" * 15_000, "deeper or longer than the grammar for typescript can follow"),
        ("a.scala", "a:{" * 400 + "ckage shop\n\n}\npa" + "{a:" * 40, "deeper or longer than the grammar for scala can follow"),
        ("a.scala", "class A(b: " + "<<A\n" * 300, "deeper or longer than the grammar for scala can follow"),
        ("a.svelte", "<script>\n" + "// text\n" * 40_000, "deeper or longer than the grammar for svelte can follow"),
        ("a.yaml", "- " * 1_000 + "x", "deeper or longer than the grammar for yaml can follow"),
    ],
    ids=[
        "brackets", "indentation", "open brackets", "errors", "long line", "code points", "undefined names",
        "open lists", "open tags", "casts", "hanging scanner", "other hanging scanner", "slow scanner", "crashing scanner",
    ],
)  # fmt: skip
def test_texts_made_to_exhaust_the_machine_are_answered(path: str, text: str, reason: str | None) -> None:
    assert check(Source(text, path=path)).unchecked in (reason, reason and "parsing takes longer than 1 s")


def test_a_rule_that_takes_too_long_leaves_the_text_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MAX_SECONDS", -1.0)
    assert check(Source("x = 1\n", path="m.py")).unchecked == engine.TOO_LONG


@pytest.mark.parametrize("placeholder", ["[REDACTED]", "REDACTED:aws", "<REDACTED>"])
def test_what_a_redaction_broke_is_nobodys_damage(placeholder: str) -> None:
    """Kept sessions have secrets replaced, and sometimes names that look like secrets."""
    result = check(Source(f"package a\n\nfunc {placeholder}(t int) {{\n}}\n", path="a.go"))
    assert (result.verdict, result.unchecked) == ("unchecked", "redacted: whoever kept this text replaced a part of it")
    assert codes("key = '[REDACTED]'\n") == []


def test_a_ruff_that_has_to_wait_for_the_machine_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is limited is computing time: a loaded machine changes no verdict."""
    slow = tmp_path / "ruff"
    slow.write_text(f'#!/bin/sh\nsleep 2.2\nexec {ruff.executable()} "$@"\n')
    slow.chmod(0o755)
    monkeypatch.setattr(ruff, "executable", lambda: str(slow))
    result = check(Source("print(undefined_here)\n", path="m.py"))
    assert ([f.code for f in result.findings], result.skipped) == (["IMP002"], ())


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 1", "it failed"),
        ("kill -9 $$", "it failed"),
        ("while :; do :; done", "it failed"),
        (None, "not installed"),
    ],
    ids=["fails", "killed", "computes without end", "missing"],
)
def test_a_text_that_ruff_could_not_judge_is_not_called_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, reason: str
) -> None:
    program = tmp_path / "ruff"
    if script is not None:
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    monkeypatch.setattr(ruff, "executable", lambda: str(program) if script is not None else None)
    result = check(Source("x = 1\n", path="m.py"))
    assert (result.findings, result.verdict) == ((), "unchecked")
    assert result.reason.startswith(f"ruff: {reason}")
    assert check(Source("def f(\n", path="m.py")).verdict == "suspect"


def test_a_rule_that_fails_costs_neither_the_other_rules_nor_the_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Source) -> NoReturn:
        raise ValueError("odd")

    rules = tuple(rule._replace(check=fail) if rule.code == "COR001" else rule for rule in engine._enabled(DEFAULT))
    monkeypatch.setattr(engine, "_enabled", lambda *_: rules)
    result = check(Source("print(os.sep)\n", path="m.py"))
    assert [f.code for f in result.findings] == ["IMP001"]
    assert result.skipped == (Skipped("COR001", "failed: ValueError: odd"),)
    assert check(Source("x = 1\n", path="m.py")).verdict == "unchecked"


def test_findings_of_names_stand_at_their_first_use_in_every_run() -> None:
    text = (
        "package a\n\nfunc F() {\n"
        + "".join(f'\tfmt.Println("{n}", strings.ToUpper("x"))\n' for n in range(200))
        + "}\n"
    )
    results = [check(Source(text, path="a.go")).findings for _ in range(5)]
    assert set(results) == {results[0]}
    assert [f.start for f in results[0]] == [text.index("fmt."), text.index("strings.")]

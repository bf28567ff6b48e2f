"""A text that a rule or a grammar can't be done with costs no other, in a forked process and in a worker alike."""

from __future__ import annotations

import ctypes
import faulthandler
import re
from typing import TYPE_CHECKING

import pytest

from aicheck_checks import engine, isolation
from aicheck_checks.engine import TOO_LONG, check_all
from aicheck_checks.finding import Found
from aicheck_checks.instant import INSTANT
from aicheck_checks.isolation import CRASHED, check_isolated
from aicheck_checks.rule import Rule
from aicheck_checks.settings import DEFAULT
from aicheck_checks.source import Source
from aicheck_checks.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


LONG = "x = 1\n" * 3_000


def _hostile(source: Source) -> Iterable[Found]:
    if "SLOW" in source.text:
        re.match(r"(a+)+$", "a" * 60 + "b")  # for hours, in one call
    if "CRASH" in source.text:
        faulthandler.disable()
        ctypes.string_at(0)
    return ()


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


def test_a_rule_is_ended_in_its_midst_and_a_crash_costs_one_text(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = (*INSTANT, Rule("SYN999", "hostile", "", "", _hostile, (), ()))
    monkeypatch.setattr(engine, "_enabled", lambda *_: rules)
    monkeypatch.setattr(isolation, "MAX_SECONDS", 0.3)
    texts = [LONG, f"{LONG}# SLOW\n", LONG, f"{LONG}# CRASH\n", f"def f(:\n{LONG}"]
    results = check_isolated([Source(text, path=f"{n}.py") for n, text in enumerate(texts)])
    assert [(result.verdict, result.unchecked) for result in results] == [
        ("clean", None), ("unchecked", TOO_LONG), ("clean", None), ("unchecked", CRASHED), ("suspect", None),
    ]  # fmt: skip


def test_a_version_before_that_takes_too_long_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = (*INSTANT, Rule("SYN999", "hostile", "", "", _hostile, (), ()))
    monkeypatch.setattr(engine, "_enabled", lambda *_: rules)
    monkeypatch.setattr(isolation, "MAX_SECONDS", 1.0)  # the second text is judged on a loaded machine, too
    sources = [
        Source(f"def f(:\n{LONG}", path="a.py", previous=f"{LONG}# SLOW\n"),
        Source(LONG, path="b.py", previous=LONG),
    ]
    assert [result.unchecked for result in check_isolated(sources)] == [TOO_LONG, None]


def test_texts_that_end_a_process_do_not_have_all_others_begun_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"

    def rule(source: Source) -> Iterable[Found]:
        if source.previous:
            with begun.open("a") as file:
                file.write("x")
        if source.previous and "CRASH" not in source.text:
            yield Found("all of it", 0, 1)
        _hostile(source)

    monkeypatch.setattr(engine, "_enabled", lambda *_: (Rule("SYN999", "hostile", "", "", rule, (), ()),))
    texts = [f"{LONG}# CRASH\n" if n % 2 else f"def f(:\n{LONG}" for n in range(16)]
    sources = [Source(text, path=f"{n}.ts", language="python", previous=LONG) for n, text in enumerate(texts)]
    results = check_isolated(sources)
    assert [result.unchecked for result in results] == [CRASHED if n % 2 else None for n in range(16)]
    assert len(begun.read_text()) < 32


@pytest.mark.e2e
def test_a_worker_says_what_the_engine_says(worker: Worker) -> None:
    sources = [
        Source("import os\nprint(json)\n", path="a.py"),
        Source("def f(:\n", path="b.py", previous="x = 1\n"),
        Source("let a = (1;\n", path="c.ts"),
        Source("half \ud83d", path="d.py"),
        Source("x\0", path="e.py"),
    ]
    assert worker.check_all(sources, DEFAULT) == check_all(sources)
    assert worker.check_all([], DEFAULT) == []
    for text in ("x = 1\n", "x = (1\n", "x = (1)\n"):
        source = Source(text, path="a.py")
        assert worker.check_alone(source, DEFAULT, within=frozenset({"text", "tree"})) == engine.check_alone(
            source, within=frozenset({"text", "tree"})
        )


@pytest.mark.e2e
def test_a_worker_that_ends_is_replaced(worker: Worker) -> None:
    good = Source("x = 1\n", path="a.py")
    assert worker.check(good, DEFAULT).verdict == "clean"
    worker.close()
    assert [worker.check(good, DEFAULT).verdict for _ in range(2)] == ["clean", "clean"]


@pytest.mark.e2e
def test_a_worker_that_waits_for_what_never_comes_is_ended() -> None:
    worker = Worker(patience=1.0)
    process = worker._running()
    assert process.stdin is not None
    process.send_signal(19)  # stopped: it computes nothing, and does not answer
    results = worker.check_all([Source("x = 1\n", path="a.py"), Source("x = 2\n", path="b.py")], DEFAULT)
    assert [result.verdict for result in results] == ["clean", "clean"]
    worker.close()

"""What a model says at the end of a turn, against what happened in it."""

from __future__ import annotations

import pytest

from aicheck_app.capture.endings import Ending, signals
from aicheck_app.capture.turn import Call

EDIT, OK, BAD, LOOK = Call("edit"), Call("test"), Call("test", failed=True), Call("other")


@pytest.mark.parametrize(
    ("words", "calls", "names"),
    [
        ("All 12 tests pass.", [EDIT, OK], []),
        ("All 12 tests pass.", [EDIT, BAD], ["said_done_failed"]),
        ("All 12 tests pass.", [OK, EDIT], ["said_done_unchecked"]),
        ("All 12 tests pass.", [EDIT], ["said_done_unchecked"]),
        ("All 12 tests pass.", [LOOK], []),
        ("The feature is now complete.", [EDIT, BAD], ["said_done_failed"]),
        ("The feature is now complete.", [EDIT], []),
        ("The tests don't pass yet.", [EDIT, BAD], []),
        ("Once the tests pass, merge it.", [EDIT, BAD], []),
        ("Two tests fail, all other tests pass.", [EDIT, BAD], []),
        ("It said `tests pass`.", [EDIT, BAD], []),
        ("Alle Tests laufen durch.", [EDIT, BAD], ["said_done_failed"]),
        ("所有测试通过。", [EDIT, BAD], ["said_done_failed"]),
        ("Все тесты проходят.", [EDIT, BAD], ["said_done_failed"]),
        ("I see the fault. Let me now fix it:", [LOOK], ["stopped_early"]),
        ("Removed it. Now, I'll read `docs/a.md` to add the rest.", [LOOK], ["stopped_early"]),
        ("Let me know if anything else is needed.", [LOOK], []),
        ("Let me now fix it.\n\nFixed, and the docs say so.", [EDIT], []),
        ("The CLI will now find it.", [EDIT], []),
        ("Ich werde jetzt die Tests schreiben.", [], ["stopped_early"]),
        ("接下来我将修复它。", [], ["stopped_early"]),
        ("", [EDIT, BAD], []),
    ],
)
def test_signals_of_the_last_words(words: str, calls: list[Call], names: list[str]) -> None:
    assert [signal.name for signal in signals(Ending(words, calls, 0, stopped=True))] == names
    assert signals(Ending(words, calls, 3, stopped=False)) == []


def test_the_words_are_told_and_open_items_are_counted() -> None:
    found = signals(Ending("Good.\n\nAll tests pass now, finally.", [BAD], 2, stopped=True))
    assert [(signal.name, signal.words) for signal in found] == [
        ("todo_open", ""), ("said_done_failed", "All tests pass now, finally."),
    ]  # fmt: skip

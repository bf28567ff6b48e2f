"""What is JSON of no dialect, and what some reader takes."""

from __future__ import annotations

import pytest

from aicheck_checks.analysis.json_text import is_refused


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, /* b */ "c": [1, 2,], // d\n}\n', "{a: 1, 'b': 2,, }", '{"a": 1}\n{"a": 2}\n', "", "  // only a comment\n", '{"a": {{ value }}, }}',
        '{"a": ${B} x}', '"a string with // and , ]"', "[" * 100_000, '{"tab": "\t"}',
    ],
)  # fmt: skip
def test_what_a_reader_takes(text: str) -> None:
    assert not is_refused(text)


@pytest.mark.parametrize(
    "text", ['{"a": 1,, "b": 2}', '{"a": 1', '{"a": 1}}', "[1 2]", '{"a": "b" "c": 1}', '{"a": 01x}', '{"a"}']
)
def test_what_none_takes(text: str) -> None:
    assert is_refused(text)

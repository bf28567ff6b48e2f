"""Comments that silence rules, and words that only look like them."""

from __future__ import annotations

import pytest

from aicheck_checks.engine import check
from aicheck_checks.source import Source

CUT = "def f(x):\n    if x:\n"
OTHERS = {
    "python": ("x = 1\n>>>>>>> REPLACE\n", "# {}\n"),
    "markdown": ("# A\n\nSome words.\n>>>>>>> REPLACE\n", "<!-- {} -->\n\n"),
    "dart": ("a();\n\n------- SEARCH\n  b();\n", "// {}\n"),
    "css": (".a {\n  color: red;\n}\n>>>>>>> REPLACE\n", "/* {} */\n"),
    "bash": ("a\n>>>>>>> REPLACE\n", "# {}\n"),
    "html": ("<p>a</p>\n>>>>>>> REPLACE\n", "<!-- {} -->\n"),
}
NOT_COMMENTS = [
    ("markdown", "Write `{}` there.\n\n"),
    ("markdown", "{} is what to write.\n\n"),
    ("markdown", "```html\n<!-- {} -->\n```\n\n"),
    ("dart", "var a = '{}';\n"),
    ("dart", "var a = 'http://{}';\n"),
    ("css", ".b {{\n  content: {};\n}}\n"),
    ("bash", "echo {}\n"),
    ("python", "x = '{}'\n"),
]


def found(language: str, text: str) -> list[str]:
    return [f.code for f in check(Source(text, language=language, path="a")).findings if f.suspect]


@pytest.mark.parametrize("language", OTHERS)
def test_a_comment_silences(language: str) -> None:
    damaged, comment = OTHERS[language]
    (code,) = found(language, damaged)
    for words in ("ignore-file", f"ignore-file[{code}]", f"ignore-file[IMP, {code[:3]}]"):
        assert found(language, comment.format(f"aicheck: {words}") + damaged) == []


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(
    "words",
    ["ignore-filesystem", "ignore-files", "ignored words", "ignore-file[TRU-001]", "ignore-file[]", "ignore-file[all of it]", "ignore-file[COR005"],
)  # fmt: skip
def test_other_words_in_a_comment_do_not(language: str, words: str) -> None:
    damaged, comment = OTHERS[language]
    assert found(language, comment.format(f"aicheck: {words}") + damaged) != []


@pytest.mark.parametrize(("language", "line"), NOT_COMMENTS)
def test_words_outside_comments_do_not(language: str, line: str) -> None:
    damaged, _ = OTHERS[language]
    assert found(language, line.format("aicheck: ignore-file") + damaged) != []


def test_words_of_a_text_that_has_no_comments_do_not() -> None:
    text = "A line of words.\n\nTo silence: aicheck: ignore-file\n\nI'm sorry, but I can't assist with that request.\n"
    without = found("text", text.replace("aicheck: ignore-file", "nothing"))
    assert found("text", text) == without != []


def test_an_open_docstring_does_not_silence_its_own_cut() -> None:
    text = 'def f(x):\n    """Say it.\n\n    # aicheck: ignore-file\n'
    assert found("python", text) != []
    assert found("python", text + "    # aicheck: ignore-file[TRU002]\n    and so") != []


def test_a_comment_of_a_cut_file_does() -> None:
    assert found("python", CUT) != []
    assert found("python", "# aicheck: ignore-file[TRU]\n" + CUT) == []

"""What the pages show is what the commands print: after a change, ``python docs/shown.py`` writes the outputs anew."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from docs import shown

if TYPE_CHECKING:
    from pathlib import Path

SHOWING = [
    page for page in shown.pages() if any(block.info == "console" for block in shown.blocks(page.read_text("utf-8")))
]


@pytest.mark.e2e
@pytest.mark.skipif(os.name == "nt", reason="the pages show commands of a POSIX shell")
@pytest.mark.parametrize("page", SHOWING, ids=lambda page: str(page.relative_to(shown.ROOT)))
def test_commands_print_what_the_page_shows(page: Path) -> None:
    for _, done in shown.run(page.read_text("utf-8")):
        for step, printed in done:
            assert shown.fits(step.shown, printed), f"{step.command}\n\nshown:\n{step.shown}\nprinted:\n{printed}"


def test_a_block_is_taken_apart_and_compared() -> None:
    page = "1. a\n\n    ```console\n    $ echo a \\\n    > b\n    a b\n\n    c\n    $ true\n    ```\n\n<!-- not run: no net -->\n```console\n$ curl x\n```\n"
    first, second = shown.blocks(page)
    assert shown.steps(first) == [shown.Step("$ echo a \\\n> b", "a b\n\nc\n"), shown.Step("$ true", "")]
    assert (first.not_run, second.not_run) == ("", "no net")
    assert [(step.command, printed) for step, printed in shown.run(page)[0][1]] == [
        ("$ echo a \\\n> b", "a b\n"),
        ("$ true", ""),
    ]
    assert shown.fits("a … c\n…\nlast\n", "a b c\nd\ne\nlast\n")
    assert not shown.fits("a … c\n…\nlast\n", "a b d\nd\nlast\n")
    assert not shown.fits("a.c\n", "abc\n")

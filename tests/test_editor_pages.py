"""The settings on the pages for editors can be read by a parser of their format, and name what there is."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.editor_pages import PAGES, blocks

ROOT = Path(__file__).parents[1]
SCOPE = {"aicheck": {"scope": "ai"}}


@pytest.mark.parametrize("page", sorted(path.stem for path in PAGES.glob("*.md")))
def test_each_page_is_in_the_index_and_says_whether_it_was_tried(page: str) -> None:
    assert f"](editors/{page}.md)" in (ROOT / "docs/editors.md").read_text("utf-8")
    text = (PAGES / f"{page}.md").read_text("utf-8")
    said = re.findall(r"^\*\*(?:Tried|Not tried)\*\*", text, re.MULTILINE)
    assert said
    for test in re.findall(r"`(tests/\S+\.py)`", text):
        assert (ROOT / test).is_file(), test


def test_helix() -> None:
    (settings,) = map(tomllib.loads, blocks("helix", "toml"))
    assert settings["language-server"]["aicheck"] == {"command": "aicheck", "args": ["lsp"], "config": SCOPE}
    assert settings["language"][0]["language-servers"][-1] == "aicheck"


def test_zed() -> None:
    (extension,) = map(tomllib.loads, blocks("zed", "toml"))
    assert extension["language_servers"]["aicheck"]["name"] == extension["id"] == "aicheck"
    (settings,) = map(json.loads, blocks("zed", "json"))
    assert settings["languages"]["Python"]["language_servers"] == ["...", "aicheck"]
    assert set(settings["languages"]) <= set(extension["language_servers"]["aicheck"]["languages"])


def test_kakoune_lsp() -> None:
    within = re.search(r"lsp_servers %\{\n(.*?)\n {4}\}", blocks("kakoune")[1], re.DOTALL)
    assert within is not None
    server = tomllib.loads(within[1])["aicheck"]
    assert server["args"] == ["lsp"]
    assert server["settings"][server["settings_section"]] == SCOPE


@pytest.mark.parametrize(
    ("page", "path"),
    [("sublime", ("clients", "aicheck")), ("vim", ("languageserver", "aicheck")), ("jetbrains", ())],
)
def test_pages_with_json(page: str, path: tuple[str, ...]) -> None:
    found: Any = json.loads(blocks(page, "json")[0])
    for name in path:
        found = found[name]
    settings = found if not path else found["settings"]
    assert settings in (SCOPE, {"aicheck.scope": "ai"})
    command = found.get("command")
    assert command in (None, "aicheck", ["aicheck", "lsp"])
    assert command != "aicheck" or found["args"] == ["lsp"]

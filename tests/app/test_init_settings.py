"""Settings that aicheck changes keep their own formatting, and are given back as they were."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from aicheck_app.cli.group import aicheck
from aicheck_app.init.settings_text import changed

HOOKED = {
    "model": "opus",
    "permissions": {"allow": ["Bash(ls)", "Read(é)"], "deny": []},
    "hooks": {"PostToolUse": [{"matcher": "Write", "hooks": [{"type": "command", "command": "mine"}]}]},
}
PLAIN = {"model": "opus", "env": {"A": "1"}, "numbers": [1.50, 1e3]}
COMPACT = """{
    "model": "opus",   "env": { "A": "1" },
    "permissions": { "allow": ["Bash(ls)",
                               "Read(*)"] }
}"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".claude").mkdir()
    return tmp_path / ".claude/settings.json"


def init(*arguments: str) -> str:
    done = CliRunner().invoke(aicheck, ["init", "claude-code", "-y", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


TEXTS = {
    **{f"{name} by {indent!r}": json.dumps(data, indent=indent, ensure_ascii=False) + "\n"
       for name, data in (("plain", PLAIN), ("hooked", HOOKED)) for indent in (2, 4, "\t", 8)},
    "escaped": json.dumps(HOOKED, indent=2),
    "mixed": COMPACT,
    "windows": json.dumps(HOOKED, indent=2).replace("\n", "\r\n"),
    "marked": "\ufeff" + json.dumps(PLAIN, indent=2) + "\n",
    "one line": json.dumps(PLAIN),
    "ends oddly": json.dumps(PLAIN, indent=3) + "\n\n\n",
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_another_wrote_keeps_its_bytes_and_comes_back_whole(settings: Path, text: str) -> None:
    settings.write_bytes(text.encode())
    init()
    made = settings.read_bytes().decode()
    assert "aicheck hook" in made
    assert "nothing to do" in init()
    init("--remove")
    assert settings.read_bytes().decode() == text


def test_the_diff_shows_what_truly_changes(settings: Path) -> None:
    settings.write_text(json.dumps(HOOKED, indent="\t") + "\n")
    before = settings.read_text().splitlines()
    said = init().splitlines()
    after = settings.read_text().splitlines()
    added = [line[1:] for line in said if line.startswith("+") and not line.startswith("+++")]
    removed = [line[1:] for line in said if line.startswith("-") and not line.startswith("---")]
    assert len(before) - len(removed) + len(added) == len(after)
    assert len(removed) <= 2  # lines that get a comma
    assert all(line.startswith("    ") for line in added)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
OBJECT = st.dictionaries(st.text(max_size=3), JSON, max_size=4)


@given(OBJECT, OBJECT, st.sampled_from([None, 1, 2, 4, "\t"]))
def test_whatever_was_there_and_is_wanted_it_is_what_the_text_says(
    before: dict[str, object], after: dict[str, object], indent: int | str | None
) -> None:
    text = json.dumps(before, indent=indent)
    assert json.loads(changed(text, after)) == after
    assert changed(text, before) == text

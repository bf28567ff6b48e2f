"""No page names a command, an option, a setting or a rule that does not exist."""

from __future__ import annotations

import ast
import importlib
import json
import re
import shlex
import tomllib
from typing import TYPE_CHECKING

import click
import pytest
from docs import shown

from aicheck_app import config
from aicheck_app.cli.group import COMMANDS, aicheck
from aicheck_app.project_rules.rules import KEYS as STATED
from aicheck_checks.registry import BY_CODE
from aicheck_checks.rule import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = shown.pages()
_INDENTED = re.compile(r"^(?: {4}|\t)+(.*)$", re.MULTILINE)
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_RULE = re.compile(rf"\b(?:{'|'.join(FAMILIES)})\d{{3}}\b")
_OPTION = re.compile(r"(--[a-z][a-z-]+)(?:[= ]\S.*)?")
OTHERS = {
    "--upgrade": "pip", "--force": "git push", "--no-verify": "git commit", "--all-files": "pre-commit run", "--files": "pre-commit run",
    "--hard": "git reset",
}  # fmt: skip
"""Options of other programs that pages name by themselves."""
PLACEHOLDERS = re.compile(r"\b(?:URL|PATH|ID|FILE|CODE|TEXT|NAME|MODEL|OLD|NEW)\b")
per_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(shown.ROOT)))


def _typed(text: str) -> Iterator[str]:
    """Each line of code in a page that calls aicheck, from that word on to the end of the command."""
    blocks = list(shown.blocks(text))
    prose = text
    for block in reversed(blocks):
        prose = prose[: block.span[0]] + prose[block.span[1] :]
    for block in blocks:
        if block.info == "console":
            lines = [step.command.replace("\n> ", "\n") for step in shown.steps(block)]
        else:
            lines = block.text.splitlines() if block.info in ("sh", "bash", "") else []
            lines += _examples(block.text) if block.info == "text" else []
        yield from (line for line in lines if "aicheck" in line)
    yield from (match[1] for match in _INDENTED.finditer(prose) if "aicheck " in match[1])
    yield from (match[1] for match in _CODE.finditer(prose) if match[1].startswith("aicheck "))


def _examples(text: str) -> list[str]:
    """The lines of a help text that are calls, not sentences; what is said of a call stands behind two blanks."""
    found = (re.match(r"  (?:\S+ \| )?aicheck ([a-z-]+)(?: |$)", line) for line in text.splitlines())
    return [match.string.strip().partition("  ")[0] for match in found if match and match[1] in COMMANDS]


def _calls(text: str) -> Iterator[list[str]]:
    """The arguments of each call of aicheck in a page."""
    for line in _typed(text):
        found = re.search(r"(?:^|^\$ |[|&] |^(?:[A-Z_]+=\S+ )+)aicheck(?= |$)(.*)", line, re.DOTALL)
        if found is None:
            continue
        words = shlex.split(re.sub(r"…|\.\.\.", "", found[1]), comments=True)
        ends = [at for at, word in enumerate(words) if word in ("|", "&&", "||", ">", ">>", ";", "<")]
        yield words[: ends[0]] if ends else words


def _top() -> click.Context:
    """With the settings that the program has; click remembers them."""
    return click.Context(aicheck, info_name="aicheck", **aicheck.context_settings)


def _parse(words: list[str]) -> None:
    """Take arguments apart as click does, without running anything; raises click's own errors."""
    command: click.Command = aicheck
    context = _top()
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        if found is None:
            raise click.NoSuchOption(words[0], f"no command {words[0]}")
        context, command, words = click.Context(found, parent=context, info_name=words[0]), found, words[1:]
    try:
        command.make_context(context.info_name, list(words), parent=context.parent)
    except (click.MissingParameter, click.exceptions.NoArgsIsHelpError, click.exceptions.Exit):
        return  # a sentence names the command alone
    except click.BadParameter as error:
        if "does not exist" not in str(error) and not any(PLACEHOLDERS.search(word) for word in words):
            raise


@per_page
def test_commands_and_options_exist(page: Path) -> None:
    for words in _calls(page.read_text("utf-8")):
        try:
            _parse(words)
        except click.ClickException as error:
            raise AssertionError(f"aicheck {shlex.join(words)}: {error.format_message()}") from error


def test_a_wrong_command_or_option_is_seen() -> None:
    page = "Run `aicheck chek`.\n\n    aicheck check --no-such     # why\n\n```console\n$ aicheck report --format pdf\n```\n"
    assert list(_calls(page)) == [["report", "--format", "pdf"], ["check", "--no-such"], ["chek"]]
    for words in _calls(page):
        with pytest.raises(click.ClickException):
            _parse(words)


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.params:
        yield from (*parameter.opts, *parameter.secondary_opts)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _options(found, click.Context(found, parent=context, info_name=name))


def test_options_that_stand_alone_exist() -> None:
    known = {*_options(aicheck, _top()), "--help", "--version", *OTHERS}
    unknown = {
        (str(page.relative_to(shown.ROOT)), match[1])
        for page in PAGES
        for code in _CODE.finditer(page.read_text("utf-8"))
        if (match := _OPTION.fullmatch(code[1])) and match[1] not in known
    }
    assert unknown == set()


@per_page
def test_settings_exist_and_have_such_values(page: Path) -> None:
    if page.name == "editors.md" or "editors" in page.parts:
        pytest.skip("its settings are those of editors")
    text = page.read_text("utf-8")
    for block in shown.blocks(text):
        if not block.info.startswith("toml"):
            continue
        file = re.search(r'title="(?:\S*/)?([\w.]+\.toml)"', block.info)
        assert file, f"a block of TOML says which file it is, in title=: {block.text}"
        table = tomllib.loads(block.text)
        if file[1] in ("aicheck.toml", "pyproject.toml"):
            own = table["tool"]["aicheck"] if file[1] == "pyproject.toml" else table
            config.parse({key: value for key, value in own.items() if key != config.OWN}, str(page))
    for code in _CODE.finditer(text):
        if re.match(r"[a-z-]+ = \S", code[1]) and not re.match(r"(?:k|p|x) =", code[1]):
            config.parse(tomllib.loads(code[1]), str(page))
    for key in re.findall(r"\bsettings? \[?`([a-z.-]+)`", text):
        assert key in {*config.KEYS, config.OWN, *STATED, "scope", "hook.guard"} or key.startswith("aicheck."), key


@per_page
def test_rules_exist(page: Path) -> None:
    assert set(_RULE.findall(page.read_text("utf-8"))) <= {*BY_CODE}


@per_page
def test_python_that_is_shown_can_be_read_and_imported(page: Path) -> None:
    for block in shown.blocks(page.read_text("utf-8")):
        if block.info != "python" or "rules" in page.parts:
            continue
        for node in ast.walk(ast.parse(block.text)):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("aicheck"):
                module = importlib.import_module(node.module)
                assert all(hasattr(module, name.name) for name in node.names), ast.unparse(node)


def test_the_commands_that_pages_name_are_most_of_those_that_there_are() -> None:
    """So that the search for them does not fall silent."""
    words = {
        words[0]
        for page in PAGES
        for words in _calls(page.read_text("utf-8"))
        if words and not words[0].startswith("-")
    }
    assert words <= set(COMMANDS)
    assert len(words) > 15


def test_commands_of_the_editors_exist() -> None:
    """**aicheck: Title** is one of VS Code's, ``:Aicheck word`` one of Neovim's."""
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    manifest = json.loads((shown.ROOT / "editors/vscode/package.json").read_text("utf-8"))
    titles = {command["title"] for command in manifest["contributes"]["commands"]}
    named = set(re.findall(r"\*\*aicheck: ([^*]+)\*\*", text))
    assert named
    assert named <= titles
    plugin = (shown.ROOT / "editors/neovim/lua/aicheck/command.lua").read_text("utf-8")
    words = set(re.findall(r"`:Aicheck (\w+)`", text))
    assert words
    assert {word for word in words if not re.search(rf"^  {word} = \{{", plugin, re.MULTILINE)} == set()

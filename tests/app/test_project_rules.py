"""Rules that a project states: where they stand, which steps keep and break them, and what is logged of it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from aicheck_app.capture.commands import effects
from aicheck_app.capture.edits import Edit
from aicheck_app.capture.ingest import Ingest
from aicheck_app.cli.group import aicheck
from aicheck_app.config import Config, load, of_home
from aicheck_app.errors import AicheckError
from aicheck_app.log.store import Log
from aicheck_app.origin import Origin
from aicheck_app.project_rules.judge import Judge, imported
from aicheck_app.project_rules.rules import Rule, of_project, of_section
from aicheck_app.project_rules.suggest import stating
from tests.app.transcripts import assistant, result, text, use, write

HERE = Origin(agent="a", session="s", cwd="/p")
SECTION = """# Guide
- never run `other`
## aicheck rules
Some words.
- never run `git push --force`
* Never edit `migrations/`.
- never import `requests`
- never write `console.log`
- run `pytest` before done
- be kind to `people`
### deeper
- never run `curl`
## Next
- never run `after`
"""


def judge(*rules: Rule) -> Judge:
    return Judge(lambda _: rules)


def test_a_section_states_rules_in_plain_words() -> None:
    names = [rule.name for rule in of_section(SECTION)]
    assert names == [
        "command: git push --force",
        "path: migrations/",
        "import: requests",
        "word: console.log",
        "before-done: pytest",
        "command: curl",
    ]


def test_settings_and_sections_count_together_and_once(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text(
        '[tool.aicheck.rules]\nforbidden-commands = ["curl", "git push --force"]\n'
    )
    (tmp_path / "AGENTS.md").write_text(SECTION)
    (tmp_path / "below").mkdir()
    found = [rule.name for rule in of_project(str(tmp_path / "below"))]
    assert len(found) == len(set(found)) == 6
    assert found[:2] == ["command: curl", "command: git push --force"]


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("rules = 3", "must be a table"),
        ('[rules]\nforbidden-command = ["x"]', "unknown setting 'rules.forbidden-command'"),
        ("[rules]\nforbidden-words = [1]", "must be a list"),
        ('[rules]\nforbidden-words = [""]', "must be a list"),
        ('[rules]\nforbidden-words = ["' + "x" * 201 + '"]', "must be a list"),
        ("[rules]\nforbidden-words = [" + '"x",' * 101 + "]", "more than 100"),
    ],
)
def test_settings_that_are_no_rules_are_refused(tmp_path: Path, toml: str, says: str) -> None:
    (tmp_path / "aicheck.toml").write_text(toml)
    with pytest.raises(AicheckError, match=says):
        load(str(tmp_path))


@pytest.mark.parametrize(
    ("rule", "line", "broken"),
    [
        ("git push --force", "cd x && git -C y push origin main --force", True),
        ("git push --force", "git push --force-with-lease", False),
        ("git push --force", "git push", False),
        ("git push", "git stash push", False),
        ("npm install", "FOO=1 sudo npm install left-pad", True),
        ("npm install", "npm run install", False),
        ("sudo", "sudo ls", True),
        ("rm -rf", "(rm -rf build)", True),
        ("curl", "echo curl", False),
        ("curl", "/usr/bin/curl x | sh", True),
        ("curl", "'unclosed", False),
    ],
)
def test_a_command_is_forbidden_under_all_spellings(rule: str, line: str, broken: bool) -> None:
    one = judge(Rule("command", rule))
    assert bool(one.ran(effects(line).commands, line, HERE)) == broken
    assert (one.kept.total(), one.broken.total()) == (int(not broken), int(broken))


@pytest.mark.parametrize(
    ("rule", "edit", "broken"),
    [
        (Rule("path", "migrations/", "/p"), Edit("migrations/a.py", "x"), True),
        (Rule("path", "*.lock", "/p"), Edit("b/uv.lock", "x"), True),
        (Rule("path", "migrations/", "/p"), Edit("src/a.py", "x"), False),
        (Rule("path", "migrations/", "/elsewhere"), Edit("migrations/a.py", "x"), False),
        (Rule("import", "requests"), Edit("a.py", "import os, requests\n"), True),
        (Rule("import", "requests"), Edit("a.py", "from requests.auth import X\n"), True),
        (Rule("import", "requests"), Edit("a.py", "from mine import requests\n"), False),
        (Rule("import", "requests"), Edit("a.py", "import requests_mock\n# requests"), False),
        (Rule("import", "lodash"), Edit("a.ts", 'import x from "lodash/fp"'), True),
        (Rule("import", "io/ioutil"), Edit("a.go", 'import (\n\t"io/ioutil"\n)'), True),
        (Rule("word", "console.log"), Edit("a.ts", "console.log(1)"), True),
        (Rule("word", "console.log"), Edit("a.ts", "console.logger(1)"), False),
        (Rule("word", "TODO"), Edit("a.ts", "x  # TODO", (("y  # TODO", "x  # TODO", False),)), False),
        (Rule("word", "TODO"), Edit("a.ts", "TODO\nTODO", before="TODO", after="TODO\nTODO"), True),
    ],
)
def test_an_edit_breaks_a_rule_by_what_it_adds(rule: Rule, edit: Edit, broken: bool) -> None:
    assert bool(judge(rule).edited(edit, f"/p/{edit.path}", HERE)) == broken


@pytest.mark.parametrize(
    ("steps", "kept", "broken"), [("er", 1, 0), ("re", 0, 1), ("e", 0, 1), ("r", 0, 0), ("", 0, 0), ("ere", 0, 1)]
)
def test_what_has_to_run_before_done_runs_after_the_last_edit(steps: str, kept: int, broken: int) -> None:
    one = judge(Rule("before-done", "pytest"))
    for step in steps:
        if step == "e":
            one.edited(Edit("a.py", "x"), "/p/a.py", HERE)
        else:
            one.ran(effects("uv run pytest -q").commands, "", HERE)
    one.ended(HERE, done=True)
    assert (one.kept.total(), one.broken.total()) == (kept, broken)


def test_a_turn_that_the_person_stopped_is_not_judged() -> None:
    one = judge(Rule("before-done", "pytest"))
    one.edited(Edit("a.py", "x"), "/p/a.py", HERE)
    assert one.ended(HERE, done=False) == []
    assert one.broken.total() == one.kept.total() == 0


def test_imports_of_many_lines_take_linear_time() -> None:
    assert len(list(imported("import a\n" * 20_000))) == 40_000


def test_places_are_bounded_and_all_is_counted() -> None:
    one = judge(Rule("word", "x"))
    found = [each for _ in range(300) for each in one.edited(Edit("a", "x"), "/p/a", HERE)]
    assert (len(found), one.broken.total(), len({each.id for each in found})) == (200, 300, 200)


def _session(folder: Path) -> str:
    call = use("t1", "Bash", command="git push --force origin main")
    lines = (
        assistant("m1", call, cwd=str(folder)),
        result("t1", {"stdout": ""}, cwd=str(folder)),
        assistant("m2", use("t2", "Bash", command="ls"), cwd=str(folder)),
        result("t2", {"stdout": ""}, cwd=str(folder)),
        assistant("m3", text("done"), cwd=str(folder), stop_reason="end_turn"),
    )
    return str(write(folder / "s.jsonl", *lines))


def test_a_session_counts_what_it_kept_and_broke_with_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "aicheck.toml").write_text('[rules]\nforbidden-commands = ["git push --force"]\n')
    file = _session(tmp_path)
    with Log() as log:
        Ingest(log, Config()).run([file])
        Ingest(log, Config()).run([file])
        (session,) = log.bodies("kind = 'session'")
        (broken,) = log.bodies("kind = 'broken'")
    name = "command: git push --force"
    assert (session["rules_kept"], session["rules_broken"]) == ({name: 1}, {name: 1})
    assert (broken["rule"], broken["step"], broken["words"]) == (name, 1, "git push --force origin main")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(aicheck, ["rules", "stated"]).output == f"{name}  kept 1, broken 1\n"


def test_no_command_is_kept_where_no_excerpts_are(tmp_path: Path, home: Path) -> None:
    home.mkdir()
    (home / "aicheck.toml").write_text('excerpt = "none"\n')
    (tmp_path / "aicheck.toml").write_text('[rules]\nforbidden-commands = ["git push --force"]\n')
    with Log() as log:
        Ingest(log, of_home()).run([_session(tmp_path)])
        (broken,) = log.bodies("kind = 'broken'")
    assert "words" not in broken


def test_wrong_settings_of_a_project_are_told_and_cost_no_session(tmp_path: Path) -> None:
    (tmp_path / "aicheck.toml").write_text("rules = 3\n")
    with Log() as log:
        totals = Ingest(log, Config()).run([_session(tmp_path)])
        assert list(log.bodies("kind = 'session'"))
    assert any("'rules' must be a table" in reason for reason in totals.troubles)


@pytest.mark.parametrize(
    ("line", "toml"),
    [
        ("- Never run `git push --force` here", "forbidden-commands git push --force"),
        ("Do not edit `a/` or `b/`.", "forbidden-paths a/ b/"),
        ("Don't import `requests`", "forbidden-imports requests"),
        ("avoid using `any`", "forbidden-words any"),
        ("Run `make test` before committing", "before-done make test"),
        ("Before committing, run `make test` and `make lint`", "before-done make test make lint"),
        ("Run `make test` before pushing with `git push`", "before-done make test"),
        ("The `src` folder holds code", ""),
        ("Never panic", ""),
        ('Never write `a"b`', 'forbidden-words a"b'),
        ("Don't import `requests`; use `httpx`.", "forbidden-imports requests"),
        ("Never use `console.log`, use `logger.info` instead.", "forbidden-words console.log"),
        ("Never use `moment`; import `dayjs`", "forbidden-words moment"),
        ("Do not run `npm install`. Run `pnpm install`.", "forbidden-commands npm install"),
        ("Do not use `a` or `b` (prefer `c`)", "forbidden-words a b"),
        ("Avoid using `any` in favour of `unknown`", "forbidden-words any"),
        ("Don't use `print` rather than `log`", "forbidden-words print"),
        ("Use `httpx`, don't import `requests`", "forbidden-imports requests"),
        ("Use `httpx`. To import `requests` is forbidden", "forbidden-imports requests"),
        ("Never use `no run`", "forbidden-words no run"),
    ],
)
def test_a_line_is_suggested_with_what_it_forbids_or_demands_alone(line: str, toml: str) -> None:
    key, items = stating(line)
    assert " ".join((key, *items)) * bool(items) == toml


def test_suggestions_are_shown_and_make_no_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "CLAUDE.md").write_text("# Hints\nNever run `rm -rf`\n")
    monkeypatch.chdir(tmp_path)
    output = CliRunner().invoke(aicheck, ["rules", "suggest"]).output
    assert output == '# CLAUDE.md:2: Never run `rm -rf`\nforbidden-commands = ["rm -rf"]\n'
    assert of_project(str(tmp_path)) == ()
    assert "SYN001" in CliRunner().invoke(aicheck, ["rules"]).output


def test_suggestions_can_be_pasted_as_they_are_and_leave_out_what_is_stated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "AGENTS.md").write_text(
        "Never run `rm -rf`.\nDon't run `sudo` or `rm -rf`\nNever write `any`\nNever run `curl`\n"
        "## aicheck rules\n- never import `requests`\n- never run `curl`\n"
    )
    (tmp_path / "pyproject.toml").write_text('[tool.aicheck.rules]\nforbidden-words = ["any"]\n')
    monkeypatch.chdir(tmp_path)
    output = CliRunner().invoke(aicheck, ["rules", "suggest"]).output
    assert tomllib.loads(output) == {"forbidden-commands": ["rm -rf", "sudo"]}
    rows = json.loads(CliRunner().invoke(aicheck, ["rules", "suggest", "--format", "json"]).output)["suggestions"]
    assert [(row["line"], row["toml"]) for row in rows] == [
        (1, 'forbidden-commands = ["rm -rf"]'),
        (2, 'forbidden-commands = ["sudo", "rm -rf"]'),
    ]


def test_the_rules_are_shown_without_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "AGENTS.md").write_text("## aicheck rules\n- never run `curl`\n")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(aicheck, ["rules", "stated"])
    assert done.exit_code == 0
    assert done.output.startswith("command: curl\nnothing was logged yet")

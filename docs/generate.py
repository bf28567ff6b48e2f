"""Write the generated pages: ``python docs/generate.py``; a test holds them to their sources.

Rule pages come from the rules' own files, the commands from their help texts,
what the degraded samples give from running the checks.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aicheck_app import config, settings_schema
from aicheck_app.checking import check_targets
from aicheck_app.cli.group import aicheck
from aicheck_app.files import files_of
from aicheck_app.hook import extensions, setup
from aicheck_app.log import records
from aicheck_app.monitor.edges import edges
from aicheck_app.monitor.kpis import kpis
from aicheck_app.report.findings import concise
from aicheck_app.report.rule_page import render
from aicheck_app.report.sinks.markdown import text
from aicheck_app.symptoms import symptoms
from aicheck_checks.languages import LANGUAGES
from aicheck_checks.registry import RULES
from aicheck_checks.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parent
EXAMPLES = DOCS.parent / "examples"
EDITORS = DOCS.parent / "editors"
BENCHMARKS = DOCS.parent / "benchmarks/README.md"


def pages() -> dict[Path, str]:
    """Each generated file with its text."""
    from benchmarks.pictures import pictures

    found = pictures() | {DOCS / "rules" / f"{rule.code}.md": render(rule) for rule in RULES}
    found[DOCS / "rules/index.md"] = index()
    found[DOCS / "rules/symptoms.md"] = symptom_page()
    found[DOCS / "settings.md"] = filled(DOCS / "settings.md", "settings", settings())
    found[DOCS / "settings.schema.json"] = json.dumps(settings_schema.schema(), indent=1) + "\n"
    figures = filled(DOCS / "figures.md", "silence", silence())
    found[DOCS / "figures.md"] = filled_text(figures, "speed", speed())
    found[DOCS / "agents.md"] = filled(DOCS / "agents.md", "agents", agents())
    found[DOCS / "commands.md"] = commands()
    found[DOCS / "kpis.md"] = kpi_page()
    found[DOCS / "records.md"] = records_page()
    found[DOCS / "records.schema.json"] = json.dumps(records.schema(), indent=1) + "\n"
    found[EDITORS / "claude-code/lsp-plugin/.lsp.json"] = claude_code_servers()
    found |= {EDITORS / name / "index.js": agent_package(name) for name in extensions.MODULES}
    found[EXAMPLES / "README.md"] = filled(EXAMPLES / "README.md", "degraded", degraded())
    return found


def agent_package(name: str) -> str:
    """The module of an npm package for an agent: the same that ``aicheck init`` writes."""
    return f"// Made by docs/generate.py from app/aicheck_app/hook/plugins.\n{extensions.module(name)}"


def index() -> str:
    """The table of all rules."""
    rows = [
        "# Rules\n",
        "Each rule has a page with good and bad cases, which are its tests. If you know only what you see, [search by symptom](symptoms.md).",
        "A finding that makes a file *suspect* is an error of at least medium confidence; [check.md](../check.md) says what that means.\n",
        "| code | name | family | says |",
        "| --- | --- | --- | --- |",
    ]
    rows += [f"| [{r.code}]({r.code}.md) | {r.name} | {r.family} | {r.summary} |" for r in RULES]
    return "\n".join(rows) + "\n"


def symptom_page() -> str:
    """What somebody may see, with the rule that it is of and where that was tried: the rule's own cases."""
    lines = [
        "# Search by symptom\n",
        "What you see, in the words in which people say it, and the rule that finds it. Each symptom is that of a text in the rule's own",
        "file, and a test checks that text: the rule finds it, and no other rule does. `aicheck rules --search TEXT` searches the same",
        "words, and those of the rules' pages, from the command line.",
    ]  # fmt: skip
    family = ""
    for rule in RULES:
        if rule.family != family:
            family = rule.family
            lines.append(f"\n## {family.capitalize()}")
        for symptom in symptoms(rule):
            lines.append(f"\n### {text(symptom)}\n\n[{rule.code}]({rule.code}.md) {rule.name}: {rule.summary}.")
    return "\n".join(lines) + "\n"


def settings() -> str:
    """Each setting with its words, values, default and an example."""
    parts = []
    for key, one in {**settings_schema.SETTINGS, config.OWN: settings_schema.TRUST}.items():
        yours = " **Yours:** a repository may only take away from it." if key in config.OWNED else ""
        parts.append(
            f'### {key}\n\n{one.says}{yours}\n\n{_values(one)}\n\n```toml title="aicheck.toml"\n{one.example}\n```\n'
        )
    return "\n" + "\n".join(parts) + "\n"


def _values(one: settings_schema.Setting) -> str:
    """What a setting may be, and what it is by default."""
    kind = one.schema
    if "enum" in kind:
        values = ", ".join(f"`{json.dumps(value)}`" for value in kind["enum"])
    elif kind.get("type") == "array":
        named = kind["items"].get("enum")
        values = "a list of " + (", ".join(f"`{json.dumps(name)}`" for name in named) if named else "words")
    elif "minimum" in kind:
        values = f"a number from {kind['minimum']:,} to {kind['maximum']:,}"
    else:
        values = {"boolean": "`true` or `false`", "object": "a table"}.get(
            kind.get("type", ""), "words or a table, as below"
        )
    return f"Values: {values}. Default: `{json.dumps(one.default)}`."


def agents() -> str:
    """For each agent, what ``aicheck init`` changes for it and when it is asked."""
    parts = []
    for name, target in setup.TARGETS.items():
        events = ", ".join(f"`{event}`" for event in dict.fromkeys(event for event, _, _ in target.events))
        note = f" {target.note}" if target.note else ""
        guard = f" With `guard` also `{target.guard[0]}`." if target.guard[0] else ""
        parts.append(
            f"### {target.title}\n\n    aicheck init {name}\n\nChanges `{target.user}`, or with `--project` the project's `{target.project}`. "
            f"Runs at {events}.{guard}{note}\n"
        )
    for name, extension in extensions.EXTENSIONS.items():
        files = " and ".join(f"`{file}`" for file in extension.names)
        note = f" {extension.note}" if extension.note else ""
        parts.append(
            f"### {extension.title}\n\n    aicheck init {name}\n\nPuts {files} into `{extension.user}`, or with `--project` into the project's "
            f"`{extension.project}`.{note}\n"
        )
    return "\n" + "\n".join(parts) + "\n"


def kpi_page() -> str:
    """Each KPI with its definition, and where clients changed what they write."""
    lines = [
        "# KPIs\n",
        "Each KPI is one file of `app/aicheck_app/monitor/kpis/`; `aicheck trend`, `aicheck report` and the change detection all",
        "ask that file. A rate is one sum of the log's facts over another; the facts are counted from the records as they are",
        "logged ([records.md](records.md), [signals.md](signals.md)). How changes are found stands in [statistics.md](statistics.md).\n",
        "*Worse* is the direction that is looked for. *Each session* says how a session counts for the change detection: whether",
        "it has any (yes or no), or by its rate. KPIs marked *hangs together* vary in phases; for them the tempered evidence decides.",
        "Rates of the sessions' own agents leave out agents that these started, except for what is counted of outputs.\n",
        "| KPI | rate | worse | each session | |", "| --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for kpi in kpis():
        marks = ", ".join(
            words
            for words, holds in (("hangs together", kpi.hangs_together), ("also across models", kpi.across))
            if holds
        )
        above, below = (names[0] if len(names) == 1 else f"({' + '.join(names)})" for names in (kpi.over, kpi.of))
        rate = f"`{above} / {below}`"
        lines.append(
            f"| **{kpi.title}** (`{kpi.name}`), {kpi.unit} | {rate} | {kpi.worse} | {'yes or no' if kpi.hit else 'its rate'} | {marks} |"
        )
    lines += ["", *(f"- **{kpi.title}.** {kpi.page}" for kpi in kpis())]
    lines += [
        "\n## Where clients changed what they write\n",
        "A change of what a client writes looks like a change of quality. Where a version leaves out what a KPI needs, nothing is told",
        "of it (\"can't tell\"); where the way of writing changed, sessions before and after are not compared. So are sessions of another",
        "model (but for the series *across models*) and, for what rules find, of another rule set.\n",
        "| client | from | before | counters | what |", "| --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for edge in edges():
        first, end = (".".join(map(str, version)) or "-" for version in (edge.first, edge.end))
        lines.append(
            f"| {edge.agent} | {first} | {end} | {', '.join(f'`{name}`' for name in sorted(edge.counters))} | {edge.words} |"
        )
    return "\n".join(lines) + "\n"


def records_page() -> str:
    """Each kind of record with its members."""
    lines = [
        "# Records of the log\n",
        "What each kind holds, as [records.schema.json](records.schema.json) says it for machines (JSON Schema 2020-12).",
        "Members that are empty, zero or false are left out; `salt`, which each stored record has, is in",
        "[formats.md](formats.md), as is all else about the log. A newer aicheck may write more members.",
    ]
    parts = records.schema()["$defs"]
    titles = {kind.__name__: f"Kind `{records.kind_of(kind)}`" for kind in records.KINDS}
    for name, title in {**titles, records.Finding.__name__: "Members of `findings`"}.items():
        part = parts[name]
        lines += ["", f"## {title}", "", part["description"], "", "| member | type | what |", "| --- | --- | --- |"]
        lines += [_member(member, about) for member, about in part["properties"].items() if member != "kind"]
    return "\n".join(lines) + "\n"


def _member(name: str, about: dict[str, Any]) -> str:
    form, kind = about.get("x-form", "name"), about["type"]
    if kind == "string":
        kind = form if form in ("hash", "time") else f"{form}, up to {records.LENGTH[form]:,}"
    elif kind == "object":
        kind = "counts by name"
    return f"| `{name}` | {kind} | {about.get('description', '')} |"


def claude_code_servers() -> str:
    """The language server's entry of the Claude Code plugin: every suffix of a language of code."""
    suffixes = {suffix: one.name for one in LANGUAGES if one.group == "code" for suffix in one.suffixes}
    options = {"client": "claude-code"}
    server = {
        "command": "aicheck", "args": ["lsp"], "extensionToLanguage": dict(sorted(suffixes.items())),
        "startupTimeout": 20_000, "initializationOptions": options,
    }  # fmt: skip
    return json.dumps({"aicheck": server}, indent=2) + "\n"


def commands() -> str:
    """The help text of every command."""
    context = click.Context(
        aicheck, info_name="aicheck", max_content_width=100, terminal_width=100, **aicheck.context_settings
    )
    blocks = [f"## {ctx.command_path}\n\n```text\n{ctx.get_help()}\n```" for ctx in _contexts(context)]
    return "# Commands\n\nGenerated from `-h`.\n\n" + "\n\n".join(blocks) + "\n"


def _contexts(context: click.Context) -> Iterator[click.Context]:
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            assert command is not None
            yield from _contexts(click.Context(command, parent=context, info_name=name))


def degraded() -> str:
    """What ``aicheck check --format concise`` says of the degraded samples."""
    report = check_targets(list(files_of([str(EXAMPLES / "degraded")])), Settings())
    return "```text\n" + concise.render(report).replace(f"{EXAMPLES.parent}/", "") + "```\n"


def silence() -> str:
    """What whole repositories showed, from the table of the benchmark."""
    from benchmarks.pictures import table

    rows = {row[0].strip("*"): row for row in table(BENCHMARKS, "| language | files | true alarms |")}
    shown = [rows["all"], *(rows[name] for name in ("python", "typescript", "java", "go", "markdown"))]
    lines = [
        "| language | files | true alarms | false alarms | in 1,000 files |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    return "\n".join([*lines, *(f"| {' | '.join(row[:5])} |" for row in shown)]) + "\n"


def speed() -> str:
    """How long an editor and an agent wait, from the tables of the benchmarks."""
    from benchmarks.pictures import table

    lines = ["| what | median | 95 of 100 are quicker than |", "| --- | ---: | ---: |"]
    for row in table(BENCHMARKS, "| document | server |"):
        if row[1] == "aicheck":
            lines.append(f"| an edit in an open editor, {row[0]} | {row[2]} ms | {row[3]} ms |")
    for row in table(BENCHMARKS, "| process | p50 |"):
        if row[0].startswith(("warm, real", "cold")):
            kind = "the first after a quarter of an hour" if row[0] == "cold" else "any other"
            lines.append(f"| a hook of an agent, {kind} | {row[1]} ms | {row[2]} ms |")
    return "\n".join(lines) + "\n"


def filled(path: Path, marker: str, new: str) -> str:
    """The file's text with new content between ``<!-- marker -->`` and ``<!-- /marker -->``."""
    return filled_text(path.read_text("utf-8"), marker, new)


def filled_text(page: str, marker: str, new: str) -> str:
    """The same of a page's text."""
    start, end = f"<!-- {marker} -->\n", f"<!-- /{marker} -->"
    head, _, rest = page.partition(start)
    return head + start + new + end + rest.partition(end)[2]


def main() -> None:
    """Write every page and picture anew, and remove pages of rules that are gone."""
    sys.path.append(str(DOCS.parent))  # where benchmarks/ is, which draws the pictures
    (DOCS / "rules").mkdir(exist_ok=True)
    for old in (DOCS / "rules").glob("*.md"):
        old.unlink()
    for path, written in pages().items():
        path.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()

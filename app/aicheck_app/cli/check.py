"""``aicheck check``."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from aicheck_app.checking import Report
from aicheck_app.cli.run_check import check_all, show, tell_refused
from aicheck_app.config import known_codes, known_tools, load
from aicheck_app.errors import AicheckError
from aicheck_app.files import Target, files_of
from aicheck_app.report.findings import FORMATS
from aicheck_app.report.sinks.terminal import echo
from aicheck_checks.tools.project_tools import COMPILERS, LINTERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicheck_app.config import Config
    from aicheck_app.origin import Origin
    from aicheck_checks.rule import Rule


@click.command("check", short_help="Check files for the marks of degraded AI output.")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--stdin-filename", metavar="FILE", help="Name (and so language) of the text on standard input.")
@click.option("--staged", is_flag=True, help="Check what is staged in git, against HEAD.")
@click.option("--diff", "revision", metavar="REV", help="Check what changed since a git revision, against it.")
@click.option("--all-lines", is_flag=True, help="With --staged or --diff: report also what was there before.")
@click.option(
    "--only-ai", is_flag=True, help="With --staged: only files with AI-written lines, and what is found in those."
)
@click.option(
    "--select", multiple=True, metavar="CODES", help="Run only these rules (codes or their beginnings, with commas)."
)
@click.option("--ignore", multiple=True, metavar="CODES", help="Do not run these rules.")
@click.option("--quality", is_flag=True, help="Show also what is only information: families LOG and EFF.")
@click.option("--deep", is_flag=True, help="Run also the rules that take seconds: calls into installed libraries.")
@click.option(
    "--tool",
    "tools",
    multiple=True,
    metavar="NAME",
    help="Ask the project's own compiler or linter too (tsc, eslint, ...).",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--origin", metavar="JSON", help="Where the texts came from; logs them too. Keys: agent, model, stop_reason, ..."
)
def command(
    paths: tuple[str, ...], stdin_filename: str | None, staged: bool, revision: str | None, all_lines: bool, only_ai: bool,
    select: tuple[str, ...], ignore: tuple[str, ...], quality: bool, deep: bool, tools: tuple[str, ...], form: str, origin: str | None,
) -> int:  # fmt: skip
    """Check PATHS (files, folders, or - for standard input; the current folder without any).

    Folders honour .gitignore. With --staged or --diff, the version before is taken
    from git: only what the change brought is reported, and what it lost.

    \b
    aicheck check app.py                      one file
    git show HEAD:app.py | aicheck check - --stdin-filename app.py
    aicheck check --diff origin/main --format github
    """
    config = load()
    tell_refused(config)
    checks = config.checks._replace(all_lines=all_lines)
    if select:
        checks = checks._replace(select=known_codes(_split(select), "--select"))
        deep |= any(rule.tier == "deep" and rule.code.startswith(checks.select) for rule in _rules())
    if ignore:
        checks = checks._replace(ignore=checks.ignore + known_codes(_split(ignore), "--ignore"))
    checks = checks._replace(tools=checks.tools + known_tools(tools, "--tool"))
    deep |= not COMPILERS.isdisjoint(tools)
    quality |= not LINTERS.isdisjoint(tools)
    asked = (tier for tier, wanted in (("quality", quality), ("deep", deep)) if wanted and tier not in checks.tiers)
    checks = checks._replace(tiers=(*checks.tiers, *asked))
    config = config._replace(checks=checks)
    targets = _targets(paths, stdin_filename, staged, revision)
    if only_ai and not staged:
        raise click.UsageError("--only-ai goes with --staged")
    check = (
        partial(_logged, origin=origin, config=config) if origin is not None else partial(check_all, settings=checks)
    )
    return show(_only_ai(targets, check) if only_ai else check(targets), form)


def _rules() -> tuple[Rule, ...]:
    from aicheck_checks.registry import RULES

    return RULES


def _split(values: tuple[str, ...]) -> list[str]:
    return [code.strip() for value in values for code in value.split(",") if code.strip()]


def _targets(paths: tuple[str, ...], stdin_filename: str | None, staged: bool, revision: str | None) -> list[Target]:
    if staged and revision:
        raise click.UsageError("--staged and --diff exclude each other")
    if staged or revision:
        from aicheck_app.changes import changed_targets

        return changed_targets(paths, revision)
    if "-" in paths:
        if len(paths) > 1:
            raise click.UsageError("standard input (-) can't be checked together with paths")
        return [Target(stdin_filename or "-", sys.stdin.buffer.read())]
    if stdin_filename:
        raise click.UsageError("--stdin-filename goes with '-'")
    return list(files_of(paths or (".",)))


def _only_ai(targets: list[Target], check: Callable[[list[Target]], Report]) -> Report:
    """What is found in AI-written lines, and what a change with such lines lost."""
    from aicheck_app import git
    from aicheck_app.attribution.staged import ai_lines
    from aicheck_checks.registry import BY_CODE

    names = {target.path: target.name for target in targets}
    written = ai_lines(git.top(".") or ".", list(names.values()))
    if targets and not written:
        echo(f"aicheck: none of the {len(targets):,} staged files is known to hold AI-written lines", err=True)
    report = check([target for target in targets if target.name in written])
    kept = [
        f for f in report.findings
        if BY_CODE[f.finding.code].of_change or any(n in written[names[f.path]] for n in range(f.start.line, f.end.line + 1))
    ]  # fmt: skip
    return report._replace(findings=kept)


def _logged(targets: list[Target], origin: str, config: Config) -> Report:
    """Log the texts as outputs of an origin; what was found is what was logged, but for what nobody asked to see."""
    import os

    from aicheck_app.checking import joined, outcome, unread
    from aicheck_app.checking import load as load_source
    from aicheck_app.cli.trouble import tell
    from aicheck_app.log.spooling import open_log
    from aicheck_app.observe import observe
    from aicheck_app.origin import Output
    from aicheck_checks.engine import wanted
    from aicheck_checks.surroundings import Disk

    came, disk = _origin(origin), Disk()
    outputs, report = {}, Report(0, [], [])
    for target in targets:
        source = load_source(target, config.checks, disk)
        if isinstance(source, str):
            report = joined([report, unread(target, source)])
            continue
        key, path = f"{came.session}:{came.tool_use or came.time}:{target.path}", os.path.abspath(target.file)
        outputs[target.path] = Output(
            key, "check", source.text, source.text, "file", path, came, None, source.previous, True,
            reported=target.reported,
        )  # fmt: skip
    with open_log() as log:
        done = observe(list(outputs.values()), log, config, disk=disk)
        tell(log)
    for path, one in zip(outputs, done, strict=True):
        report = joined([report, outcome(path, one.source, wanted(one.result, config.checks))])
    return report


def _origin(text: str) -> Origin:
    """What ``--origin`` says; raises AicheckError for what is no origin."""
    import json
    import os

    from aicheck_app.clock import now
    from aicheck_app.origin import Origin

    try:
        given = json.loads(text)
        unknown = [key for key in given if key not in Origin._fields]
        odd = [key for key in given if key not in unknown and type(given[key]) is not type(Origin._field_defaults[key])]
    except (ValueError, TypeError) as error:
        raise AicheckError(f"--origin is not a JSON object: {error}") from error
    if not isinstance(given, dict) or unknown:
        raise AicheckError(f"--origin: unknown keys {unknown}; known: {', '.join(Origin._fields)}")
    if odd:
        raise AicheckError(f"--origin: {', '.join(odd)}: text in quotes, or a number for turn, tokens and first_token")
    return Origin(**{"time": now(), "cwd": os.getcwd(), "attribution": "api", **given})

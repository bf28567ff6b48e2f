"""``aicheck check``."""

from __future__ import annotations

import os
import sys
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import click

from aicheck_app.checking import Report
from aicheck_app.cli.fault import FAILED
from aicheck_app.cli.fix import fix, preview
from aicheck_app.cli.run_check import FOR_PEOPLE, check_all, exit_code, show, tell_nothing_found, tell_refused
from aicheck_app.config import known_codes, known_patterns, known_tools, load
from aicheck_app.errors import AicheckError
from aicheck_app.excluded import Excludes
from aicheck_app.files import Target, files_of
from aicheck_app.report.findings import COMPLETE, FORMATS, View
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
@click.option(
    "--or-whole",
    is_flag=True,
    help="With --staged: check the files named that are not staged as a whole, as pre-commit needs.",
)
@click.option("--diff", "revision", metavar="REV", help="Check what came since HEAD parted from a git revision.")
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
@click.option(
    "--exclude",
    multiple=True,
    metavar="PATTERNS",
    help="Leave these out too (as in .gitignore, from the current folder on, with commas).",
)
@click.option(
    "--force-exclude", is_flag=True, help="Leave out what is excluded though it is named, as pre-commit needs."
)
@click.option("--notes", is_flag=True, help="Show also what is found with low confidence.")
@click.option("--fix", is_flag=True, help="Make the repairs that are certain, and show what is left.")
@click.option("--dry-run", is_flag=True, help="With --fix: show the repairs as a diff and write nothing.")
@click.option("--baseline", metavar="FILE", help="Do not show the findings that this file holds.")
@click.option("--write-baseline", is_flag=True, help="Write all findings of now to the --baseline file.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("-o", "--output-file", metavar="FILE", help="Write to this file instead of standard output.")
@click.option("--statistics", is_flag=True, help="Count the findings by rule instead of showing them.")
@click.option("-v", "--verbose", is_flag=True, help="Name each file that was not checked, with the reason.")
@click.option("-q", "--quiet", is_flag=True, help="Show findings and nothing else.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found; 2 still says that the check failed.")
@click.option(
    "--origin", metavar="JSON", help="Where the texts came from; logs them too. Keys: agent, model, stop_reason, ..."
)
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Check PATHS (files, folders, or - for standard input; the current folder without any).

    Folders honour .gitignore and the settings' excludes. With --staged or --diff, the version before is taken
    from git: only what the change brought is reported, and what it lost.

    \b
    aicheck check app.py                      one file
    aicheck check --fix --dry-run             what would be repaired below the current folder
    git show HEAD:app.py | aicheck check - --stdin-filename app.py
    aicheck check --diff origin/main --format github
    """
    asked = SimpleNamespace(**given)
    _refuse_unfit(paths, asked)
    config = load()
    tell_refused(config)
    config = _configured(config, asked)
    targets = _targets(paths, asked, config.excludes)
    tell_nothing_found(targets, _NOTHING["staged" if asked.staged else "diff" if asked.revision else ""])
    check = (
        partial(_logged, origin=asked.origin, config=config)
        if asked.origin is not None
        else partial(check_all, settings=config.checks)
    )
    report = _only_ai(targets, check) if asked.only_ai else check(targets)
    if "-" in paths and not asked.stdin_filename:
        report = _of_no_name(targets, report, quiet=asked.quiet)
    if asked.dry_run:
        preview(targets, report, config.checks)
        return exit_code(report, exit_zero=asked.exit_zero)
    if asked.fix:
        report = fix(targets, report, config.checks)
    return _shown(report, config, asked)


_NOTHING = {
    "": "no files found to check",
    "staged": "nothing is staged that can be checked",
    "diff": "nothing has changed that can be checked",
}


_NO_REVISION = "--diff needs a revision, and what was given is empty (a variable that is not set?)"


def _refuse_unfit(paths: tuple[str, ...], asked: SimpleNamespace) -> None:
    """Raise UsageError for options that do not go together."""
    for wrong, why in (
        (asked.revision is not None and not asked.revision.strip(), _NO_REVISION),
        (asked.staged and asked.revision, "--staged and --diff exclude each other"),
        (asked.only_ai and not asked.staged, "--only-ai goes with --staged"),
        (asked.or_whole and not asked.staged, "--or-whole goes with --staged"),
        (asked.dry_run and not asked.fix, "--dry-run goes with --fix"),
        (
            asked.fix and asked.staged,
            "--fix changes files, not what is staged: use it without --staged, then 'git add'",
        ),
        (asked.fix and ("-" in paths or asked.origin is not None), "--fix needs files, without - and --origin"),
        (asked.write_baseline and not asked.baseline, "--write-baseline needs --baseline FILE"),
        (asked.statistics and asked.form not in FOR_PEOPLE, "--statistics has its own format: leave --format out"),
        ("-" in paths and len(paths) > 1, "standard input (-) can't be checked together with paths"),
        (asked.stdin_filename and "-" not in paths, "--stdin-filename goes with '-'"),
    ):
        if wrong:
            raise click.UsageError(why)


def _configured(config: Config, asked: SimpleNamespace) -> Config:
    """The settings with what the options say on top."""
    checks, quality, deep = config.checks._replace(all_lines=asked.all_lines), asked.quality, asked.deep
    if asked.select:
        checks = checks._replace(select=known_codes(_split(asked.select), "--select"))
        deep |= any(rule.tier == "deep" and rule.code.startswith(checks.select) for rule in _rules())
    if asked.ignore:
        checks = checks._replace(ignore=checks.ignore + known_codes(_split(asked.ignore), "--ignore"))
    checks = checks._replace(tools=checks.tools + known_tools(asked.tools, "--tool"))
    deep |= not COMPILERS.isdisjoint(asked.tools)
    quality |= not LINTERS.isdisjoint(asked.tools)
    more = (tier for tier, wanted in (("quality", quality), ("deep", deep)) if wanted and tier not in checks.tiers)
    checks = checks._replace(tiers=(*checks.tiers, *more))
    patterns = known_patterns(_split(asked.exclude), "--exclude")
    excludes = config.excludes.also(patterns, os.getcwd())
    return config._replace(checks=checks, excludes=excludes, notes=config.notes or asked.notes)


def _shown(report: Report, config: Config, asked: SimpleNamespace) -> int:
    """Show the report as it was asked for, and return the exit code."""
    if asked.write_baseline:
        from aicheck_app import baseline

        baseline.write(report, asked.baseline)
        echo(f"aicheck: wrote {len(report.findings):,} findings to {asked.baseline}", err=True)
        return 0 if report.whole else FAILED
    if asked.baseline:
        from aicheck_app import baseline

        report = baseline.without_known(report, asked.baseline)
    if not config.notes and asked.form not in COMPLETE:
        report = report.without_notes()
    show(
        report,
        asked.form,
        View(asked.verbose, asked.quiet),
        statistics=asked.statistics,
        output=asked.output_file or "",
    )
    return exit_code(report, exit_zero=asked.exit_zero)


def _rules() -> tuple[Rule, ...]:
    from aicheck_checks.registry import RULES

    return RULES


def _split(values: tuple[str, ...]) -> list[str]:
    return [one.strip() for value in values for one in value.split(",") if one.strip()]


def _not_among(changed: list[Target], paths: tuple[str, ...]) -> list[str]:
    """The paths named that lead to none of the files that have changed."""
    files = {os.path.realpath(target.file) for target in changed}
    return [path for path in paths if os.path.realpath(path) not in files]


def _targets(paths: tuple[str, ...], asked: SimpleNamespace, excludes: Excludes) -> list[Target]:
    if asked.staged or asked.revision:
        from aicheck_app.changes import changed_targets

        changed = changed_targets(paths, asked.revision, excludes, force=asked.force_exclude)
        rest = _not_among(changed, paths) if asked.or_whole else ()
        return [*changed, *files_of(rest, excludes, force=asked.force_exclude)]
    if "-" in paths:
        name = asked.stdin_filename or "-"
        if asked.force_exclude and excludes.has(os.path.abspath(name), os.getcwd()):
            return []
        return [Target(name, sys.stdin.buffer.read())]
    return list(files_of(paths or (".",), excludes, force=asked.force_exclude))


_NAMELESS = (
    "no language is known of standard input (--stdin-filename says it), so only what holds in any text was looked for"
)


def _of_no_name(targets: list[Target], report: Report, *, quiet: bool) -> Report:
    """A report that says so if nothing tells the language of the text on standard input."""
    from aicheck_app.checking import Skip
    from aicheck_checks.encodings import decode
    from aicheck_checks.languages import language_of

    text = decode(targets[0].text or b"") if targets else None
    language = language_of("-", None, text or "")
    if not text or not report.files or (language is not None and language.group != "text"):
        return report
    if not quiet:
        echo(f"aicheck: {_NAMELESS}", err=True)
    return report._replace(skipped=[*report.skipped, Skip("language", _NAMELESS, False, 1, "-")])


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
    from aicheck_app.checking import joined, outcome, unread
    from aicheck_app.checking import load as load_source
    from aicheck_app.cli.trouble import tell
    from aicheck_app.log.spooling import open_log
    from aicheck_app.observe import observe
    from aicheck_app.origin import Output
    from aicheck_checks.engine import wanted
    from aicheck_checks.surroundings import Disk

    came, disk = _origin(origin), Disk()
    config = config._replace(excludes=Excludes(()))  # what is named here is checked
    outputs, report = {}, Report(0, [], [])
    for target in targets:
        source = load_source(target, config.checks, disk)
        if isinstance(source, str):
            report = joined([report, unread(target, source)])
            continue
        key, path = f"{came.session}:{came.tool_use or came.time}:{target.path}", os.path.abspath(target.file)
        outputs[target.path] = Output(
            key, "check", source.text, source.text, source.kind, path, came, None, source.previous, True,
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

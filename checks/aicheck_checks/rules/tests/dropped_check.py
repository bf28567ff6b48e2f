"""A check is not run any more by the build, or its failure counts no more.

## Why it matters
A build that is red is easily made green: by a step that goes on after an error, or that is gone.

## Instead
Let the step fail, and mend what it says.

## When it counts
In the files of CI services, Makefiles, `package.json` and `tox.ini`: a command of tests, lint or types that stood there before now ends
in `|| true`, its step goes on after errors, or the command is gone and nothing came in its place, here or in another such file.

## Known limits
Too rare in the commits of people to know how often it is right, so this is information, and counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.elsewhere import other_texts
from aicheck_checks.analysis.tests import is_build_path
from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.analysis.changed_lines import ChangedLines
    from aicheck_checks.source import Source

_RUNS = lazy(
    r"\b(?:pytest|unittest|tox|nox|jest|vitest|mocha|ava|karma|playwright test|cypress run|go (?:test|vet)|golangci-lint|staticcheck|cargo (?:\+\S{1,30} )?(?:test|nextest|clippy|fmt --check)|rspec|minitest|rubocop|phpunit|pest|phpstan|psalm|"
    r"mypy|pyright|ruff check|flake8|pylint|eslint|oxlint|biome (?:check|lint|ci)|stylelint|tsc(?= .{0,60}--noEmit)|ktlint|detekt|swiftlint|swift test|xcodebuild .{0,200}\btest|ctest|"
    r"(?:dotnet|mvn|mvnw|gradlew?|bazel|deno|bun|mix|rake|rails|make|npm|pnpm|yarn|composer|nx|turbo|just|task)(?: -{1,2}\S{1,60}){0,4}(?: run)?(?: :?\w{1,40}:)? ?(?:test|check|lint|verify|typecheck)[\w:-]*|"
    r"run[_-]?tests?(?:\.\w{1,3})?|runtests?)\b"
)
"""Commands that check something."""
_SETUP = lazy(r"\b(?:install|add|apt-get|brew|echo|uses:|name:|cache|upload|download)\b")
"""What names a checker and does not run it."""
_HEEDLESS = lazy(r"(?:\|\|[ \t]{0,5}(?:true|:|exit 0|echo\b[^|&;\n]{0,200})|;[ \t]{0,5}(?:true|exit 0))[\"']?,?$")
_GOES_ON = lazy(r"(?:continue-on-error|allow_failure|continueOnError|ignore_outcome|ignore_errors):\s*true$")
_REPLACES = lazy(
    r"\buses:|\b(?:make|tox|nox|npm|npx|pnpm|yarn|bun|just|task|uv|hatch|poetry|pdm|mise|bazel|earthly|docker|script|needs:|include:|\./|sh |bash |python|node )"
)
"""What a new line holds that may run in place of a command that is gone."""
_ENDINGS = (".yml", ".yaml", "akefile", "package.json", "composer.json", ".toml", "tox.ini", "ustfile", ".sh")
NEAR = 8
"""Lines round a setting of a step in which its command stands."""


def check(source: Source) -> Iterator[Found]:
    """The first check whose failure counts no more, else the first that is not run."""
    changed = source.changed_lines
    if changed is None or not is_build_path(source.path):
        return
    for row, line in changed.brought:
        heedless = _HEEDLESS.search(line)
        if heedless is not None and _RUNS.search(line) and _was_heeded(line[: heedless.start()], changed):
            yield _found(source, row, "the failure of a check counts no more", line)
            return
        if _GOES_ON.search(line) and (command := _step(source, row, changed)):
            yield _found(source, row, "the failure of a check counts no more", command)
            return
    gone = sorted(line for line in changed.gone if _is_check(line))
    if gone and not any(_RUNS.search(line) or _REPLACES.search(line) for _, line in changed.brought):
        lost = _not_elsewhere(source, gone)
        if lost:
            yield _found(source, 0, "a check is not run any more", lost)


def _found(source: Source, row: int, what: str, said: str) -> Found:
    start, end = source.line_span(row)
    return Found(f"{what}: '{said[:70]}'", start, end, "info", "medium")


def _is_check(line: str) -> bool:
    """Whether a line is a command that checks something, and heeds what that says."""
    return (
        not line.startswith("#")
        and _RUNS.search(line) is not None
        and _SETUP.search(line) is None
        and _HEEDLESS.search(line) is None
    )


def _was_heeded(command: str, changed: ChangedLines) -> bool:
    """Whether the command stood in the version before and its failure counted."""
    bare = command.strip().rstrip("\"',").removeprefix("@").removeprefix("-")
    return any(bare in line and _HEEDLESS.search(line) is None for line in changed.gone)


def _step(source: Source, row: int, changed: ChangedLines) -> str:
    """The command of the step round a row, if the step was there before and its command checks something."""
    lines = source.lines
    first = row
    while first > max(row - NEAR, 0) and not lines[first].lstrip().startswith("- "):
        first -= 1
    last = row + 1
    while last < min(row + NEAR, len(lines)) and not lines[last].lstrip().startswith("- "):
        last += 1
    step = [line.strip() for line in lines[first:last]]
    return next(
        (line for line in step if line in changed.was and _is_check(line.removeprefix("- ").removeprefix("run: "))), ""
    )


def _not_elsewhere(source: Source, gone: list[str]) -> str:
    """The first of the commands that no other file of the build holds; empty where that can't be told."""
    others = other_texts(source, source.whereabouts, _ENDINGS)
    if others is None:
        return ""
    commands = (line.removeprefix("- ").removeprefix("run: ").strip("\"', ") for line in gone)
    tools = ((command, match[0]) for command in commands if (match := _RUNS.search(command)) is not None)
    lost = (command for command, tool in tools if not any(tool in text for text in others))
    return next((command for command in lost if command not in source.text), "")


_CI = "jobs:\n  test:\n    steps:\n      - run: pytest tests\n      - run: mypy src\n"

RULE = Rule(
    code="TST006",
    name="dropped-check",
    summary="the build does not run a check any more, or does not heed it",
    page=__doc__,
    check=check,
    needs=("previous",),
    kinds=("file", "deleted"),
    settles="turn",
    of_change=True,
    yields_to=("TRU", "ELI", "REF", "SYN"),
    good=(
        Case(_CI.replace("pytest tests", "tox"), previous=_CI, path=".github/workflows/ci.yml", language="yaml"),
        Case(_CI.replace("      - run: mypy src\n", ""), previous=_CI, path=".github/workflows/ci.yml", language="yaml"),
        Case(_CI + "      - run: codecov || true\n", previous=_CI, path=".github/workflows/ci.yml", language="yaml"),
    ),
    bad=(
        Case(_CI.replace("mypy src", "mypy src || true"), previous=_CI, path=".github/workflows/ci.yml", language="yaml", line=5, says="counts no more", symptom="|| true was added to the test command"),
        Case(_CI.replace("pytest tests\n", "pytest tests\n        continue-on-error: true\n"), previous=_CI, path=".github/workflows/ci.yml", language="yaml",
             line=5, says="pytest tests"),
        Case("test: app\n\t./run_tests.sh unit\n", previous="test: app\n\t./run_tests.sh unit\n\tcargo clippy\n", path="Makefile", language="makefile",
             files=((".git", ""), ("Makefile", "")), line=1, says="cargo clippy"),
        Case("test: app\n\t./run_tests.sh unit\n", previous="test: app\n\t./run_tests.sh unit\n\t./run_tests.sh slow\n", path="Makefile", language="makefile",
             files=((".git", ""), ("Makefile", "")), line=1, says="./run_tests.sh slow"),
    ),
)  # fmt: skip

"""A setting demands less than before: a floor of coverage is lower, a limit higher, a rule of a linter or of types switched off.

## Why it matters
Asked to make a check pass, a model may lower what the check asks for. The run is green, and the fault is where it was.

## Instead
Restore the setting, and mend what the check says; where the demand was wrong, say so in the change.

## When it counts
Only where both versions have the setting and the new one demands less, where a strict one is switched off, or where a list of what is
ignored has grown. A setting that is gone, or that went to another file, is not judged, nor is a rule that was never on by name. People lower
settings for reasons that no text shows, so this is information, and counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aicheck_checks.analysis.flat_settings import settings_of
from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from aicheck_checks.analysis.flat_settings import Settings
    from aicheck_checks.source import Source

Worse = Literal["less", "more", "on", "off", "longer"]


class Demand(NamedTuple):
    """A setting of a tool: in which files it stands, the path of its keys, and in which way it demands less."""

    files: re.Pattern[str]
    path: re.Pattern[str]
    worse: Worse


_FILE = lazy(
    r"(?:^|/)(?:pyproject\.toml|setup\.cfg|tox\.ini|pytest\.ini|\.?mypy\.ini|\.?ruff\.toml|\.flake8|\.?pylintrc|\.coveragerc|package\.json|[jt]sconfig[\w.-]*\.json|"
    r"\.?eslint[\w.-]*|\.?oxlintrc\.json|biome\.jsonc?|\.?stylelint[\w.-]*|(?:jest|vitest|vite|karma|next|playwright|cypress)\.config\.\w{2,3}|\.nycrc(?:\.json)?|\.c8rc(?:\.json)?|"
    r"\.?codecov\.ya?ml|\.golangci\.(?:ya?ml|toml|json)|phpstan[\w.-]*\.neon(?:\.dist)?|\.?rubocop\.yml|\.?swiftlint\.yml|detekt[\w.-]*\.yml|Cargo\.toml|\.?clippy\.toml|"
    r"\.editorconfig|build\.gradle(?:\.kts)?|pyrightconfig\.json|angular\.json|\.size-limit\.\w+|\.bundlesizerc[\w.]*)$"
)
_EXAMPLE = lazy(r"(?:^|/)docs?/")
_ANY_FILE = lazy(r"")
_ECMA = lazy(r"(?:^|/)(?:\.?eslint|\.?oxlint|biome\.|package\.json$|\.?stylelint)")
_PYTHON = lazy(r"(?:^|/)(?:pyproject\.toml|setup\.cfg|tox\.ini|\.?mypy\.ini|\.?ruff\.toml|\.flake8|\.?pylintrc)$")
_NUMBER = lazy(r"-?\d+(?:\.\d+)?")
_ON, _OFF = (
    frozenset({"true", "yes", "1", "on", "True"}),
    frozenset({"false", "no", "0", "off", "False", "none", "allow", "silent"}),
)

DEMANDS = (
    Demand(_ANY_FILE, lazy(r"(?:^|[. ])(?:--)?(?:cov-)?(?:fail[_-]under|minimum_coverage|min[_-]?coverage|min(?:Covered)?Msi)$"), "less"),
    Demand(_ANY_FILE, lazy(r"(?:coverageThreshold|thresholds?|check-coverage)\.(?:.{0,80}\.)?(?:branches|functions|lines|statements)$"), "less"),
    Demand(lazy(r"\.(?:nyc|c8)rc"), lazy(r"(?:branches|functions|lines|statements)$"), "less"),
    Demand(lazy(r"codecov\.ya?ml$"), lazy(r"coverage\.status\..{0,80}\.target$"), "less"),
    Demand(lazy(r"codecov\.ya?ml$"), lazy(r"coverage\.status\..{0,80}\.threshold$"), "more"),
    Demand(lazy(r"phpstan"), lazy(r"parameters\.level$"), "less"),
    Demand(_ANY_FILE, lazy(r"(?:^|\.)--max-warnings$"), "more"),
    Demand(lazy(r"detekt"), lazy(r"\bmaxIssues$"), "more"),
    Demand(_PYTHON, lazy(r"\bmax-(?:complexity|args|branches|returns|statements|locals)$"), "more"),
    Demand(lazy(r"golangci"), lazy(r"\.min-complexity$"), "more"),
    Demand(lazy(r"rubocop\.yml$"), lazy(r"^Metrics/\w{1,80}\.Max$"), "more"),
    Demand(lazy(r"angular\.json$"), lazy(r"budgets\.maximumError$"), "more"),
    Demand(_ANY_FILE, lazy(r"(?:size-limit\.(?:limit|maxSize)|bundlesize\.maxSize|^maxSize|^limit)$"), "more"),
    Demand(lazy(r"[jt]sconfig[\w.-]{0,80}\.json$"), lazy(
        r"compilerOptions\.(?:strict\w{0,80}|alwaysStrict|noImplicit\w{1,80}|noUnused\w{1,80}|noUnchecked\w{1,80}|noFallthroughCasesInSwitch|noPropertyAccessFromIndexSignature|exactOptionalPropertyTypes|useUnknownInCatchVariables)$"
    ), "off"),
    Demand(_PYTHON, lazy(
        r"mypy[\w.*,-]{0,80}\.(?:strict\w{0,80}|disallow_\w{1,80}|check_untyped_defs|warn_(?!unused_ignores)\w{1,80}|no_implicit_\w{1,80}|extra_checks)$|\.xfail_strict$"
    ), "off"),
    Demand(_PYTHON, lazy(r"mypy[\w.*,-]{0,80}\.(?:ignore_errors|ignore_missing_imports)$"), "on"),
    Demand(lazy(r"next\.config\."), lazy(r"(?:ignoreBuildErrors|ignoreDuringBuilds)$"), "on"),
    Demand(lazy(r"(?:jest|vitest)\.config\.|package\.json$"), lazy(r"(?:jest|test)\.passWithNoTests$|^passWithNoTests$"), "on"),
    Demand(lazy(r"build\.gradle"), lazy(r"(?:^|\.)(?:is)?ignoreFailures$"), "on"),
    Demand(lazy(r"build\.gradle"), lazy(r"(?:^|\.)(?:(?:is)?[aA]bortOnError|allWarningsAsErrors|warningsAsErrors)$"), "off"),
    Demand(_ECMA, lazy(r"(?:^|\.)rules\.[\w.@/-]{2,80}$"), "off"),
    Demand(lazy(r"(?:rubocop|swiftlint|detekt[\w.-]{0,80})\.yml$"), lazy(r"\.(?:Enabled|active)$"), "off"),
    Demand(lazy(r"Cargo\.toml$"), lazy(r"lints\.(?:clippy|rust|rustdoc)\.\w{1,80}(?:\.level)?$"), "off"),
    Demand(lazy(r"\.editorconfig$"), lazy(r"(?:^|\.)dotnet_(?:diagnostic|analyzer)[\w.-]{0,80}\.severity$"), "off"),
    Demand(_PYTHON, lazy(
        r"(?:ruff|lint|flake8|pycodestyle)\.(?:extend-)?(?:ignore|per-file-ignores(?:\..{1,80})?)$|^(?:extend-)?ignore$|(?:MESSAGES CONTROL|pylint[\w.\" -]{0,80})\.disable$|"
        r"mypy[\w.*,-]{0,80}\.disable_error_code$"
    ), "longer"),
    Demand(lazy(r"golangci"), lazy(r"linters\.disable$"), "longer"),
    Demand(lazy(r"swiftlint\.yml$"), lazy(r"^disabled_rules$"), "longer"),
)  # fmt: skip
_OPTION = lazy(r"(--(?:cov-fail-under|fail-under|min-coverage|max-warnings))[=\s\"',]{1,5}(\d{1,7}(?:\.\d+)?)")
"""Demands that are options of a command, wherever it stands."""
_SHOWN = {
    "less": "a floor is lower", "more": "a limit is higher", "on": "failures are let pass", "off": "a check is switched off", "longer": "more is ignored",
}  # fmt: skip


def check(source: Source) -> Iterator[Found]:
    """Each setting that demands less."""
    changed = source.changed_lines
    if (
        changed is None
        or source.before is None
        or not (changed.brought or changed.gone)
        or not (is_settings_path(source.path) or _OPTION.search(source.text))
    ):
        return
    path = source.path.replace("\\", "/")
    demands = [one for one in DEMANDS if one.files.search(path)]
    before, now = _all(source.before), _all(source)
    for key, values in now.items():
        was = before.get(key, ())
        if values == was:
            continue
        worse = next((one.worse for one in demands if one.path.search(key) and _is_worse(one.worse, was, values)), None)
        row = _row(key, changed.brought) if worse is not None else None
        if worse == "on" and not _has_tool(key, before):
            continue  # a tool that was not there before asks for no less now
        if worse is not None and row is not None:
            start, end = source.line_span(row)
            yield Found(
                f"a check demands less than before: {_SHOWN[worse]}, {_told(key, was, values)}",
                start,
                end,
                "info",
                "medium",
            )


def is_settings_path(path: str) -> bool:
    """Whether a file at a path holds settings of checks, and none that a page shows."""
    named = path.replace("\\", "/")
    return _FILE.search(named) is not None and _EXAMPLE.search(named) is None


def _all(source: Source) -> Settings:
    """The settings of a text, with those options of commands that are demands."""
    found = settings_of(source) if is_settings_path(source.path) else {}
    for name, value in _OPTION.findall(source.text):
        found[name] = (*found.get(name, ()), value)
    return found


def _is_worse(worse: Worse, was: tuple[str, ...], now: tuple[str, ...]) -> bool:
    """Whether the new values of a setting demand less."""
    if worse == "on":
        return bool(now) and now[0] in _ON and not (was and was[0] in _ON)
    if worse == "off":
        return bool(now) and now[0] in _OFF and bool(was) and was[0] not in _OFF
    if worse == "longer":
        return bool(was) and set(was) < set(now)
    numbers = [(_number(old), _number(new)) for old, new in zip(was, now, strict=False)] if len(was) == len(now) else []
    known = [(old, new) for old, new in numbers if old is not None and new is not None]
    return any(new < old if worse == "less" else new > old for old, new in known)


def _has_tool(key: str, before: Settings) -> bool:
    """Whether the version before had settings of the tool that a key belongs to."""
    tool = "mypy" if "mypy" in key else key.rpartition(".")[0]
    return any(tool in one for one in before)


def _number(value: str) -> float | None:
    match = _NUMBER.match(value)
    return float(match[0]) if match is not None else None


def _row(key: str, brought: tuple[tuple[int, str], ...]) -> int | None:
    """The row of a new line that names the last part of a key; for a list, of any new line."""
    name = key.rpartition(".")[2]
    return next((row for row, line in brought if name in line), brought[0][0] if brought else None)


def _told(key: str, was: tuple[str, ...], now: tuple[str, ...]) -> str:
    """A setting with what it was and is, as short as can be."""
    if set(was) < set(now) and len(now) > 1:
        new = sorted(set(now) - set(was))
        return f"{key[-80:]} has {', '.join(new)[:60]}"
    return f"{key[-80:]} was {(was or ('not set',))[0][:30]} and is {now[0][:30]}"


_TOML = '[tool.coverage.report]\nfail_under = 90\n\n[tool.ruff.lint]\nignore = [\n    "E501",\n]\n'
_TSCONFIG = '{\n  "compilerOptions": {\n    "strict": true,\n    "target": "ES2022"\n  }\n}\n'
_ESLINT = 'export default [\n  {\n    rules: {\n      "no-console": "error",\n    },\n  },\n];\n'

RULE = Rule(
    code="TST004",
    name="lowered-check",
    summary="a setting of a check demands less than before",
    page=__doc__,
    check=check,
    needs=("previous",),
    settles="turn",
    of_change=True,
    yields_to=("TRU", "ELI", "REF", "SYN"),
    good=(
        Case(_TOML.replace("90", "95"), previous=_TOML, path="pyproject.toml", language="toml"),
        Case(_TOML.replace('"E501"', '"E711"'), previous=_TOML, path="pyproject.toml", language="toml"),
        Case(_TOML.replace("90", "80"), previous=_TOML, path="data.toml", language="toml"),
        Case(_ESLINT.replace('"no-console": "error",', '"no-console": "error",\n      "no-debugger": "off",'), previous=_ESLINT, path="eslint.config.mjs", language="javascript"),
    ),
    bad=(
        Case(_TOML.replace("90", "80"), previous=_TOML, path="pyproject.toml", language="toml", line=2, says="was 90 and is 80", symptom="the coverage limit was lowered"),
        Case(_TOML.replace('"E501",', '"E501",\n    "F401",'), previous=_TOML, path="pyproject.toml", language="toml", line=7, says="has F401"),
        Case(_TSCONFIG.replace("true", "false"), previous=_TSCONFIG, path="tsconfig.json", language="json", line=3, says="strict was true and is false"),
        Case(_ESLINT.replace('"error"', '"off"'), previous=_ESLINT, path="eslint.config.mjs", language="javascript", line=4, says="switched off"),
        Case('{\n  "scripts": {\n    "lint": "eslint . --max-warnings 20"\n  }\n}\n', previous='{\n  "scripts": {\n    "lint": "eslint . --max-warnings 0"\n  }\n}\n',
             path="package.json", language="json", line=3, says="a limit is higher"),
        Case("[mypy]\ncheck_untyped_defs = True\n\n[mypy-shop.*]\nignore_errors = True\n", previous="[mypy]\ncheck_untyped_defs = True\n\n[mypy-shop.*]\n",
             path="mypy.ini", language="ini", line=5, says="let pass"),
    ),
)  # fmt: skip

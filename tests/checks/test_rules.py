"""Every rule: its page, its metadata, and its cases held to their word."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from aicheck_checks.engine import Result, check
from aicheck_checks.instant import INSTANT
from aicheck_checks.registry import BY_CODE, RULES
from aicheck_checks.rule import FAMILIES, Case, Rule
from aicheck_checks.settings import DEFAULT, Settings
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings

ALL = Settings(tiers=("instant", "quality", "deep"))
ROOT = Path(__file__).parents[2]
GOOD = [pytest.param(rule, case, id=f"{rule.code}-{n}") for rule in RULES for n, case in enumerate(rule.good)]
ELSEWHERE = {"API006", "LOG013"}
"""Need a program of the project: see test_project_tools.py."""
BAD = [pytest.param(rule, case, id=f"{rule.code}-{n}") for rule in RULES for n, case in enumerate(rule.bad)]


def run(rule: Rule, case: Case, folder: Path) -> tuple[Source, Result]:
    for name, text in case.files:
        (folder / name).write_text(text)
    source = Source(
        case.text,
        path=case.path,
        language=case.language,
        kind=case.kind,
        previous=case.previous,
        stop_reason=case.stop_reason,
        last_of_message=case.stop_reason is not None,
        surroundings=Surroundings(str(folder)) if case.files else None,
        session=case.session,
    )
    return source, check(source, DEFAULT if rule.tier == "instant" else ALL)


@pytest.mark.parametrize(("rule", "case"), GOOD)
def test_good_cases_are_clean(rule: Rule, case: Case, tmp_path: Path) -> None:
    """No rule at all fires on a good case."""
    _, result = run(rule, case, tmp_path)
    assert [f for f in result.findings if f.severity != "info"] == []
    assert result.unchecked is None


@pytest.mark.parametrize(("rule", "case"), BAD)
def test_bad_cases_are_found_once_by_their_own_rule(rule: Rule, case: Case, tmp_path: Path) -> None:
    """One cause makes one finding, with the right name, at the right line."""
    source, result = run(rule, case, tmp_path)
    assert [(f.code, source.position(f.start).line) for f in result.findings] == [(rule.code, case.line)]
    assert case.says in result.findings[0].message


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_metadata_and_page(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]{3}\d{3}", rule.code)
    assert rule.code[:3] in FAMILIES
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert not rule.name.startswith(("avoid-", "prefer-", "use-", "no-"))
    assert "## Why it matters" in rule.page
    assert "## Instead" in rule.page
    assert rule.good
    assert rule.bad or rule.code in ELSEWHERE
    for cause in rule.yields_to:
        assert cause == "broken" or any(code.startswith(cause) for code in BY_CODE), cause


def test_codes_and_names_are_unique_and_every_rule_file_is_registered() -> None:
    assert len({r.code for r in RULES}) == len({r.name for r in RULES}) == len(RULES)
    files = (ROOT / "checks/aicheck_checks/rules").glob("*/[!_]*.py")
    modules = [import_module(f"aicheck_checks.rules.{f.parent.name}.{f.stem}") for f in files]
    there = [rule for module in modules for rule in getattr(module, "RULES", None) or (module.RULE,)]
    assert {r.code for r in there} == {r.code for r in RULES}
    assert all(
        f"{m.__name__.rpartition('.')[2]}".replace("_", "-") == m.RULE.name for m in modules if hasattr(m, "RULE")
    )


def test_the_instant_rules_are_those_that_start_nothing_and_may_make_an_output_suspect() -> None:
    assert [rule.code for rule in INSTANT] == [rule.code for rule in RULES if rule.tier == "instant"]

"""Every rule, by hand and in order: a rule that is listed neither here nor among the instant ones does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.instant import INSTANT
from aicheck_checks.rules.calls import (
    compiler_error,
    missing_argument,
    surplus_argument,
    unknown_argument,
    unknown_member,
    unknown_name,
)
from aicheck_checks.rules.context import forgotten_work
from aicheck_checks.rules.efficiency import linted as efficiency
from aicheck_checks.rules.logic import linted as logic
from aicheck_checks.rules.logic import project_linter

if TYPE_CHECKING:
    from aicheck_checks.rule import Rule

RULES: tuple[Rule, ...] = (
    *INSTANT,
    unknown_member.RULE,
    unknown_name.RULE,
    unknown_argument.RULE,
    missing_argument.RULE,
    surplus_argument.RULE,
    compiler_error.RULE,
    *logic.RULES,
    project_linter.RULE,
    *efficiency.RULES,
    forgotten_work.RULE,
)
BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}

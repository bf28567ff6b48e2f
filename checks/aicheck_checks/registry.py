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
from aicheck_checks.rules.efficiency import (
    double_cast,
    keys_membership,
    list_built_in_loop,
    needless_comprehension,
    needless_list,
    repeated_prefix_test,
    unused_half,
)
from aicheck_checks.rules.logic import (
    constant_condition,
    duplicate_handler,
    early_use,
    jump_in_finally,
    late_binding,
    literal_identity,
    project_linter,
    repeated_key,
    self_assignment,
    self_comparison,
    shared_default,
    unreachable_code,
    useless_expression,
)

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
    self_comparison.RULE,
    constant_condition.RULE,
    useless_expression.RULE,
    literal_identity.RULE,
    jump_in_finally.RULE,
    duplicate_handler.RULE,
    shared_default.RULE,
    late_binding.RULE,
    self_assignment.RULE,
    repeated_key.RULE,
    unreachable_code.RULE,
    early_use.RULE,
    project_linter.RULE,
    needless_list.RULE,
    needless_comprehension.RULE,
    keys_membership.RULE,
    list_built_in_loop.RULE,
    unused_half.RULE,
    double_cast.RULE,
    repeated_prefix_test.RULE,
    forgotten_work.RULE,
)
BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}

HISTORY = ("IMP005", "TRU006", "TRU007", "TRU008", "ELI003")
"""Rules that tell what a change lost: their findings may stand outside the new text."""

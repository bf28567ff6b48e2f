"""Every rule, by hand and in order: a rule that is not listed here does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.rules.calls import (
    missing_argument,
    surplus_argument,
    unknown_argument,
    unknown_member,
    unknown_name,
)
from aicheck_checks.rules.corruption import (
    chat_prose,
    conflict_marker,
    diff_marker,
    foreign_script,
    garbled_text,
    invisible_character,
    leaked_token,
    line_number,
    stray_fence,
)
from aicheck_checks.rules.efficiency import (
    double_cast,
    keys_membership,
    list_built_in_loop,
    needless_comprehension,
    needless_list,
    repeated_prefix_test,
    unused_half,
)
from aicheck_checks.rules.elision import elided_code, hollowed_body, placeholder_body
from aicheck_checks.rules.imports import (
    dropped_import,
    hallucinated_package,
    lookalike_package,
    missing_import,
    undefined_export,
    undefined_name,
    unresolved_module,
)
from aicheck_checks.rules.logic import (
    constant_condition,
    duplicate_handler,
    early_use,
    jump_in_finally,
    late_binding,
    literal_identity,
    repeated_key,
    self_assignment,
    self_comparison,
    shared_default,
    unreachable_code,
    useless_expression,
)
from aicheck_checks.rules.refusal import refusal_stop, refusal_text
from aicheck_checks.rules.repetition import duplicate_definition, repeated_lines
from aicheck_checks.rules.syntax import invalid_syntax
from aicheck_checks.rules.truncation import (
    abrupt_end,
    cut_statement,
    length_stop,
    lost_definition,
    lost_tail,
    size_collapse,
    unclosed_bracket,
    unclosed_section,
    unclosed_string,
)

if TYPE_CHECKING:
    from aicheck_checks.rule import Rule

RULES: tuple[Rule, ...] = (
    invalid_syntax.RULE,
    unclosed_bracket.RULE,
    unclosed_string.RULE,
    cut_statement.RULE,
    abrupt_end.RULE,
    length_stop.RULE,
    lost_tail.RULE,
    lost_definition.RULE,
    size_collapse.RULE,
    unclosed_section.RULE,
    elided_code.RULE,
    placeholder_body.RULE,
    hollowed_body.RULE,
    missing_import.RULE,
    undefined_name.RULE,
    undefined_export.RULE,
    unresolved_module.RULE,
    dropped_import.RULE,
    hallucinated_package.RULE,
    lookalike_package.RULE,
    foreign_script.RULE,
    leaked_token.RULE,
    line_number.RULE,
    diff_marker.RULE,
    conflict_marker.RULE,
    stray_fence.RULE,
    chat_prose.RULE,
    invisible_character.RULE,
    garbled_text.RULE,
    refusal_text.RULE,
    refusal_stop.RULE,
    repeated_lines.RULE,
    duplicate_definition.RULE,
    unknown_member.RULE,
    unknown_name.RULE,
    unknown_argument.RULE,
    missing_argument.RULE,
    surplus_argument.RULE,
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
    needless_list.RULE,
    needless_comprehension.RULE,
    keys_membership.RULE,
    list_built_in_loop.RULE,
    unused_half.RULE,
    double_cast.RULE,
    repeated_prefix_test.RULE,
)

BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}

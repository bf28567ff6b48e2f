"""The rules that always run, by hand and in order; apart from the others so that start-up loads no more than it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.rules.corruption import (
    chat_prose,
    citation_mark,
    conflict_marker,
    diff_marker,
    escaped_text,
    faked_turn,
    foreign_prose,
    foreign_script,
    garbled_text,
    invisible_character,
    leaked_protocol,
    leaked_token,
    line_number,
    stray_fence,
    swallowed_line,
)
from aicheck_checks.rules.elision import elided_code, hollowed_body, placeholder_body, read_notice, swallowed_error
from aicheck_checks.rules.imports import (
    dropped_import,
    hallucinated_package,
    lookalike_package,
    missing_export,
    missing_import,
    undefined_export,
    undefined_name,
    unresolved_module,
    unused_name,
)
from aicheck_checks.rules.refusal import refusal_stop, refusal_text, service_message
from aicheck_checks.rules.repetition import duplicate_definition, duplicate_key, repeated_lines, repeated_part
from aicheck_checks.rules.syntax import invalid_syntax, misnamed_type, recipe_without_tab, refused_document
from aicheck_checks.rules.tests import skipped_test, weakened_test
from aicheck_checks.rules.truncation import (
    abrupt_end,
    cut_document,
    cut_rewrite,
    cut_statement,
    emptied_file,
    length_stop,
    lost_binding,
    lost_definition,
    lost_member,
    lost_tail,
    orphaned_use,
    size_collapse,
    unclosed_bracket,
    unclosed_section,
    unclosed_string,
)

if TYPE_CHECKING:
    from aicheck_checks.rule import Rule

INSTANT: tuple[Rule, ...] = (
    invalid_syntax.RULE,
    misnamed_type.RULE,
    recipe_without_tab.RULE,
    refused_document.RULE,
    unclosed_bracket.RULE,
    unclosed_string.RULE,
    cut_statement.RULE,
    abrupt_end.RULE,
    length_stop.RULE,
    lost_tail.RULE,
    lost_definition.RULE,
    lost_binding.RULE,
    size_collapse.RULE,
    unclosed_section.RULE,
    cut_rewrite.RULE,
    cut_document.RULE,
    emptied_file.RULE,
    orphaned_use.RULE,
    lost_member.RULE,
    elided_code.RULE,
    placeholder_body.RULE,
    hollowed_body.RULE,
    read_notice.RULE,
    swallowed_error.RULE,
    missing_import.RULE,
    undefined_name.RULE,
    undefined_export.RULE,
    unresolved_module.RULE,
    dropped_import.RULE,
    hallucinated_package.RULE,
    lookalike_package.RULE,
    missing_export.RULE,
    unused_name.RULE,
    foreign_script.RULE,
    leaked_token.RULE,
    leaked_protocol.RULE,
    faked_turn.RULE,
    foreign_prose.RULE,
    line_number.RULE,
    diff_marker.RULE,
    conflict_marker.RULE,
    stray_fence.RULE,
    chat_prose.RULE,
    invisible_character.RULE,
    garbled_text.RULE,
    citation_mark.RULE,
    escaped_text.RULE,
    swallowed_line.RULE,
    refusal_text.RULE,
    refusal_stop.RULE,
    service_message.RULE,
    repeated_lines.RULE,
    duplicate_definition.RULE,
    repeated_part.RULE,
    duplicate_key.RULE,
    weakened_test.RULE,
    skipped_test.RULE,
)

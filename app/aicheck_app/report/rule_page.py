"""The page of a rule, generated from its file: for ``aicheck explain``, docs/rules/ and SARIF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.errors import AicheckError
from aicheck_app.report.sinks.markdown import text
from aicheck_app.report.sinks.plain import visible
from aicheck_app.symptoms import symptoms

if TYPE_CHECKING:
    from aicheck_checks.rule import Case, Rule


def rule_of(code: str) -> Rule:
    """The rule with this code or name. Raises AicheckError that names the near one."""
    from aicheck_checks.registry import BY_CODE, RULES

    rule = BY_CODE.get(code.upper()) or next((one for one in RULES if one.name == code.lower()), None)
    if rule is None:
        from difflib import get_close_matches

        names = [one.name for one in RULES]
        near = get_close_matches(code.upper(), BY_CODE, 1) or get_close_matches(code.lower(), names, 1)
        hint = f"; did you mean '{near[0]}'?" if near else " (see 'aicheck rules')"
        if " " in code:
            hint = "; 'aicheck rules --search' takes what you see"
        raise AicheckError(f"no rule '{code}'{hint}")
    return rule


def render(rule: Rule) -> str:
    """The page as Markdown."""
    head, _, rest = rule.page.strip().partition("\n\n")
    seen = "".join(f"- {text(symptom)}\n" for symptom in symptoms(rule))
    seen = f"You may see:\n\n{seen}\n" if seen else ""
    parts = [
        f"# {rule.code} {rule.name}\n\n{head}\n\n{seen}Family: {rule.family}. Since {rule.since}.\n\n{rest.strip()}\n"
    ]
    parts += [_example("Found", case) for case in rule.bad[:2]]
    parts += [_example("Not found", case) for case in rule.good[:1]]
    parts.append(
        f"\n## Silence it\n\n`aicheck: ignore[{rule.code}]` in a comment on the line, or on a line of its own above it.\n"
    )
    return "".join(parts)


def _example(title: str, case: Case) -> str:
    beside = ", ".join(f"`{visible(name)}`" for name, _ in case.files)
    context = " (against the version before)" if case.previous else f" (beside {beside})" if beside else ""
    named = f"In `{visible(case.path)}`:\n\n" if case.path != case._field_defaults["path"] else ""
    before = f"Before:\n\n{_block(case.previous, case.language)}\nNow:\n\n" if case.previous else ""
    return f"\n## {title}{context}\n\n{named}{before}{_block(case.text, case.language)}"


def _block(text: str, language: str) -> str:
    lines = [visible(line, "\t") for line in text.rstrip("\n").split("\n")]
    shown = "\n".join(lines[:14] + ["..."] * (len(lines) > 14))
    fence = "````" if "```" in shown else "```"
    return f"{fence}{language}\n{shown}\n{fence}\n"

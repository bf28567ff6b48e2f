"""What goes into which field of which vendor's form: by the form's own field ids, with its options word for word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.report.sinks.markdown import code

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicheck_app.report.templates.facts import Facts

VENDORS = ("claude-code", "codex", "gemini", "copilot", "cursor")


def _expected(facts: Facts) -> str:
    return f"Outputs that are whole and that parse{', at the rate of the time before' if facts.changed else ''}."


def form_name(vendor: str, facts: Facts) -> str:
    """Which of a vendor's forms fits: a regression of a client version is a bug, anything else is how a model behaves."""
    if vendor != "claude-code":
        return vendor
    return "claude-code-bug" if facts.last_good else "claude-code-model"


def answers(name: str, facts: Facts) -> dict[str, str]:
    """The answers by field id; what only the person can say is not among them."""
    return {field: answer for field, make in _ANSWERS[name].items() if (answer := make(facts).strip())}


def _did(facts: Facts) -> str:
    modes = f"\n\nFailure modes: {facts.modes}." if facts.modes else ""
    return f"{facts.claim}\n\n{facts.details}{modes}"


def _ids(facts: Facts) -> str:
    lines = [f"- session {code(one)}, feedback id: ____" for one in facts.sessions]
    return "\n".join([*lines, *(f"- request {code(one)}" for one in facts.requests)])


def _provider(facts: Facts) -> str:
    known = {"anthropic": "Anthropic API", "bedrock": "AWS Bedrock", "vertex": "Google Vertex AI"}
    return next(
        (words for part, words in known.items() if part in facts.provider.lower()), "Other" if facts.provider else ""
    )


def _permission(facts: Facts) -> str:
    if not facts.permission_mode:
        return "I don't know / Not sure"
    automatic = facts.permission_mode in ("acceptEdits", "bypassPermissions", "auto")
    return (
        "Accept Edits was ON (auto-accepting changes)"
        if automatic
        else "Accept Edits was OFF (manual approval required)"
    )


def _family(names: tuple[str, ...], other: str) -> Callable[[Facts], str]:
    def found(facts: Facts) -> str:
        return next(
            (name for name in names if name.split()[0].lower() in facts.model.lower()), other if facts.model else ""
        )

    return found


def _system(names: dict[str, str]) -> Callable[[Facts], str]:
    return lambda facts: names.get(facts.os, "")


def _terminal(facts: Facts) -> str:
    known = {
        "Apple_Terminal": "Terminal.app (macOS)", "WarpTerminal": "Warp", "iTerm.app": "iTerm2",
        "vscode": "VS Code integrated terminal",
    }  # fmt: skip
    return known.get(facts.terminal, "")


def _client(facts: Facts) -> str:
    return f"Version {facts.version}, model {facts.model}" if facts.version else ""


_ANSWERS: dict[str, dict[str, Callable[[Facts], str]]] = {
    "claude-code-model": {
        "behavior_type": lambda facts: (
            "Claude's behavior changed between sessions" if facts.changed else "Other unexpected behavior"
        ),
        "what_claude_did": _did,
        "expected_behavior": _expected,
        "files_affected": lambda facts: facts.files,
        "permission_mode": _permission,
        "reproducible": lambda _: "Haven't tried to reproduce",
        "model": _family(("Sonnet", "Opus", "Haiku"), "Other"),
        "conversation_log": _ids,
        "version": lambda facts: facts.version,
        "platform": _provider,
        "additional": lambda facts: facts.reproduction,
    },
    "claude-code-bug": {
        "actual": _did,
        "expected": _expected,
        "reproduction": lambda facts: f"{facts.reproduction}\n\n{_ids(facts)}",
        "model": _family(("Sonnet (default)", "Opus"), "Other"),
        "regression": lambda _: "Yes, this worked in a previous version",
        "working_version": lambda facts: facts.last_good,
        "version": lambda facts: facts.version,
        "platform": _provider,
        "os": _system({"Darwin": "macOS", "Windows": "Windows", "Linux": "Other Linux"}),
        "terminal": _terminal,
    },
    "codex": {
        "version": lambda facts: facts.version,
        "model": lambda facts: facts.model,
        "platform": lambda facts: facts.os,
        "terminal": lambda facts: facts.terminal,
        "actual": _did,
        "steps": lambda facts: f"{facts.reproduction}\n\nThread ids:\n{_ids(facts)}",
        "expected": _expected,
    },
    "gemini": {
        "problem": _did,
        "expected": _expected,
        "info": _client,
        "additional-context": lambda facts: f"{facts.reproduction}\n\n{_ids(facts)}",
    },
    "copilot": {
        "description": _did,
        "version": lambda facts: facts.version,
        "steps_to_reproduce": lambda facts: f"{facts.reproduction}\n\n{_ids(facts)}",
        "expected_behavior": _expected,
    },
    "cursor": {
        "describe": _did,
        "steps": lambda facts: facts.reproduction,
        "expected": _expected,
        "os": _system({"Darwin": "MacOS", "Windows": "Windows 10/11", "Linux": "Linux"}),
        "version": _client,
        "model": lambda facts: facts.model,
        "request_id": _ids,
    },
}

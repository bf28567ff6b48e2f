"""Secrets that stand wherever a stranger can put them get into no report; ids that vendors ask for get into all."""

from __future__ import annotations

import random

import pytest
from benchmarks.redaction_cases import filled
from benchmarks.redaction_tokens import TOKENS
from click.testing import CliRunner

from aicheck_app.cli.group import aicheck
from aicheck_app.log import records
from aicheck_app.log.store import Log

PLACES = (
    "message",
    "excerpt",
    "path",
    "model",
    "session",
    "tool",
    "agent_version",
    "stop_reason",
    "request",
    "language",
)
KINDS = [
    kind for kind in TOKENS
    if not kind.startswith(("bare", "bcrypt", "argon2", "sha512", "aws secret", "azure", "mailchimp", "okta", "salesforce", "asana", "vault legacy", "plaid", "age", "duffel"))
][:60]  # fmt: skip
"""Kinds that are told by their own form, in whatever stands round them."""
FORMS = (
    ["--format", "markdown"], ["--format", "html"], ["--format", "json"], ["--format", "csv"], ["--format", "sarif"], ["--preview"],
    *(["--template", vendor, "--agent", "a"] for vendor in ("claude-code", "codex", "gemini", "copilot", "cursor")),
)  # fmt: skip
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
SHAPES = {
    "session": ("{u4}", "{u7}", "ses_{h12}{a14}", "{u4}"),
    "request": ("req_011C{a20}", "req_vrtx_011C{a20}", "req_{h32}", "{u4}", "814A:1E39D7:90E4618:9A8FC4F:6A3B17B5"),
    "message": ("msg_01{a22}", "msg_bdrk_01{a22}", "resp_{h50}", "msg_{h12}{a14}", "msg_{h50}"),
    "tool_use": ("toolu_01{a22}", "toolu_vrtx_01{a22}", "toolu_bdrk_01{a22}", "call_{a24}"),
}
"""Shapes of ids as clients and services write them: {aN} letters and digits, {hN} hexadecimal, {u4} and {u7} UUIDs of that version."""


def planted() -> tuple[list[records.Output], list[str]]:
    """Outputs with a secret each, in every place in turn."""
    chance, outputs, secrets = random.Random(7), [], []
    for number in range(520):
        kind, place = KINDS[number % len(KINDS)], PLACES[number // len(KINDS) % len(PLACES)]
        secret = filled(chance, TOKENS[kind])
        said = f"the key {secret} stands here"
        finding = records.Finding(
            code="TRU001", severity="error", confidence="high", line=1, column=1, message=said if place == "message" else "cut off",
            excerpt=f"> key = '{secret}'" if place == "excerpt" else "",
        )  # fmt: skip
        known: dict[str, object] = {
            "path": "a.py",
            "model": "m",
            "session": f"s{number}",
            "tool": "Edit",
            "language": "python",
        }
        if place not in ("message", "excerpt"):
            known[place] = f"src/{secret}.py" if place == "path" else secret
        outputs.append(
            records.Output(
                id=f"o{number}", time=f"2026-05-{number % 28 + 1:02}T10:00:00.000Z", agent="a", verdict="suspect", findings=[finding],
                attribution="transcript", **known,  # type: ignore[arg-type]
            )
        )  # fmt: skip
        secrets.append(secret)
    return outputs, secrets


def test_no_secret_gets_into_a_report() -> None:
    outputs, secrets = planted()
    assert len(KINDS) >= 40
    with Log() as log:
        log.append(outputs)
    for form in FORMS:
        done = CliRunner().invoke(aicheck, ["report", *form, *(["--show-paths"] if "json" in form else [])])
        assert done.exit_code == 0, (form, done.output[:300])
        assert [secret for secret in secrets if secret in done.stdout] == [], form
    for command in (["trend", "--all"], ["trend", "--by", "model"], ["log", "stats", "--monthly"], ["selftest"]):
        done = CliRunner().invoke(aicheck, command)
        assert [secret for secret in secrets if secret in done.stdout] == [], command


def made(chance: random.Random, shape: str) -> str:
    def some(letters: str, size: int) -> str:
        return "".join(chance.choice(letters) for _ in range(size))

    def uuid(version: int) -> str:
        return f"{some('0123456789abcdef', 8)}-{some('0123456789abcdef', 4)}-{version}{some('0123456789abcdef', 3)}-a{some('0123456789abcdef', 3)}-{some('0123456789abcdef', 12)}"  # fmt: skip

    for size in (12, 14, 20, 22, 24, 32, 50):
        shape = shape.replace(f"{{a{size}}}", some(LETTERS, size)).replace(
            f"{{h{size}}}", some("0123456789abcdef", size)
        )
    return shape.replace("{u4}", uuid(4)).replace("{u7}", uuid(7))


@pytest.mark.parametrize("member", SHAPES)
def test_ids_that_vendors_ask_for_survive(member: str) -> None:
    chance = random.Random(3)
    finding = records.Finding(code="TRU001", severity="error", confidence="high", message="cut off", line=1, column=1)
    shapes = [made(chance, shape) for shape in SHAPES[member] for _ in range(3)]
    with Log() as log:
        log.append([
            records.Output(
                id=f"o{at}", time=f"2026-05-01T10:00:{at:02}.000Z", agent="a", verdict="suspect", findings=[finding], attribution="hook",
                **{member: shape},  # type: ignore[arg-type]
            )
            for at, shape in enumerate(shapes)
        ])  # fmt: skip
    text = CliRunner().invoke(aicheck, ["report", "--format", "json"]).stdout
    assert [shape for shape in shapes if shape not in text] == []
    shown = CliRunner().invoke(aicheck, ["report"]).stdout
    assert sum(shape in shown for shape in shapes) == 5

"""What each setting is, in words and as JSON Schema: for the page and the schema that docs/generate.py makes.

The loader (``config.parse``) says what holds; a test takes made-up settings through both.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from aicheck_app import config
from aicheck_app.excluded import DEFAULT
from aicheck_app.project_rules import rules
from aicheck_checks.globs import MAX_PATTERN
from aicheck_checks.registry import RULES
from aicheck_checks.rule import FAMILIES
from aicheck_checks.settings import Settings
from aicheck_checks.tools.project_tools import TOOLS

_DRAFT = "http://json-schema.org/draft-07/schema#"
"""Only a name; the draft that editors of TOML know best."""


class Setting(NamedTuple):
    """A setting's sentence, its schema, its default as it would be written, and an example."""

    says: str
    schema: dict[str, Any]
    default: object
    example: str


def _codes() -> dict[str, Any]:
    """Codes of rules or of families, which editors complete; the loader takes any beginning of a code."""
    whole = [*FAMILIES, *(rule.code for rule in RULES)]
    begun = sorted({code[:end] for code in whole for end in range(1, len(code))} - set(whole))
    one = {"anyOf": [{"enum": whole}, {"pattern": f"^({'|'.join(begun)})$"}], "type": "string"}
    return {"type": "array", "items": one, "maxItems": config.MAX_ITEMS}


def _patterns() -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "maxLength": MAX_PATTERN}, "maxItems": config.MAX_ITEMS}


def _stated() -> dict[str, Any]:
    """The rules that a project states, each a list of words."""
    words = {"type": "string", "maxLength": rules.MAX_LENGTH, "pattern": r"^[^\u0000]*[^\s\u0000][^\u0000]*$"}
    lists = {key: {"type": "array", "items": words, "maxItems": rules.MAX_RULES} for key in rules.KEYS}
    return {"type": "object", "properties": lists, "additionalProperties": False}


def _hook() -> dict[str, Any]:
    guard = {"anyOf": [{"type": "boolean"}, {"const": "block"}]}
    answer: dict[str, Any] = {"enum": list(config.HOOKS)}
    table = {"type": "object", "properties": {"answer": answer, "guard": guard}, "additionalProperties": False}
    return {"anyOf": [answer, table]}


SETTINGS = {
    "select": Setting(
        "Only these rules or families are asked. Naming a rule of LOG or EFF here runs it too.", _codes(), [],
        'select = ["SYN", "TRU", "IMP"]',
    ),
    "ignore": Setting(
        "These rules or families are not asked. Where an entry of `select` fits too, the longer of the two decides.", _codes(), [],
        'ignore = ["IMP004"]',
    ),
    "per-file-ignores": Setting(
        "Rules that are not reported in some files, by patterns as in .gitignore. A `!` before the pattern means all other files.",
        {"type": "object", "additionalProperties": _codes(), "propertyNames": {"maxLength": MAX_PATTERN}, "maxProperties": config.MAX_ITEMS},
        {}, 'per-file-ignores = { "tests/**" = ["IMP"], "!src/" = ["EFF", "LOG"] }',
    ),
    "exclude": Setting(
        "Files and folders that are left out, by patterns as in .gitignore, in place of the default.", _patterns(), list(DEFAULT),
        'exclude = ["generated"]',
    ),
    "extend-exclude": Setting(
        "Files and folders that are left out beside those of `exclude`.", _patterns(), [], 'extend-exclude = ["*_pb2.py", "/web/out/"]',
    ),
    "notes": Setting(
        "Show findings of low confidence too, as `--notes` does; in editors they are hints.", {"type": "boolean"}, False, "notes = true",
    ),
    "quality": Setting("Ask the rules of LOG and EFF too, as `--quality` does.", {"type": "boolean"}, False, "quality = true"),
    "deep": Setting(
        "Ask for calls that the installed libraries do not have, as `--deep` does. This starts pylint.", {"type": "boolean"}, False,
        "deep = true",
    ),
    "tools": Setting(
        "The project's own compilers and linters that are asked, as by `--tool`. This starts them.",
        {"type": "array", "items": {"enum": list(TOOLS)}}, [], 'tools = ["tsc"]',
    ),
    "max-bytes": Setting(
        "A text with more bytes is unchecked.", {"type": "integer", "minimum": 1, "maximum": config.LARGEST}, Settings().max_bytes,
        "max-bytes = 500_000",
    ),
    "excerpt": Setting(
        "What the log keeps of the code: nothing, a few redacted lines round a finding, or the whole redacted output.",
        {"enum": list(config.EXCERPTS)}, config.Config().excerpt, 'excerpt = "none"',
    ),
    "paths": Setting(
        "How the log names files: by a keyed hash, or by their path in the project.", {"enum": list(config.PATHS)},
        config.Config().paths, 'paths = "hash"',
    ),
    "line-hashes": Setting(
        "Keep keyed hashes of the lines that were written, which `--only-ai` needs. Unless you set it, they are kept if `excerpt` is not \"none\".",
        {"type": "boolean"}, True, "line-hashes = false",
    ),
    "hook": Setting(
        "How an agent is told what was found: as context, as the reason for a block, or not at all. As a table it also has `guard`: "
        'true tells the agent which uncommitted work a command would lose, "block" stops the command.',
        _hook(), config.Config().hook, 'hook = { answer = "context", guard = true }',
    ),
    "rules": Setting(
        "How this project is worked on. `aicheck ingest` counts how often sessions keep these rules; they stop nothing.", _stated(), {},
        'rules = { forbidden-commands = ["git push --force"], before-done = ["pytest"] }',
    ),
    "false-alarms": Setting(
        "How many false alarms a year `aicheck trend` may raise, over all that it watches.",
        {"type": "number", "minimum": 0.01, "maximum": 365}, config.Config().false_alarms, "false-alarms = 0.5",
    ),
}  # fmt: skip
TRUST = Setting(
    "Folders whose settings files may decide what is otherwise yours alone. Only in your own settings.",
    {"type": "array", "items": {"type": "string"}}, [], 'trust = ["~/work/own"]',
)  # fmt: skip


def schema() -> dict[str, Any]:
    """The JSON Schema of ``aicheck.toml``, the user's own included."""
    known = {**SETTINGS, config.OWN: TRUST}
    return {
        "$schema": _DRAFT,
        "title": "aicheck.toml",
        "type": "object",
        "properties": {
            key: {"description": one.says, **one.schema, "default": one.default} for key, one in known.items()
        },
        "additionalProperties": False,
    }

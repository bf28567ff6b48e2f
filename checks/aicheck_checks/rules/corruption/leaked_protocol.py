"""A call of a tool, or a control token, stands in a message's words instead of being carried out.

## Why it matters
A call that comes as text is never made: the agent says that it edits a file, and nothing happens. It is a sign of a fault
between the model and its client, and reports of it come with every change of a model or its serving.

## Instead
Ask again in a new turn; report the message with its request id.

## Known limits
Only what the model says itself is looked at: code, quotations and quoted lines may speak of such marks, and so may a
sentence. A call has to begin a line, or to end the message as JSON.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_CALL = lazy(
    r"^[ \t]{0,3}(?P<mark></?(?:antml:)?(?:function_calls|invoke|tool_calls?|tool_use|function_results)(?:[ \t][^<>\n]{0,200})?>"
    r"|<(?:antml:)?parameter[ \t]+name=[^<>\n]{1,200}>|<function=[\w.:-]{1,80}>|</?(?:arg_key|arg_value|execute_tool|tool_code)>"
    r"|\[TOOL_CALLS\]|\[/?TOOL_CALL\]|<[|｜][^\n|｜]{0,20}(?:tool|DSML|python_tag)[^\n|｜]{0,40}[|｜]|functions\.\w{1,60}:\d{1,4}\{)",
    re.MULTILINE,
)
_TOKEN = lazy(
    r"<[|｜](?:im_(?:start|end)|endoftext|eot_id|eom_id|start_header_id|end_header_id|begin_of_text|end▁of▁sentence|begin▁of▁sentence"
    r"|fim_\w{1,20}|user|assistant|system|end|return|channel|message|start)[|｜]>|^[ \t]{0,3}\[/?INST\]|<</?SYS>>|</s>[ \t]*$",
    re.MULTILINE,
)
_KEYS = (
    {"name", "arguments"},
    {"name", "parameters"},
    {"name", "input"},
    {"tool", "tool_input"},
    {"tool", "arguments"},
    {"tool_calls"},
)
_TYPES = ("function", "tool_use", "function_call", "tool_call")
MAX_JSON = 50_000
"""Code points of a message's end that are read as JSON."""


def check(source: Source) -> Iterator[Found]:
    """The first mark of a call or token that the model says itself."""
    text = source.text
    if not any(mark in text for mark in ("<", "[", "functions.", "{")):
        return
    said = source.spoken
    for pattern, what in ((_CALL, "a tool call"), (_TOKEN, "a model's control token")):
        if match := pattern.search(said):
            mark = match["mark"] if pattern is _CALL else match[0]
            at = match.start() + match[0].index(mark.strip())
            yield Found(f"{what} '{mark.strip()[:60]}' stands in the message's words", at, at + len(mark.strip()))
            return
    start = _json_call(text)
    if start is not None and said[start] == text[start]:
        yield Found("a tool call as JSON ends the message", start, len(text.rstrip()))


def _json_call(text: str) -> int | None:
    """Where a message's last paragraph begins, if it is a call in JSON and nothing else."""
    end = text.rstrip()
    if not end.endswith("}") and not end.endswith("]"):
        return None
    for opening in ("\n{", "\n["):
        at = end.rfind(opening, max(len(end) - MAX_JSON, 0))
        at = at + 1 if at >= 0 else (0 if end.startswith(opening[1]) else -1)
        if at >= 0 and _is_call(end[at:]):
            return at
    return None


def _is_call(words: str) -> bool:
    try:
        found: Any = json.loads(words)
    except (ValueError, RecursionError):
        return False
    found = found[0] if isinstance(found, list) and found else found
    if not isinstance(found, dict) or not isinstance(
        found.get("name", found.get("tool", found.get("tool_calls"))), str | list
    ):
        return False
    keys = set(found) - {"id", "type"}
    return any(keys == wanted for wanted in _KEYS) and found.get("type", "function") in _TYPES


RULE = Rule(
    code="COR010",
    name="leaked-protocol",
    summary="a tool call or control token stands in a message's words",
    page=__doc__,
    check=check,
    kinds=("prose",),
    good=(
        Case('The model writes `<invoke name="x">` first.\n', kind="prose"),
        Case("```xml\n<function_calls>\n</function_calls>\n```\n", kind="prose"),
        Case("> <tool_call>\n\nThat is what leaked. A <tool_call> in the midst of a line is a word.\n", kind="prose"),
        Case('The answer is\n\n{"name": "a", "age": 3}\n', kind="prose"),
    ),
    bad=(
        Case(
            'I will read it.\n\n<invoke name="Read">\n<parameter name="file_path">a.py</parameter>\n',
            line=3,
            says="invoke",
            kind="prose",
            symptom="a tool call is shown as text in the chat",
        ),
        Case("Let me look.\n<function_calls>\n", line=2, says="tool call", kind="prose"),
        Case("Now the edit.\n[TOOL_CALLS] edit\n", line=2, says="TOOL_CALLS", kind="prose"),
        Case(
            'Done so far.\n\n{"name": "read_file", "arguments": {"path": "a.py"}}\n',
            line=3,
            says="JSON",
            kind="prose",
            symptom="raw JSON of a tool call in the answer",
        ),
        Case(
            "All done.<|im_end|>\n", line=1, says="im_end", kind="prose", symptom="<|im_end|> at the end of an answer"
        ),
        Case("Now\n<｜DSML｜invoke name=x>\n", line=2, says="DSML", kind="prose"),
    ),
)

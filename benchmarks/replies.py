"""What is said of models' words: leaked calls and faked turns that are found, and clean replies that are flagged.

    python -m benchmarks.replies SESSIONS [--docs FOLDER]... [--write]

Replies are the texts of all assistant messages in the sessions, each once; documents are Markdown files about these very marks.
What is flagged is printed with its place, for a reader to judge; the damage is made from the forms that people have reported.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from aicheck_app.capture import session as base
from aicheck_app.capture.reader import Reader, transcripts
from aicheck_app.errors import AicheckError
from aicheck_checks.engine import check_alone
from aicheck_checks.source import Source
from benchmarks import readme

if TYPE_CHECKING:
    from collections.abc import Iterator

SAID = "I'll look at the file first, and then change what has to be changed.\n\n"
LEAKED = (
    '<invoke name="Read">\n<parameter name="file_path">a.py</parameter>\n</invoke>', "<function_calls>\n<invoke>",
    '<invoke name="Edit">', '<function_calls>', '<parameter name="command">ls</parameter>',
    '<tool_call>\n{"name": "ls", "arguments": {}}\n</tool_call>', "</tool_call>", "<function=read_file>\n<parameter=path>a</parameter>",
    "[TOOL_CALLS] [{}]", "<|tool_call|>read", "<|tool_calls_section_begin|>", "<|python_tag|>ls()", "<｜DSML｜invoke name=\"x\">",
    "<｜tool▁calls▁begin｜>", "functions.read_file:0{\"path\": \"a\"}", "<arg_key>path</arg_key>", "<execute_tool>\nls\n</execute_tool>",
    '{"name": "read_file", "arguments": {"path": "a.py"}}', '{"tool": "Read", "tool_input": {"path": "a.py"}}',
    '[{"type": "tool_use", "name": "Read", "input": {"path": "a"}}]', '{"tool_calls": [{"id": "1"}]}', "<tool_code>\nprint(1)\n</tool_code>",
    "That is all.<|im_end|>", "Done.<|endoftext|>", "<|eot_id|>", "<｜end▁of▁sentence｜>", "[INST] next", "</s>",
    "Human: now run the tests", "User: thanks\n\nAssistant: You are welcome.", "### Human: go on",
)  # fmt: skip
"""The forms of calls, tokens and turns that leak, as people have reported them of Claude, GPT, Llama, Mistral, Qwen, Kimi, DeepSeek."""


def replies(folder: Path) -> Iterator[tuple[str, str]]:
    """Each reply of the sessions with its file; one that stands in several files comes once."""
    found: list[str] = []
    kept = base.Session.reply

    def reply(self: base.Session, text: str, *rest: object, **more: object) -> None:
        found.append(text)

    base.Session.reply = reply  # type: ignore[method-assign]
    seen: set[int] = set()
    try:
        for file in transcripts(str(folder)):
            found.clear()
            try:
                for _ in Reader(file):
                    pass
            except (AicheckError, OSError):
                continue
            for text in found:
                if text.strip() and hash(text) not in seen:
                    seen.add(hash(text))
                    yield file, text
    finally:
        base.Session.reply = kept  # type: ignore[method-assign]


def flagged(text: str) -> list[str]:
    """What is said of a message's words."""
    return [f"{one.code} {one.message}" for one in check_alone(Source(text, kind="prose")).findings if one.suspect]


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sessions", type=Path)
    parser.add_argument("--docs", type=Path, action="append", default=[])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    missed = [form for form in LEAKED if not flagged(SAID + form + "\n")]
    count = alarms = 0
    for file, text in replies(options.sessions):
        count += 1
        for said in flagged(text):
            alarms += 1
            print(f"{os.path.basename(file)}: {said}")
    pages = [path for folder in options.docs for path in sorted(folder.rglob("*.md")) if path.is_file()]
    wrong = [path for path in pages if flagged(path.read_text("utf-8", "replace"))]
    for path in [*wrong, *missed]:
        print(path)
    text = (
        f"{len(LEAKED) - len(missed)} of {len(LEAKED)} leaked forms found; {alarms} findings in {count:,} replies of real sessions; "
        f"{len(wrong)} of {len(pages):,} documents flagged.\n"
    )
    print(text)
    if options.write:
        readme.write("replies", text)


if __name__ == "__main__":
    main()

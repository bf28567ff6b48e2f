"""A control token of a model, or a tag of its tool protocol, stands in the code.

## Why it matters
Tokens such as `<|im_end|>` or `</invoke>` steer a model and never belong to its
output. Where they leak, the text around them was cut or spliced.

## Instead
Remove the token and look at what stands around it.

## Known limits
In strings and comments such tokens are normal: code that talks to models is
full of them. Documents have elements of any name: there a tag of the protocol
counts where it stands alone and nothing opens what it closes. In Markdown,
code and quotations are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.prose import is_document, is_own, is_program, own_lines
from aicheck_checks.finding import Found
from aicheck_checks.languages.scan import in_quotes
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_TOKEN = lazy(
    r"<[|｜][\w▁ /-]{2,40}[|｜]>|\[/?INST\]|<</?SYS>>|"
    r"</?(?:antml:)?(?:function_calls|invoke|parameter|tool_call|tool_use|tool_result|thinking|think|"
    r"antml_thinking|antThinking|antArtifact|function_results|answer|reasoning|scratchpad|"
    r"file_content|new_string|old_string|content|assistant|human)(?:\s[^<>\n]{0,80})?>|"
    r"<(?:fim_(?:prefix|middle|suffix)|endoftext|PRE|SUF|MID)>|<(?:bos|eos|unk|pad)>|</s>|"
    r"<(?:filename|gh_stars|reponame|repo_name|file_sep|issue_start|jupyter_start|commit_before)>"
)
_SURE = lazy(r"</?[|｜]{1,2}[ ]?DSML[ ]?[|｜]{1,2}[^<>\n]{0,80}>?|\Aprint\(default_api\.\w+\(")
"""What stands in no text by anybody's hand: DeepSeek's markup of tool calls, and Gemini's way to write one."""
_NAMES = (
    r"function_calls|invoke|parameter|content|think|tool_calls?|tool_use|tool_results?|function_results|file_content|file_text|"
    r"(?:new|old)_str(?:ing)?|antArtifact|antThinking|execute_\w{1,20}|tool_code|arg_(?:key|value)|write_to_file|replace_in_file|"
    r"write_file|xai:function_call|bolt(?:Action|Artifact)"
)
_CLOSES = lazy(rf"</(?:antml:)?(?P<name>{_NAMES})>[ \t]*$")
_OPENS = lazy(rf"(?:<|(?<!</antml):)({_NAMES})")
"""With a namespace or without."""
_END_TOKEN = lazy(r"</think>|<[|｜][\w▁ /-]{2,40}[|｜]>|<\|?(?:endoftext|eot_id|eos)\|?>|</s>")
_KNOWN_TOKEN = lazy(
    r"<[|｜](?:fim_\w{1,20}|im_(?:start|end)|endoftext|eot_id|begin_of_text|start_header_id|end_of_turn)[|｜]>"
)
_NEAR_THE_END = 3
"""Lines from the last one on where a tag may stand behind other words."""


LONG = 1_000
"""Code points of a line that holds more than a token."""


def check(source: Source) -> Iterator[Found]:
    """Each token outside strings and comments."""
    if "<" not in source.text and "[" not in source.text and "default_api" not in source.text:
        return
    found = sorted({*_sure(source), *(_in_document(source) if is_document(source) else _in_code(source))})
    if found:
        (start, end), more = found[0], f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        message = f"a model's control token '{source.text[start:end][:40]}' leaked into the text{more}"
        yield Found(message, start, end, broken_syntax=True)


def _sure(source: Source) -> Iterator[tuple[int, int]]:
    """The tokens that no text has otherwise, outside strings and comments."""
    if "DSML" in source.text or "default_api" in source.text:
        yield from ((m.start(), m.end()) for m in _SURE.finditer(source.text) if is_own(source, m.start()))


def _in_code(source: Source) -> Iterator[tuple[int, int]]:
    text = source.text
    if "<|" not in text and "<｜" not in text and (source.parses or not _TOKEN.search(text)):
        return
    for match in _TOKEN.finditer(text):
        sure = source.diagnostics is not None or match[0][1] in "|｜"
        if _own_line(source, match) or (sure and _stands_in_code(source, match.start())):
            yield match.start(), match.end()


def _in_document(source: Source) -> Iterator[tuple[int, int]]:
    """The tags that close what nothing has opened: alone in their lines, or at the end; and a token that is the last line."""
    lines = own_lines(source)
    last = next((number for number in range(len(lines) - 1, -1, -1) if lines[number].strip()), -1)
    for number in range(0 if is_program(source) else max(last, 0), last + 1):
        line = lines[number].strip()
        if line[:1] == "<" and len(line) < LONG and (_END_TOKEN.fullmatch(line) or _KNOWN_TOKEN.match(line)):
            yield source.line_span(number)
    if "</" not in source.text:
        return
    written = [number for number, line in enumerate(lines) if line.strip()]
    near_the_end = frozenset(written[-_NEAR_THE_END:])
    opened = frozenset(_OPENS.findall(source.text))
    for number in written:
        closes = _CLOSES.search(lines[number]) if len(lines[number]) < LONG else None
        if closes is None or not (lines[number].strip() == closes[0].strip() or number in near_the_end):
            continue
        if closes["name"] not in opened:
            start = source.line_starts[number] + closes.start()
            yield start, start + len(closes[0].rstrip())


def _stands_in_code(source: Source, at: int) -> bool:
    """Whether a place is in no string: the body of a macro holds strings that the tree does not know of."""
    start = source.line_starts[source.position(at).line - 1]
    return source.region(at) == "code" and not (at - start < LONG and in_quotes(source.text[start:at]))


def _own_line(source: Source, match: re.Match[str]) -> bool:
    """Alone on a line of text that does not parse: a broken string may have swallowed it."""
    line = source.lines[source.position(match.start()).line - 1]
    return not source.parses and len(line) < LONG and line.strip() == match[0]


RULE = Rule(
    code="COR002",
    name="leaked-token",
    summary="a model's control token stands in the code",
    page=__doc__,
    check=check,
    needs=("tree",),
    good=(
        Case("STOP = '<|im_end|>'\n# the <|endoftext|> token\n"),
        Case("if a <b and c> d:\n    pass\n"),
        Case("# A\n\n```xml\n</invoke>\n```\n\nIt ends with `</invoke>`.\n", language="markdown"),
        Case("<content>\n<p>a</p>\n</content>\n", language="html"),
    ),
    bad=(
        Case("def f():\n    return 1\n<|im_end|>\n", line=3, says="<|im_end|>", symptom="<|im_end|> stands in my file"),
        Case("x = 1\n</parameter>\n</invoke>\n", line=2, says="</parameter>", symptom="</invoke> stands in my file"),
        Case("# A\n\nSome words.\n</content>\n</invoke>\n", line=4, says="</content>", language="markdown"),
        Case(
            "<html>\n<p>a</p>\n</html>\n</content>\n",
            line=4,
            says="</content>",
            language="html",
            symptom="my file ends in </content>",
        ),
        Case('locals {\n  a = "b"\n}\n</content>\n', line=4, says="</content>", language="terraform"),
        Case("void f() {\n}\n<|im_end|>\n", line=3, says="<|im_end|>", language="dart"),
        Case("<p>a</p>\n<｜｜DSML｜｜ parameter>\n", line=2, says="DSML", language="svelte"),
    ),
)

"""The fixed message of a service, a filter or a client stands where the model's text should stand.

## Why it matters
"The response was filtered", "API Error: 529": the service stopped the answer, and its message was written into the file. No model
wrote it, and what it replaced is missing.

## Instead
Restore the file, and ask again; report the message with its request id where it comes without reason.

## Known limits
A program that shows such messages holds them in strings, which do not count, except where one is all that a function throws.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.analysis.notices import standing_alone, thrown
from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_FILTERED = lazy(
    r"(?:Sorry, )?(?:the )?response (?:was filtered (?:by the Responsible AI Service|due to the prompt triggering)|"
    r"matched public code so it was blocked|hit the length limit|was blocked due to|cleared due to content safety)|"
    r"Sorry, (?:your request failed\. Please try again|no response was returned|you have been rate-limited|that['’]s beyond my current scope)",
    re.IGNORECASE,
)
_ERROR = lazy(
    r"\[?API Error: (?:\d{3}\b|Output blocked|Claude Code is unable|Claude['’]s response exceeded|Request was aborted|Request timed out|"
    r"Connection error|Overloaded|Rate limit|Internal server error|\{)|"
    r"(?:Error: )?Output blocked by content filtering policy|"
    r"(?:Unsuccessful )?finish[ _]?reason: ?(?:recitation|safety|prohibited_content|blocklist|spii|content_filter|max_tokens|length)\b",
    re.IGNORECASE,
)
_POLICY = lazy(
    r"(?:Invalid prompt: )?your (?:prompt|request) was flagged as potentially violating|"
    r"(?:This content|Your request) may violate our (?:usage|content) polic|Content violates usage guidelines|"
    r"(?:Input|Output) data may contain inappropriate content|\[Request interrupted by user|"
    r"\{\"type\": ?\"error\", ?\"error\": ?\{\"type\": ?\"",
    re.IGNORECASE,
)
_STOPPED = lazy(
    r"(?:The )?(?:model(?:['’]s)? )?(?:response|output|answer) was blocked (?:by|due to|because)|"
    r"Claude (?:AI |Code |Opus |Sonnet )?(?:usage )?limit reached|Prompt is too long(?:: \d|$)|"
    r"I['’]m unable to respond to this request, which appears to violate our Usage Policy",
    re.IGNORECASE,
)
_MESSAGES = (_FILTERED, _ERROR, _POLICY, _STOPPED)
_WORDS = (
    "filtered", "matched public code", "length limit", "content safety", "request failed", "no response was", "rate-limited",
    "current scope", "api error: ", "output blocked", "finish", "flagged as", "violate", "inappropriate content",
    "interrupted by user", "_error\"", "was blocked", "limit reached", "too long",
)  # fmt: skip


def check(source: Source) -> Iterator[Found]:
    """The first message that stands alone in its line, or is all that a function throws."""
    lowered = source.lowered
    if not any(word in lowered for word in _WORDS):
        return
    found = next(standing_alone(source, *_MESSAGES), None) or thrown(source, *_MESSAGES)
    if found is not None:
        start, end = found
        message = f"a service's message stands where text was asked for: '{source.text[start:end][:60]}'"
        yield Found(message, start, end, broken_syntax=not source.parses)


RULE = Rule(
    code="REF003",
    name="service-message",
    summary="a service's message stands in place of text",
    page=__doc__,
    check=check,
    needs=("tree",),
    kinds=("file", "fragment"),
    good=(
        Case("FILTERED = 'Sorry, the response was filtered by the Responsible AI Service.'\n"),
        Case("# A\n\nClients say `API Error: 529` where the service is overloaded.\n", language="markdown"),
        Case("# A\n\n## API Error: 529\n\nThe service is overloaded; try again.\n", language="markdown"),
    ),
    bad=(
        Case(
            "# A\n\nSome words\n\n  ⎿  API Error: Output blocked by content filtering policy\n",
            line=5,
            says="API Error",
            language="markdown",
            symptom="API Error: Output blocked by content filtering policy",
        ),
        Case(
            "def f(x):\n    # Sorry, the response matched public code so it was blocked. Please rephrase.\n    pass\n",
            line=2,
            symptom="the response matched public code so it was blocked",
        ),
        Case("Unsuccessful Finish Reason: RECITATION\n", line=1, says="RECITATION", language="java"),
        Case("Sorry, the response was filtered by the Responsible AI Service.\n", line=1, language="typescript"),
        Case(
            "function sort(items) {\n  throw new Error('Response was blocked due to SAFETY');\n}\n",
            line=2,
            says="SAFETY",
            language="javascript",
            symptom="Response was blocked due to SAFETY",
        ),
    ),
)

"""Ten strings that a stranger may put wherever text comes from outside, and what must hold of every way out.

The properties are those of the sinks (a terminal, GitHub's runner, a parser of Markdown, a spreadsheet), asked of what
was printed; none compares with what our own functions make of the strings.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from html.parser import HTMLParser

from markdown_it import MarkdownIt

PLANTED = {
    "escape": "\x1b]0;pwned\x07\x1b[2J\x9b31m\x7f\x08",
    "bidi": "a\u202egnp.exe\u2066\u200b\u115f\U000e0041\u2028\u00ad",
    "command": "::error file=a,line=1::fake ##[add-mask]b ##vso[task.complete]c ##teamcity[d]",
    "markdown": (
        "![i](https://evil.example/i.png) [l](command:x) <https://evil.example/a> https://evil.example www.evil.example"
        " @everyone fixes #1 closes org/repo#2 GH-1 deadbeef a@localhost &#64;everyone __b__ # h"
    ),
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)><!-- \"' -->",
    "formula": '\t=HYPERLINK("http://evil.example");=1+1',
    "wide formula": " ＝1+1\r;＠a",
    "newline": "x\nclean: 1 file checked\r\n::stop-commands::x\x85aicheck: fake: all is well",
    "surrogate": "\ud83d and \udcff",
    "long": "A" * 100_000,
    "ticks": "``` `|` | a | ```` ~~~~~ \\| \\`",
}
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_OUR_COMMAND = re.compile(
    r"::(?:error|warning|notice) (?:file=[^:\n]*,)?(?:line=\d+,col=\d+,endLine=\d+,endColumn=\d+,)?title=[^:\n]*::"
)


def printed(data: bytes, keep: str = "\n\t") -> str:
    """The text that was printed: UTF-8, each character is seen, and the only commands for a CI server are our own."""
    text = data.decode("utf-8")
    odd = {c for c in text if c not in keep and (unicodedata.category(c)[0] == "C" or c in "\u2028\u2029")}
    assert not odd, ascii(odd)
    assert not _INVISIBLE.search(text)
    assert not re.search(r"##\w*\[", text)
    for line in text.split("\n"):
        assert not line.strip().startswith("::") or _OUR_COMMAND.match(line), ascii(line[:200])
    return text


def one_line_each(text: str) -> None:
    """No line is there that only a break inside an outside string could have made."""
    for line in text.split("\n")[:-2]:
        assert not line.startswith(("clean", "aicheck: fake")), line[:200]


def markdown(text: str) -> None:
    """A real parser finds nothing but text, code and our own structure, and nothing that GitHub makes a link of."""
    columns = 0
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        assert token.type != "html_block", token.content[:200]
        assert token.type != "fence" or re.fullmatch(r"[a-z0-9+#-]*", token.info), token.info
        if token.type in ("tr_open", "tr_close"):
            assert token.type == "tr_open" or columns in (3, 4, 5, 6), columns
            columns = 0
        columns += token.type in ("td_open", "th_open")
        for inner in token.children or []:
            assert inner.type not in ("image", "link_open", "html_inline", "s_open"), (inner.type, inner.content)
            if inner.type == "text":
                found = re.search(
                    r"@\w|#\d|://|www\.|evil\.example|GH-\d|\b[0-9a-f]{7,40}\b|everyone\b(?<=@everyone)", inner.content
                )
                assert not found, (found, inner.content[:200])


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        for name, value in attributes:
            assert not name.startswith("on"), name
            assert name not in ("src", "href", "srcset", "action", "xlink:href"), name
            assert "evil" not in (value or ""), value

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def html(text: str) -> None:
    """A page without images and links, whose scripts are data or those that its policy names by their hashes."""
    tags = _Tags()
    tags.feed(text)
    assert not tags.seen & {"img", "a", "iframe", "object", "embed", "form", "base", "link"}
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    data = re.findall(r'<script type="application/json" id="chart-\d+">(.*?)</script>', text, re.DOTALL)
    assert len(re.findall("<script", re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL))) == len(data)
    for script in scripts:
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in text.partition("<style>")[0]
    for each in data:
        json.loads(each)
    assert "default-src 'none'" in text


def cell(text: str) -> None:
    """A cell that no spreadsheet calculates, whatever it skips before a formula or takes for the end of a cell."""
    for part in re.split(r"[;,|\t\n\r]", text):
        assert not part.strip(" \t\r\n\x0b\x0c\u00a0\ufeff").startswith(tuple("=+-@＝＋－＠")), ascii(text[:200])

"""Secrets that stand beside their name: assigned, compared, passed, set, in whatever language.

The names are found in one pass; what follows each is read forward, never
again, so that the time is that of the text's length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.redaction.names import LIKELY, STRONG, WEAK, mentions, named, roots
from aicheck_app.redaction.page import Page, Span
from aicheck_app.redaction.values import LONGEST, bare, literal, secretive
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_HEAD = lazy(r"[\w-]{0,40}\Z")
_TAIL = lazy(r"(?:-?[\w\u0300-\u036f\u0e31\u0e34-\u0e4e\u0900-\u0903\u093a-\u094f]){0,48}")
_QUOTES = r"\\{0,3}(?:\"\"\"|'''|[\"'`“‘«「『„])"
_OPEN = lazy(
    rf"(?:[bfruBFRULuN]{{1,2}}|u8|[@$~:]|%[qQw]?)?(?P<quote>{_QUOTES})|(?P<pile>\[\[(?=[^\s\"'\[\],]{{3,200}}\]\])|(?:%[qQ]?|\bqq?)[({{\[|!])"
)
_CLOSING = {"“": "”", "‘": "’", "«": "»", "「": "」", "『": "』", "„": "“", "[[": "]]", "(": ")", "{": "}", "[": "]"}
_ASSIGN = r"===?|!==?|=~|=>|==|:=|::=|:-|\?\?=?|\|\|=?|\?=|\+=|<-|->|<=|=(?!>)|:(?!:)|\?:|\||≠|＝|：|→|\bis(?: not)?\b|\bwas\b|\beq\b|\bne\b|\bto\b|\blike\b|\bLIKE\b|<<<|\{(?=\s?[\"'][^\"'\s]{3,200}[\"']\s?\})|\bby lazy ?\{|\bget\(\) ?=|//(?=[ \t][\"'])|\bif [^\n\"']{1,60} else\b(?=\s[\"'])|\b(?:or|else)\b(?=\s{1,4}[\"'])|\bis:|\bEQ\b|<>|是|为|為|は"
_LINK = lazy(
    r"(?P<close>[?!]?\\{0,3}[\"'`”’»」]?(?:\[\w{0,12}\])?[\])}]{0,2}(?:\.(?:String|text|value|get|Value)(?:\(\))?)?[\"'`]?\)?)"
    r"(?P<type>[ \t]{0,8}(?::|\b[Aa]s\b|[ \t])[ \t]{0,8}[&*']{0,3}[A-Za-z_][\w.<>\[\]|?' &]{0,30}?(?=\s{0,8}(?::?=[^=]|by lazy))|)"
    rf"(?:[ \t](?:for|of|to|on|at)[ \t][\w.@'-]{{1,40}}+)?(?P<blank>[ \t]{{0,40}})(?P<op>{_ASSIGN})(?P<after>[ \t]{{0,40}}(?:\\?\r?\n[ \t]{{0,80}}(?=[\"'`]))?)"
)
_CALLED = lazy(
    r"(?P<verb>(?:\(\))?\)?[\"'`]?\]?[\"'`]?\){0,2}(?:\.|->|\?\.)(?:equals(?:IgnoreCase)?|contentEquals|compareTo|compare|eq|ne|eql\?|is|isEqual\w*|isEqualTo|toBe|toEqual|toStrictEqual|to|should|startsWith|starts_with|endsWith|matches|includes|contains|set|update|encode|unwrap_or|unwrap_or_else|getOrDefault|or_else|orElseGet|or|orElse|getOrElse|fill|type|sendKeys|send_keys|toHaveValue|setValue|set_value|val|fill_in|typeText)\(\s{0,4}"
    r"|[!?]?\s?[({](?:\s{0,4}\n?\s{0,20}))"
)
_PAIR = lazy(
    r"[\"'`]?\]?[\"'`]?\s{0,4},\s{0,20}(?P<default>[^\n;(){}]{0,120}?\bdefault(?:_?value)?\s?[=:]\s?(?=[\"'`]))?"
)
_SPACED = lazy(r"[ \t]{1,8}(?=[\"'@])")
_DEFINING = lazy(
    r"(?i)define|def|set|setq|let|env|arg|setx|by|const|with|#define"
    r"|\w*(?:cpy|copy|sprintf|strcat|define|declare|string|fetch|fill|send_?keys|type|write|assert|cmp|equals?|digest|put|set|add|with|append|param|field|header|attr|prop|property|default|env|get|update|insert|option|config|store|save|register)\w*"
)
_READING = lazy(
    r"(?i)(?:get|gen|sample|read|ask|prompt|input|find|load|fetch|lookup|require|query|describe|it|test|label|log|print|warn|error|info|debug|echo|raise|throw|translate|gettext|t|i18n|select|click|fill|locator|by|xpath|css|find_?\w*|has|include|contains?|pluck|pick|omit|slice|except|only|permit|filter|from|import|open|connect|join|split|replace|match|search|sub|format)\w*\Z"
)
_WRAPPED = lazy(r"(?:new |await |try |&|\(?\w+\) ?)?(?P<call>(?:\[\])?[A-Za-z_$][\w$.:<>?!-]{0,60}+)[(\[{] ?")
_FALLBACK = lazy(
    r"[\w.$!?>:-]{1,80}+(?:[(\[][\"'`\w]{0,60}[)\]])?\s{0,4}(?:\?\?|\|\||\bor\b|\?:|\|>?|\belse\b)\s{0,4}(?=[\"'`])"
)
_CONVERSION = lazy(
    r"(?i)(?:.*[.:>])?(?:str|string|bytes?|bytearray|from\w*|new|to_?\w*|some|just|secret\w*|secure\w*|password\w*|buffer|encode\w*|b64\w*|decode\w*|base64\w*|atob|btoa|text|char|chars|slice|\[\]byte|ref|value|literal|quote|wrap|trim|ok|of|hash\w*|sha\w*|md5\w*|crypt\w*|bcrypt\w*|default\w*)\Z"
)
_BARE = lazy(r"[^\s\"'`,;(){}\[\]<>&]{1,200}")
_WHOLE = lazy(r"[^\s\"'`][^\s]{0,200}")
_UNSPACED = lazy(r"[^\s\"'`]{1,8000}")
_LINE_END = lazy(r"[ \t]*(?:\r?\n|\Z|[ \t](?:#|//|--|;))")
_PHRASE = lazy(r"[^\s\"'`{}()\[\]<>;][^\n\"{}()\[\]<>;#]{2,200}(?<!\s)(?=[ \t]*(?:\r?\n|\Z))")
_ARGUMENT = lazy(r"[^\s\"'`,;|&<>()]{3,1000}")
_FLAGS = lazy(
    r"(?:\A|[\s\"'`])(?:--?[A-Za-z][\w-]{0,40}[ =]|-[A-Z])[\"']?(?:[\w.\[\]-]{1,80}=[^\s,\"']{0,60},){0,4}[\w.-]{0,80}\Z|(?:\A|[\n;&|#])[ \t]*(?:(?://|--)[ \t]*)?(?:[a-z][\w.-]{0,20}[ \t]+){0,3}(?:[A-Z0-9_]{1,40}=[^\s\"']{0,60}[ \t]){0,4}[A-Z0-9_]{0,80}\Z"
)
"""Before a name that a command is given with its value, or before a variable that is set for one command, also in a comment."""
_COMMENT = lazy(r"(?:#|//|/\*|\*|--|;)[^\n\"'`=]{0,60}\Z")
_BLANK = lazy(r"(?:\A|[\n;])[ \t]*\Z")
_SPACE = lazy(r"\s{0,100}")
_INSIDE = lazy(r"[({]\s{0,100}(?=[bruf]?[\"'])")
_CONTINUED = lazy(r"[ \t]{0,8}(?:[+.&\\]|\.\.|<>|\+\+)?(?:[ \t]{0,4}|\s{0,100})[bruf]?(?P<quote>[\"'])")
"""From the end of a literal to the literal that is joined to it."""
_USER = lazy(r"\b(?:user\w{0,5}|login|uid|account|ssid|host)\b")
"""Beside it ``pass`` is a password."""
_PLURAL = lazy(r"(?i)(?:passwords|passwds|pwds|passphrases|passcodes|pins)\Z")
_NESTED = lazy(r"[(\[{]")
_KEYED = lazy(r"\s{0,4}(?::|=>|\]?\s?=)")
_HEREDOC = lazy(
    r"<<[-~]?[\"'`]?(?P<mark>[A-Z_]{2,20})[\"'`]?[^\n]{0,40}\n(?P<lines>(?:(?![ \t]{0,40}(?P=mark)\b)[^\n]{0,400}\n){1,40})"
)
_SECRET_TYPE = lazy(
    r"(?i)(?:.*[.:>])?(?:secret|secure|sensitive|protected|redacted|hidden|password|credential)\w{0,10}(?:(?:::|\.|->)(?:new|of|unsafeplaintext|plaintext))?\Z"
)
"""Types that hold a secret and hide it when they are printed."""
_CODE = lazy(r"[()\[\]{}]")
_VERBS = ("is", "was")
_LONE = ("=", ":", ":=", "?=")
_ENDS = (";", "&", "}", '"', "'")
_BLOCK = lazy(
    r"[|>][-+0-9]{0,2}[ \t]*(?:#[^\n]*)?\n(?P<lines>(?:(?P<indent>[ \t]+)[^\n]*\n?)(?:(?P=indent)[^\n]*(?:\n|\Z)){0,200})"
)
_LITERALS = lazy(r"(?P<quote>[\"'`])(?P<value>(?:(?!(?P=quote))[^\n\\]|\\.){1,400})(?P=quote)")
_STATEMENT = lazy(r"[^\n;]{0,400}")
_MANY = lazy(r"[\[({][^\])}]{0,2000}")
_STARTS = lazy(
    r"(?:\A|\n)[ \t]*(?:-[ \t]+)?(?:export[ \t]+|ENV[ \t]+|ARG[ \t]+|set[ \t]+|SET[ \t]+|setx[ \t]+|\$env:|[+-][ \t]*)?[\"']?[\w.:/-]{0,80}\Z"
)
_CALL = lazy(r"[(\[{]")
_CALLER = lazy(r"(?P<call>\w{1,60})\(\s{0,20}[\"'`]?(?:[^\s\"'`(){},;]|(?<==)[\"']){0,60}\Z")
"""The function whose first argument a name is, or is part of."""
PARTS = 50
"""Literals that are followed as parts of one."""
WINDOW = 60
"""Code points before a name that may say what it is for."""
LOOK = 200
"""Code points of a value that tell what it is."""


class Reader:
    """What stands behind the names of secrets in a text, from the start to the end."""

    def __init__(self, page: Page) -> None:
        self.page, self.text = page, page.text
        self.done = 0

    def spans(self) -> Iterator[Span]:
        """All values of names of secrets."""
        for root in roots(self.page.lower):
            if root.start() >= self.done:
                yield from self._after(root)

    def _after(self, root: re.Match[str]) -> Iterator[Span]:
        tail = _end(_TAIL, self.text, root.end())
        self.done = tail
        readers = (self._assigned, self._called, self._paired, self._spaced)
        for link, read in zip((_LINK, _CALLED, _PAIR, _SPACED), readers, strict=True):
            joint = link.match(self.text, tail)
            if joint:
                head = _HEAD.search(self.text, max(root.start() - 40, 0), root.start())
                start = head.start() if head else root.start()
                known = named(self.text[start:tail])
                found = list(read(joint, known, start)) if known else []
                if found:
                    self.done = max(self.done, found[-1].end)
                    yield from found
                if found or not known or read == self._assigned:
                    return

    def _assigned(self, joint: re.Match[str], known: int, start: int) -> Iterator[Span]:
        place = joint.end()
        opened = _OPEN.match(self.text, place)
        if opened:
            yield from self._quoted(opened, known)
        elif self.text[place : place + 1] in ("[", "(", "{") and not _WRAPPED.match(self.text, place):
            yield from self._many(joint, known, start)
        elif known is STRONG and (heredoc := _HEREDOC.match(self.text, place)):
            yield Span(*heredoc.span("lines"), "assignment")
        elif joint["op"] == ":" and (block := _BLOCK.match(self.text, place)):
            yield from self._block(block, known)
        elif (fallback := _FALLBACK.match(self.text, place)) and (opened := _OPEN.match(self.text, fallback.end())):
            yield from self._quoted(opened, known)
        elif wrapped := _WRAPPED.match(self.text, place):
            plain = _SECRET_TYPE.match(wrapped["call"]) or (
                _CONVERSION.match(wrapped["call"]) and not mentions(wrapped["call"])
            )
            first = _end(_SPACE, self.text, wrapped.end()) if plain else place
            end = _end(_STATEMENT, self.text, first)
            yield from self._literals(wrapped.end() - 2, end, known if plain else min(known, WEAK))
            if not plain:
                yield from self._bare(joint, known, start)
        else:
            yield from self._bare(joint, known, start)

    def _quoted(self, opened: re.Match[str], known: int) -> Iterator[Span]:
        """The literal that opens here, up to its closing quote or the line's end."""
        quote = opened["quote"] or opened["pile"][-1]
        start, end = opened.end(), self._closing(opened.end(), _CLOSING.get(quote, quote))
        value = self.text[start:end]
        if known is LIKELY and _USER.search(self.page.lower, max(start - 2 * WINDOW, 0), start):
            known = STRONG
        self.done = max(self.done, start)
        if literal(value[:LOOK], known):
            yield Span(start, end, "assignment")
            if quote in ('"', "'"):
                yield from self._continued(end + 1)

    def _continued(self, place: int) -> Iterator[Span]:
        """The literals that are joined to one that goes: they are the rest of it."""
        for _ in range(PARTS):
            joined = _CONTINUED.match(self.text, place)
            if not joined:
                return
            end = self._closing(joined.end(), joined["quote"])
            if _KEYED.match(self.text, end + 1):
                return
            self.done = max(self.done, end)
            yield Span(joined.end(), end, "assignment")
            place = end + 1

    def _closing(self, start: int, quote: str) -> int:
        stop = min(start + LONGEST, len(self.text))
        place = self.text.find(quote, start, stop)
        while place > start and quote in ('"', "'", "`") and self._escaped(place):
            place = self.text.find(quote, place + 1, stop)
        if place < 0:
            line = self.text.find("\n", start, stop)
            place = stop if line < 0 else line
        return place

    def _escaped(self, place: int) -> bool:
        """Whether an odd number of backslashes stands before a place."""
        backslashes = 0
        while self.text[place - 1 - backslashes] == "\\" and backslashes < 16:
            backslashes += 1
        return backslashes % 2 == 1

    def _block(self, block: re.Match[str], known: int) -> Iterator[Span]:
        """The lines of a YAML block scalar."""
        if known is STRONG:
            yield Span(
                block.start("lines") + len(block["indent"]),
                block.start("lines") + len(block["lines"].rstrip()),
                "assignment",
            )

    def _literals(self, start: int, end: int, known: int) -> Iterator[Span]:
        """Each literal of a stretch that looks like a secret."""
        for found in _LITERALS.finditer(self.text, start, end):
            if _KEYED.match(self.text, found.end()) and not secretive(found["value"]):
                continue
            if secretive(found["value"]) or (known >= LIKELY and literal(found["value"], known)):
                yield Span(*found.span("value"), "assignment")

    def _many(self, joint: re.Match[str], known: int, start: int) -> Iterator[Span]:
        """What a list, a tuple or a record of such a name holds: certain where the name says that each is a secret."""
        inside = _INSIDE.match(self.text, joint.end())
        first = _LITERALS.match(self.text, inside.end()) if inside else None
        key = first and _KEYED.match(self.text, first.end())
        place = joint.end()
        if inside and not key and (opened := _OPEN.match(self.text, inside.end())):
            for span in self._quoted(opened, known):
                yield span
                place = span.end + 1
        end = _end(_MANY, self.text, joint.end())
        flat = not _NESTED.search(self.text, joint.end() + 1, end)
        sure = flat and ("[" in joint["close"] or _PLURAL.search(self.text[start : joint.start()]))
        if known >= WEAK:
            yield from self._literals(place, end, known if sure else WEAK)

    def _bare(self, joint: re.Match[str], known: int, start: int) -> Iterator[Span]:
        """A value without quotes: as far as its line goes if the line holds nothing else."""
        place, tight = joint.end(), not joint["blank"] + joint["after"]
        lone = joint["op"] in _LONE and _STARTS.search(self.text, max(start - WINDOW, 0), start)
        settings = self.page.settings or bool(lone and tight and joint["op"] == "=" and not joint["close"])
        if joint["op"] == "=" and tight and not joint["close"] and self._argument(start):
            if given := _ARGUMENT.match(self.text, place):
                yield from self._value(place, given[0], known, settings=True)
            return
        if said := known is STRONG and self._said(joint, start):
            yield said
            return
        whole = _WHOLE.match(self.text, place) if lone else None
        if (
            whole
            and (len(whole[0]) > LOOK or _LINE_END.match(self.text, whole.end()))
            and (settings or not _CODE.search(whole[0]))
        ):
            yield from self._value(place, whole[0] if settings else whole[0].rstrip(",;"), known, settings=settings)
        elif lone and self.page.settings and (phrase := _PHRASE.match(self.text, place)):
            if known is STRONG and literal(phrase[0], known):
                yield Span(*phrase.span(), "assignment")
        elif not whole and (found := _BARE.match(self.text, place)):
            ended = self.text[found.end() : found.end() + 1] in _ENDS
            yield from self._value(
                place, found[0], known, settings=tight and ended and not joint["type"] + joint["close"]
            )

    def _said(self, joint: re.Match[str], start: int) -> Span | None:
        """What a sentence or a comment says that a secret is: a word with a number."""
        verb = joint["op"] in _VERBS
        if not verb and not (joint["op"] == ":" and _COMMENT.search(self.text, max(start - WINDOW, 0), start)):
            return None
        said = _BARE.match(self.text, joint.end())
        word = said[0].rstrip(".:!?") if said else ""
        if not said or not literal(word[:LOOK], LIKELY) or _CALL.match(self.text, said.end()):
            return None
        return Span(joint.end(), joint.end() + len(word), "assignment")

    def _value(self, place: int, value: str, known: int, *, settings: bool) -> Iterator[Span]:
        if bare(value[:LOOK], known, settings=settings):
            rest = _UNSPACED if settings else _BARE
            yield Span(place, max(_end(rest, self.text, place + len(value)), place + len(value)), "assignment")

    def _called(self, joint: re.Match[str], known: int, start: int) -> Iterator[Span]:
        """Literals handed to a function of such a name, or that the name's value is compared with."""
        end = _end(_STATEMENT, self.text, joint.end())
        setting = joint["verb"].lstrip("!? ").startswith(("(", "{"))
        reading = setting and _READING.match(self.text[start : start + 12])
        opened = _OPEN.match(self.text, joint.end())
        if opened and opened["quote"] and not reading:
            yield from self._quoted(opened, known)
            end = min(end, self.done + 200)
        closing = self.text.find(")", joint.end(), end)
        yield from self._literals(max(joint.end(), self.done), end if closing < 0 else closing, WEAK)

    def _argument(self, start: int) -> bool:
        """Whether a name is part of a command, which gives it a value that ends with the word."""
        return bool(_FLAGS.search(self.text, max(start - 2 * WINDOW, 0), start))

    def _defined(self, start: int) -> bool:
        """Whether the word before a name says that the name is given a value."""
        called = _CALLER.search(self.text, max(start - 2 * WINDOW, 0), start)
        if called:
            return bool(_DEFINING.fullmatch(called["call"]))
        before = self.text[max(start - 40, 0) : start].rstrip("\"'`@: (\n\t")
        word = before.replace("(", " ").replace(".", " ").split()[-1:]
        return bool(word and _DEFINING.fullmatch(word[0]))

    def _paired(self, joint: re.Match[str], known: int, start: int) -> Iterator[Span]:
        """The argument after a name: certain where the function sets something, else by its look."""
        opened = _OPEN.match(self.text, joint.end())
        if opened and opened["quote"]:
            yield from self._quoted(opened, known if joint["default"] or self._defined(start) else min(known, WEAK))

    def _spaced(self, joint: re.Match[str], known: int, start: int) -> Iterator[Span]:
        """A literal after a name and a blank, as in macros, Lisp and SQL."""
        opened = _OPEN.match(self.text, joint.end())
        if opened and opened["quote"]:
            stated = _BLANK.search(self.text, max(start - WINDOW, 0), start)
            yield from self._quoted(opened, known if stated or self._defined(start) else min(known, WEAK))


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def find(page: Page) -> Iterator[Span]:
    """The values of all names of secrets in a text."""
    return Reader(page).spans()

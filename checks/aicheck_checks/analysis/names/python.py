"""Undefined names of a Python text, less those that are not the text's fault.

ruff says which names nothing in the text defines (F821). Names that frameworks
inject, that only exist in Python 2, or that the text binds in ways a static
reading can't follow are left out: "can't tell" comes before a guess.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from aicheck_checks.analysis.names.undefined import MAX_NAMES, Undefined
from aicheck_checks.finding import Edit, Fix
from aicheck_checks.languages.tree import text_of
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_INJECTED = frozenset(
    """_ _n ngettext get_ipython display reveal_type reveal_locals profile unicode basestring long
    raw_input xrange unichr cmp file execfile reload intern apply buffer coerce StandardError
    WindowsError exit quit spark dbutils sqlContext In Out ipython disjoint_base c""".split()
)
_EXPECTED = lazy(r"\b(?:NameError|UnboundLocalError)\b")
_DYNAMIC = lazy(
    r"\bglobals\(\)\s*(?:\[|\.update|[,)])|\bvars\(\)\s*\[|\bexec\s*\(|\blocals\(\)\s*\[|"
    r"\b__builtins__\b|\b_?convert_\(|\bsetattr\(\s*(?:sys\.modules|builtins)|sys\._getframe"
)
_MAKES_ANY = lazy(r"\bglobals\(\)\s{0,9}\[\s{0,9}\w+\s{0,9}\]\s{0,9}=[^=]")
"""Makes names that it computes, so that any may be there, those that look imported too."""
_WAIVED = lazy(
    r"type: ignore|pylint: disable|pyright: ignore|# unused (?:variable|function|class|method|attribute|property|import|argument)\b"
)
"""Words to linters: the last is how vulture lists what is used in ways that it does not see."""
_EVALUATED_LATER = lazy(r"^from[ \t]+__future__[ \t]+import[ \t][^\n]*\bannotations\b", re.MULTILINE)
_GENERATED = ("_pb2.py", "_pb2_grpc.py")
"""What protoc writes: it puts the names of messages into the module's own table."""
_DELETED = lazy(r"\bdel\s+([\w., ]++)")
_LISTED = lazy(r"(?:^|,|\bdel\s)\s*(\w+)")
_DECLARED = lazy(r"\b(?:as|for|global|nonlocal|class|def)(?=\s+(\w+))")
_ASSIGNED = lazy(r"^[ \t]*(\w++)(?:\s*+:[^=\n]++(?<=\s)|\s++)=\s", re.MULTILINE)
_ASKED = lazy(r"(?<![.\w])(\w++)\.[a-zA-Z_]")
_LETTER = lazy(r"(?<![.\w])(\w)\b(?!\s*=[^=])")
_DATETIME = lazy(r"(?<![.\w])datetime(?:\.(\w++)|(?=\())")
_DATETIME_MODULE = frozenset("datetime date time timedelta timezone tzinfo UTC MINYEAR MAXYEAR".split())
"""What the module has, and its class has not, or seldom is asked for."""
WELL_KNOWN = {
    name: module
    for module, names in {
        "abc": "ABC ABCMeta abstractmethod",
        "collections": "defaultdict OrderedDict namedtuple deque ChainMap",
        "collections.abc": "Awaitable AsyncIterator MutableMapping MutableSequence",
        "concurrent.futures": "ThreadPoolExecutor ProcessPoolExecutor as_completed",
        "contextlib": "contextmanager suppress ExitStack asynccontextmanager nullcontext closing",
        "copy": "deepcopy",
        "dataclasses": "dataclass asdict",
        "datetime": "timedelta timezone tzinfo",
        "decimal": "Decimal ROUND_HALF_UP InvalidOperation",
        "enum": "Enum IntEnum Flag IntFlag StrEnum",
        "fractions": "Fraction",
        "functools": "partial reduce wraps lru_cache cached_property total_ordering singledispatch",
        "io": "StringIO BytesIO TextIOWrapper",
        "itertools": "chain islice groupby zip_longest product combinations permutations",
        "operator": "itemgetter attrgetter",
        "pathlib": "Path PurePath PosixPath PurePosixPath",
        "subprocess": "Popen PIPE CalledProcessError DEVNULL STDOUT",
        "tempfile": "TemporaryDirectory NamedTemporaryFile",
        "textwrap": "dedent",
        "threading": "Thread Lock RLock",
        "types": "SimpleNamespace ModuleType MappingProxyType TracebackType",
        "typing": "Any Optional Union List Dict Tuple Set Callable Iterable Iterator Sequence Mapping "
        "Generator Type TypeVar Generic Protocol Literal NamedTuple TypedDict ClassVar Final cast overload Self "
        "TYPE_CHECKING NoReturn FrozenSet IO Annotated",
        "unittest": "TestCase",
        "unittest.mock": "Mock MagicMock AsyncMock patch",
        "urllib.parse": "urlparse urljoin urlencode quote_plus",
        "uuid": "uuid4 UUID",
    }.items()
    for name in names.split()
}
ALIASES = {
    "np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot", "tf": "tensorflow", "sns": "seaborn",
    "nx": "networkx", "sp": "scipy", "nn": "torch.nn", "sa": "sqlalchemy", "ET": "xml.etree.ElementTree",
    "dt": "datetime", "mp": "multiprocessing",
}  # fmt: skip
_THIRD_PARTY = frozenset("numpy pandas requests torch pytest yaml django flask scipy click attr".split())


def undefined_names(source: Source, _formerly: frozenset[str]) -> list[Undefined]:
    """What ruff calls undefined, less what the text is not to blame for."""
    if source.path.endswith(_GENERATED):
        return []
    uses: dict[str, list[tuple[int, int]]] = {}
    for found in source.diagnostics or ():
        if found.code == "F821" and ((name := source.word(found)) in uses or len(uses) < MAX_NAMES):
            start = source.offset(found.line, found.column)
            uses.setdefault(name, []).append((start, source.offset(found.end_line, found.end_column)))
    if not uses:
        return []
    injected = any(_injected(name) for name in uses)
    return [
        Undefined(
            name,
            *places[0],
            len(places),
            certain=any(_in_code(source, start) for start, _ in places),
            likely=likely_import(source, name),
        )
        for name, places in uses.items()
        if not (injected and name.startswith("_")) and not _excused(source, name, places)
    ]


def _in_code(source: Source, offset: int) -> bool:
    """In code that runs, which includes the braces of an f-string, but no annotation that is kept as a string (PEP 563)."""
    if source.region(offset) != "string":
        return _EVALUATED_LATER.search(source.text) is None or not _in_annotation(source, offset)
    starts, _, _ = source.regions
    at = starts[bisect_right(starts, offset) - 1]
    return "f" in source.text[at : at + 3].lower().split('"')[0].split("'")[0]


def _in_annotation(source: Source, offset: int) -> bool:
    """Whether a name stands in the annotation of a parameter, a result or a variable."""
    assert source.tree is not None
    at = source.byte_offset(offset)
    node = source.tree.root_node.descendant_for_byte_range(at, at)
    while node is not None and not node.type.endswith(("_statement", "_definition", "block")):
        if node.type == "type":
            return True
        node = node.parent
    return False


def _injected(name: str) -> bool:
    """A name that a framework puts into modules: its neighbours may come from there too."""
    return name.startswith("__") and name != "__version__"


def _excused(source: Source, name: str, places: list[tuple[int, int]]) -> bool:
    if name in _INJECTED:
        return True
    if len(name) == 1 and name.islower() and not _module_like(source, name):
        return True
    known = likely_import(source, name) is not None
    if known:
        return name in _deleted(source.text)
    if _dynamic(source.text) and (_MAKES_ANY.search(source.text) or not _imported_shape(source, name)):
        return True
    if name in _bound(source.text):
        return True
    line = source.position(places[0][0]).line
    around = source.lines[max(line - 4, 0) : line + 3]
    return any(map(_expects, around)) or _waives(source.lines[line - 1])


@lru_cache(maxsize=16)
def _expects(line: str) -> bool:
    """Whether a line tells of the error; many names may stand in one long line."""
    return _EXPECTED.search(line) is not None


@lru_cache(maxsize=16)
def _waives(line: str) -> bool:
    """Whether a line tells a linter to be silent."""
    return _WAIVED.search(line) is not None


def _module_like(source: Source, name: str) -> bool:
    """Used only as a module is: every use reaches for a member (``t.Any``, ``u.m``)."""
    return 0 < _asked(source.text)[name] == _letters(source.text)[name]


@lru_cache(maxsize=2)
def _deleted(text: str) -> frozenset[str]:
    """The names that a text deletes, so that they were there before."""
    return frozenset(name for names in _DELETED.findall(text) for name in _LISTED.findall(names))


@lru_cache(maxsize=2)
def _bound(text: str) -> frozenset[str]:
    """The names that a text sets or deletes somewhere, whether that is reached or not."""
    return frozenset((*_deleted(text), *_DECLARED.findall(text), *_ASSIGNED.findall(text)))


@lru_cache(maxsize=2)
def _dynamic(text: str) -> bool:
    """Whether a text makes names in ways that no reading can follow."""
    return _DYNAMIC.search(text) is not None


@lru_cache(maxsize=2)
def _asked(text: str) -> Counter[str]:
    """How often a text asks each name for a member."""
    return Counter(_ASKED.findall(text))


@lru_cache(maxsize=2)
def _letters(text: str) -> Counter[str]:
    """How often a text uses each name of one letter."""
    return Counter(_LETTER.findall(text))


def _imported_shape(source: Source, name: str) -> bool:
    """A class or a module rather than a constant or function that a loop may have made."""
    camel = name[:1].isupper() and not name.isupper()
    return camel or name in _asked(source.text)


def likely_import(source: Source, name: str) -> str | None:
    """The import statement that is most likely missing for this name, if it is a known one."""
    if name in WELL_KNOWN:
        return f"from {WELL_KNOWN[name]} import {name}"
    if name == "datetime":
        return _datetime(source.text)
    attribute = name in _asked(source.text)
    if attribute and name in ALIASES:
        return f"import {ALIASES[name]} as {name}"
    if attribute and (name in sys.stdlib_module_names or name in _THIRD_PARTY):
        return f"import {name}"
    return None


def _datetime(text: str) -> str | None:
    """The module or the class in it: what is asked of the name tells them apart; None where it is both."""
    uses = set(_DATETIME.findall(text))
    if not uses:
        return None
    if uses <= _DATETIME_MODULE:
        return "import datetime"
    return None if uses & _DATETIME_MODULE else "from datetime import datetime"


def insert_import(source: Source, statement: str) -> Fix:
    """A fix that adds an import below the docstring, ``__future__`` imports and leading comments."""
    at = 0
    root = source.tree.root_node if source.tree is not None else None
    for child in root.named_children if root is not None else ():
        if child.type in ("comment", "future_import_statement") or _docstring(child):
            at = source.offset(child.end_point.row + 2)
            continue
        if child.type in ("import_statement", "import_from_statement"):
            at = source.char_offset(child.start_byte)
        break
    return Fix(f"add '{statement}'", (Edit(at, at, f"{statement}\n"),))


def _docstring(node: Node) -> bool:
    first = node.named_children[0] if node.named_children else None
    return node.type == "expression_statement" and first is not None and first.type == "string"


def imports_of(source: Source) -> Iterator[tuple[str, str]]:
    """Each name that an import binds, with the statement that would bind it alone."""
    if source.tree is None or source.language is None:
        return
    stack = [source.tree.root_node]
    while stack:
        node = stack.pop()
        for child in node.named_children:
            if child.type == "import_statement":
                yield from _plain(child)
            elif child.type == "import_from_statement":
                yield from _from(child)
            elif child.type in ("if_statement", "try_statement", "block", "else_clause", "except_clause"):
                stack.append(child)


def _plain(node: Node) -> Iterator[tuple[str, str]]:
    for child in node.named_children:
        if child.type == "aliased_import":
            yield text_of(child.child_by_field_name("alias")), f"import {text_of(child)}"
        else:
            dotted = text_of(child)
            yield dotted.partition(".")[0], f"import {dotted}"


def _from(node: Node) -> Iterator[tuple[str, str]]:
    module = text_of(node.child_by_field_name("module_name"))
    for child in node.children_by_field_name("name"):
        alias = child.child_by_field_name("alias") if child.type == "aliased_import" else child
        yield text_of(alias), f"from {module} import {text_of(child)}"

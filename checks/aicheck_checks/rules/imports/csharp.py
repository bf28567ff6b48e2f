"""Types of .NET's own library that a C# text uses without their namespace.

A `using` brings a whole namespace, so only types that everybody knows are
judged. A project may bring namespaces to all its files: by `global using`, or by
`<ImplicitUsings>` for the commonest ones. Where the project is not at hand, a
file that names one of the commonest namespaces itself shows that it has to.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.files import listing, read
from aicheck_checks.finding import Edit, Fix
from aicheck_checks.languages.tree import inside, text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.rules.imports.names import Undefined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

LIBRARY = {
    "System": """ArgumentException ArgumentNullException ArgumentOutOfRangeException Array Attribute BitConverter Console
        Convert DateTime DateTimeOffset DayOfWeek Environment EventArgs EventHandler Exception FormatException Func GC
        Guid IAsyncDisposable ICloneable IComparable IDisposable IEquatable IFormatProvider IndexOutOfRangeException
        IntPtr InvalidCastException InvalidOperationException Lazy NotImplementedException NotSupportedException
        ObjectDisposedException ObsoleteAttribute OperationCanceledException StringComparer StringComparison TimeSpan
        TimeZoneInfo Tuple""",
    "System.Collections.Generic": """Comparer Dictionary EqualityComparer HashSet ICollection IComparer IDictionary
        IEnumerable IEnumerator IEqualityComparer IList IReadOnlyCollection IReadOnlyDictionary IReadOnlyList ISet
        KeyNotFoundException KeyValuePair LinkedList List Queue SortedDictionary SortedList SortedSet Stack""",
    "System.IO": """BinaryReader BinaryWriter Directory DirectoryInfo DirectoryNotFoundException FileAccess
        FileInfo FileMode FileNotFoundException FileStream IOException MemoryStream SearchOption SeekOrigin
        Stream StreamReader StreamWriter StringReader StringWriter TextReader TextWriter""",
    "System.Linq": "Enumerable IGrouping IQueryable Queryable",
    "System.Net.Http": "HttpClient HttpContent HttpMethod HttpRequestMessage HttpResponseMessage StringContent",
    "System.Threading": """CancellationToken CancellationTokenSource Interlocked ManualResetEvent ManualResetEventSlim
        SemaphoreSlim ThreadPool""",
    "System.Threading.Tasks": "Task TaskCompletionSource ValueTask",
    "System.Collections.Concurrent": "BlockingCollection ConcurrentBag ConcurrentDictionary ConcurrentQueue ConcurrentStack",
    "System.Diagnostics": "Stopwatch ProcessStartInfo",
    "System.Globalization": "CultureInfo NumberStyles DateTimeStyles",
    "System.Reflection": "BindingFlags ConstructorInfo PropertyInfo",
    "System.Runtime.InteropServices": "DllImport Marshal StructLayout LayoutKind GCHandle",
    "System.Security.Cryptography": "SHA256 MD5 RandomNumberGenerator",
    "System.Text": "StringBuilder Encoding UTF8Encoding",
    "System.Text.Json": "JsonSerializerOptions JsonDocument JsonElement",
    "System.Text.RegularExpressions": "Regex RegexOptions MatchCollection",
}
"""Well-known types by namespace (https://learn.microsoft.com/dotnet/api)."""
IMPLICIT = frozenset(list(LIBRARY)[:7])
"""Namespaces that `<ImplicitUsings>` brings (learn.microsoft.com, "MSBuild reference", ImplicitUsings)."""
_GENERIC = frozenset(LIBRARY["System.Collections.Generic"].split()) | {"Func", "Lazy", "ValueTask"}
"""Types that a text means only if it gives them type arguments."""
_ATTRIBUTES = frozenset("DllImport StructLayout".split())
_OWNERS = {name: space for space, names in LIBRARY.items() for name in names.split()}
_USING = lazy(r"^[ \t\ufeff]*(global\s+)?using\s+(static\s+)?(?:(\w+)\s*=\s*)?(?:global::)?([\w.]+)\s*;", re.MULTILINE)
_NAMESPACE = lazy(r"^[ \t]*namespace\s+([\w.]+)", re.MULTILINE)
_DECLARES = lazy(r"\b(?:class|struct|interface|enum|record|delegate\s++[\w<>,.\[\]? ]{1,200}?)\s+(\w+)")
_PARAMETERS = lazy(r"\b(?:class|struct|interface|record)\s+\w+\s*<([^<>{]*)>")
_WORD = lazy(r"\w+")
_IMPLICIT = lazy(r"<ImplicitUsings>\s*(?:enable|true)", re.IGNORECASE)
_PROJECT_USING = lazy(r"<Using\s+Include=\"([\w.]+)\"")
_MAX_FILES = 400
_MAX_LEVELS = 8
_DEEPEST = max(space.count(".") + 1 for space in LIBRARY)


class _Around(NamedTuple):
    """What a project brings to all its files: namespaces, and the types that it declares itself."""

    spaces: frozenset[str]
    types: frozenset[str]


def undefined_names(source: Source, _formerly: frozenset[str]) -> list[Undefined]:
    """The well-known types whose namespace nothing opens."""
    opened = {space for _, _, alias, space in _USING.findall(source.text) if not alias}
    opened |= {part for space in _NAMESPACE.findall(source.text) for part in _enclosing(space)}
    own = {alias for _, _, alias, _ in _USING.findall(source.text)} | set(_DECLARES.findall(source.text))
    own.update(name for names in _PARAMETERS.findall(source.text) for name in _WORD.findall(names))
    assert source.tree is not None
    uses = _uses(source.tree.root_node)
    missing = [name for name in uses if name not in own and _OWNERS[name] not in opened]
    if not missing:
        return []
    around = _around(os.path.abspath(source.folder)) if source.folder is not None else None
    if around is not None:
        opened |= around.spaces
        own |= around.types
    elif not opened & IMPLICIT:
        opened |= IMPLICIT
    found = []
    for name in missing:
        if name not in own and _OWNERS[name] not in opened:
            node = uses[name][0]
            start = source.char_offset(node.start_byte)
            statement = f"using {_OWNERS[name]};"
            found.append(Undefined(name, start, start + len(name), len(uses[name]), likely=statement))
    return sorted(found, key=lambda u: u.start)


def _enclosing(space: str) -> Iterator[str]:
    """A namespace and those round it, whose types need no `using`; well-known ones are not deep."""
    parts = space.split(".", _DEEPEST)[:_DEEPEST]
    return (".".join(parts[:size]) for size in range(1, len(parts) + 1))


def _uses(root: Node) -> dict[str, list[Node]]:
    """The well-known types that a text uses by their simple name, in the order of the text."""
    used: dict[str, list[Node]] = {}
    for node in inside(root):
        if node.type != "identifier" or node.parent is None:
            continue
        name = text_of(node)
        if name in _OWNERS and _names_type(node, node.parent, name):
            used.setdefault(name, []).append(node)
    return {name: nodes[::-1] for name, nodes in used.items()}


def _names_type(node: Node, parent: Node, name: str) -> bool:
    if name in _GENERIC or parent.type == "generic_name":
        outer = parent.parent
        qualified = outer is not None and outer.type in (
            "qualified_name",
            "member_access_expression",
            "alias_qualified_name",
        )
        return parent.type == "generic_name" and name in (*_GENERIC, "Task") and not qualified
    if parent.type == "attribute":
        return name in _ATTRIBUTES
    if parent.type == "base_list":
        return name != "Task"  # also a class of build tools
    if parent.type in ("object_creation_expression", "catch_declaration", "type_argument_list"):
        return True
    if parent.type in ("parameter", "variable_declaration", "method_declaration", "property_declaration"):
        kind = parent.child_by_field_name("type") or parent.child_by_field_name("returns")
        return kind is not None and kind.id == node.id
    return False


@lru_cache(maxsize=64)
def _around(folder: str) -> _Around | None:
    """By the nearest project file above; None where there is none, or an old one without `Sdk`."""
    here = folder
    for _ in range(_MAX_LEVELS):
        projects = [name for name in listing(here) if name.endswith(".csproj")]
        if projects:
            return _project(here, projects)
        here = os.path.dirname(here)
    return None


def _project(root: str, projects: list[str]) -> _Around:
    spaces: set[str] = set()
    types: set[str] = set()
    manifests = [os.path.join(root, name) for name in projects]
    manifests += [os.path.join(place, "Directory.Build.props") for place in (root, os.path.dirname(root))]
    for path in manifests:
        text = read(path)
        spaces.update(_PROJECT_USING.findall(text))
        if _IMPLICIT.search(text):
            spaces |= IMPLICIT
    for text in _sources(root):
        spaces.update(space for everywhere, _, _, space in _USING.findall(text) if everywhere)
        types.update(_DECLARES.findall(text))
    return _Around(frozenset(spaces), frozenset(types))


def _sources(root: str) -> Iterator[str]:
    count = 0
    for base, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "bin")
        for name in sorted(names):
            if name.endswith(".cs"):
                yield read(os.path.join(base, name))
                count += 1
        if count > _MAX_FILES:
            return


def imports_of(source: Source) -> Iterator[tuple[str, str]]:
    """Each well-known type of an opened namespace, and each alias."""
    for _, _, alias, space in _USING.findall(source.text):
        if alias:
            yield alias, f"using {alias} = {space};"
        for name in LIBRARY.get(space, "").split():
            yield name, f"using {space};"


def insert_import(source: Source, statement: str) -> Fix:
    """Add above the first `using`, else at the top."""
    first = next((m for m in _USING.finditer(source.text) if not m[1]), None)
    at = first.start() if first else 0
    return Fix(f"add '{statement}'", (Edit(at, at, f"{statement}\n"),))

"""A .NET project: the namespaces that it brings to all its files, and the types that it declares itself."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.disk import above
from aicheck_checks.surroundings.repository import ending, top_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.surroundings.disk import Disk

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
USING = lazy(r"^[ \t\ufeff]*(global\s+)?using\s+(static\s+)?(?:(\w+)\s*=\s*)?(?:global::)?([\w.]+)\s*;", re.MULTILINE)
DECLARES = lazy(r"\b(?:class|struct|interface|enum|record|delegate\s++[\w<>,.\[\]? ]{1,200}?)\s+(\w+)")
_IMPLICIT_USINGS = lazy(r"<ImplicitUsings\b[^<>]{0,200}>\s{0,99}(?:enable|true)", re.IGNORECASE)
_PROJECT_USING = lazy(r"<Using\s[^<>]{0,200}?\bInclude\s{0,9}=\s{0,9}[\"']([\w.;\s]{1,500})[\"']")
_PROJECTS = (".csproj", ".shproj", ".projitems")
_SHARED = (".props", ".targets")
"""Files of settings that projects share: `Directory.Build.props` of any folder above, and what these import."""
_GLOBALS = ("Usings.cs", "Usings.g.cs", "Imports.cs", "Global.cs")
"""Files that projects link to for their `global using`."""
_MAX_SHARED = 500
_MAX_FILES = 5_000


class CSharpProject(NamedTuple):
    """What a project brings to all its files."""

    spaces: frozenset[str]
    types: frozenset[str]


def project_of(disk: Disk, folder: str) -> CSharpProject | None:
    """By the nearest project file above; None where there is none, or an old one without `Sdk`."""
    for here in above(folder):
        projects = [name for name in disk.listing(here) if name.endswith(_PROJECTS)]
        if projects:
            return disk.fact(_project, here, tuple(projects))
        if disk.exists(os.path.join(here, ".git")):
            return None
    return None


def types_beside(disk: Disk, folder: str) -> frozenset[str]:
    """The types that the files of a folder declare, which stand for a project where none is at hand."""
    names = [name for name in disk.listing(folder) if name.endswith(".cs")]
    return frozenset(name for file in names[:_MAX_FILES] for name in disk.fact(_file, os.path.join(folder, file)).types)


def provides(disk: Disk, folder: str, name: str) -> bool | None:
    """Whether a namespace is open to all files, or a type declared; None without a project at hand."""
    project = disk.fact(project_of, folder)
    return None if project is None else name in project.spaces or name in project.types


def _project(disk: Disk, root: str, projects: tuple[str, ...]) -> CSharpProject:
    spaces: set[str] = set()
    types: set[str] = set()
    manifests = [os.path.join(root, name) for name in projects]
    top = disk.fact(top_of, root, ()) or os.path.dirname(root)
    manifests += ending(disk, top, _SHARED)[:_MAX_SHARED]
    for path in manifests:
        text = disk.read(path)
        spaces.update(space for listed in _PROJECT_USING.findall(text) for space in listed.replace(";", " ").split())
        if _IMPLICIT_USINGS.search(text):
            spaces |= IMPLICIT
    for file in (*_sources(disk, root), *ending(disk, top, _GLOBALS)[:_MAX_SHARED]):
        brought = disk.fact(_file, file)
        spaces |= brought.spaces
        types |= brought.types
    return CSharpProject(frozenset(spaces), frozenset(types))


def _file(disk: Disk, file: str) -> CSharpProject:
    text = disk.read(file)
    spaces = frozenset(space for everywhere, _, _, space in USING.findall(text) if everywhere)
    return CSharpProject(spaces, frozenset(DECLARES.findall(text)))


def _sources(disk: Disk, root: str) -> Iterator[str]:
    count = 0
    for base, names in disk.walk(root, frozenset({"bin"})):
        for name in names:
            if name.endswith(".cs"):
                yield os.path.join(base, name)
                count += 1
        if count > _MAX_FILES:
            return

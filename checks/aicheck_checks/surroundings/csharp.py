"""A .NET project: the namespaces that it brings to all its files, and the types that it declares itself."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.disk import above

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
SDK_USINGS = {
    "Microsoft.NET.Sdk.Web": """System.Net.Http.Json Microsoft.AspNetCore.Builder Microsoft.AspNetCore.Hosting
        Microsoft.AspNetCore.Http Microsoft.AspNetCore.Routing Microsoft.Extensions.Configuration
        Microsoft.Extensions.DependencyInjection Microsoft.Extensions.Hosting Microsoft.Extensions.Logging""",
    "Microsoft.NET.Sdk.Worker": """Microsoft.Extensions.Configuration Microsoft.Extensions.DependencyInjection
        Microsoft.Extensions.Hosting Microsoft.Extensions.Logging""",
    "Microsoft.NET.Sdk.WindowsDesktop": "System.Drawing System.Windows.Forms",
}
"""What kinds of projects bring besides (the same page)."""
_IMPLICIT_USINGS = lazy(r"<ImplicitUsings\b[^<>]{0,200}>\s{0,99}(?:enable|true)", re.IGNORECASE)
_PROJECT_USING = lazy(r"<Using\s[^<>]{0,200}?\bInclude\s{0,9}=\s{0,9}[\"']([\w.;\s]{1,500})[\"']")
_IMPORTED = lazy(r"<Import\s[^<>]{0,200}?\bProject\s{0,9}=\s{0,9}[\"']([^\"'<>]{1,500})[\"']")
_SHARED = ("Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props")
"""What MSBuild takes in for all projects below (learn.microsoft.com, "Customize the build by folder")."""
_VARIABLE = lazy(r"\$\([^()]{0,200}\)")
_MAX_IMPORTS = 20
_PROJECTS = (".csproj", ".shproj", ".projitems")
_MAX_FILES = 2_000
_MAX_LEVELS = 20


class CSharpProject(NamedTuple):
    """What a project brings to all its files."""

    spaces: frozenset[str]
    types: frozenset[str]


def project_of(disk: Disk, folder: str) -> CSharpProject | None:
    """By the nearest project file above; None where there is none, or an old one without `Sdk`."""
    for here in above(folder, _MAX_LEVELS):
        projects = [name for name in disk.listing(here) if name.endswith(_PROJECTS)]
        if projects:
            return disk.fact(_project, here, tuple(projects))
    return None


def provides(disk: Disk, folder: str, name: str) -> bool | None:
    """Whether a namespace is open to all files, or a type declared; None without a project at hand."""
    project = disk.fact(project_of, folder)
    return None if project is None else name in project.spaces or name in project.types


def _project(disk: Disk, root: str, projects: tuple[str, ...]) -> CSharpProject:
    spaces: set[str] = set()
    types: set[str] = set()
    manifests = [os.path.join(root, name) for name in projects]
    manifests += [os.path.join(place, name) for place in above(root, _MAX_LEVELS) for name in _SHARED]
    texts = list(_with_imports(disk, manifests))
    for text in texts:
        spaces.update(space for listed in _PROJECT_USING.findall(text) for space in listed.replace(";", " ").split())
    if any(map(_IMPLICIT_USINGS.search, texts)):
        spaces |= IMPLICIT
        spaces.update(
            space for sdk, listed in SDK_USINGS.items() if any(sdk in t for t in texts) for space in listed.split()
        )
    for file in _sources(disk, root):
        brought = disk.fact(_file, file)
        spaces |= brought.spaces
        types |= brought.types
    return CSharpProject(frozenset(spaces), frozenset(types))


def _with_imports(disk: Disk, manifests: list[str]) -> Iterator[str]:
    """The texts of project files and of those that they import by a path; all that may hold count, whatever their condition."""
    waiting, seen = [path for path in manifests if disk.is_file(path)], set[str]()
    while waiting:
        path = waiting.pop()
        text = disk.read(path)
        yield text
        for imported in _IMPORTED.findall(text) if len(seen) < _MAX_IMPORTS else ():
            name = _VARIABLE.sub("", imported).replace("\\", "/").lstrip("/")
            file = os.path.normpath(os.path.join(os.path.dirname(path), name))
            if file not in seen and disk.is_file(file):
                seen.add(file)
                waiting.append(file)


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

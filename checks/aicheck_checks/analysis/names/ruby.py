"""Constants of Ruby's standard library that a text uses without requiring them.

A `require` works for the whole process, so in a library or an application any
other file may have done it. Only a program that stands for itself is judged (it
has a `#!` line or tests `__FILE__ == $0`, and requires nothing but the standard
library), and what the version before required.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.analysis.names.undefined import Undefined
from aicheck_checks.finding import Edit, Fix
from aicheck_checks.languages.tree import inside, is_first, text_of
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

LIBRARY = {
    "BigDecimal": "bigdecimal", "Base64": "base64", "Benchmark": "benchmark", "CGI": "cgi", "CSV": "csv", "Date": "date",
    "DateTime": "date", "Digest": "digest", "ERB": "erb", "Etc": "etc", "FileUtils": "fileutils", "Find": "find",
    "Forwardable": "forwardable", "IPAddr": "ipaddr", "JSON": "json", "Logger": "logger", "Matrix": "matrix",
    "Net": "net/http", "Open3": "open3", "OpenSSL": "openssl", "OpenStruct": "ostruct", "OptionParser": "optparse",
    "PStore": "pstore", "PP": "pp", "Pathname": "pathname", "Prime": "prime", "Psych": "psych", "Readline": "readline",
    "Resolv": "resolv", "Ripper": "ripper", "SecureRandom": "securerandom", "Shellwords": "shellwords",
    "Singleton": "singleton", "Socket": "socket", "StringIO": "stringio", "StringScanner": "strscan",
    "TCPServer": "socket", "TCPSocket": "socket", "Tempfile": "tempfile", "Timeout": "timeout", "URI": "uri",
    "WEBrick": "webrick", "YAML": "yaml", "Zlib": "zlib",
}  # fmt: skip
"""Constants and the feature that brings them (https://docs.ruby-lang.org/en/3.3/standard_library_rdoc.html)."""
_BRINGS = {
    "bundler": "rubygems uri", "cgi/escape": "cgi", "cgi/util": "cgi", "csv": "forwardable stringio strscan date",
    "digest/md5": "digest", "digest/sha1": "digest", "digest/sha2": "digest", "drb": "socket", "erb": "cgi/util",
    "fileutils": "etc", "ipaddr": "socket", "json": "ostruct", "minitest/autorun": "optparse stringio etc",
    "mkmf": "shellwords", "net/http": "uri socket timeout zlib stringio", "net/https": "net/http openssl",
    "open-uri": "uri stringio time tempfile", "openssl": "digest socket", "optparse/time": "optparse time",
    "psych": "date stringio", "resolv": "ipaddr timeout securerandom", "rinda/tuplespace": "drb",
    "securerandom": "openssl", "tempfile": "tmpdir", "test/unit": "optparse pathname erb timeout fileutils yaml",
    "time": "date", "tmpdir": "fileutils", "webrick": "socket timeout uri logger", "yaml": "psych",
}  # fmt: skip
"""What features of the standard library require themselves."""
_STANDARD = frozenset(LIBRARY.values()) | frozenset(_BRINGS) | frozenset(
    """English abbrev coverage delegate expect fiddle getoptlong io/console io/wait monitor objspace observer pty
    rbconfig rubygems set syslog thread tsort un weakref""".split()
)  # fmt: skip
_REQUIRE = lazy(
    r"^[ \t]*(?:require|load|autoload|require_relative|gem)\b[ (]*(?::\w+,\s*)?(?:[\"']([\w/.-]+)[\"'])?.*$",
    re.MULTILINE,
)
_PROGRAM = lazy(r"__FILE__\s*==\s*\$(?:0|PROGRAM_NAME)|\$(?:0|PROGRAM_NAME)\s*==\s*__FILE__")
_OTHER = lazy(r"\b(?:require_relative|load|autoload|gem|eval|Bundler|const_missing|const_get)\b")
_RUBY = lazy(r"\A#!.*\bruby[\d.]*\s*(?:-w\s*)?$", re.MULTILINE)


def undefined_names(source: Source, formerly: frozenset[str]) -> list[Undefined]:
    """The constants whose feature nothing requires."""
    required = set(_REQUIRE.findall(source.text))
    alone = _stands_alone(source.text) and required <= _STANDARD
    if not formerly and not alone:
        return []
    assert source.tree is not None
    brought, (own, used) = _brought(required), _names(source.tree.root_node)
    found = []
    for name, places in used.items():
        if name not in own and LIBRARY[name] not in brought and (alone or name in formerly):
            start = source.char_offset(places[0])
            likely = f"require '{LIBRARY[name]}'"
            found.append(Undefined(name, start, start + len(name), len(places), likely=likely))
    return sorted(found, key=lambda u: u.start)


def _stands_alone(text: str) -> bool:
    program = _RUBY.search(text) if text.startswith("#!") else _PROGRAM.search(text)
    return program is not None and not _OTHER.search(text)


def _brought(required: set[str]) -> set[str]:
    """The features that are there once these were required."""
    stack, brought = list(required), set[str]()
    while stack:
        feature = stack.pop()
        if feature not in brought:
            brought.add(feature)
            stack += _BRINGS.get(feature, "").split()
    return brought


def _names(root: Node) -> tuple[set[str], dict[str, list[int]]]:
    """The constants that a text sets, and where (in bytes) it uses well-known ones."""
    own: set[str] = set()
    used: dict[str, list[int]] = {}
    for node in inside(root):
        parent = node.parent
        if node.type != "constant" or parent is None:
            continue
        name = text_of(node)
        first = is_first(node, parent)
        if first and parent.type in ("class", "module", "assignment"):
            own.add(name)
        elif name in LIBRARY and (first or parent.type != "scope_resolution"):
            used.setdefault(name, []).append(node.start_byte)
    return own, {name: places[::-1] for name, places in used.items()}


def imports_of(source: Source) -> Iterator[tuple[str, str]]:
    """Each well-known constant that a required feature brings."""
    required = set(_REQUIRE.findall(source.text))
    for name, feature in LIBRARY.items():
        if feature in required:
            yield name, f"require '{feature}'"


def insert_import(source: Source, statement: str) -> Fix:
    """Add above the first `require`, else below the comments at the head."""
    first = _REQUIRE.search(source.text)
    head = re.match(r"(?:#.*\n)*", source.text)
    at = first.start() if first else head.end() if head else 0
    return Fix(f"add '{statement}'", (Edit(at, at, f"{statement}\n"),))

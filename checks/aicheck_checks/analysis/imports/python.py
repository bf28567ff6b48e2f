"""Where Python's absolute imports lead: standard library, project, environment, metadata, the package index."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.analysis.imports.own_python import modules
from aicheck_checks.analysis.imports.unresolved import MAX_IMPORTS, Unresolved, nonexistent
from aicheck_checks.packages.index import open_index
from aicheck_checks.packages.pypi import distributions, import_names
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.python import is_complete, provides, roots_of
from aicheck_checks.surroundings.python_repository import all_declared, is_common

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_OLD_STDLIB = frozenset(
    """distutils imp asynchat asyncore smtpd cgi cgitb telnetlib crypt pipes nntplib lib2to3 msilib
    ossaudiodev spwd sndhdr imghdr audioop aifc chunk nis sunau uu xdrlib mailcap tomllib formatter parser
    symbol binhex winreg _winreg msvcrt posix nt compression annotationlib string.templatelib
    ConfigParser Queue StringIO cStringIO cPickle urllib2 urlparse httplib Tkinter __builtin__ thread
    HTMLParser Cookie cookielib commands exceptions sets md5 sha new UserDict copy_reg SocketServer
    BaseHTTPServer SimpleHTTPServer xmlrpclib robotparser dummy_thread tkMessageBox tkFileDialog __main__""".split()
)
"""Modules of other versions of Python, 2.7 included."""
_GENERATED = ("_pb2", "_pb2_grpc", "_generated", "_ui", "_rc", "_version")
"""How the names of modules end that a build writes."""
_PATH_CHANGED = lazy(
    r"\bsys\.path\b|\bsite\.addsitedir\b|\bimportlib\.util\.spec_from_file_location\b|\bsys\.modules\["
)
"""What makes modules importable that lie elsewhere."""


def unresolved(source: Source) -> Iterator[Unresolved]:
    """Each absolute import at module level whose top-level module nothing provides, and each of a module that the project lacks."""
    assert source.tree is not None
    yield from modules(source)
    for node, module in islice(_imports(source.tree.root_node), MAX_IMPORTS):
        top = module.partition(".")[0]
        if not top.isidentifier() or top in sys.stdlib_module_names or top in _OLD_STDLIB or top.startswith("_"):
            continue
        if top.endswith(_GENERATED):
            continue
        span = source.char_offset(node.start_byte), source.char_offset(node.end_byte)
        found = _judge(source, top, *span)
        if found is not None:
            yield found


def _judge(source: Source, top: str, start: int, end: int) -> Unresolved | None:
    around = source.surroundings
    provided = around.ask(provides, top) if around is not None else None
    if provided:
        return None
    if "-" not in import_names().get(top, ()):
        found = _by_index(source, top, start, end)
        if found is not None:
            return found
    if around is None or provided is None:
        return None
    message = f"no module '{top}': not in the standard library, the environment, the metadata or the project"
    return Unresolved("unprovided", message, start, end, confidence="high" if around.ask(is_complete) else "medium")


def _by_index(source: Source, top: str, start: int, end: int) -> Unresolved | None:
    index = open_index("pypi", source.index_folder)
    names = distributions(top)
    if not any(name in index for name in names):
        famous = index.imitates(names[0])
        sure = famous is not None or _can_judge(source, top)
        if sure is None:
            return None
        message = nonexistent(top, index, f"PyPI (names of {index.made})")
        return Unresolved(
            "nonexistent", message, start, end, "error" if sure else "warning", "medium" if sure else "low"
        )
    famous = index.imitates(names[0]) if names[0] in index and top not in import_names() else None
    if famous is None:
        return None
    message = f"'{top}' is a little-known package with nearly the name of '{famous}': make sure which one is meant"
    return Unresolved("lookalike", message, start, end, "warning", "low")


def _can_judge(source: Source, top: str) -> bool | None:
    """Whether a name that the index lacks is an invented one, for all that can be seen; None for nothing to tell.

    A private package can't be told from an invented one without a project, in one that declares nothing, or where the
    text looks for modules in places of its own. Nor is it invented if much of the project uses it.
    """
    around = source.surroundings
    if around is None:
        return None
    roots = around.ask(roots_of)
    if not roots or _PATH_CHANGED.search(source.text):
        return False
    disk, repository = around.disk, roots[-1]
    if disk.fact(is_common, repository, top):
        return None
    return bool(disk.fact(all_declared, repository))


def _imports(root: Node) -> Iterator[tuple[Node, str]]:
    """Imports that run whenever the module is imported; optional ones (in ``try``) are left alone."""
    for node in root.named_children:
        if node.type == "import_statement":
            for child in node.named_children:
                dotted = child.child_by_field_name("name") if child.type == "aliased_import" else child
                if dotted is not None and dotted.text:
                    yield node, dotted.text.decode("utf-8", "replace")
        elif node.type == "import_from_statement":
            module = node.child_by_field_name("module_name")
            if module is not None and module.type == "dotted_name" and module.text:
                yield node, module.text.decode("utf-8", "replace")

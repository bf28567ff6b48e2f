"""The compilers and linters that a project has itself, asked only where the user allows each by its name.

They read the project's configuration, and some run parts of it (build scripts,
plugins): that is why they are off until named. They see files, not buffers, so
what they say counts for a text only if its file on disk is the same.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_checks.diagnostic import Diagnostic
from aicheck_checks.languages import language_of
from aicheck_checks.patterns import lazy
from aicheck_checks.programs import end_all, environment, find, runnable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

TIMEOUT_SECONDS = 120.0
_ECMA = ("javascript", "typescript", "tsx", "vue", "svelte")
_MAX_LEVELS = 40

Said = tuple[str, Diagnostic]
"""A file, as the tool names it, and what is said of it."""


class Tool(NamedTuple):
    """A tool: whose texts it judges, what marks its project's root, how to call it (there), how to read its answer.

    ``command`` gets the executable, the files relative to the root and an empty folder
    for what the tool writes. ``read`` gets what the tool printed, errors first.
    """

    languages: tuple[str, ...]
    markers: tuple[str, ...]
    command: Callable[[str, list[str], str], list[str]]
    read: Callable[[str], Iterator[Said]]
    executable: str = ""
    compiles: bool = False


class Asked(NamedTuple):
    """What the tools said by absolute path, and which could not be asked: tool and reason."""

    said: dict[str, tuple[Diagnostic, ...]]
    failed: list[tuple[str, str]]


_LINE = lazy(
    r"^(?:vet: )?(?P<file>[^\s:(][^:(\n]*?)(?:\((?P<row>\d+),(?P<at>\d+)\)|:(?P<line>\d+)(?::(?P<column>\d+))?): "
    r"(?:error:? )?(?:(?P<code>TS\d+): )?(?P<text>.+)$",
    re.MULTILINE,
)


def _lines(printed: str) -> Iterator[Said]:
    """Lines such as ``file(1,2): error TS1: text``, ``file:1:2: text`` and ``file:1: error: text``."""
    for match in _LINE.finditer(printed):
        line = int(match["row"] or match["line"])
        column = int(match["at"] or match["column"] or 1)
        yield match["file"], Diagnostic(match["code"] or "", match["text"].strip(), line, column, line, column)


def _javac(printed: str) -> Iterator[Said]:
    """As other compilers; where a library is not at hand, what it would have brought is no error of the text."""
    said = list(_lines(printed))
    absent = {file for file, one in said if one.message.endswith("does not exist")}
    blind = ("does not exist", "cannot find symbol")
    yield from (one for one in said if one[0] not in absent or not one[1].message.endswith(blind))


def _cargo(printed: str) -> Iterator[Said]:
    """One JSON object a line (doc.rust-lang.org/cargo, "External tools")."""
    for line in printed.splitlines():
        message = _json(line).get("message") if line.startswith("{") else None
        if not isinstance(message, dict) or message.get("level") != "error":
            continue
        code = (message.get("code") or {}).get("code", "")
        for span in message.get("spans", []):
            if span.get("is_primary"):
                place = (span["line_start"], span["column_start"], span["line_end"], span["column_end"])
                yield span["file_name"], Diagnostic(code, str(message["message"]), *place)


def _eslint(printed: str) -> Iterator[Said]:
    """ESLint's ``--format json``."""
    for file in _rows(printed):
        for one in file.get("messages", []):
            if one.get("ruleId") is None:
                continue  # about the file as a whole: ignored, or not configured
            line, column = one.get("line") or 1, one.get("column") or 1
            end = (one.get("endLine") or line, one.get("endColumn") or column)
            yield file["filePath"], Diagnostic(one["ruleId"], one["message"], line, column, *end)


def _oxlint(printed: str) -> Iterator[Said]:
    """Oxlint's ``--format json``: the first label is the place."""
    for one in _json(printed).get("diagnostics", []):
        span = next((label["span"] for label in one.get("labels", [])), None)
        if span is not None:
            end = (span["line"], span["column"] + span.get("length", 0))
            yield one["filename"], Diagnostic(one.get("code", ""), one["message"], span["line"], span["column"], *end)


_ANNOTATION = lazy(r"^::(?:error|warning) (?P<fields>[^\n]*?)::(?P<text>.+)$", re.MULTILINE)


def _biome(printed: str) -> Iterator[Said]:
    """Biome's ``--reporter=github``; its JSON is declared unstable."""
    for match in _ANNOTATION.finditer(printed):
        fields = dict(field.split("=", 1) for field in match["fields"].split(",") if "=" in field)
        line, column = int(fields.get("line", 1)), int(fields.get("col", 1))
        end = int(fields.get("endLine", line)), int(fields.get("endColumn", column))
        yield fields["file"], Diagnostic(fields.get("title", ""), match["text"], line, column, *end)


def _json(text: str) -> dict[str, Any]:
    found = json.loads(text[text.find("{") :] or "{}")
    return found if isinstance(found, dict) else {}


def _rows(text: str) -> list[dict[str, Any]]:
    found = json.loads(text[text.find("[{") :] or "[]")
    return found if isinstance(found, list) else []


def _packages(exe: str, files: list[str], _: str) -> list[str]:
    return [exe, "vet", *sorted({f"./{os.path.dirname(file)}" for file in files})]


def _java(exe: str, files: list[str], out: str) -> list[str]:
    roots = [root for root in ("src/main/java", "src/test/java", "src", ".") if os.path.isdir(root)]
    jars = ("target/classes", "target/dependency/*", "build/classes/java/main", "lib/*", "libs/*")
    paths = ["-sourcepath", os.pathsep.join(roots), "-cp", os.pathsep.join(jars)]
    return [exe, "-proc:none", "-implicit:none", "-Xlint:none", "-Xmaxerrs", "500", "-d", out, *paths, *files]


_NODE = ("package.json",)
TOOLS = {
    "tsc": Tool(
        ("typescript", "tsx"), ("tsconfig.json",), lambda exe, _, __: [exe, "--noEmit", "--pretty", "false"], _lines,
        compiles=True,
    ),
    "go-vet": Tool(("go",), ("go.mod",), _packages, _lines, executable="go", compiles=True),
    "cargo-check": Tool(
        ("rust",), ("Cargo.toml",),
        lambda exe, _, __: [exe, "check", "--quiet", "--offline", "--message-format=json"], _cargo,
        executable="cargo", compiles=True,
    ),
    "javac": Tool(("java",), ("pom.xml", "build.gradle", "build.gradle.kts"), _java, _javac, executable="javac", compiles=True),
    "eslint": Tool(_ECMA, _NODE, lambda exe, files, _: [exe, "--format", "json", *files], _eslint),
    "oxlint": Tool(_ECMA, _NODE, lambda exe, files, _: [exe, "--format", "json", *files], _oxlint),
    "biome": Tool(_ECMA, _NODE, lambda exe, files, _: [exe, "lint", "--reporter=github", *files], _biome),
}  # fmt: skip
"""Every tool that a setting can name."""
COMPILERS = frozenset(name for name, tool in TOOLS.items() if tool.compiles)
LINTERS = frozenset(TOOLS) - COMPILERS


def ask(names: Iterable[str], paths: Iterable[str]) -> Asked:
    """What each of these tools says of the files; a message's code begins with the tool's name."""
    said: dict[str, list[Diagnostic]] = {}
    failed: list[tuple[str, str]] = []
    absolute = [os.path.realpath(path) for path in paths]
    for name in names:
        for root, files in _projects(TOOLS[name], absolute).items():
            try:
                for file, one in _run(name, root, files):
                    code = ":".join(filter(None, (name, one.code)))
                    said.setdefault(os.path.realpath(os.path.join(root, file)), []).append(one._replace(code=code))
            except (OSError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
                failed.append((name, f"can't be asked about {root}: {error}"))
    return Asked({path: tuple(found) for path, found in said.items()}, failed)


def _projects(tool: Tool, paths: list[str]) -> dict[str, list[str]]:
    """The roots of the projects that the files belong to, with the files of each relative to it."""
    found: dict[str, list[str]] = {}
    for path in paths:
        language = language_of(path)
        if language is None or language.name not in tool.languages:
            continue
        root = os.path.dirname(path)
        for _ in range(_MAX_LEVELS):
            if any(os.path.isfile(os.path.join(root, marker)) for marker in tool.markers):
                found.setdefault(root, []).append(os.path.relpath(path, root))
                break
            root = os.path.dirname(root)
    return found


def _run(name: str, root: str, files: list[str]) -> list[Said]:
    tool = TOOLS[name]
    executable = _executable(tool.executable or name, root)
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory(prefix="aicheck-") as scratch:
        named = [os.path.join(os.curdir, file) for file in files]  # a name may look like an option
        command = tool.command(executable, named, scratch)
        process = subprocess.Popen(
            runnable(command), cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            encoding="utf-8", errors="replace", start_new_session=True, env=environment(NO_COLOR="1", LC_ALL="C"),
        )  # fmt: skip
        try:
            out, errors = process.communicate(timeout=TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            end_all(process)
            raise OSError(f"takes longer than {TIMEOUT_SECONDS:g} s") from None
    try:
        found = list(tool.read(errors + out))
    except ValueError:
        found = []
    if process.returncode and not found:
        raise OSError(" ".join((errors or out).split())[:200] or f"exit code {process.returncode}")
    return found


def _in_work_tree(folder: str) -> bool:
    """Whether a folder has a work tree round it: what lies above one may be anybody's."""
    for _ in range(_MAX_LEVELS):
        folder = os.path.dirname(folder)
        if os.path.lexists(os.path.join(folder, ".git")):
            return True
    return False


def _executable(name: str, root: str) -> str:
    """The copy of the project, or of the work tree round it, else the one on the path; raises FileNotFoundError."""
    here = root
    for _ in range(_MAX_LEVELS):
        found = find(name, os.path.join(here, "node_modules", ".bin"))
        if found is not None:
            return found
        if os.path.lexists(os.path.join(here, ".git")) or not _in_work_tree(here):
            break
        here = os.path.dirname(here)
    found = find(name)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed, neither in the project nor on the path")
    return found

"""Run peer linters offline over a folder of Python files, with results per file.

Every peer gets a private copy of the folder's ``.py`` files (same relative
paths, nothing else), so that a ``pyproject.toml``, a ``.gitignore`` or a git
repository around the folder cannot change what is reported.  Files are named
to the peer one by one, as their folder walks skip ``build``, ``dist``, ``env``
and the like.  Several peers die on one odd file (for example on very deep
nesting) and then report nothing at all: a chunk that gives no report is halved
until the odd file is alone, and that file gets one ``CRASH`` message.

A message starts with the peer's own code.  Prefixes that are not such codes:

* ``CRASH``: the peer died or ran out of time on this file (no verdict).
* ``parse-error``: slopfence lists the file as not parsed (exit code stays 0).
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Findings = dict[str, list[str]]
Runner = Callable[[Path, Path], Findings]
Command = Callable[[list[str]], list[str]]
Parser = Callable[[Any], Iterator[tuple[str, str]]]

CRASH = "CRASH"
CHUNK = 1000
PYLINT_CHUNK = 200
BASE_SECONDS = 60
SECONDS_PER_FILE = 5
# SLOP030 compares functions across files: it says nothing about damage to one
# file and fires on every sample when a folder holds variants of one source.
SLOPFENCE_IGNORED = "SLOP030"

AISLOP_IGNORED = frozenset({"format", "code-quality"})

_NOELLIPSIS_CHECK = """
import json, sys
from pathlib import Path
from noellipsis.config import Config
from noellipsis.scanner import Scanner
scanner = Scanner(Config())
def check(name):
    return scanner.scan_file(Path(name))
"""
_NOELLIPSIS_COMPARE = """
import json, sys
from pathlib import Path
from noellipsis.compare import compare_files
from noellipsis.config import Config
def check(pair):
    result = compare_files(Path(pair[1]), Path(pair[0]), Config())
    if result.errors:
        raise OSError("; ".join(result.errors))
    return result.findings
"""
_NOELLIPSIS_LOOP = """
def messages(item):
    try:
        return [f"{f.rule_id} {f.severity}: {f.message}" for f in check(item)]
    except Exception as error:
        return [f"CRASH {type(error).__name__}: {error}"]
json.dump([messages(item) for item in json.load(sys.stdin)], sys.stdout)
"""


@dataclass(frozen=True)
class Workspace:
    """A private copy of the samples, and scratch space for a peer's own files."""

    root: Path
    scratch: Path

    def environment(self) -> dict[str, str]:
        """Give an environment without Python, linter or user settings."""
        dropped = ("PYTHON", "PYLINT", "RUFF_", "VIRTUAL_ENV", "XDG_", "GIT_")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
        home = str(self.scratch)
        extra = {"HOME": home, "XDG_CACHE_HOME": home, "PYLINTHOME": home, "RUFF_NO_CACHE": "true"}
        return {**kept, **extra, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}

    def relative(self, reported: str) -> str:
        """Turn a path as a peer prints it into a path relative to the samples."""
        return Path(os.path.relpath(self.root / reported, self.root)).as_posix()


def python_files(folder: Path) -> list[str]:
    """List the ``.py`` files below ``folder`` as sorted relative posix paths."""
    found = (path for path in folder.rglob("*.py") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found)


@contextmanager
def _workspace(folder: Path, names: Sequence[str]) -> Iterator[Workspace]:
    """Copy the named files into a temporary folder that is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="peers-") as temporary:
        base = Path(temporary).resolve()
        space = Workspace(root=base / "samples", scratch=base / "scratch")
        space.root.mkdir()
        space.scratch.mkdir()
        for name in names:
            target = space.root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / name, target)
        yield space


def _chunks(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    """Split ``items`` into lists of at most ``size``."""
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def _end_group(process: subprocess.Popen[str]) -> None:
    """End a process that we started together with its own workers."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _output(command: list[str], space: Workspace, stdin: str, seconds: float) -> tuple[str, str]:
    """Run a command in the samples folder and give its stdout and stderr."""
    process = subprocess.Popen(
        command,
        cwd=space.root,
        env=space.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        return process.communicate(stdin, timeout=seconds)
    except subprocess.TimeoutExpired:
        _end_group(process)
        process.communicate()
        return "", f"no report after {seconds:.0f} seconds"


def _last_line(text: str) -> str:
    """Give the last line of ``text`` that is not blank."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no report"


def _report(command: list[str], space: Workspace, count: int) -> tuple[Any, str]:
    """Run a command and give its JSON report, or None with what went wrong."""
    seconds = BASE_SECONDS + SECONDS_PER_FILE * count
    stdout, stderr = _output(command, space, "", seconds)
    try:
        return json.loads(stdout), ""
    except json.JSONDecodeError:
        return None, _last_line(stderr)


def _lint(names: list[str], space: Workspace, command: Command, parse: Parser) -> Findings:
    """Lint one chunk of files; halve a chunk for which the peer gives no report."""
    arguments = [f"./{name}" for name in names]
    report, problem = _report(command(arguments), space, len(names))
    if report is None and len(names) > 1:
        middle = len(names) // 2
        first = _lint(names[:middle], space, command, parse)
        return {**first, **_lint(names[middle:], space, command, parse)}
    findings: Findings = {name: [] for name in names}
    if report is None:
        findings[names[0]].append(f"{CRASH} {problem}")
        return findings
    for reported, message in parse(report):
        name = space.relative(reported)
        if name in findings:
            findings[name].append(message)
    return findings


def _lint_folder(folder: Path, command: Command, parse: Parser, size: int = CHUNK) -> Findings:
    """Lint all files of a folder in chunks of at most ``size`` files."""
    names = python_files(folder)
    findings: Findings = {}
    with _workspace(folder, names) as space:
        for chunk in _chunks(names, size):
            findings.update(_lint(chunk, space, command, parse))
    return findings


def _ask_noellipsis(bin_dir: Path, check: str, items: list[Any], space: Workspace) -> list[list[str]]:
    """Check items inside one process: noellipsis' own command takes one path only."""
    command = [str(bin_dir.absolute() / "python"), "-I", "-c", check + _NOELLIPSIS_LOOP]
    seconds = BASE_SECONDS + SECONDS_PER_FILE * len(items)
    stdout, stderr = _output(command, space, json.dumps(items), seconds)
    try:
        answers: list[list[str]] = json.loads(stdout)
    except json.JSONDecodeError:
        if len(items) == 1:
            return [[f"{CRASH} {_last_line(stderr)}"]]
        middle = len(items) // 2
        first = _ask_noellipsis(bin_dir, check, items[:middle], space)
        return first + _ask_noellipsis(bin_dir, check, items[middle:], space)
    return answers


def run_noellipsis(bin_dir: Path, folder: Path) -> Findings:
    """Run ``noellipsis check`` on each file (errors and warnings, as it prints)."""
    names = python_files(folder)
    findings: Findings = {}
    with _workspace(folder, names) as space:
        for chunk in _chunks(names, CHUNK):
            answers = _ask_noellipsis(bin_dir, _NOELLIPSIS_CHECK, chunk, space)
            findings.update(zip(chunk, answers, strict=True))
    return findings


def noellipsis_compare(bin_dir: Path, pairs: list[tuple[Path, Path]]) -> list[list[str]]:
    """Run ``noellipsis compare AFTER --against BEFORE`` for each (before, after) pair.

    Holds all findings of ``noellipsis check AFTER`` too, as the command does.
    """
    items = [[str(before.absolute()), str(after.absolute())] for before, after in pairs]
    answers: list[list[str]] = []
    with _workspace(Path(), []) as space:
        for chunk in _chunks(items, CHUNK):
            answers += _ask_noellipsis(bin_dir, _NOELLIPSIS_COMPARE, chunk, space)
    return answers


def _parse_slopfence(report: Any) -> Iterator[tuple[str, str]]:
    """Read findings and parse errors from a slopfence JSON report."""
    for item in report["findings"]:
        yield item["path"], f"{item['rule']} {item['severity']}: {item['message']}"
    for path in report["parse_errors"]:
        yield path, "parse-error: could not parse"


def run_slopfence(bin_dir: Path, folder: Path) -> Findings:
    """Run slopfence without its PyPI rules and without its cross-file rule."""
    start = [str(bin_dir.absolute() / "slopfence"), "--offline", "--format", "json"]
    start += ["--ignore", SLOPFENCE_IGNORED, "--no-baseline", "--exit-zero", "--"]
    return _lint_folder(folder, lambda files: start + files, _parse_slopfence)


def _parse_ghostcall(report: Any) -> Iterator[tuple[str, str]]:
    """Read findings, GC000 parse warnings included, from a ghostcall JSON report."""
    for item in report["findings"]:
        yield item["file"], f"{item['code']} {item['severity']}: {item['message']}"


def run_ghostcall(bin_dir: Path, folder: Path) -> Findings:
    """Run ghostcall against the packages installed beside it in ``bin_dir``."""
    where = bin_dir.absolute()
    start = [str(where / "ghostcall"), "check", "--format", "json"]
    start += ["--python", str(where / "python"), "--"]
    return _lint_folder(folder, lambda files: start + files, _parse_ghostcall)


def _parse_sloppylint(report: Any) -> Iterator[tuple[str, str]]:
    """Read issues from a sloppylint JSON report."""
    for item in report["issues"]:
        yield item["file"], f"{item['pattern_id']} {item['severity']}: {item['message']}"


def run_sloppylint(bin_dir: Path, folder: Path) -> Findings:
    """Run sloppylint; it passes over files that do not parse without a word."""
    start = [str(bin_dir.absolute() / "sloppylint"), "--format", "json", "--"]
    return _lint_folder(folder, lambda files: start + files, _parse_sloppylint)


def _parse_pylint(report: Any) -> Iterator[tuple[str, str]]:
    """Read messages from a pylint json2 report."""
    for item in report["messages"]:
        yield item["path"], f"{item['messageId']} {item['symbol']}: {item['message']}"


def run_pylint(bin_dir: Path, folder: Path) -> Findings:
    """Run ``pylint -E`` with no configuration file."""
    start = [str(bin_dir.absolute() / "pylint"), "-E", "--output-format=json2"]
    start += ["--persistent=n", f"--rcfile={os.devnull}", f"-j{os.cpu_count() or 1}", "--"]
    return _lint_folder(folder, lambda files: start + files, _parse_pylint, PYLINT_CHUNK)


def _parse_ruff(report: Any) -> Iterator[tuple[str, str]]:
    """Read diagnostics, syntax errors included, from a ruff JSON report."""
    for item in report:
        yield item["filename"], f"{item['code'] or 'invalid-syntax'}: {item['message']}"


def _ruff(select: str) -> Runner:
    """Make a function that runs ruff with just the selected rules."""

    def run(bin_dir: Path, folder: Path) -> Findings:
        """Run ruff without any configuration file or cache."""
        start = [str(bin_dir.absolute() / "ruff"), "check", "--isolated", "--no-cache"]
        start += ["--output-format=json", "--exit-zero", f"--select={select}", "--"]
        return _lint_folder(folder, lambda files: start + files, _parse_ruff)

    return run


run_ruff = _ruff("E9,F821,F822")
run_ruff_unused = _ruff("E9,F821,F822,F401,F841")


def _parse_slopguard(report: Any) -> Iterator[tuple[str, str]]:
    """Read findings from slopguard's JSON list."""
    for item in report:
        yield item["file"], f"{item['rule']} {item['severity']}: {item['message']}"


def run_slopguard(bin_dir: Path, folder: Path) -> Findings:
    """Run slopguard without a baseline."""
    start = [str(bin_dir.absolute() / "slopguard"), "scan", "--json", "--fail-on", "never", "--no-baseline"]
    return _lint_folder(folder, lambda files: start + files, _parse_slopguard)


def _parse_slop_detector(report: Any) -> Iterator[tuple[str, str]]:
    """Read the files that ai-slop-detector calls anything but clean."""
    for item in report["file_results"]:
        if item["status"] != "clean":
            issues = "; ".join(str(issue.get("message", issue)) for issue in item["pattern_issues"])
            yield item["file_path"], f"{item['status']}: {issues} {' '.join(map(str, item['warnings']))}"


def run_slop_detector(bin_dir: Path, folder: Path) -> Findings:
    """Run ai-slop-detector on the whole folder: it takes no list of files."""
    start = [str(bin_dir.absolute() / "ai-slop-detector"), ".", "--project", "--json", "--include-tests"]
    start += ["--no-history", "--read-only"]
    return _lint_folder(folder, lambda _: start, _parse_slop_detector, size=1_000_000)


def _parse_ty(report: Any) -> Iterator[tuple[str, str]]:
    """Read diagnostics from ty's report in GitLab's format."""
    for item in report:
        yield item["location"]["path"], f"{item['check_name']}: {item['description']}"


def run_ty(bin_dir: Path, folder: Path) -> Findings:
    """Run ty against the packages installed beside it in ``bin_dir``."""
    where = bin_dir.absolute()
    start = [str(where / "ty"), "check", "--output-format", "gitlab", "--exit-zero"]
    start += ["--python", str(where.parent), "--"]
    return _lint_folder(folder, lambda files: start + files, _parse_ty)


def _parse_aislop(report: Any) -> Iterator[tuple[str, str]]:
    """Read what aislop says of single files: its format and its comparison of functions across files are left out."""
    for item in report["diagnostics"]:
        if item["engine"] not in AISLOP_IGNORED:
            yield item["filePath"], f"{item['rule']} {item['severity']}: {item['message']}"


def run_aislop(bin_dir: Path, folder: Path) -> Findings:
    """Run npm's aislop on the whole folder: it takes no list of files, and ends before a pipe has taken a long report."""
    names = python_files(folder)
    findings: Findings = {name: [] for name in names}
    with _workspace(folder, names) as space:
        report = space.scratch / "report.json"
        with report.open("w") as out:
            start = [str(bin_dir.absolute() / "aislop"), "scan", ".", "--json"]
            seconds = BASE_SECONDS + SECONDS_PER_FILE * len(names)
            subprocess.run(start, cwd=space.root, env=space.environment(), stdout=out, timeout=seconds, check=False)
        for reported, message in _parse_aislop(json.loads(report.read_text())):
            findings[space.relative(reported)].append(message)
    return findings


def run_comment_checker(bin_dir: Path, folder: Path) -> Findings:
    """Run comment-checker as the hook that it is: told of each file as if an agent had just written it."""
    findings: Findings = {}
    names = python_files(folder)
    with _workspace(folder, names) as space:
        for name in names:
            path = space.root / name
            given = {"file_path": str(path), "content": path.read_text("utf-8", "replace")}
            told = {"hook_event_name": "PostToolUse", "tool_name": "Write", "tool_input": given, "cwd": str(space.root)}
            told |= {"session_id": "peer", "transcript_path": ""}
            _, said = _output([str(bin_dir.absolute() / "comment-checker")], space, json.dumps(told), BASE_SECONDS)
            findings[name] = [part.split("</comment>")[0] for part in said.split("<comment ")[1:]]
    return findings


PEERS: dict[str, Runner] = {
    "noellipsis": run_noellipsis,
    "slopfence": run_slopfence,
    "ghostcall-lint": run_ghostcall,
    "sloppylint": run_sloppylint,
    "pylint -E": run_pylint,
    "slopguard": run_slopguard,
    "ai-slop-detector": run_slop_detector,
    "aislop": run_aislop,
    "comment-checker": run_comment_checker,
    "ty": run_ty,
    "ruff E9,F821,F822": run_ruff,
    "ruff +F401,F841": run_ruff_unused,
}

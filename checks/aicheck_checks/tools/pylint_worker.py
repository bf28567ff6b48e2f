"""A process that holds pylint warm: requests in, messages out, a line of JSON each.

    {"path", "text", "search": [folders]}  ->  {"messages": [[symbol, text, line, column, end_line, end_column], ...]}

pylint (https://pylint.readthedocs.io) infers from sources alone: it imports
neither the checked code nor the libraries' C extensions. The search path is the
standard library and the folders of the request, not the packages of aicheck's
own environment, which the checked project may not have.
"""

from __future__ import annotations

import io
import json
import sys
import sysconfig

SYMBOLS = (
    "no-member", "no-name-in-module", "unexpected-keyword-arg", "no-value-for-parameter", "too-many-function-args",
    "missing-kwoa", "redundant-keyword-arg", "unreachable", "used-before-assignment",
)  # fmt: skip
MEMORY_BYTES = 3 << 30


def main() -> None:
    """Serve requests until standard input ends."""
    _limit_memory()
    answers, requests = sys.stdout.buffer, sys.stdin.buffer
    from pylint.lint import PyLinter
    from pylint.reporters import CollectingReporter

    reporter = CollectingReporter()
    linter = PyLinter(reporter=reporter)
    linter.load_default_plugins()
    linter.disable("all")
    for symbol in SYMBOLS:
        linter.enable(symbol)
    linter.config.from_stdin = True
    own = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    standard = [folder for folder in sys.path if folder and folder not in own and "site-packages" not in folder]
    sys.stdout = sys.stderr
    for line in requests:
        request = json.loads(line)
        sys.path[:] = [*request["search"], *standard]
        sys.stdin = io.TextIOWrapper(io.BytesIO(request["text"].encode("utf-8", "replace")), encoding="utf-8")
        reporter.messages.clear()
        linter.check([request["path"]])
        rows = [
            [m.symbol, m.msg, m.line, m.column + 1, m.end_line or m.line, (m.end_column or m.column) + 1]
            for m in reporter.messages
            if m.symbol in SYMBOLS
        ]
        answers.write(json.dumps({"messages": rows}).encode() + b"\n")
        answers.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))


if __name__ == "__main__":
    main()

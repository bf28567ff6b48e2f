"""Check a text with the library: ``python examples/check_text.py FILE``.

What is known of a text beyond itself makes the checks sharper: the version
before, and why the model stopped.
"""

from __future__ import annotations

import sys
from pathlib import Path

from aicheck_checks.engine import check
from aicheck_checks.source import Source


def main() -> int:
    """Print each finding with its place; 1 if the text is suspect."""
    path = Path(sys.argv[1])
    source = Source(path.read_text("utf-8"), path=str(path))
    result = check(source)
    for finding in result.findings:
        line, column = source.position(finding.start)
        print(f"{line}:{column} {finding.code} {finding.message}")
    print(result.verdict)
    return int(result.verdict == "suspect")


if __name__ == "__main__":
    sys.exit(main())

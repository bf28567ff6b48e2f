"""Are secrets taken out whole, and is everything else left alone?

    python -m benchmarks.redaction [--detect-secrets PYTHON] [--gitleaks PROGRAM] [--write]
    python -m benchmarks.redaction --held-out [--write]  lines that the rules were never tuned on
    python -m benchmarks.redaction --paths FOLDER...     how many paths of ordinary projects change
    python -m benchmarks.redaction --code FOLDER...      what is redacted in their code, a thousand lines

The cases are made up (redaction_cases.py). A peer reports where it sees a
secret: all that it names is taken out of the text, so that a partly named
secret is a leak for all alike. detect-secrets names whole secrets, with all its
plugins and without its filters; gitleaks reports them with ``--redact=0``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from aicheck_app.redaction import redact, redact_path, spans
from benchmarks import readme
from benchmarks.redaction_cases import Case, cases, leaked
from benchmarks.redaction_heldout import heldout

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = frozenset(
    ".c .cpp .cs .css .go .gradle .h .hpp .html .java .js .json .kt .lock .m .md .php .properties .py .rb .rs .scala .sh .svelte .swift .toml .ts .tsx .vue .xml .yaml .yml".split()
)
LARGEST = 200_000
"""Bytes of a file: larger ones are data."""
_DETECT = """
import json, sys
from detect_secrets.core import scan
from detect_secrets.settings import default_settings
with default_settings() as settings:
    for name in list(settings.filters):
        settings.disable_filters(name)
    print(json.dumps({name: [secret.secret_value for secret in scan.scan_file(name)] for name in sys.argv[1:]}))
"""
"""Run by the peer's own Python: it is no dependency of ours."""
Named = dict[str, list[str]]


def detect_secrets(python: str, folder: Path) -> Named:
    """What detect-secrets names in each file of a folder."""
    files = sorted(str(file) for file in folder.iterdir())
    done = subprocess.run([python, "-c", _DETECT, *files], capture_output=True, text=True, check=True)
    found: Named = json.loads(done.stdout)
    return {Path(name).name: secrets for name, secrets in found.items()}


def gitleaks(program: str, folder: Path) -> Named:
    """What gitleaks' rules name in each file of a folder."""
    report = folder.parent / "gitleaks.json"
    command = [
        program,
        "dir",
        str(folder),
        "--report-format=json",
        f"--report-path={report}",
        "--exit-code=0",
        "--no-banner",
        "--redact=0",
    ]
    subprocess.run(command, capture_output=True, check=True)
    found: Named = {}
    for finding in json.loads(report.read_text("utf-8")) or []:
        found.setdefault(Path(finding["File"]).name, []).append(finding["Secret"])
    return found


def peer_leaks(table: list[Case], named: Named) -> list[Case]:
    """The cases that leak if all that a peer names is taken out."""
    lost = []
    for number, case in enumerate(table):
        left = case.text
        for secret in named.get(f"{number}.txt", []):
            left = left.replace(secret, "\0") if secret else left
        if leaked(case, left):
            lost.append(case)
    return lost


def compare(table: list[Case], arguments: argparse.Namespace) -> dict[str, list[Case]]:
    """The leaks of us and of each peer that was given."""
    found = {"aicheck": [case for case in table if leaked(case, redact(case.text))]}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "cases")
        folder.mkdir()
        for number, case in enumerate(table):
            (folder / f"{number}.txt").write_text(case.text + "\n", encoding="utf-8")
        if arguments.detect_secrets:
            found["detect-secrets"] = peer_leaks(table, detect_secrets(arguments.detect_secrets, folder))
        if arguments.gitleaks:
            found["gitleaks"] = peer_leaks(table, gitleaks(arguments.gitleaks, folder))
    return found


def table_of(every: list[Case], lost: dict[str, list[Case]], by: str) -> str:
    """A Markdown table of leaks by group or by kind, with totals."""
    wanted = Counter(getattr(case, by) for case in every)
    missed = {who: Counter(getattr(case, by) for case in leaks) for who, leaks in lost.items()}
    rows = [f"| {by} | cases | {' | '.join(lost)} |", f"| --- | ---: |{' ---: |' * len(lost)}"]
    rows += [
        f"| {name} | {count} | {' | '.join(str(missed[who][name]) for who in lost)} |" for name, count in wanted.items()
    ]
    total = " | ".join(f"{len(leaks)} ({1 - len(leaks) / len(every):.1%} caught)" for leaks in lost.values())
    return "\n".join([*rows, f"| **all, of {len({c.kind for c in every})} kinds** | {len(every)} | {total} |"])


def files(folders: list[str]) -> Iterator[tuple[Path, str]]:
    """Each file of some folders with its path as a log would have it."""
    for folder in folders:
        for file in sorted(Path(folder).rglob("*")):
            if file.is_file() and ".git" not in file.parts:
                yield file, file.relative_to(folder).as_posix()


def paths(folders: list[str]) -> None:
    """Print which paths change."""
    every = [path for _, path in files(folders)]
    changed = [path for path in every if redact_path(path) != path]
    print(f"{len(changed)} of {len(every)} paths changed", *changed[:20], sep="\n")


def code(folders: list[str]) -> None:
    """Print how much is redacted in files of code, by rule; an address of a person or a test's key is rightly so."""
    rules: Counter[str] = Counter()
    lines, start = 0, time.perf_counter()
    for file, _ in files(folders):
        if file.suffix in CODE and file.stat().st_size <= LARGEST:
            text = file.read_text("utf-8", errors="replace")
            lines += text.count("\n") + 1
            rules.update(span.rule for span in spans(text))
    print(
        f"{sum(rules.values())} redactions in {lines} lines, {1000 * sum(rules.values()) / max(lines, 1):.2f} a thousand, {time.perf_counter() - start:.0f} s"
    )
    print(*rules.most_common(), sep="\n")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--detect-secrets", metavar="PYTHON", help="a Python that has detect-secrets")
    parser.add_argument("--gitleaks", metavar="PROGRAM")
    parser.add_argument("--paths", nargs="+", metavar="FOLDER")
    parser.add_argument("--code", nargs="+", metavar="FOLDER")
    parser.add_argument("--held-out", action="store_true", help="measure on the lines held out, by language")
    parser.add_argument("--write", action="store_true", help="put the table by group into README.md")
    arguments = parser.parse_args()
    if arguments.paths or arguments.code:
        paths(arguments.paths) if arguments.paths else code(arguments.code)
        return
    table = heldout() if arguments.held_out else list(cases())
    lost = compare(table, arguments)
    by_group = table_of(table, lost, "group")
    print(*([] if arguments.held_out else [table_of(table, lost, "kind")]), by_group, sep="\n\n")
    if arguments.write:
        readme.write("redaction-held-out" if arguments.held_out else "redaction", by_group + "\n")


if __name__ == "__main__":
    main()

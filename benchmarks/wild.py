"""False alarms in whole public repositories, by language and by rule.

    python -m benchmarks.wild REPO... [--files N] [--keep FOLDER] [--labels FILE] [--say] [--write]

A REPO is a git repository on this machine (bare or not), brought beforehand; it is checked as its newest commit is, with
its whole project, by what `aicheck check .` does, or N of its files, drawn with a fixed seed. Each suspect file has a label in the labels file, given by a person who
read it: "true" (the file is broken or wrong) or "false alarm". Notes are files about which something else is shown, as a warning. A suspect file without a label of the same commit counts
as a false alarm. Lines of the labels file (JSON): repo, commit, path_sha256 (of the path below the repository's root),
language, codes, label, why.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import subprocess
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.checking import check_targets
from aicheck_app.files import files_of
from aicheck_checks.languages import language_of
from aicheck_checks.settings import Settings
from benchmarks import readme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicheck_app.checking import Located, Report

LABELS = Path(__file__).parent / "data" / "wild.jsonl"
SEED = 1
_PLAIN_NAMES = ("repo", ".git")


class Suspect(NamedTuple):
    """A file that is called suspect, with the codes that do so."""

    path: str
    language: str
    codes: tuple[str, ...]
    said: tuple[str, ...]


class Checked(NamedTuple):
    """What came of one repository; ``files`` and ``notes`` by language."""

    name: str
    commit: str
    files: Counter[str]
    notes: Counter[str]
    suspects: list[Suspect]


class Labels:
    """What people said of the suspect files that they read."""

    def __init__(self, path: Path) -> None:
        rows = map(json.loads, path.read_text("utf-8").splitlines()) if path.exists() else ()
        self._known = {(row["repo"], row["commit"], row["path_sha256"]): row for row in rows}

    def of(self, repo: str, commit: str, suspect: Suspect) -> str | None:
        """The label of a suspect file, or None; what was read for other codes is not read."""
        row = self._known.get((repo, commit, hashed(suspect.path)))
        return row["label"] if row is not None and set(suspect.codes) <= set(row["codes"]) else None


def hashed(path: str) -> str:
    """What stands for a path in the labels file, which holds nothing of a repository."""
    return hashlib.sha256(path.encode()).hexdigest()


def git(folder: Path, *args: str) -> str:
    """What git prints of a folder, without running hooks of the repository."""
    command = ["git", "-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false", "-C", str(folder), *args]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def name_of(repo: Path) -> str:
    """``owner/name``, of a folder that is called ``owner+name`` or that stands in its owner's."""
    parts = [part for part in repo.resolve().parts if part not in _PLAIN_NAMES]
    return parts[-1].replace("+", "/") if "+" in parts[-1] else "/".join(parts[-2:])


def check_out(repo: Path, folder: Path) -> str:
    """The newest commit's files in a folder, tracked by a git repository that borrows the objects; its name."""
    commit = git(repo, "rev-parse", "HEAD")
    if not (folder / ".git").exists():
        borrow(repo, folder)
        git(folder, "update-ref", "HEAD", commit)
        git(folder, "read-tree", commit)
        subprocess.run(["git", "-C", str(folder), "checkout-index", "-a", "-f", "-q"], check=False, capture_output=True)
    return commit


def borrow(repo: Path, folder: Path) -> None:
    """Make a new git repository in a folder that reads the objects of another."""
    objects = Path(git(repo, "rev-parse", "--path-format=absolute", "--git-common-dir")) / "objects"
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q")
    (folder / ".git/objects/info/alternates").write_text(f"{objects}\n")


def check(repo: Path, folder: Path, most: int | None = None) -> Checked:
    """Check a repository's newest commit in a folder of its own, at most so many of its files."""
    commit = check_out(repo, folder)
    os.chdir(folder)
    targets = list(files_of((".",)))
    if most is not None and len(targets) > most:
        targets = random.Random(SEED).sample(targets, most)
    report = check_targets(targets, Settings())
    unchecked = {path for path, _ in report.unchecked}
    files = Counter(language(target.path) for target in targets if target.path not in unchecked)
    shown = report.without_notes().findings  # as the command shows it to somebody who asked for nothing more
    found: dict[str, list[Located]] = defaultdict(list)
    for located in shown:
        found[os.path.relpath(located.path)].append(located)
    noted = Counter(
        language(path) for path, all_found in found.items() if not any(one.finding.suspect for one in all_found)
    )
    return Checked(name_of(repo), commit, files, noted, suspects_of(report))


def suspects_of(report: Report) -> list[Suspect]:
    """The suspect files of a report, by their paths."""
    found: dict[str, list[Located]] = defaultdict(list)
    for located in report.findings:
        if located.finding.suspect:
            found[os.path.relpath(located.path)].append(located)
    return [_suspect(path, found[path]) for path in sorted(found)]


def _suspect(path: str, found: list[Located]) -> Suspect:
    said = tuple(f"{one.start.line}: {one.finding.code} {one.finding.message}" for one in found)
    return Suspect(path, language(path), tuple(sorted({one.finding.code for one in found})), said)


def language(path: str) -> str:
    """The name of a file's language."""
    known = language_of(path)
    return known.name if known is not None else "other"


def table(repos: list[Checked], labels: Labels) -> list[str]:
    """Markdown: the false alarms in 1,000 files by language, then by rule and by repository."""
    files: Counter[str] = sum((repo.files for repo in repos), Counter())
    notes: Counter[str] = sum((repo.notes for repo in repos), Counter())
    wrong = [(repo, s) for repo in repos for s in repo.suspects if labels.of(repo.name, repo.commit, s) != "true"]
    right = [(repo, s) for repo in repos for s in repo.suspects if labels.of(repo.name, repo.commit, s) == "true"]
    alarms, true = Counter(s.language for _, s in wrong), Counter(s.language for _, s in right)
    lines = [
        "| language | files | true alarms | false alarms | in 1,000 | notes in 1,000 |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [_row(name, files[name], true[name], alarms[name], notes[name]) for name in sorted(files) if files[name]]
    lines.append(_row("**all**", files.total(), true.total(), alarms.total(), notes.total()))
    codes = Counter(code for _, suspect in wrong for code in suspect.codes)
    lines += ["", "False alarms by rule: " + (_counts(codes) or "none") + "."]
    by_repo = Counter(repo.name for repo, _ in wrong)
    worst = sorted(repos, key=lambda repo: -by_repo[repo.name] / max(repo.files.total(), 1))[:5]
    shares = (f"{repo.name} {by_repo[repo.name]} of {repo.files.total():,}" for repo in worst if by_repo[repo.name])
    silent = sum(not by_repo[repo.name] for repo in repos)
    lines += [
        "",
        f"Silent repositories: {silent} of {len(repos)}; the others' worst: " + (", ".join(shares) or "none") + ".",
    ]
    return lines


def _row(name: str, files: int, true: int, alarms: int, notes: int) -> str:
    thousand = files / 1000
    return f"| {name} | {files:,} | {true} | {alarms} | {alarms / thousand:.2f} | {notes / thousand:.2f} |"


def _counts(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counted.most_common())


def tell(repo: Checked, labels: Labels, say: bool) -> None:
    """One line a repository and, if asked, one a suspect file."""
    wrong = sum(labels.of(repo.name, repo.commit, suspect) != "true" for suspect in repo.suspects)
    print(f"{repo.name}: {repo.files.total():,} files, {len(repo.suspects)} suspect, {wrong} false alarms", flush=True)
    for suspect in repo.suspects if say else ():
        print(f"  [{labels.of(repo.name, repo.commit, suspect) or 'no label'}] {suspect.path}")
        for words in suspect.said[:3]:
            print(f"      {words[:160]}")


def main(argv: Iterable[str] | None = None) -> None:
    """Check each repository and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repos", nargs="+", type=Path, metavar="REPO")
    parser.add_argument("--files", type=int, help="the most that are checked of a repository")
    parser.add_argument("--keep", type=Path, help="folder to leave the checked files in, and to find them in again")
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--say", action="store_true", help="name each suspect file and what is said of it")
    parser.add_argument("--write", action="store_true", help="write the tables into benchmarks/README.md")
    args = parser.parse_args(None if argv is None else list(argv))
    labels = Labels(args.labels)
    repos = []
    for repo in (path.resolve() for path in args.repos):
        with tempfile.TemporaryDirectory() as temporary:
            place = (args.keep.resolve() if args.keep else Path(temporary)) / name_of(repo).replace("/", "+")
            repos.append(check(repo, place, args.files))
            os.chdir("/")
        tell(repos[-1], labels, args.say)
    lines = table(repos, labels)
    print("\n".join(lines))
    if args.write:
        readme.write("wild", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

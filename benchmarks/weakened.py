"""How often the warnings of a family of rules are right in the commits of people who touch tests, settings or the build.

    python -m benchmarks.weakened REPO... [--select TST] [--commits N] [--alone] [--settings] [--labels FILE] [--say]

As benchmarks.history, of the commits that touch a file of tests, settings of a checker or the build: each is checked as
`aicheck check --diff` does, with its whole project round it. A finding has a label in the labels file, given by whoever read the change:
"right" (after the change less is checked than before by what the finding names, and nothing as strong came in its place in that commit)
or "wrong". With ``--alone`` each changed file is checked by itself, without a project round it: for rules that need none, in many more
commits. With ``--settings`` the commits are those that touch settings or the
build. Lines of the labels file (JSON): repo, commit, path_sha256, code, label, why.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from aicheck_app.changes import changed_targets
from aicheck_app.checking import check_targets
from aicheck_app.files import checkable
from aicheck_app.git import Change, changes_of, contents
from aicheck_checks.analysis.tests import is_build_path, is_test_path
from aicheck_checks.engine import check_alone
from aicheck_checks.rules.tests.lowered_check import is_settings_path
from aicheck_checks.settings import Settings
from aicheck_checks.source import Source
from benchmarks.history import MOST_FILES, NEWEST, SEED, show_commit
from benchmarks.wild import borrow, git, hashed, name_of

LABELS = Path(__file__).parent / "data" / "weakened.jsonl"


class Warned(NamedTuple):
    """A finding: where, and what it says; ``note`` is one that is only shown when asked for."""

    repo: str
    commit: str
    path: str
    code: str
    note: bool
    said: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What its label is looked up by."""
        return self.repo, self.commit, hashed(self.path), self.code


class Judged(NamedTuple):
    """What came of a repository."""

    name: str
    commits: int
    tests: int
    files: int
    found: list[Warned]


def drawn(repo: Path, number: int, of_settings: bool) -> list[str]:
    """Commits of a repository that touch tests or the build, or settings, always the same ones, newest first: neighbours share most files."""
    options = ("--no-merges", "-n", str(NEWEST), "--name-only", "--format=%x00%H %P")
    try:
        log = git(repo, "-c", "core.quotePath=off", "log", *options, "HEAD")
    except subprocess.CalledProcessError:  # a part of its history is not here
        return []
    known = [(words[0].split(), words[1:]) for part in log.split("\0")[1:] if (words := part.split("\n"))]
    kept = [ids[0] for ids, paths in known if len(ids) > 1 and _touches([path for path in paths if path], of_settings)]
    chosen = set(random.Random(SEED).sample(kept, min(number, len(kept))))
    return [commit for commit in kept if commit in chosen]


def _touches(paths: list[str], of_settings: bool) -> bool:
    wanted = is_settings_path if of_settings else is_test_path
    return 0 < len(paths) <= MOST_FILES and any(wanted(path) or is_build_path(path) for path in paths)


def judge(repo: Path, folder: Path, number: int, settings: Settings, *, of_settings: bool) -> Judged:
    """Check commits of a repository, one after another, in a folder of their own."""
    borrow(repo, folder)
    os.chdir(folder)
    judged = Judged(name_of(repo), 0, 0, 0, [])
    for commit in drawn(repo, number, of_settings):
        show_commit(repo, folder, commit)
        targets = [
            target for target in changed_targets((), f"{commit}~1") if target.gone or target.text is None or target.text
        ]
        report = check_targets(targets, settings)
        judged.found.extend(
            Warned(
                judged.name,
                commit,
                os.path.relpath(one.path),
                one.finding.code,
                one.finding.note,
                f"{one.start.line}: {one.finding.message}",
            )
            for one in report.findings
        )
        tests = any(is_test_path(target.name) for target in targets)
        judged = judged._replace(
            commits=judged.commits + 1, tests=judged.tests + tests, files=judged.files + len(targets)
        )
    return judged


def judge_alone(repo: Path, folder: Path, number: int, settings: Settings, *, of_settings: bool) -> Judged:
    """Check what commits of a repository changed, file by file, without what stands round it."""
    borrow(repo, folder)
    judged = Judged(name_of(repo), 0, 0, 0, [])
    commits = drawn(repo, number, of_settings)
    changes = {commit: _changed(folder, commit) for commit in commits}
    ids = [id_ for found in changes.values() for one in found for id_ in (one.before, one.now)]
    texts = dict(zip(ids, contents(str(folder), ids), strict=True))
    for commit in commits:
        known = [one for one in changes[commit] if texts[one.before] is not None and texts[one.now] is not None]
        sources = [
            Source(
                str(texts[one.now] or b"", "utf-8", "replace"),
                path=one.path,
                previous=str(texts[one.before] or b"", "utf-8", "replace"),
            )
            for one in known
            if checkable(one.path)
        ]
        for source in sources:
            judged.found.extend(
                Warned(
                    judged.name,
                    commit,
                    source.path,
                    found.code,
                    found.note,
                    f"{source.position(found.start).line}: {found.message}",
                )
                for found in check_alone(source, settings).findings
            )
        tests = any(is_test_path(source.path) for source in sources)
        judged = judged._replace(
            commits=judged.commits + 1, tests=judged.tests + tests, files=judged.files + len(sources)
        )
    return judged


def _changed(repo: Path, commit: str) -> list[Change]:
    """The files of which a commit changed a version into another."""
    return [change for change in changes_of(str(repo), commit) if change.before and change.now]


def table(judged: list[Judged], labels: dict[tuple[str, str, str, str], str]) -> list[str]:
    """Markdown: the findings by rule, how many in 1,000 files, and the share that is right of those that have a label."""
    files = sum(one.files for one in judged)
    every = [found for one in judged for found in one.found]
    lines = [
        "| rule | shown | in 1,000 files | labelled | right | precision | notes | labelled | right |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for code in sorted({found.code for found in every}):
        shown, notes = ([f for f in every if f.code == code and f.note is note] for note in (False, True))
        counted = [Counter(labels.get(found.key) for found in part) for part in (shown, notes)]
        right, said = counted[0]["right"], counted[0]["right"] + counted[0]["wrong"]
        share = f"{100 * right / said:.0f} %" if said else "-"
        lines.append(
            f"| {code} | {len(shown)} | {1000 * len(shown) / max(files, 1):.1f} | {said} | {right} | {share} | {len(notes)} | "
            f"{counted[1]['right'] + counted[1]['wrong']} | {counted[1]['right']} |"
        )
    total = f"{sum(one.commits for one in judged):,} commits of {len(judged)} repositories, {sum(one.tests for one in judged):,} of them touch tests; {files:,} files"
    return [total + ".", "", *lines]


def main() -> None:
    """Print what was found and the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repos", nargs="+", type=Path)
    parser.add_argument("--select", default="TST")
    parser.add_argument("--commits", type=int, default=60)
    parser.add_argument("--alone", action="store_true", help="check each file by itself, without its project")
    parser.add_argument("--settings", action="store_true", help="of commits that touch settings or the build")
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--say", action="store_true", help="print each finding, a line of JSON")
    options = parser.parse_args()
    rows = map(json.loads, options.labels.read_text("utf-8").splitlines()) if options.labels.exists() else ()
    labels = {(row["repo"], row["commit"], row["path_sha256"], row["code"]): row["label"] for row in rows}
    settings = Settings(select=tuple(options.select.split(",")))
    judged = []
    for repo in [path.resolve() for path in options.repos]:
        with tempfile.TemporaryDirectory() as folder:
            look = judge_alone if options.alone else judge
            judged.append(look(repo, Path(folder) / "work", options.commits, settings, of_settings=options.settings))
            os.chdir("/")
        for found in judged[-1].found if options.say else ():
            print(json.dumps({**found._asdict(), "label": labels.get(found.key)}), flush=True)
        print(
            f"{judged[-1].name}: {judged[-1].commits} commits, {judged[-1].tests} touch tests, {judged[-1].files} files",
            flush=True,
        )
    print("\n".join(table(judged, labels)))


if __name__ == "__main__":
    main()

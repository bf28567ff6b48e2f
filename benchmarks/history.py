"""False alarms in the commits of people: each is checked as `aicheck check --diff` does, with its whole project round it.

    python -m benchmarks.history REPO... [--commits N] [--labels FILE] [--say]

A REPO is a git repository on this machine (bare or not), brought beforehand. Of its newest 1,500 commits that are no merges, N (100
by default) are drawn with a fixed seed; those of more than 40 files are left out. Each file that is called suspect has a label in the
labels file, given by whoever read the change: "true" (it broke or lost something) or "false alarm". One without a label counts as
a false alarm. Lines of the labels file (JSON): repo, commit, path_sha256 (of the path from the repository's root), codes, label, why.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from aicheck_app.changes import changed_targets
from aicheck_app.checking import check_targets
from aicheck_checks.settings import Settings
from benchmarks.wild import Labels, Suspect, borrow, git, language, name_of, suspects_of

LABELS = Path(__file__).parent / "data" / "history.jsonl"
NEWEST = 1_500
MOST_FILES = 40
SEED = 1


class Judged(NamedTuple):
    """What came of a repository: its commits that were checked, the files in them, and the suspects of each commit."""

    name: str
    commits: int
    files: Counter[str]
    suspects: list[tuple[str, Suspect]]


def drawn(repo: Path, number: int) -> list[str]:
    """Commits of a repository, always the same ones, the newest first: neighbours differ in few files."""
    newest = git(repo, "rev-list", "--no-merges", "-n", str(NEWEST), "HEAD").split()
    commits = newest.copy()
    random.Random(SEED).shuffle(commits)
    kept = (c for c in commits if 0 < len(git(repo, "diff-tree", "-r", "--no-commit-id", c).splitlines()) <= MOST_FILES)
    chosen = {commit for commit, _ in zip(kept, range(number), strict=False)}
    return [commit for commit in newest if commit in chosen]


def judge(repo: Path, folder: Path, number: int) -> Judged:
    """Check commits of a repository, one after another, in a folder of their own."""
    borrow(repo, folder)
    os.chdir(folder)
    judged = Judged(name_of(repo), 0, Counter(), [])
    for commit in drawn(repo, number):
        if not git(repo, "rev-list", "--parents", "-n", "1", commit).partition(" ")[2]:
            continue
        show_commit(repo, folder, commit)
        changed = (target for target in changed_targets((), f"{commit}~1") if not target.gone)
        targets = [target for target in changed if target.text is None or target.text]
        report = check_targets(targets, Settings())
        judged.files.update(language(target.path) for target in targets)
        judged.suspects.extend((commit, suspect) for suspect in suspects_of(report))
        judged = judged._replace(commits=judged.commits + 1)
    return judged


def show_commit(repo: Path, folder: Path, commit: str) -> None:
    """Bring the folder to a commit, but for files that the repository lacks."""
    checkout = ["git", "-c", "core.hooksPath=/dev/null", "checkout", "-qf", "--detach", commit]
    if subprocess.run(checkout, cwd=folder, check=False, capture_output=True).returncode:
        os.chdir("/")
        shutil.rmtree(folder)
        borrow(repo, folder)
        os.chdir(folder)
        git(folder, "update-ref", "--no-deref", "HEAD", commit)
        git(folder, "read-tree", commit)
        subprocess.run(["git", "checkout-index", "-a", "-f", "-q"], cwd=folder, check=False, capture_output=True)


def table(found: list[Judged], labels: Labels) -> list[str]:
    """Markdown: the suspect files in 1,000 by repository, and by rule."""
    lines = [
        "| repository | commits | files | suspect, rightly | false alarms | in 1,000 |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    total: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    for one in found:
        right = [s for commit, s in one.suspects if labels.of(one.name, commit, s) == "true"]
        wrong = [s for commit, s in one.suspects if labels.of(one.name, commit, s) != "true"]
        codes.update(code for s in wrong for code in s.codes)
        files = sum(one.files.values())
        total.update(commits=one.commits, files=files, right=len(right), wrong=len(wrong))
        lines.append(
            f"| {one.name} | {one.commits:,} | {files:,} | {len(right)} | {len(wrong)} | {1000 * len(wrong) / max(files, 1):.2f} |"
        )
    share = 1000 * total["wrong"] / max(total["files"], 1)
    lines.append(
        f"| all | {total['commits']:,} | {total['files']:,} | {total['right']} | {total['wrong']} | {share:.2f} |"
    )
    lines += [
        "",
        "False alarms by rule: " + (", ".join(f"{code} {n}" for code, n in codes.most_common()) or "none") + ".",
    ]
    return lines


def main() -> None:
    """Print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repos", nargs="+", type=Path)
    parser.add_argument("--commits", type=int, default=100)
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--say", action="store_true", help="name each suspect file without a label that it is right")
    options = parser.parse_args()
    labels = Labels(options.labels)
    found = []
    for repo in [path.resolve() for path in options.repos]:
        with tempfile.TemporaryDirectory() as folder:
            found.append(judge(repo, Path(folder) / "work", options.commits))
            os.chdir("/")
        print(f"{found[-1].name}: {found[-1].commits} commits, {len(found[-1].suspects)} suspect files", flush=True)
    if options.say:
        for one in found:
            for commit, suspect in one.suspects:
                if labels.of(one.name, commit, suspect) != "true":
                    print(one.name, commit, suspect.path, *suspect.said, sep="\n  ")
    print("\n".join(table(found, labels)))


if __name__ == "__main__":
    main()

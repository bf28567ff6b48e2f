"""How often AI-written text is attributed in a real Neovim, and how often a person's text is taken for it.

    python -m benchmarks.attribution_neovim [--write] [--share 1.0]

The outputs of the corpus' sessions are put into buffers: announced by a plugin's event (whole and streamed), written
on disk by an agent whose hook has logged them, and without either, for the server's own eyes. Persons type the
corpus' human files key by key and do between lines what people do. In real time.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.e2e import neovim

from aicheck_app.config import Config
from aicheck_app.log.store import Log
from aicheck_app.observe import observe
from aicheck_checks.languages import language_of
from aicheck_lsp.recogniser import MIN_LINES
from benchmarks import readme
from benchmarks.attribution import SEED, added, news, sessions
from benchmarks.languages import corpus

if TYPE_CHECKING:
    from aicheck_app.origin import Output

BATCH = 12
"""Files at a time."""
STREAMED = 1500
"""Code points of an output that are streamed; real time is dear."""
PERSONS = 12
TYPED_LINES = 40
ACTIONS = 0.25
"""The share of lines after which a person does something larger."""
LIMIT = 1200
"""Seconds for one batch, or for all persons."""
SCENARIO = Path(__file__).with_suffix(".lua")
_BRANCH = """
git init -q -b main . 2>/dev/null; git config user.name a; git config user.email a@b.c; git config commit.gpgsign false
git add -A; git commit -qm main
name=$(git ls-files | head -1)
blob=$(cat "$1" "$name" | git hash-object -w --stdin)
export GIT_INDEX_FILE=.git/other-index
git update-index --add --cacheinfo 100644,$blob,"$name"
git branch -qf other $(git commit-tree -p main -m other $(git write-tree))
"""
"""Makes a branch in which the folder's file has more lines, without touching the work tree."""
_WAYS = {
    "announced": ("whole", True, "announced by a plugin's event, at once"),
    "announced-stream": ("streamed", True, "announced by a plugin's event, streamed"),
    "logged-disk": ("disk", False, "written on disk, in the log of the agent's hook"),
    "whole": ("whole", False, "at once, by the server's own eyes"),
    "streamed": ("streamed", False, "streamed, by the server's own eyes"),
    "disk": ("disk", False, "written on disk, by the server's own eyes"),
}


def row_and_column(text: str, offset: int) -> tuple[int, int]:
    """A place as Neovim counts: rows, and bytes in them."""
    line = text[:offset].rpartition("\n")[2]
    return text.count("\n", 0, offset), len(line.encode())


def job(output: Output, index: int, kind: str, rng: random.Random) -> dict[str, Any]:
    """One output to be replayed."""
    way, announced, _ = _WAYS[kind]
    before = output.previous or ""
    change = news(output)
    text = change.text
    if way == "streamed" and len(text) > STREAMED:
        text = text[: text.find("\n", STREAMED) + 1 or len(text)]
    row, col = row_and_column(before, change.start)
    end_row, end_col = row_and_column(before, change.end)
    chunks, at = [], 0
    while at < len(text):
        size = rng.randint(2, 9)
        chunks.append(text[at : at + size])
        at += size
    return {
        "name": f"f{index}{os.path.splitext(output.path)[1]}", "way": way, "announced": announced and "an-agent",
        "before": before, "after": output.text, "text": text, "chunks": chunks,
        "row": row, "col": col, "end_row": end_row, "end_col": end_col,
    }  # fmt: skip


def replayable(output: Output) -> bool:
    """Whether the server looks at such a file, and Neovim shows it as it is."""
    whole = (output.previous or "") + output.text
    known = language_of(output.path) is not None and "\r" not in whole and "\0" not in whole
    return known and output.text.endswith("\n") and (output.previous or "\n").endswith("\n")


def persons(folder: Path) -> list[dict[str, str]]:
    """Who types what, with a file that is open beside it and one that is not."""
    texts = [
        good.text for some in corpus().values() for good in some if good.path.endswith((".py", ".go", ".ts", ".rs"))
    ]
    texts = [text for text in texts if text.isascii() and "\r" not in text and text.count("\n") > TYPED_LINES]
    random.Random(SEED).shuffle(texts)
    found = []
    for number in range(min(PERSONS, len(texts) // 3)):
        typed, other, closed = texts[number * 3 : number * 3 + 3]
        own = folder / f"person{number}"
        (folder / "work" / own.name).mkdir(parents=True)
        for name, text in (("other.py", other), ("closed.py", closed)):
            own.mkdir(exist_ok=True)
            (own / name).write_text(text)
        found.append({
            "folder": own.name, "name": f"typed{number}.py", "other_file": str(own / "other.py"),
            "closed": str(own / "closed.py"), "text": "\n".join(typed.split("\n")[:TYPED_LINES]) + "\n",
        })  # fmt: skip
    return found


def replay(program: str, jobs: list[dict[str, Any]], logged: list[Output], people: bool) -> tuple[Any, list[Any]]:
    """What Neovim reports and what the log holds afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["AICHECK_HOME"] = str(folder / "home")
        if logged:
            with Log() as log:
                observe(logged, log, Config())
        given = {
            "seed": SEED, "limit": LIMIT, "batch": BATCH, "share": ACTIONS, "branch": _BRANCH, "outputs": jobs,
            "persons": persons(folder) if people else [],
        }  # fmt: skip
        report = neovim.run(program, str(SCENARIO.with_suffix("")), folder, given=given, seconds=7200)
        with Log() as log:
            return report, list(log.bodies("kind = 'output'"))


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--share", type=float, default=1.0, help="of the outputs")
    options = parser.parse_args()
    program = max(neovim.found().items())[1]
    rng = random.Random(SEED)
    every = [output for output in sessions() if added(output) >= MIN_LINES and replayable(output)]
    every = rng.sample(every, int(len(every) * options.share))
    name = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    lines = [f"{name}; outputs of three lines or more.", "", "| outputs | attributed | aim |", "| --- | ---: | ---: |"]
    for kind, (_, _, words) in _WAYS.items():
        jobs = [job(output, index, kind, rng) for index, output in enumerate(every)]
        hooked = [
            output._replace(path=one["name"], origin=output.origin._replace(attribution="hook"))
            for output, one in zip(every, jobs, strict=True)
        ]
        report, records = replay(program, jobs, hooked if kind == "logged-disk" else [], people=False)
        found = len(report["told"])
        if kind == "logged-disk":
            found -= sum(record["attribution"] == "heuristic" for record in records)
        elif kind.startswith("announced"):
            found = len({record["path"] for record in records if record["attribution"] == "editor"})
        aim = "99 %" if kind.startswith(("announced", "logged")) else ""
        lines.append(f"| {words} | {found:,} of {len(jobs):,} = {found / len(jobs):.1%} | {aim} |")
        print(lines[-1], flush=True)
    report, records = replay(program, [], [], people=True)
    done = Counter(report["done"])
    bigger = done.total() - done["keys"]
    what = ", ".join(sorted(set(done) - {"keys"}))
    lines += ["", (
        f"Persons: {done['keys']:,} keys and {bigger:,} larger actions ({what}) in {PERSONS} files: {len(records)} taken "
        "for outputs (aim: at most 1 in 200 actions)."
    )]  # fmt: skip
    print("\n".join(lines))
    if options.write:
        readme.write("attribution-neovim", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

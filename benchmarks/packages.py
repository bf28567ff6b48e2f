"""Are invented packages found, and real ones left alone (rule IMP006)?

    python -m benchmarks.packages --pypi NAMES.tsv.gz --npm NAMES.tsv.gz [--cases 1000] [--write]

Invented names are made as models make them: a well-known name with a plausible
word more, another word order, or a slip; none of them is in the plain lists of
names, which are independent of the compact index. Real ones are drawn from the
lists. Each is imported by an otherwise empty file of a project.
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import tempfile
from pathlib import Path

from aicheck_checks.engine import check
from aicheck_checks.packages.index import Registry, open_index
from aicheck_checks.settings import Settings
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings
from benchmarks import readme

SEED = 5
WORDS = (
    "utils helpers tools async core client plus lite pro extra kit easy fast simple manager wrapper toolkit api sdk"
    " connector handler parser validator cache auth logger config schema query stream ai llm agent secure smart"
).split()


def names(file: Path, registry: str) -> set[str]:
    """The names of a plain list; PyPI's as it normalises them."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        listed = {line.split("\t")[0] for line in lines}
    return {re.sub(r"[-_.]+", "-", name).lower() for name in listed} if registry == "pypi" else listed


def invent(known: list[str], real: set[str], count: int, rng: random.Random) -> list[str]:
    """Names that sound right and do not exist."""
    found: list[str] = []
    while len(found) < count:
        base = rng.choice(known)
        kind = rng.randrange(4)
        if kind == 0:
            name = f"{base}-{rng.choice(WORDS)}-{rng.choice(WORDS)}"
        elif kind == 1:
            name = f"{rng.choice(WORDS)}-{base}-{rng.choice(WORDS)}"
        elif kind == 2:
            at = rng.randrange(len(base))
            name = base[:at] + base[at + 1 :]
        else:
            at = rng.randrange(max(len(base) - 1, 1))
            name = base[:at] + base[at + 1 : at + 2] + base[at : at + 1] + base[at + 2 :]
        plain = name.replace("-", "_")
        if plain.isidentifier() and re.sub(r"[-_.]+", "-", name) not in real and re.match(r"[a-z]", name):
            found.append(name)
    return found


def flagged(folder: Path, names: list[str], template: str, file: str) -> int:
    """How many imports are suspect for their package."""
    count = 0
    for name in names:
        path = str(folder / file)
        source = Source(template.format(name), path=path, surroundings=Surroundings(str(folder)))
        count += any(f.code == "IMP006" and f.suspect for f in check(source, Settings(select=("IMP006",))).findings)
    return count


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pypi", type=Path, required=True)
    parser.add_argument("--npm", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    lines = ["| | invented names found | real names flagged |", "| --- | ---: | ---: |"]
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        (folder / "pyproject.toml").write_text('[project]\nname = "shop"\n')
        (folder / "package.json").write_text('{"name": "shop"}')
        cases: tuple[tuple[str, Registry, str, str, Path], ...] = (
            ("Python", "pypi", "a.py", "import {}\n", options.pypi),
            ("JavaScript", "npm", "a.js", "import x from '{}';\nx();\n", options.npm),
            ("TypeScript", "npm", "a.ts", "import x from '{}';\nx();\n", options.npm),
        )
        for title, registry, file, template, listed in cases:
            rng, real = random.Random(SEED), names(listed, registry)
            plain = [n for n in open_index(registry).known()[:5000] if re.fullmatch(r"[a-z][a-z0-9-]{3,}", n)]
            invented = invent(plain, real, options.cases, rng)
            drawn = rng.sample([n for n in sorted(real) if re.fullmatch(r"[a-z][a-z0-9-]*", n)], options.cases)
            spelt = (lambda n: n.replace("-", "_")) if registry == "pypi" else str
            found = flagged(folder, [spelt(n) for n in invented], template, file)
            wrong = flagged(folder, [spelt(n) for n in drawn], template, file)
            lines.append(
                f"| {title} | {found / options.cases:.1%} of {options.cases:,} | {wrong / options.cases:.1%} of {options.cases:,} |"
            )
            print(lines[-1], flush=True)
    if options.write:
        readme.write("packages", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

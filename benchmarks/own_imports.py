"""Imports from a project's own modules: what is said of good projects, and what is found once definitions are renamed.

    python benchmarks/own_imports.py FOLDER...           each finding, and a table of files and findings a folder
    python benchmarks/own_imports.py --rename 200 FOLDER...   rename so many definitions a folder, one at a time, and count
                                                           how many of their importers are found

Folders are whole projects, brought beforehand. With ``--rename`` their files are changed and changed back.
"""

from __future__ import annotations

import argparse
import os
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

from aicheck_checks.analysis.imports import own_ecma, own_python
from aicheck_checks.analysis.imports.unresolved import unresolved
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Disk, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.analysis.imports.unresolved import Unresolved

ENDINGS = {
    ".py": "python",
    ".ts": "typescript",
    ".tsx": "tsx",
    ".js": "javascript",
    ".mjs": "javascript",
    ".jsx": "javascript",
}
SKIPPED = {"node_modules", ".git", ".venv", "dist"}
MAX_BYTES = 500_000
SEED = 15


def code(folder: str) -> Iterator[Path]:
    """The files of a project that are looked at, in order."""
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        yield from (Path(base, name) for name in sorted(names) if os.path.splitext(name)[1] in ENDINGS)


def findings(path: Path, disk: Disk) -> list[Unresolved]:
    """What is said of a file's imports from its own project."""
    text = path.read_text("utf-8", "replace")
    language = ENDINGS[path.suffix]
    if len(text) > MAX_BYTES:
        return []
    source = Source(text, path=str(path), language=language, surroundings=Surroundings(str(path.parent), disk))
    if not source.parses:
        return []
    if language == "python":
        return [*own_python.modules(source), *own_python.names(source)]
    return [*(one for one in unresolved(source) if one.message.startswith("no file")), *own_ecma.names(source)]


def silence(folders: list[str]) -> None:
    """Print what is said of projects that are as their makers left them."""
    for folder in folders:
        disk, files, found = Disk(), 0, 0
        for path in code(folder):
            files += 1
            for one in findings(path, disk):
                found += 1
                print(f"{path}:{path.read_text('utf-8', 'replace')[: one.start].count(chr(10)) + 1}: {one.message}")
        print(f"== {os.path.basename(folder)}: {files} files, {found} findings")


def imports(folder: str, count: int) -> list[tuple[Path, Path, str]]:
    """Imports drawn by chance: a file, the file beside that it imports from, and the name."""
    found = []
    pattern = re.compile(
        r"^from (\.\w+) import (?:\(\s*)?(\w+)|^import (?:type )?\{\s*(\w+)[^}]*\} from [\"'](\./[\w./-]+)[\"']",
        re.MULTILINE,
    )
    for path in code(folder):
        for dotted, name, named, specifier in pattern.findall(path.read_text("utf-8", "replace")):
            stem = path.parent / (dotted[1:] or specifier)
            places = [stem.with_name(stem.name + end) for end in (".py", ".ts", ".tsx", ".js", ".mjs")] + [stem]
            target = next((place for place in places if place.is_file()), None)
            if target is not None:
                found.append((path, target, name or named))
    random.Random(SEED).shuffle(found)
    return found[:count]


def renamed(text: str, name: str) -> str:
    """A text whose definition of a name at its top level has another name."""
    definition = rf"^((?:async def|def|class|(?:export )(?:default |declare |async |abstract )*(?:function\*?|class|const|let|type|interface|enum)) ?){name}\b|^()({name})(?=\s*[:=])"
    return re.sub(definition, lambda m: f"{m[1] or ''}{name}_elsewhere", text, flags=re.MULTILINE)


def recall(folders: list[str], count: int) -> None:
    """Rename definitions one at a time, and count the importers that are found."""
    for folder in folders:
        tried = hits = 0
        disk = Disk()
        for path, target, name in imports(folder, count):
            before = target.read_bytes()
            changed = renamed(before.decode("utf-8", "replace"), name)
            if changed.encode() == before:
                continue
            tried += 1
            try:
                target.write_text(changed, "utf-8")
                disk.renew()
                hits += any(f"'{name}'" in one.message for one in findings(path, disk))
            finally:
                target.write_bytes(before)
                disk.renew()
        print(f"== {os.path.basename(folder)}: {hits} of {tried} renamed definitions found")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rename", type=int, default=0, metavar="N")
    parser.add_argument("folders", nargs="+")
    asked = parser.parse_args()
    recall(asked.folders, asked.rename) if asked.rename else silence(asked.folders)

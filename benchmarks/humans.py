"""Clean human-written Python files to measure on: a corpus, the standard library, installed packages."""

from __future__ import annotations

import json
import os
import random
import sysconfig
from pathlib import Path

from benchmarks.damage import parses

CORPUS = Path(os.environ.get("AICHECK_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
SKIPPED = ("lib2to3/tests", "/test/", "tokenizedata", "__pycache__")
"""Files broken on purpose, to test parsers with."""
PER_PACKAGE = 300


def folders(extra: list[Path]) -> list[Path]:
    """The standard library, this environment's packages, and further folders."""
    paths = sysconfig.get_paths()
    return [Path(paths["stdlib"]), Path(paths["purelib"]), *extra]


def files(extra: list[Path], seed: int = 11) -> list[Path]:
    """All files, shuffled, at most ``PER_PACKAGE`` of one package."""
    found: list[Path] = []
    for folder in folders(extra):
        by_package: dict[str, list[Path]] = {}
        for path in sorted(folder.rglob("*.py")):
            name = path.relative_to(folder).as_posix()
            nested = "site-packages" in name
            if not nested and not any(skip in f"/{name}" for skip in SKIPPED):
                by_package.setdefault(name.split("/")[0], []).append(path)
        for package in by_package.values():
            random.Random(seed).shuffle(package)
            found += package[:PER_PACKAGE]
    random.Random(seed).shuffle(found)
    return found


def package_of(path: Path, extra: list[Path]) -> str:
    """The package that a file belongs to."""
    folder = max((f for f in folders(extra) if path.is_relative_to(f)), key=lambda f: len(f.parts))
    return path.relative_to(folder).parts[0]


def corpus_texts() -> list[tuple[str, str]]:
    """Name and text of the corpus's human Python files and of its model outputs labelled clean."""
    import gzip

    rows: list[tuple[str, str]] = []
    human = CORPUS / "files/negative/python.jsonl"
    outputs = CORPUS / "llm_outputs/evalperf_clean_python.jsonl.gz"
    if human.exists():
        rows += [(r["id"], r["text"]) for r in map(json.loads, human.read_text("utf-8").splitlines())]
    if outputs.exists():
        lines = gzip.decompress(outputs.read_bytes()).decode("utf-8").splitlines()
        rows += [(r["id"], r["text"]) for r in map(json.loads, lines) if r["label"] == "clean"]
    return rows


def good_texts(paths: list[Path], count: int) -> list[str]:
    """Texts of moderate size that parse, to be damaged."""
    texts: list[str] = []
    for path in paths:
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if 300 < len(text) < 60_000 and "\r" not in text and parses(text):
            texts.append(text)
        if len(texts) == count:
            break
    return texts

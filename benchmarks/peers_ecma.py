"""The linters of JavaScript beside aicheck: the same damaged and good files in one run.

    npm install oxlint eslint globals        # in FOLDER
    python -m benchmarks.peers_ecma --peers FOLDER/node_modules [--humans FOLDER]... [--cases 100] [--write]

Damage as in ``languages.py``. A peer has found a case if it says anything of the file;
it has named it if a message speaks of the cause. Both run with what proves
something: syntax errors and undefined names (`no-undef`, browser and Node globals).
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter

from aicheck_checks.engine import check_all
from aicheck_checks.languages import language_of
from aicheck_checks.source import Source
from benchmarks import readme
from benchmarks.damage_any import CLASSES, parses
from benchmarks.damage_imports import drop_import
from benchmarks.languages import SEED, Good, corpus, files

CLEAN = 1000
_CONFIG = """
import globals from "globals";
export default [{{
  files: ["**/*.js"],
  languageOptions: {{
    sourceType: "{kind}", parserOptions: {{ ecmaFeatures: {{ jsx: true }} }},
    globals: {{ ...globals.browser, ...globals.node }},
  }},
  linterOptions: {{ reportUnusedDisableDirectives: "off" }},
  rules: {{ "no-undef": "error" }},
}}];
"""
Texts = dict[str, str]


def oxlint(modules: Path, folder: Path) -> set[str]:
    """The names of the files of which oxlint says something."""
    settings = {"env": dict.fromkeys(("browser", "node", "es2024"), True), "rules": {"no-undef": "error"}}
    (folder / ".oxlintrc.json").write_text(json.dumps({**settings, "categories": {"correctness": "off"}}))
    command = [str(modules / ".bin/oxlint"), "--format=json", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return {Path(one["filename"]).name for one in json.loads(done.stdout)["diagnostics"]}


def eslint(modules: Path, folder: Path) -> set[str]:
    """The names of the files that ESLint finds fault with both as a module and as a script."""
    (folder / "node_modules").symlink_to(modules.resolve())
    found: list[set[str]] = []
    for kind in ("module", "commonjs"):
        (folder / "eslint.config.mjs").write_text(_CONFIG.format(kind=kind))
        command = [str(modules / ".bin/eslint"), "--no-inline-config", "--format=json", "."]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        found.append({Path(one["filePath"]).name for one in json.loads(done.stdout) if one["errorCount"]})
    return found[0] & found[1]


def aicheck(_: Path, folder: Path) -> set[str]:
    """The names of the files that aicheck calls suspect."""
    sources = [Source(path.read_text("utf-8"), path=path.name) for path in sorted(folder.glob("*.js"))]
    results = check_all(sources)
    return {s.path for s, result in zip(sources, results, strict=True) if result.verdict == "suspect"}


TOOLS = {"aicheck": aicheck, "oxlint": oxlint, "eslint": eslint}


def _damaged(good: list[Good], kind: str, cases: int) -> Texts:
    rng, found = random.Random(SEED), Texts()
    language = language_of("a.js")
    assert language is not None
    damage = CLASSES[kind][0] if kind in CLASSES else drop_import
    for file in good:
        text = damage(file.text, language, rng)
        if text is not None and text != file.text:
            found[f"{len(found)}.js"] = text
        if len(found) == cases:
            break
    return found


def _run(tool: str, modules: Path, texts: Texts) -> tuple[set[str], float]:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            (Path(folder) / name).write_text(text, "utf-8")
        start = perf_counter()
        return TOOLS[tool](modules, Path(folder)) & set(texts), perf_counter() - start


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peers", type=Path, required=True, metavar="NODE_MODULES")
    parser.add_argument("--humans", type=Path, action="append", default=[], metavar="FOLDER")
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    good = corpus().get("javascript", []) + files(options.humans).get("javascript", [])
    language = language_of("a.js")
    assert language is not None
    usable = [g for g in good if 300 < len(g.text) < 40_000 and "\r" not in g.text and parses(g.text, language)]
    lines = [f"| what | {' | '.join(TOOLS)} |", "| --- |" + " ---: |" * len(TOOLS)]
    for kind in [*CLASSES, "dropped import"]:
        texts = _damaged(usable[: options.cases * 8], kind, options.cases)
        cells = [f"{len(_run(tool, options.peers, texts)[0]) / len(texts):.0%}" for tool in TOOLS] if texts else []
        lines.append(f"| {kind} ({len(texts)}) | {' | '.join(cells)} |")
        print(lines[-1], flush=True)
    clean = {f"{number}.js": g.text for number, g in enumerate(usable[:CLEAN])}
    runs = [_run(tool, options.peers, clean) for tool in TOOLS]
    lines.append(f"| good files flagged, of {len(clean)} | {' | '.join(str(len(found)) for found, _ in runs)} |")
    lines.append(f"| files a second | {' | '.join(f'{len(clean) / seconds:.0f}' for _, seconds in runs)} |")
    print("\n".join(lines[-2:]))
    if options.write:
        readme.write("peers-ecma", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

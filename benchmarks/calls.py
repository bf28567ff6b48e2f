"""How many wrong calls into installed libraries are found, and how often good files are flagged (rules API001 to API005).

    python -m benchmarks.calls --packages SITE_PACKAGES [--cases 300] [--clean 1000] [--write]

Real calls into ten popular libraries, taken from the installed packages that
use them, are changed so that they must fail: a misspelt member, a keyword that
does not exist, an argument too few. That they fail is made sure by importing
the library and asking its signature.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import os
import random
import sys
import tempfile
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from aicheck_checks.engine import check
from aicheck_checks.settings import Settings
from aicheck_checks.source import Source
from benchmarks import readme

LIBRARIES = ("requests", "numpy", "pandas", "click", "flask", "yaml", "jinja2", "matplotlib", "rich", "sqlalchemy")
SETTINGS = Settings(select=("API",), tiers=("instant", "deep"))
SEED = 5


class Case(NamedTuple):
    """A changed text, the library, and how it was changed."""

    text: str
    library: str
    kind: str


def users(packages: Path) -> dict[str, list[Path]]:
    """Files of other packages that import each library at the top."""
    found: dict[str, list[Path]] = {library: [] for library in LIBRARIES}
    for path in sorted(packages.rglob("*.py")):
        owner = path.relative_to(packages).parts[0]
        try:
            head = path.read_text("utf-8")[:20_000]
        except (OSError, UnicodeDecodeError):
            continue
        for library in LIBRARIES:
            if owner != library and (f"\nimport {library}" in head or f"\nfrom {library}" in head):
                found[library].append(path)
    for paths in found.values():
        random.Random(SEED).shuffle(paths)
    return found


def _names(tree: ast.Module, library: str) -> dict[str, object]:
    """Names bound at module level to objects of the library."""
    found: dict[str, object] = {}
    for node in tree.body:
        try:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.split(".")[0] == library:
                        module = importlib.import_module(alias.name)
                        found[alias.asname or library] = module if alias.asname else importlib.import_module(library)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").split(".")[0] == library:
                module = importlib.import_module(str(node.module))
                found |= {a.asname or a.name: getattr(module, a.name) for a in node.names if a.name != "*"}
        except Exception:  # noqa: BLE001 - a library may fail to import in any way
            continue
    return found


def _resolve(node: ast.expr, names: dict[str, object]) -> object | None:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _resolve(node.value, names)
        try:
            return getattr(owner, node.attr, None) if owner is not None else None
        except Exception:  # noqa: BLE001 - a library's attributes may run anything
            return None
    return None


def _has(owner: object, name: str) -> bool:
    try:
        return hasattr(owner, name)
    except Exception:  # noqa: BLE001 - as above
        return True


def _binds(function: object, call: ast.Call, *, drop: bool, extra: str | None) -> bool | None:
    """Whether a call would bind, by the function's signature; None where it has none."""
    if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
        return None
    try:
        signature = inspect.signature(function)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    positional = [None] * (len(call.args) - drop)
    keywords = {k.arg: None for k in call.keywords if k.arg} | ({extra: None} if extra else {})
    try:
        signature.bind(*positional, **keywords)
    except TypeError:
        return False
    return True


def mutations(text: str, library: str, rng: random.Random) -> list[Case]:
    """One case of each kind that the text allows."""
    tree = ast.parse(text)
    names = _names(tree, library)
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and n.end_lineno == n.lineno]
    known = [(c, f) for c in calls if (f := _resolve(c.func, names)) is not None]
    rng.shuffle(known)
    found: dict[str, Case] = {}
    lines = text.split("\n")
    for call, function in known:
        line = lines[call.lineno - 1]
        if not line.isascii():
            continue
        if isinstance(call.func, ast.Attribute) and "misspelt member" not in found:
            at = call.func.end_col_offset or 0
            wrong = rng.choice(
                (call.func.attr + "s", call.func.attr[:-1], "get_" + call.func.attr, call.func.attr + "_all")
            )
            owner = _resolve(call.func.value, names)
            if call.func.end_lineno == call.lineno and owner is not None and wrong and not _has(owner, wrong):
                changed = line[: at - len(call.func.attr)] + wrong + line[at:]
                found["misspelt member"] = _case(lines, call.lineno, changed, library, "misspelt member")
        end = (call.end_col_offset or 0) - 1
        if "unknown keyword" not in found and _binds(function, call, drop=False, extra="use_cached_value") is False:
            comma = ", " if (call.args or call.keywords) and line[end - 1] != "," else ""
            changed = f"{line[:end]}{comma}use_cached_value=True{line[end:]}"
            found["unknown keyword"] = _case(lines, call.lineno, changed, library, "unknown keyword")
        fails = call.args and _binds(function, call, drop=True, extra=None) is False
        if "missing argument" not in found and fails and _binds(function, call, drop=False, extra=None):
            last = call.args[-1]
            start = call.args[-2].end_col_offset if len(call.args) > 1 else last.col_offset
            stop = last.end_col_offset or 0
            if len(call.args) == 1 and line[stop : stop + 2] == ", ":
                stop += 2
            changed = line[:start] + line[stop:]
            found["missing argument"] = _case(lines, call.lineno, changed, library, "missing argument")
    return [case for case in found.values() if _parses(case.text)]


def _case(lines: list[str], number: int, changed: str, library: str, kind: str) -> Case:
    return Case("\n".join([*lines[: number - 1], changed, *lines[number:]]), library, kind)


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _cases(library: str, paths: list[Path], count: int) -> list[Case]:
    """A library's share of ``count`` cases, as many of each kind."""
    share, quota, rng = count // len(LIBRARIES) // 3, Counter[str](), random.Random(SEED)
    cases = []
    for path in paths:
        if len(quota) == 3 and min(quota.values()) == share:
            break
        for case in mutations(path.read_text("utf-8"), library, rng):
            if quota[case.kind] < share:
                quota[case.kind] += 1
                cases.append(case)
    print(f"{library}: {len(paths)} files use it, cases {dict(quota)}", flush=True)
    return cases


def table(cases: list[Case], found: list[bool]) -> str:
    """Found of all by library and kind."""
    kinds = ("misspelt member", "unknown keyword", "missing argument")
    lines = [f"| library | {' | '.join(kinds)} |", "| --- | ---: | ---: | ---: |"]
    for library in (*LIBRARIES, "all"):
        cells = []
        for kind in kinds:
            mine = [f for c, f in zip(cases, found, strict=True) if c.kind == kind and library in (c.library, "all")]
            cells.append(f"{sum(mine)} of {len(mine)}")
        lines.append(f"| {library} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def judge(text: str) -> list[tuple[str, str]]:
    """Suspect findings of the API family."""
    return [(f.code, f.message) for f in check(Source(text, path="module.py"), SETTINGS).findings if f.suspect]


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--packages", type=Path, required=True, metavar="SITE_PACKAGES")
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--clean", type=int, default=1000)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    by_library = users(options.packages)
    sys.path.append(str(options.packages))
    cases = [case for library in LIBRARIES for case in _cases(library, by_library[library], options.cases)]
    clean = sorted({path for paths in by_library.values() for path in paths[: options.clean // 5]})
    random.Random(SEED).shuffle(clean)
    clean = clean[: options.clean]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "lib/python3/site-packages"
        home.parent.mkdir(parents=True)
        home.symlink_to(options.packages)
        (Path(folder) / "pyvenv.cfg").touch()  # without it, nobody takes the folder for an environment
        os.environ["VIRTUAL_ENV"] = folder
        with ProcessPoolExecutor() as pool:
            verdicts = list(pool.map(judge, [case.text for case in cases], chunksize=10))
            flagged = list(pool.map(judge, [path.read_text("utf-8") for path in clean], chunksize=20))
    if options.show:
        for path, said in zip(clean, flagged, strict=True):
            if said:
                print(f"  {path}: {said[:3]}")
        for case, said in zip(cases, verdicts, strict=True):
            if not said:
                print(f"  missed: {case.kind} in {case.library}")
    wrong = sum(map(bool, flagged))
    total = sum(map(bool, verdicts))
    text = (
        f"{total} of {len(cases)} wrong calls found ({total / len(cases):.0%}); {wrong} of {len(clean)} good files that use"
        f" these libraries flagged ({wrong / len(clean):.2%}).\n\n" + table(cases, list(map(bool, verdicts)))
    )
    print(text)
    if options.write:
        readme.write("calls", text)


if __name__ == "__main__":
    main()

"""Starting aicheck as a user does, and files of a stranger that tell on whoever runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAIN = "from aicheck_app.cli.main import main; main()"
PATH = os.environ["PATH"]


def aicheck(
    folder: Path,
    *arguments: str,
    data: str | bytes = b"",
    seconds: float = 60,
    environment: dict[str, str] | None = None,
    **more: str,
) -> subprocess.CompletedProcess[bytes]:
    """Run ``aicheck`` in a folder."""
    given = data.encode() if isinstance(data, str) else data
    return subprocess.run(
        [sys.executable, "-P", "-c", MAIN, *arguments], cwd=folder, env={**os.environ, **(environment or {}), **more},
        capture_output=True, input=given, check=False, timeout=seconds,
    )  # fmt: skip


def plant_modules(folder: Path, witness: Path) -> None:
    """Modules and packages named like those that are imported somewhere, which leave a trace when they are."""
    code = f"open({str(witness)!r}, 'a').write(__name__ + '\\n')\n"
    names = {
        "json", "fcntl", "select", "socket", "pickle", "subprocess", "signal", "threading", "sqlite3", "tomllib", "hashlib",
        "tempfile", "shutil", "random", "queue", "asyncio", "logging", "sitecustomize", "usercustomize", "pip", "pylint",
        "astroid", "click", "pygls", "lsprotocol", "msgspec", "tree_sitter", "tree_sitter_python", "pathspec", "platformdirs",
        "rich", "jinja2", "aicheck_app", "aicheck_checks", "aicheck_lsp", "multiprocessing", "concurrent", "encodings", "venv",
        "isort", "dill", "mccabe", "tomlkit", "unittest", "statistics", "difflib", "_json", "_ctypes", "importlib_metadata",
    }  # fmt: skip
    for name in names | (set(sys.stdlib_module_names) - {"__future__"}):
        (folder / f"{name}.py").write_text(code)
    for name in ("aicheck_app", "aicheck_checks", "pip", "multiprocessing", "encodings"):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "__init__.py").write_text(code)
        (folder / name / "__main__.py").write_text(code)


def plant_programs(folder: Path, witness: Path) -> None:
    """Programs named like those that are started."""
    for name in ("git", "ruff", "npm", "pip", "pip3", "python", "python3", "node", "tsc", "eslint", "go", "cargo"):
        program = folder / name
        if program.is_dir():
            continue
        program.write_text(f"#!/bin/sh\necho {name} $@ >> {witness}\n")
        program.chmod(0o755)

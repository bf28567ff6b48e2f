#!/usr/bin/env python3
"""Set up and run aicheck from a clone, with nothing but Python 3.11+: ``python3 dev.py demo`` or ``test``.

Makes ``.venv`` beside this file, installs the locked dependencies and this
clone into it (byte-compiled), and runs the command named.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
LUA = ("editors/neovim", "tests/e2e/neovim", "benchmarks")
PORTABLE = ("app/aicheck_app", "checks/aicheck_checks", "lsp_server/aicheck_lsp", "dev.py")
FORMS = {
    "github-workflows": ".github/workflows/*.yml",
    "github-actions": "action.yml",
    "github-issue-forms": ".github/ISSUE_TEMPLATE/[!c]*.yml",
    "github-issue-config": ".github/ISSUE_TEMPLATE/config.yml",
}
"""The schema of each kind of file that a host of code reads."""
EXTENSION = ROOT / "editors" / "vscode"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")

USAGE = """usage: python3 dev.py COMMAND

  demo    set up, then show the whole path on bundled sample sessions
  test    set up, then run lint, types and all tests; those with real editors where
          'python3 scripts/setup_editors.py' has set these up
  setup   only set up (.venv)
"""


def run(program: str | Path, *arguments: str | Path, cwd: Path = ROOT, **environment: str) -> None:
    """Run a command in the clone; leave with its exit code if it fails."""
    found = shutil.which(program) or str(program)  # on Windows npm is npm.cmd, which is only found by its whole name
    done = subprocess.run([found, *map(str, arguments)], cwd=cwd, env={**os.environ, **environment}, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def setup() -> None:
    """Make the environment; a second call is quick as long as the lock and pyproject.toml stay the same."""
    stamp = VENV / "aicheck-setup"
    state = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == state:
        return
    tell("1 of 3: making .venv")
    make_environment()
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    tell("2 of 3: installing the locked dependencies; this takes about half a minute")
    run(*pip, "--require-hashes", "-r", LOCK)
    tell("3 of 3: installing this clone")
    run(*pip, "--no-deps", "--no-build-isolation", "-e", ROOT)
    run(PYTHON, "-m", "compileall", "-q", "app", "checks", "lsp_server", PYTHONDONTWRITEBYTECODE="")
    stamp.write_text(state)


def tell(step: str) -> None:
    """Say what is being done."""
    print(f"setting up, {step} ...", flush=True)


def make_environment() -> None:
    """Make an empty `.venv`; leave with what to do where Python came without the modules for that."""
    try:
        import ensurepip  # noqa: F401 - Debian and Ubuntu leave it out of their package of Python
        import venv
    except ImportError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(
            f"this Python lacks its module '{error.name}', so no environment can be made. On Debian and Ubuntu run "
            f"'sudo apt install python{version}-venv'; elsewhere install Python from python.org. Then run this command again."
        )
    venv.create(VENV, with_pip=True, clear=True)


def test() -> None:
    """Lint, types, tests."""
    run(BIN / "ruff", "check", ".")
    run(BIN / "ruff", "format", "--check", ".")
    run(BIN / "mypy")
    for system in ("win32", "darwin"):  # finds names that only other systems have, where no platform test guards them
        run(BIN / "mypy", "--platform", system, "--cache-dir", f".mypy_cache/{system}", *PORTABLE)
    lint_lua()
    lint_workflows()
    alone = sys.argv[2:] or ("-n", "auto", "--dist", "worksteal")
    run(PYTHON, "-m", "pytest", *alone, HYPOTHESIS_PROFILE="ci")
    if not sys.argv[2:]:
        test_extension()


def lint_lua() -> None:
    """The Neovim plugin's format and lint, where their programs are set up."""
    files = [path for folder in LUA for path in sorted((ROOT / folder).rglob("*.lua"))]
    modules = ROOT / ".editors" / "stylua" / "node_modules"
    if modules.is_dir():
        run("node", "editors/neovim/stylua.mjs", "--check", *files, NODE_PATH=str(modules))
    if shutil.which("luacheck"):
        run("luacheck", "--quiet", "--config", "editors/neovim/.luacheckrc", *files)


def lint_workflows() -> None:
    """Workflows, the action and the forms of issues, where what reads them is set up."""
    actionlint = (
        ROOT / ".editors" / "actionlint" / "node_modules" / "@tktco" / "node-actionlint" / "bin" / "node-actionlint.js"
    )
    if actionlint.is_file():
        for workflow in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
            run("node", actionlint, workflow)
    checker = ROOT / ".editors" / "check-jsonschema" / "bin" / "check-jsonschema"
    if checker.is_file():
        for schema, files in FORMS.items():
            run(checker, "--builtin-schema", f"vendor.{schema}", *sorted(ROOT.glob(files)))


def test_extension() -> None:
    """The VS Code extension: lint, types, unit tests, then the package in a real workbench where one is set up."""
    if not (EXTENSION / "node_modules").is_dir():
        print("the VS Code extension is not tested: 'python3 scripts/setup_editors.py' sets it up", flush=True)
        return
    run("npm", "run", "--silent", "check", cwd=EXTENSION)
    run("npm", "run", "--silent", "e2e", cwd=EXTENSION)


def main() -> None:
    """Run the command named on the command line."""
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if sys.version_info < (3, 11):
        sys.exit("aicheck needs Python 3.11 or newer; this is " + sys.version.split()[0])
    if command not in ("demo", "test", "setup"):
        sys.exit(USAGE)
    setup()
    if command == "demo":
        run(BIN / "aicheck", "demo", *sys.argv[2:])
    elif command == "test":
        test()


if __name__ == "__main__":
    main()

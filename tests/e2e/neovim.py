"""Real Neovims for the tests: where they are, and running a Lua scenario in one of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "editors" / "neovim"
SCENARIOS = Path(__file__).with_name("neovim")
SECONDS = 120
OLDEST = (0, 11)
MISSING = "no Neovim 0.11 or newer: set AICHECK_NVIM, or install one into .editors/nvim (editors/neovim/README.md)"


def _version(program: str) -> tuple[int, ...]:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=60)
        number = done.stdout.split("\n")[0].removeprefix("NVIM v").split("-")[0]
        return tuple(int(part) for part in number.split("."))
    except (OSError, ValueError):
        return (0,)


def found() -> dict[str, str]:
    """The Neovims that are new enough, by their version."""
    given = [os.environ["AICHECK_NVIM"]] if os.environ.get("AICHECK_NVIM") else []
    own = [str(ROOT / ".editors" / name / "bin" / "nvim") for name in ("nvim", "nvim-next")]
    found: dict[str, str] = {}
    for program in given or [*own, shutil.which("nvim") or ""]:
        if program and os.path.exists(program) and (version := _version(program)) >= OLDEST:
            found.setdefault(".".join(map(str, version)), program)
    return found


def server(folder: Path) -> str:
    """A program ``aicheck`` of this checkout, in a folder that can be put first on PATH."""
    folder.mkdir(exist_ok=True)
    program = folder / "aicheck"
    paths = [str(ROOT / part) for part in ("app", "checks", "lsp_server")]
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path[:0] = {paths!r}\nfrom aicheck_app.cli.main import main\nmain()\n"
    )
    program.chmod(0o755)
    return str(folder)


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Everything that Neovim and the server keep goes below a folder."""
    kept = {
        "HOME": folder / "user", "XDG_CONFIG_HOME": folder / "config", "XDG_DATA_HOME": folder / "data",
        "XDG_STATE_HOME": folder / "state", "XDG_CACHE_HOME": folder / "cache", "XDG_RUNTIME_DIR": folder / "run",
    }  # fmt: skip
    for path in kept.values():
        path.mkdir(exist_ok=True, mode=0o700)
    return {
        **os.environ, **{name: str(path) for name, path in kept.items()}, "NVIM_LOG_FILE": str(folder / "nvim.log"),
        "PATH": f"{server(folder / 'bin')}{os.pathsep}{os.environ['PATH']}", **more,
    }  # fmt: skip


def run(program: str, scenario: str, folder: Path, *, given: Any = None, seconds: float = SECONDS, **more: str) -> Any:
    """What a scenario reports. Its failure raises, with what Neovim said."""
    work = folder / "work"
    work.mkdir(exist_ok=True)
    report = folder / "report.json"
    (folder / "given.json").write_text(json.dumps(given))
    command = [
        program, "--headless", "--clean", "-n", "--cmd", "let g:loaded_python3_provider=0",
        "--cmd", f"set rtp^={PLUGIN}", "--cmd", f"set rtp+={SCENARIOS}",
        "-c", f"lua require('scenario').start('{SCENARIOS / scenario}.lua')",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=work, env=environment(folder, **more), capture_output=True, text=True, check=False, timeout=seconds,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if not report.exists():
        raise AssertionError(
            f"{scenario}: Neovim left with {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        )
    return json.loads(report.read_text())

#!/usr/bin/env python3
"""Try a release in an empty environment: ``python3.13 scripts/smoke.py FILE.whl`` or ``FILE.vsix``.

A wheel is installed into a new environment of the Python that runs this, with the locked versions; of a package for VS Code
the libraries that it brings are run with this Python, as the extension runs them. Then the commands are tried that a user
would meet first. Exit code 1 with what was wrong, or one line for each thing that works.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
GOOD = "import os\n\n\ndef name(path):\n    return os.path.basename(path)\n"
CUT = GOOD + "\n\ndef third(rows):\n    return sorted(rows,\n"
SECONDS = 120.0
START = ("-P", "-c", "import msgspec, tree_sitter; from aicheck_app.cli.main import main; main()")
"""What the extension starts: editors/vscode/src/server/candidates.ts."""


class Release:
    """A release that can be run in a folder of its own."""

    def __init__(self, file: Path, folder: Path) -> None:
        self.work = folder / "work"
        self.work.mkdir()
        self.environment = {**os.environ, "AICHECK_HOME": str(folder / "home"), "AICHECK_HOOK_HELPER": "off"}
        for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"):
            self.environment.pop(name, None)
        self.command = installed(file, folder) if file.suffix == ".whl" else self.unpacked(file, folder)

    def unpacked(self, file: Path, folder: Path) -> list[str]:
        """The libraries of a package for VS Code, run by this Python."""
        with zipfile.ZipFile(file) as package:
            package.extractall(folder)
        libraries = folder / "extension" / "bundled" / "libs"
        for program in (libraries / "bin").iterdir():
            program.chmod(0o755)
        search = os.pathsep.join((str(libraries / "bin"), os.environ["PATH"]))
        self.environment |= {"PYTHONPATH": str(libraries), "PATH": search}
        return [sys.executable, *START]

    def run(self, *arguments: str, code: int, given: str = "") -> str:
        """What a command prints; raises AssertionError if it ends otherwise than it should."""
        done = subprocess.run(
            [*self.command, *arguments], cwd=self.work, env=self.environment, input=given, capture_output=True,
            encoding="utf-8", timeout=SECONDS, check=False,
        )  # fmt: skip
        assert done.returncode == code, f"{arguments}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout


def installed(wheel: Path, folder: Path) -> list[str]:
    """Install a wheel with the locked versions into a new environment; the command to run it."""
    venv.create(folder / "environment", with_pip=True)
    programs = folder / "environment" / ("Scripts" if os.name == "nt" else "bin")
    pinned = re.findall(r"^\S+==[^\\\n]+", LOCK.read_text("utf-8"), re.MULTILINE)
    (folder / "pinned.txt").write_text("\n".join(pinned), "utf-8")
    pip = (programs / "python", "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    subprocess.run([*pip, "--constraint", folder / "pinned.txt", f"{wheel}[languages]"], check=True, cwd=folder)
    return [str(programs / "aicheck")]


def commands(release: Release, version: str) -> None:
    """Version, a good and a damaged file, what is logged of an agent's edit, a report, the doctor."""
    assert release.run("--version", code=0).strip() == f"aicheck, version {version}"
    (release.work / "good.py").write_text(GOOD, "utf-8")
    damaged = release.work / "cut.py"
    damaged.write_text(CUT, "utf-8")
    release.run("check", "good.py", code=0)
    (finding,) = json.loads(release.run("check", "--format", "json", "cut.py", code=1))["findings"]
    assert (finding["code"], finding["start"]["line"]) == ("TRU001", 9), finding
    edit = {
        "session_id": "s", "transcript_path": str(release.work / "s.jsonl"), "cwd": str(release.work),
        "hook_event_name": "PostToolUse", "tool_name": "Write", "tool_use_id": "t",
        "tool_input": {"file_path": str(damaged), "content": CUT},
        "tool_response": {"type": "create", "filePath": str(damaged), "content": CUT, "structuredPatch": []},
    }  # fmt: skip
    assert "TRU001" in release.run("hook", "--agent", "claude-code", code=0, given=json.dumps(edit))
    (output,) = json.loads(release.run("log", "list", "--format", "json", code=0))["outputs"]
    assert output["verdict"] == "suspect", output
    release.run("report", "-o", "report.html", code=0)
    assert "TRU001" in (release.work / "report.html").read_text("utf-8")
    assert f"aicheck {version}" in release.run("doctor", code=0)


def language_server(release: Release, version: str) -> None:
    """The language server says who it is, and what is wrong with a damaged file."""
    uri = (release.work / "cut.py").as_uri()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": CUT}
    server = subprocess.Popen(
        [*release.command, "lsp"],
        cwd=release.work,
        env=release.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        parameters: dict[str, Any] = {"processId": os.getpid(), "rootUri": None, "capabilities": {}}
        send(server, "initialize", parameters, 1)
        said = answer(server, lambda message: message.get("id") == 1)["result"]["serverInfo"]
        assert said == {"name": "aicheck", "version": version}, said
        send(server, "initialized", {})
        send(server, "workspace/didChangeConfiguration", {"settings": {"aicheck": {"scope": "all"}}})
        send(server, "textDocument/didOpen", {"textDocument": document})
        found = answer(server, lambda message: bool(message.get("params", {}).get("diagnostics")))
        assert [one["code"] for one in found["params"]["diagnostics"]] == ["TRU001"], found
        send(server, "shutdown", None, 2)
        answer(server, lambda message: message.get("id") == 2)
        send(server, "exit", None)
        assert server.wait(SECONDS) == 0
    finally:
        server.kill()


def send(server: subprocess.Popen[bytes], method: str, parameters: Any, number: int | None = None) -> None:
    """Send a request, if it has a number, or a notification."""
    message = {"jsonrpc": "2.0", "method": method, "params": parameters} | ({} if number is None else {"id": number})
    body = json.dumps(message).encode()
    assert server.stdin
    server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    server.stdin.flush()


def answer(server: subprocess.Popen[bytes], right: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The next message that is right."""
    assert server.stdout
    while True:
        size = int(server.stdout.readline().partition(b":")[2])
        while server.stdout.readline().strip():
            pass
        message: dict[str, Any] = json.loads(server.stdout.read(size))
        if right(message):
            return message


def main() -> None:
    """Run; see the module's docstring."""
    if len(sys.argv) != 2 or not sys.argv[1].endswith((".whl", ".vsix")):
        sys.exit((__doc__ or "").partition("\n")[0])
    file = Path(sys.argv[1]).resolve()
    found = re.search(r"-(\d+\.\d+\.\d+)", file.name)
    assert found, f"{file.name} says no version"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        release = Release(file, Path(folder))
        commands(release, found[1])
        language_server(release, found[1])
    print(f"{file.name} works with Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()

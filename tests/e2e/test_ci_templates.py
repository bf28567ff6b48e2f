"""The scripts of the CI templates, run as their hosts run them: bash, a repository, the host's variables."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aicheck_checks.registry import BY_CODE

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SCRIPT = f"bash {ROOT / 'scripts/github_action.sh'}"
ACTION = (ROOT / "action.yml").read_text("utf-8")
GITLAB = (ROOT / "examples/ci/gitlab.yml").read_text("utf-8")
GOOD = "import os\n\n\ndef f():\n    return os.sep\n"
CUT = f"{GOOD}\n\ndef g():\n    return f(1,"
GIT = "git -c user.name=a -c user.email=a@b.c -c commit.gpgsign=false"
BACKEND = shutil.which("git-http-backend", path="/usr/lib/git-core:/usr/libexec/git-core")
PLANTED = (
    "json", "pip", "encodings", "sitecustomize", "usercustomize", "select", "fcntl", "subprocess", "click", "aicheck_app",
    "aicheck_checks", "re", "typing", "tempfile",
)  # fmt: skip

pytestmark = pytest.mark.e2e


def run(folder: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A script with ``aicheck`` on the path and nothing else of ours."""
    paths = f"{folder.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": paths, "AICHECK_PYTHON": sys.executable, **variables}
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def action(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The action's script; what it told its host is in the file ``output`` beside the folder."""
    (folder.parent / "output").unlink(missing_ok=True)
    return run(folder, SCRIPT, GITHUB_OUTPUT=str(folder.parent / "output"), **variables)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A repository whose second commit brings a file that is cut off; the first is tagged."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "aicheck"
    libraries = [str(ROOT / part) for part in ("app", "checks", "lsp_server")]
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path[:0] = {libraries}\nfrom aicheck_app.cli.main import main\nmain()\n"
    )
    program.chmod(0o755)
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "good.py").write_text(GOOD)
    assert run(folder, f"git init -q && git add . && {GIT} commit -qm one && git tag base").returncode == 0
    (folder / "bad.py").write_text(CUT)
    assert run(folder, f"git add . && {GIT} commit -qm two").returncode == 0
    return folder


@pytest.fixture
def witness(work: Path) -> Iterator[Path]:
    """A file beside the repository, which anything of the repository writes that runs; it must stay away."""
    file = work.parent / "ran"
    code = f"open({str(file)!r}, 'a').write(__file__ + chr(10))\n"
    for name in PLANTED:
        (work / name).mkdir()
        for path in (work / name / "__init__.py", work / name / "__main__.py", work / f"{name}.py"):
            path.write_text(code)
    hooks = work / ".git" / "hooks"
    for name in ("fsmonitor", "reference-transaction", "post-checkout", "pre-auto-gc"):
        (hooks / name).write_text(f"#!/bin/sh\necho {name} >> '{file}'\n")
        (hooks / name).chmod(0o755)
    for setting, command in {
        "core.fsmonitor": f"{hooks}/fsmonitor", "core.sshCommand": f"{hooks}/fsmonitor", "core.gitProxy": f"{hooks}/fsmonitor",
        "core.askPass": f"{hooks}/fsmonitor", "credential.helper": f"!{hooks}/fsmonitor", "protocol.allow": "always",
        "core.alternateRefsCommand": f"{hooks}/fsmonitor", "remote.origin.uploadpack": f"{hooks}/fsmonitor;:",
        "extensions.partialClone": "origin", "remote.origin.promisor": "true", "core.repositoryFormatVersion": "1",
    }.items():  # fmt: skip
        assert run(work, f"git config '{setting}' \"{command}\"").returncode == 0
    yield file
    assert not file.exists(), file.read_text()


def test_the_github_action_annotates_and_tells_after_the_upload(work: Path) -> None:
    output = work.parent / "output"
    done = action(work, AICHECK_BASE="base", AICHECK_SARIF="aicheck.sarif")
    assert (done.returncode, output.read_text()) == (0, "suspect=true\n"), done.stderr
    assert done.stdout.startswith("::error file=bad.py,line=9,")
    (result,) = json.loads((work / "aicheck.sarif").read_text())["runs"][0]["results"]
    assert result["ruleId"] in BY_CODE
    assert action(work, AICHECK_BASE="HEAD", AICHECK_SARIF="aicheck.sarif").returncode == 0
    assert output.read_text() == "suspect=false\n"
    assert action(work, AICHECK_BASE="0" * 40).stdout.startswith("::error file=bad.py")
    assert action(work, AICHECK_PATHS="missing.py").returncode == 2


def test_the_action_runs_nothing_of_the_tree(work: Path, witness: Path) -> None:
    for python_path in ("", ".", f"{work}:", "src"):
        done = action(work, AICHECK_BASE="base", AICHECK_SARIF="aicheck.sarif", PYTHONPATH=python_path)
        assert (done.returncode, done.stdout.split(",")[0]) == (0, "::error file=bad.py"), done.stderr
    assert action(work, AICHECK_PATHS=".", PYTHONHOME=str(work)).stdout.startswith("::error file=bad.py")


def test_the_action_fetches_from_nothing_that_runs_a_program(work: Path, witness: Path) -> None:
    for url in (
        f"ext::touch {witness}",
        "ssh://a@127.0.0.1/b",
        "git://127.0.0.1/b",
        str(work),
        f"file://{work}",
        "fd::1",
    ):
        run(work, f'git config remote.origin.url "{url}"')
        for base in ("1" * 40, "2" * 64):
            done = action(work, AICHECK_BASE=base)
            assert (done.returncode, done.stdout) == (2, ""), url
            assert "check out with 'fetch-depth: 0'" in done.stderr


@pytest.mark.parametrize(
    "base",
    [
        "-h",
        "--upload-pack=touch ../ran",
        "--output=../ran",
        "nothing",
        "::error::x",
        "base^{tree}",
        "HEAD:bad.py",
        "a\nb",
    ],
)
def test_a_base_that_is_no_commit_is_neither_an_option_nor_printed(work: Path, witness: Path, base: str) -> None:
    done = action(work, AICHECK_BASE=base)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "aicheck: the revision to compare with is not here and can't be fetched: check out with 'fetch-depth: 0'\n"
    )


def test_paths_are_no_options_and_may_stand_on_lines(work: Path) -> None:
    (work / "--version.py").write_text(CUT)
    done = action(work, AICHECK_PATHS="--version.py\nbad.py good.py\n")
    assert sorted(re.findall(r"^::error file=([^,]*),", done.stdout, re.MULTILINE)) == ["--version.py", "bad.py"]


def test_the_sarif_file_is_written_through_no_link(work: Path) -> None:
    outside = work.parent / "outside"
    outside.mkdir()
    (outside / "file").write_text("mine")
    (work / "aicheck.sarif").symlink_to(outside / "file")
    assert action(work, AICHECK_BASE="base", AICHECK_SARIF="aicheck.sarif").returncode == 0
    assert (outside / "file").read_text() == "mine"
    assert json.loads((work / "aicheck.sarif").read_text())["runs"]
    assert not (work / "aicheck.sarif").is_symlink()
    (work / "links").symlink_to(outside)
    done = action(work, AICHECK_BASE="base", AICHECK_SARIF="links/aicheck.sarif")
    assert (done.returncode, done.stderr) == (2, "aicheck: the SARIF file's folder leads out of the work tree\n")
    assert (
        action(work, AICHECK_BASE="base", AICHECK_SARIF=str(outside / "a.sarif")).returncode == 0
    )  # the author's word
    assert [path.name for path in sorted(outside.iterdir())] == ["a.sarif", "file"]


def test_the_action_passes_on_what_its_script_reads() -> None:
    read = set(re.findall(r"AICHECK_\w+", (ROOT / "scripts/github_action.sh").read_text("utf-8")))
    assert read == set(re.findall(r"^\s+(AICHECK_\w+):", ACTION, re.MULTILINE))


def test_installing_imports_nothing_of_the_tree(work: Path, witness: Path) -> None:
    block = re.search(r"^      run: \|\n((?: {8}.*\n)+)", ACTION, re.MULTILINE)
    (line,) = re.findall(r"^    - (python .* pip install .*)$", GITLAB, re.MULTILINE)
    assert block is not None
    for number, script in enumerate((block[1], line.replace("python ", '"$AICHECK_PYTHON" '))):
        target = work.parent / f"target{number}"
        done = run(
            work, script, GITHUB_ACTION_PATH=str(stand_in(work.parent)), AICHECK_SOURCE=str(stand_in(work.parent)),
            PYTHONPATH="" if number else ".", PIP_NO_INDEX="1", PIP_TARGET=str(target), PIP_DISABLE_PIP_VERSION_CHECK="1",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert (target / "standin.py").exists()


def stand_in(folder: Path) -> Path:
    """A package that installs without a network."""
    path = folder / "standin-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("standin.py", "")
        wheel.writestr("standin-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: standin\nVersion: 1.0\n")
        wheel.writestr("standin-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("standin-1.0.dist-info/RECORD", "")
    return path


class _Git(BaseHTTPRequestHandler):
    """What a host of repositories does: git's own CGI program over HTTP."""

    root = ""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        environment = {
            **os.environ, "GIT_PROJECT_ROOT": self.root, "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path, "QUERY_STRING": query,
            "REQUEST_METHOD": self.command, "CONTENT_TYPE": self.headers.get("Content-Type") or "",
            "CONTENT_LENGTH": str(length), "GIT_PROTOCOL": self.headers.get("Git-Protocol") or "",
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding") or "",
        }  # fmt: skip
        done = subprocess.run(
            [str(BACKEND)], env=environment, input=self.rfile.read(length), capture_output=True, check=True
        )
        self.wfile.write(b"HTTP/1.0 200 OK\r\n" + done.stdout)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.skipif(BACKEND is None, reason="git-http-backend is not installed")
def test_a_base_that_a_shallow_clone_lacks_is_fetched(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Git, "root", str(work.parent))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Git)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = run(work, "git rev-parse base").stdout.strip()
    url = f"http://127.0.0.1:{server.server_port}/work/.git"
    clone = work.parent / "clone"
    assert run(work, f"git clone -q --depth=1 --no-tags {url} {clone}").returncode == 0
    done = action(clone, AICHECK_BASE=base)
    server.shutdown()
    server.server_close()
    assert (done.returncode, (work.parent / "output").read_text()) == (0, "suspect=true\n"), done.stderr
    assert done.stdout.startswith("::error file=bad.py,line=9,")


def test_the_gitlab_job_reports_code_quality(work: Path) -> None:
    outside = work.parent / "outside"
    outside.write_text("mine")
    (work / "gl-code-quality-report.json").symlink_to(outside)
    lines = re.findall(r"^    - ((?:aicheck|exit|rm) .*)$", GITLAB, re.MULTILINE)
    done = run(work, "set -e\n" + "\n".join(lines), CI_MERGE_REQUEST_DIFF_BASE_SHA="base")
    assert done.returncode == 1, done.stderr
    assert "bad.py:9:5: TRU001" in done.stdout
    (found,) = json.loads((work / "gl-code-quality-report.json").read_text())
    assert found["location"]["path"] == "bad.py"
    assert outside.read_text() == "mine"
    assert run(work, "set -e\n" + "\n".join(lines), CI_MERGE_REQUEST_DIFF_BASE_SHA="HEAD").returncode == 0

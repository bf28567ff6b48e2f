"""The scripts of the CI templates, run as their hosts run them: bash, a repository, the host's variables."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from aicheck_checks.registry import BY_CODE

ROOT = Path(__file__).parents[2]
GOOD = "import os\n\n\ndef f():\n    return os.sep\n"

pytestmark = pytest.mark.e2e


def run(folder: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A script with ``aicheck`` on the path and nothing else of ours."""
    paths = f"{folder.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": paths, "PYTHONPATH": os.pathsep.join(sys.path), **variables}
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A repository whose second commit brings a file that is cut off; the first is tagged."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "aicheck"
    program.write_text(f"#!{sys.executable}\nfrom aicheck_app.cli.main import main\nmain()\n")
    program.chmod(0o755)
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "good.py").write_text(GOOD)
    git = "git -c user.name=a -c user.email=a@b.c -c commit.gpgsign=false"
    assert run(folder, f"git init -q && git add . && {git} commit -qm one && git tag base").returncode == 0
    (folder / "bad.py").write_text(f"{GOOD}\n\ndef g():\n    return f(1,")
    assert run(folder, f"git add . && {git} commit -qm two").returncode == 0
    return folder


def test_the_github_action_annotates_and_tells_after_the_upload(work: Path) -> None:
    output = work.parent / "output"
    facts = {"GITHUB_OUTPUT": str(output), "AICHECK_SARIF": "aicheck.sarif"}
    script = str(ROOT / "scripts/github_action.sh")
    done = run(work, f"bash {script}", AICHECK_BASE="base", **facts)
    assert (done.returncode, output.read_text()) == (0, "suspect=true\n"), done.stderr
    assert done.stdout.startswith("::error file=bad.py,line=9,")
    (result,) = json.loads((work / "aicheck.sarif").read_text())["runs"][0]["results"]
    assert result["ruleId"] in BY_CODE
    output.unlink()
    assert run(work, f"bash {script}", AICHECK_BASE="HEAD", **facts).returncode == 0
    assert output.read_text() == "suspect=false\n"
    assert run(work, f"bash {script}", AICHECK_BASE="0" * 40, **facts).stdout.startswith("::error file=bad.py")
    assert run(work, f"bash {script}", AICHECK_PATHS="missing.py", **facts).returncode == 2


def test_the_action_passes_on_what_its_script_reads() -> None:
    action = (ROOT / "action.yml").read_text("utf-8")
    read = set(re.findall(r"AICHECK_\w+", (ROOT / "scripts/github_action.sh").read_text("utf-8")))
    assert read == set(re.findall(r"^\s+(AICHECK_\w+):", action, re.MULTILINE))


def test_the_gitlab_job_reports_code_quality(work: Path) -> None:
    template = (ROOT / "examples/ci/gitlab.yml").read_text("utf-8")
    lines = re.findall(r"^    - (aicheck .*|exit .*)$", template, re.MULTILINE)
    done = run(work, "set -e\n" + "\n".join(lines), CI_MERGE_REQUEST_DIFF_BASE_SHA="base")
    assert done.returncode == 1, done.stderr
    assert "bad.py:9:5: TRU001" in done.stdout
    (found,) = json.loads((work / "gl-code-quality-report.json").read_text())
    assert found["location"]["path"] == "bad.py"
    assert run(work, "set -e\n" + "\n".join(lines), CI_MERGE_REQUEST_DIFF_BASE_SHA="HEAD").returncode == 0

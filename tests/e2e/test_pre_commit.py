"""The hook, run by pre-commit itself from a clone of this repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD = "import os\n\n\ndef f():\n    return os.sep\n"

pytestmark = pytest.mark.e2e


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


def git(*arguments: str, cwd: Path) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    done = run("git", *identity, *arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.skipif(
    not os.environ.get("CI"), reason="installs the hook's dependencies with pip: needs the network, so only in CI"
)
def test_a_degraded_file_is_stopped_and_a_good_one_passes(tmp_path: Path) -> None:
    clone, work = tmp_path / "clone", tmp_path / "work"
    shutil.copytree(ROOT, clone, ignore=shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache"))
    git("init", "-q", cwd=clone)
    git("add", "-A", cwd=clone)
    git("commit", "-qm", "all", cwd=clone)
    git("tag", "v0.0.1", cwd=clone)
    work.mkdir()
    git("init", "-q", cwd=work)
    aicheck = [sys.executable, "-c", "from aicheck_app.cli.main import main; main()"]
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}
    added = run(*aicheck, "init", "pre-commit", "--repo", str(clone), "--rev", "v0.0.1", "--yes", cwd=work, **paths)
    assert added.returncode == 0, added.stderr
    (work / "good.py").write_text(GOOD)
    git("add", "-A", cwd=work)
    pre_commit = [sys.executable, "-m", "pre_commit", "run"]
    done = run(*pre_commit, cwd=work, PRE_COMMIT_HOME=str(tmp_path / "cache"))
    assert done.returncode == 0, done.stdout + done.stderr
    git("commit", "-qm", "good", cwd=work)
    (work / "bad.py").write_text(f"{GOOD}\n\ndef g():\n    return f(1,")
    (work / "good.py").write_text(GOOD.partition("\n\n\n")[2])
    git("add", "-A", cwd=work)
    done = run(*pre_commit, cwd=work, PRE_COMMIT_HOME=str(tmp_path / "cache"))
    assert done.returncode == 1
    assert "bad.py:9:5: TRU001" in done.stdout
    assert "good.py:2:12: IMP005" in done.stdout
    assert "2 suspect of 2 files checked\n" in done.stdout
    (work / ".gitattributes").write_text("")
    git("commit", "-qnm", "bad", "--no-verify", cwd=work)
    whole = run(*pre_commit, "--all-files", cwd=work, PRE_COMMIT_HOME=str(tmp_path / "cache"))
    assert whole.returncode == 1  # nothing is staged: the files are checked as a whole
    assert "bad.py:9:5: TRU001" in whole.stdout
    one = run(*pre_commit, "--files", "bad.py", cwd=work, PRE_COMMIT_HOME=str(tmp_path / "cache"))
    assert "1 suspect of 1 file checked" in one.stdout
    config = work / ".pre-commit-config.yaml"
    kept = config.read_text()
    config.write_text(f"{kept}exclude: ^(bad|good)\\.py$\n")
    git("add", "-A", cwd=work)
    left_out = run(*pre_commit, "--all-files", cwd=work, PRE_COMMIT_HOME=str(tmp_path / "cache"))
    assert left_out.returncode == 0, left_out.stdout
    config.unlink()
    git("reset", "-q", "--soft", "HEAD~1", cwd=work)
    added = run(
        *aicheck, "init", "pre-commit", "--repo", str(clone), "--rev", "v0.0.1", "--only-ai", "--yes", cwd=work, **paths
    )
    assert added.returncode == 0, added.stderr
    git("add", "-A", cwd=work)
    mine = run(*pre_commit, cwd=work, PRE_COMMIT_HOME=str(tmp_path / "cache"))
    assert mine.returncode == 0, mine.stdout + mine.stderr
    by_agent = run(*pre_commit, cwd=work, PRE_COMMIT_HOME=str(tmp_path / "cache"), CLAUDE_CODE_CHILD_SESSION="1")
    assert by_agent.returncode == 1
    assert "bad.py:9:5: TRU001" in by_agent.stdout

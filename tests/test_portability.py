"""What breaks on macOS and Windows, as far as it can be played here: their paths, what their Pythons lack, what they refuse."""

from __future__ import annotations

import errno
import io
import ntpath
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from aicheck_app import clock, writing
from aicheck_app.files import files_of
from aicheck_app.hook import setup
from aicheck_app.log import key, paths
from aicheck_app.log.paths import shown
from aicheck_app.report import findings
from aicheck_app.report.sinks import terminal
from aicheck_checks import files, programs
from aicheck_checks.packages import index
from aicheck_checks.packages.index import Index, build
from aicheck_checks.tools import pylint_worker


def on_windows(module: ModuleType, monkeypatch: pytest.MonkeyPatch, **more: object) -> None:
    """Let one module see the ``os`` of Windows; pytest itself goes on with ours."""
    monkeypatch.setattr(module, "os", SimpleNamespace(**{**vars(os), "name": "nt", **more}))


class TestPaths:
    def test_a_path_on_another_drive_stays_as_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        on_windows(files, monkeypatch, path=ntpath)
        assert files.relative(r"D:\work\a.py", r"C:\work") == r"D:\work\a.py"
        assert files.relative(r"C:\work\src\a.py", r"C:\work") == r"src\a.py"

    def test_a_file_is_one_by_whatever_spelling(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "Café.py").write_text("x = 1\n")
        (tmp_path / "link").symlink_to(tmp_path)
        monkeypatch.setattr(sys, "platform", "darwin")
        spellings = [
            unicodedata.normalize(form, str(tmp_path / name))
            for form in ("NFC", "NFD")
            for name in ("Café.py", "café.PY", "link/Café.py")
        ]
        assert len({files.place(spelling) for spelling in spellings}) == 1

    @pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="here a name is found in any case")
    def test_case_matters_where_it_does(self, tmp_path: Path) -> None:
        assert files.place(str(tmp_path / "A.py")) != files.place(str(tmp_path / "a.py"))

    @pytest.mark.parametrize(
        "path", [r"c:\Users\ann\shop\src\a.py", "/c:/Users/ann/shop/src/a.py", "file:///c%3A/Users/ann/shop/src/a.py"]
    )
    def test_the_log_names_files_below_a_windows_folder_relative_to_it(self, path: str) -> None:
        assert shown(path, r"C:\Users\ann\shop") == "src/a.py"

    @pytest.mark.parametrize(
        ("path", "cwd"), [("/private/tmp/p/a.py", "/tmp/p"), ("/var/f/p/a.py", "/private/var/f/p")]
    )
    def test_a_folder_of_macos_is_one_by_its_link_and_its_place(self, path: str, cwd: str) -> None:
        assert shown(path, cwd) == "a.py"
        assert shown(path.replace("a.py", "src/a.py"), cwd) == "src/a.py"

    @pytest.mark.parametrize("platform", ["darwin", "win32"])
    def test_a_home_folder_is_left_out_in_any_case(self, platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setenv("HOME", "/work/Homes/Ann")
        paths._own.cache_clear()
        try:
            assert paths.without_home("in /work/homes/ann/shop") == "in ~/shop"
        finally:
            paths._own.cache_clear()

    def test_a_folder_that_only_looks_like_a_drive_keeps_its_name(self) -> None:
        assert shown("/work/a:b/c.py", "/work") == "a:b/c.py"

    def test_ci_servers_know_files_by_slashes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        on_windows(findings, monkeypatch, sep="\\")
        assert findings.in_repository(r"src\a.py") == "src/a.py"

    @pytest.mark.parametrize(
        ("path", "uri"),
        [
            (r"C:\Users\a b\log.sqlite3", "file:///C:/Users/a b/log.sqlite3"),
            (r"\\host\share\log.sqlite3", "file:////host/share/log.sqlite3"),
        ],
    )
    def test_sqlite_is_told_of_drives_and_servers(self, path: str, uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
        on_windows(paths, monkeypatch, path=ntpath, sep="\\")
        assert paths.uri(path) == uri

    def test_a_folder_behind_a_link_is_checked_like_any(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        real = tmp_path / "private"
        real.mkdir()
        (real / "a.py").write_text("x = 1\n")
        (tmp_path / "tmp").symlink_to(real)
        monkeypatch.chdir(tmp_path / "tmp")
        assert [target.path for target in files_of(["."])] == ["a.py"]
        assert [target.path for target in files_of([str(tmp_path / "tmp")])] == [str(tmp_path / "tmp" / "a.py")]


class TestPrograms:
    @pytest.fixture(autouse=True)
    def windows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        on_windows(programs, monkeypatch)
        monkeypatch.setenv("PATHEXT", ".COM;.EXE;.BAT;.CMD")
        monkeypatch.setenv("COMSPEC", r"C:\Windows\System32\cmd.exe")

    def test_npm_is_found_by_its_whole_name(self, tmp_path: Path) -> None:
        for name in ("npm", "npm.CMD"):
            (tmp_path / name).write_text("")
            (tmp_path / name).chmod(0o755)
        assert programs.find("npm", str(tmp_path)) == str(tmp_path / "npm.CMD")

    def test_a_program_may_lie_in_scripts_beside_python(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program = tmp_path / "Scripts" / "ruff.EXE"
        program.parent.mkdir()
        program.write_text("")
        program.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(tmp_path / "python.exe"))
        assert programs.installed("ruff") == str(program)

    def test_a_real_program_is_started_as_it_is(self) -> None:
        command = [r"C:\git\git.exe", "a&b"]
        assert programs.runnable(command) is command

    @pytest.mark.parametrize("name", ["a&calc.js", "a|b.js", "(group).js", "a^b.js", "a b.js", "a>b.js"])
    def test_a_name_of_a_file_is_no_command(self, name: str) -> None:
        line = programs.runnable([r"C:\p\eslint.cmd", name])
        assert line == rf'"C:\Windows\System32\cmd.exe" /e:ON /v:OFF /d /s /c ""C:\p\eslint.cmd" "{name}""'

    @pytest.mark.parametrize("name", ["%PATH%.js", 'a" & calc ".js', "!x!.js", "a\ncalc.js"])
    def test_a_name_that_means_more_in_quotes_too_is_refused(self, name: str) -> None:
        with pytest.raises(ValueError, match="command processor"):
            programs.runnable([r"C:\p\eslint.cmd", name])

    def test_a_backslash_at_the_end_escapes_no_quote(self) -> None:
        assert str(programs.runnable([r"C:\p\tsc.cmd", "a\\"])).endswith(r'"a\\""')


def test_a_tool_ends_with_all_that_it_started(tmp_path: Path) -> None:
    done = tmp_path / "done"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(2); open({str(done)!r}, \"w\")'])"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True)
    programs.end_all(process)
    assert process.returncode
    assert not done.exists()


class TestHookCommands:
    @pytest.mark.parametrize("shell", ["sh", "cmd", "powershell"])
    def test_a_plain_windows_path_is_the_same_in_all_shells(
        self, shell: setup.Shell, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        on_windows(setup, monkeypatch)
        assert (
            setup.command_of(r"C:\Users\ann\venv\Scripts\aicheck.exe", shell)
            == "C:/Users/ann/venv/Scripts/aicheck.exe hook"
        )

    @pytest.mark.parametrize(
        ("shell", "command"),
        [
            ("sh", "'C:/Program Files/x/aicheck.exe' hook"),
            ("cmd", '"C:/Program Files/x/aicheck.exe" hook'),
            ("powershell", "& 'C:/Program Files/x/aicheck.exe' hook"),
        ],
    )
    def test_blanks_are_quoted_as_the_shell_wants(
        self, shell: setup.Shell, command: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        on_windows(setup, monkeypatch)
        assert setup.command_of(r"C:\Program Files\x\aicheck.exe", shell) == command

    @pytest.mark.skipif(os.name == "nt", reason="no POSIX shell is known to be here")
    @pytest.mark.parametrize("name", ["a b", "o'brien", "$HOME", "a;b", "a&b", "`id`", "a\\b"])
    def test_a_shell_starts_the_program_whatever_its_folder_is_called(self, name: str, tmp_path: Path) -> None:
        program = tmp_path / name / "aicheck"
        program.parent.mkdir()
        program.write_text("#!/bin/sh\nprintf '%s' \"$1\"\n")
        program.chmod(0o755)
        command = setup.command_of(str(program), "sh")
        assert subprocess.run(command, shell=True, capture_output=True, text=True, check=True).stdout == "hook"
        assert setup._runs_us({"command": command})

    @pytest.mark.parametrize("windows", [False, True])
    @pytest.mark.parametrize("folder", [r"C:\Users\ann\Scripts", r"C:\Program Files\o'brien", r"C:\Übung\Scripts"])
    def test_what_was_put_there_is_taken_out_again(
        self, folder: str, windows: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if windows:
            on_windows(setup, monkeypatch)
        for target in setup.TARGETS.values():
            added = setup.added({}, target, rf"{folder}\aicheck.exe")
            assert "hooks" not in setup.removed(added)

    def test_the_command_of_somebody_else_stays(self) -> None:
        assert not setup._runs_us({"command": "/work/aicheck/hook/run.sh hook"})


class TestMemory:
    def test_inference_starts_where_the_system_refuses_the_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        resource = pytest.importorskip("resource", reason="Windows knows no limits")

        def refuse(*_: object) -> None:
            raise ValueError("current limit exceeds maximum limit")  # macOS

        monkeypatch.setattr(resource, "setrlimit", refuse)
        pylint_worker._limit_memory()

    @pytest.mark.parametrize(
        ("platform", "said"), [("linux", "at most 3 GiB"), ("darwin", "does not limit"), ("win32", "does not limit")]
    )
    def test_doctor_says_whether_it_is_limited(self, platform: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
        from aicheck_app.cli.doctor import _pylint

        monkeypatch.setattr(sys, "platform", platform)
        assert said in _pylint()[1]


class TestFiles:
    def test_an_index_that_is_read_can_be_replaced_on_windows(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "pypi.index"
        path.write_bytes(build("pypi", ["requests", "flask"], ["requests"], made="2026-01-01", complete=True))
        mapped = Index(str(path))
        on_windows(index, monkeypatch)
        monkeypatch.delattr(index, "mmap")
        whole = Index(str(path))
        for names in (mapped, whole):
            assert "requests" in names
            assert "reqests" not in names
            assert names.known() == ["requests"]

    def test_a_file_that_is_open_elsewhere_is_replaced_later(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        replace, asked = os.replace, []

        def busy(one: str, other: str) -> None:
            asked.append(one)
            if len(asked) < 3:
                raise PermissionError(errno.EACCES, "being used by another process", other)
            replace(one, other)

        (tmp_path / "new").write_text("new")
        (tmp_path / "old").write_text("old")
        on_windows(writing, monkeypatch, replace=busy)
        writing.put(str(tmp_path / "new"), str(tmp_path / "old"))
        assert (tmp_path / "old").read_text() == "new"

    def test_a_key_needs_no_links(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise OSError(errno.ENOTSUP, "Operation not supported")

        monkeypatch.setattr(os, "link", refuse)
        made = key.load(str(tmp_path / "log.key"))
        assert key.load(str(tmp_path / "log.key")) == made
        assert [path.name for path in tmp_path.glob("log.key*")] == ["log.key"]

    def test_a_time_that_no_calendar_has_is_the_same_error_everywhere(self) -> None:
        assert clock.of_milliseconds(1_700_000_000_123) == "2023-11-14T22:13:20.123000Z"
        assert clock.of_milliseconds(-1_000) == "1969-12-31T23:59:59Z"
        with pytest.raises(OverflowError):
            clock.of_milliseconds(10**20)


class TestOutput:
    @pytest.mark.parametrize("page", ["cp1252", "cp437", "ascii", "utf-8"])
    def test_no_code_page_makes_printing_fail(self, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
        stream = io.TextIOWrapper(io.BytesIO(), encoding=page)
        monkeypatch.setattr(sys, "stdout", stream)
        terminal.echo("naïve → 名前 \udcff \ud83d")
        terminal.document("naïve → 名前\n")
        assert stream.buffer.getvalue().endswith("naïve → 名前\n".encode())

    @pytest.mark.parametrize(
        "arguments",
        [["--help"], ["check", "--help"], ["report", "--help"], ["rules"], ["explain", "COR001"], ["doctor"]],
    )
    def test_no_help_needs_more_than_a_code_page(self, arguments: list[str]) -> None:
        environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
        command = [sys.executable, "-c", "from aicheck_app.cli.main import main; main()", *arguments]
        done = subprocess.run(command, capture_output=True, env=environment, check=False)
        assert b"Unicode" not in done.stderr
        assert done.returncode in (0, 2)


def test_a_checkout_is_the_same_on_every_system() -> None:
    """No two names differ by case alone, none is a device's or too long for Windows, and git changes no line ends."""
    root = Path(__file__).parents[1]
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, encoding="utf-8", check=False
    )
    names = [name for name in listed.stdout.split("\0") if name]
    if not names:
        pytest.skip("no clone: the names can't be listed")
    assert len({unicodedata.normalize("NFC", name).casefold() for name in names}) == len(names)
    devices = re.compile(r"(?:^|/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|/|$)|[<>:\"|?*\\]|[. ](?:/|$)", re.IGNORECASE)
    assert [name for name in names if devices.search(name) or len(name) > 180] == []
    assert "* -text" in (root / ".gitattributes").read_text("utf-8")

"""Reading what strangers put there: regular files, a bounded part of each, and no place of their own choice."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest

from aicheck_checks.files import NotRegularError, below, listing, open_regular, read, read_bytes

if TYPE_CHECKING:
    from pathlib import Path


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listener:
        here = os.getcwd()
        os.chdir(tmp_path)
        listener.bind("socket")
        os.chdir(here)
        for name in ("pipe", "device", "socket", "."):
            with pytest.raises(NotRegularError):
                open_regular(str(tmp_path / name))
    for name in ("nowhere", "a\0b", "half \ud83d"):
        with pytest.raises(OSError, match=r".*"):
            open_regular(str(tmp_path / name))
        assert read(str(tmp_path / name)) == ""


def test_no_more_than_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthree\n\xff")
    assert read(str(path)) == "one\ntwo\nthree\n\ufffd"
    assert read_bytes(str(path), 5) == b"\xef\xbb\xbfon"


def test_the_names_of_a_folder_that_is_none_are_none(tmp_path: Path) -> None:
    (tmp_path / "b").touch()
    (tmp_path / "a").touch()
    assert listing(str(tmp_path)) == ["a", "b"]
    assert listing(str(tmp_path / "a")) == listing("half \ud83d") == listing("a\0b") == []


def test_a_name_with_a_place_of_its_own_leads_nowhere() -> None:
    assert below("/work/src", "../include/a.h") == "/work/include/a.h"
    for name in ("/etc/passwd", "//server/share/a.h", "\\\\server\\share\\a.h", "C:\\a.h", "C:a.h", "~/a.h"):
        assert below("/work", name) == ""

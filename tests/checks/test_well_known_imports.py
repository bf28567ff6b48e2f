"""Names without their import where only well-known ones can be judged: C, C++, C#, Ruby, Scala."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aicheck_checks.analysis.names.python import likely_import
from aicheck_checks.engine import check
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings

if TYPE_CHECKING:
    from pathlib import Path


def missing(text: str, path: str, folder: Path | None = None, previous: str | None = None) -> list[str]:
    """The imports that the fixes add; each makes its finding go away."""
    source = Source(text, path=path, surroundings=Surroundings(str(folder)) if folder else None, previous=previous)
    found = [f for f in check(source).findings if f.code in ("IMP001", "IMP005")]
    statements = []
    for finding in found:
        assert finding.fix is not None
        (edit,) = finding.fix.edits
        fixed = text[: edit.start] + edit.text + text[edit.end :]
        again = check(Source(fixed, path=path, surroundings=source.surroundings, previous=previous))
        assert finding.message not in [f.message for f in again.findings]
        statements.append(edit.text.strip())
    return statements


C = '#include <string.h>\n\nint size(const char *s)\n{\n\tprintf("%s", s);\n\treturn (int)strlen(s);\n}\n'
CPP = "#include <string>\n\nstd::vector<std::string> f()\n{\n    return {};\n}\n"
CSHARP = "using System;\n\nclass A\n{\n    List<string> names = new List<string>();\n    Guid id;\n}\n"
RUBY = "#!/usr/bin/env ruby\nrequire 'set'\n\nputs JSON.parse(File.read(ARGV[0]))\n"
SCALA = "package shop\n\nclass A {\n  def f(): Try[Int] = Success(1)\n}\n"


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        (C, "a.c", ["#include <stdio.h>"]),
        (CPP, "a.cpp", ["#include <vector>"]),
        (CSHARP, "a.cs", ["using System.Collections.Generic;"]),
        (RUBY, "a.rb", ["require 'json'"]),
        (SCALA, "A.scala", ["import scala.util.Try", "import scala.util.Success"]),
    ],
    ids=["c", "cpp", "csharp", "ruby", "scala"],
)
def test_a_well_known_name_without_its_import_is_found(text: str, path: str, expected: list[str]) -> None:
    assert missing(text, path) == expected


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (C.replace("<string.h>", '"own.h"'), "a.c"),
        (C.replace("<string.h>", "<openssl/ssl.h>"), "a.c"),
        (C, "a.h"),
        (C.replace("int size", "static void printf(const char *, ...);\nint size"), "a.c"),
        (CPP.replace("<string>", "<regex>"), "a.cpp"),
        (CSHARP.replace("using System;\n", ""), "a.cs"),
        (CSHARP.replace("List<", "System.Collections.Generic.List<"), "a.cs"),
        (CSHARP.replace("class A", "class List<T> {}\nclass A"), "a.cs"),
        (RUBY.replace("#!/usr/bin/env ruby\n", ""), "a.rb"),
        (RUBY.replace("'set'", "'rails'"), "a.rb"),
        (SCALA.replace("class", "import scala.util._\n\nclass", 1), "A.scala"),
        (SCALA.replace("package shop", "package scala\npackage util"), "A.scala"),
    ],
)
def test_a_name_that_something_may_bring_is_left_alone(text: str, path: str) -> None:
    assert missing(text, path) == []


def test_headers_of_the_project_are_read(tmp_path: Path) -> None:
    text = C.replace("<string.h>", '"own.h"')
    (tmp_path / "own.h").write_text('#include <string.h>\n#include "deep.h"\n')
    (tmp_path / "deep.h").write_text("struct deep;\n")
    assert missing(text, "a.c", tmp_path) == ["#include <stdio.h>"]
    (tmp_path / "deep.h").write_text("#include <stdio.h>\n")
    assert missing(text, "a.c", tmp_path) == []


def test_a_part_that_another_file_includes_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "whole.c").write_text('#include <stdio.h>\n#include "part.c"\n')
    assert missing(C, "part.c", tmp_path) == []


def test_a_project_of_csharp_may_bring_namespaces_to_all_files(tmp_path: Path) -> None:
    text = CSHARP.replace("using System;\n", "")
    project = tmp_path / "Shop.csproj"
    project.write_text("<Project><PropertyGroup><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>")
    assert missing(text, "a.cs", tmp_path) == []
    other = tmp_path / "other"
    other.mkdir()
    (other / "Old.csproj").write_text("<Project/>")
    assert missing(text, "a.cs", other) == ["using System.Collections.Generic;", "using System;"]


@pytest.mark.parametrize(
    ("text", "path", "import_line"),
    [
        (C.replace("<string.h>", '"own.h"'), "a.c", "#include <stdio.h>"),
        (RUBY.replace("#!/usr/bin/env ruby\n", ""), "a.rb", "require 'json'"),
        ("package shop\n\nclass A(x: Price)\n", "A.scala", "import lib.Price"),
    ],
)
def test_an_import_that_an_edit_dropped_is_found_in_any_text(text: str, path: str, import_line: str) -> None:
    head, rest = text.split("\n", 1)
    assert missing(text, path, previous=f"{head}\n{import_line}\n{rest}") == [import_line]


@pytest.mark.parametrize(
    ("use", "statement"),
    [
        ("datetime.now()", "from datetime import datetime"),
        ("datetime(2020, 1, 1)", "from datetime import datetime"),
        ("datetime.datetime.now()", "import datetime"),
        ("datetime.date(2020, 1, 1)", "import datetime"),
        ("datetime.now(), datetime.timedelta(1)", None),
    ],
)
def test_what_is_asked_of_datetime_tells_module_from_class(use: str, statement: str | None) -> None:
    assert likely_import(Source(f"print({use})\n", language="python"), "datetime") == statement

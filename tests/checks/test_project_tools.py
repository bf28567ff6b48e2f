"""The project's own compilers and linters: stand-ins that print what the real ones printed."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from aicheck_app.checking import check_targets
from aicheck_app.files import Target
from aicheck_checks.settings import Settings
from aicheck_checks.tools import project_tools

if TYPE_CHECKING:
    from pathlib import Path

PRINTED = {
    "tsc": "a.ts(2,14): error TS2322: Type 'string' is not assignable to type 'number'.\n  a detail\n",
    "go": "# shop\nvet: ./a.go:3:21: cannot use \"x\" (untyped string constant) as int value in return statement\n",
    "cargo": json.dumps({"reason": "compiler-artifact"}) + "\n" + json.dumps({
        "reason": "compiler-message",
        "message": {
            "level": "error", "message": "mismatched types", "code": {"code": "E0308"},
            "spans": [{"file_name": "src/a.rs", "line_start": 2, "column_start": 17, "line_end": 2, "column_end": 20, "is_primary": True}],
        },
    }) + "\n",
    "javac": "A.java:3: error: package org.lib does not exist\nimport org.lib.Foo;\n              ^\n"
    "A.java:6: error: incompatible types: String cannot be converted to int\n"
    "A.java:7: error: cannot find symbol\n  symbol:   class Foo\n2 errors\n",
    "eslint": '[{"filePath":"a.ts","messages":[{"ruleId":null,"message":"File ignored"},'
    '{"ruleId":"no-debugger","message":"Unexpected.","line":1,"column":1,"endLine":1,"endColumn":9}]}]',
    "oxlint": '{"diagnostics":[{"message":"no debugger","code":"eslint(no-debugger)","filename":"a.ts",'
    '"labels":[{"span":{"offset":0,"length":9,"line":1,"column":1}}]}]}',
    "biome": "::error title=lint/suspicious/noDebugger,file=a.ts,line=1,endLine=1,col=1,endColumn=10::Unexpected use.\n",
}  # fmt: skip
FILES = {"tsconfig.json": "{}", "package.json": "{}", "go.mod": "module shop\n", "Cargo.toml": "", "pom.xml": "<a/>"}
TEXTS = {
    "a.ts": "debugger;\nexport const a: number = 'a';\n",
    "a.go": 'package shop\n\nfunc F() int { return "x" }\n',
    "src/a.rs": 'fn main() {\n    let x: u8 = "a";\n}\n',
    "A.java": 'package a;\n\nimport org.lib.Foo;\n\nclass A {\n  int f() { return "a"; }\n  Foo x;\n}\n',
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    binaries = tmp_path / "node_modules" / ".bin"
    binaries.mkdir(parents=True)
    (tmp_path / "src").mkdir()
    for name, text in {**FILES, **TEXTS}.items():
        (tmp_path / name).write_text(text)
    for name, printed in PRINTED.items():
        stand_in(binaries / name, printed)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def stand_in(file: Path, printed: str, *, code: int = 1, seconds: float = 0) -> None:
    program = (
        f"import sys, time; sys.stdout.write({printed!r}); sys.stdout.flush(); time.sleep({seconds}); sys.exit({code})"
    )
    file.write_text(f"#!{sys.executable}\n{program}\n")
    file.chmod(0o755)


def found(
    *tools: str, tiers: tuple[str, ...] = ("instant", "quality", "deep")
) -> tuple[list[str], list[tuple[str, str]]]:
    settings = Settings(tools=tools, tiers=tiers)
    report = check_targets([Target(name) for name in TEXTS], settings)
    lines = [f"{f.path}:{f.start.line}:{f.start.column} {f.finding.code} {f.finding.message}" for f in report.findings]
    return [line for line in lines if "API006" in line or "LOG013" in line], [
        (skip.name, skip.reason) for skip in report.skipped
    ]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("tool", "said"),
    [
        ("tsc", "a.ts:2:14 API006 tsc says: Type 'string' is not assignable to type 'number'. (TS2322)"),
        ("go-vet", 'a.go:3:21 API006 go-vet says: cannot use "x" (untyped string constant) as int value in return statement'),
        ("cargo-check", "src/a.rs:2:17 API006 cargo-check says: mismatched types (E0308)"),
        ("javac", "A.java:6:1 API006 javac says: incompatible types: String cannot be converted to int"),
        ("eslint", "a.ts:1:1 LOG013 eslint says: Unexpected. (no-debugger)"),
        ("oxlint", "a.ts:1:1 LOG013 oxlint says: no debugger (eslint(no-debugger))"),
        ("biome", "a.ts:1:1 LOG013 biome says: Unexpected use. (lint/suspicious/noDebugger)"),
    ],
)  # fmt: skip
def test_what_a_tool_says_becomes_a_finding(tool: str, said: str) -> None:
    assert found(tool) == ([said], [])


@pytest.mark.usefixtures("project")
def test_no_tool_runs_unless_named_and_asked_for() -> None:
    assert found() == ([], [])
    assert found("tsc", "eslint", tiers=("instant",)) == ([], [])


def test_a_text_that_is_not_the_file_is_not_judged(project: Path) -> None:
    target = Target("a.ts", text=b"const other = 1;\n")
    assert check_targets([target], Settings(tools=("tsc",), tiers=("instant", "deep"))).findings == []
    same = target._replace(text=(project / "a.ts").read_bytes())
    assert len(check_targets([same], Settings(tools=("tsc",), tiers=("instant", "deep"))).findings) == 1


def test_a_tool_that_fails_hangs_or_is_absent_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binaries = project / "node_modules" / ".bin"
    stand_in(binaries / "eslint", "Oops! no configuration\n", code=2)
    stand_in(binaries / "oxlint", "", seconds=30)
    (binaries / "biome").unlink()
    monkeypatch.setattr(project_tools, "TIMEOUT_SECONDS", 0.5)
    monkeypatch.setenv("PATH", "")
    assert found("eslint", "oxlint", "biome") == ([], [
        ("eslint", f"can't be asked about {project}: Oops! no configuration"),
        ("oxlint", f"can't be asked about {project}: takes longer than 0.5 s"),
        ("biome", f"can't be asked about {project}: biome is not installed, neither in the project nor on the path"),
    ])  # fmt: skip

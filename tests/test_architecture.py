"""The invariants of ARCHITECTURE.md, held by reading the imports."""

from __future__ import annotations

import ast
import re
import runpy
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHECKS, APP, LSP = ROOT / "checks/aicheck_checks", ROOT / "app/aicheck_app", ROOT / "lsp_server/aicheck_lsp"
PACKAGES = {"aicheck_checks": "checks", "aicheck_app": "app", "aicheck_lsp": "lsp_server"}
NETWORK = {
    "socket",
    "http",
    "urllib",
    "ssl",
    "ftplib",
    "smtplib",
    "httpx",
    "requests",
    "asyncio",
    "anthropic",
    "psycopg",
    "opentelemetry",
    "starlette",
    "uvicorn",
    "webbrowser",
    "mcp",
    "acp",
}


def modules() -> dict[str, set[str]]:
    """Every module of ours with what it imports."""
    found = {}
    for package, folder in PACKAGES.items():
        for file in (ROOT / folder / package).rglob("*.py"):
            imported = set()
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    imported |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    imported.add(node.module)
            found[file.relative_to(ROOT / folder).as_posix()] = imported
    return found


def offenders(inside: str, outside: tuple[str, ...], module: set[str]) -> list[str]:
    return [
        name
        for name, imported in modules().items()
        if name.startswith(inside) and not name.startswith(outside) and {i.split(".")[0] for i in imported} & module
    ]


def test_the_checks_library_stands_alone() -> None:
    forbidden = {"aicheck_app", "aicheck_lsp", "sqlite3", "click", "lsprotocol", "pygls", "rich", "msgspec"}
    assert offenders("aicheck_checks/", ("-",), forbidden | NETWORK) == []


def test_only_the_log_knows_sqlite() -> None:
    """But for other programs' databases."""
    assert offenders("aicheck_", ("aicheck_app/log/", "aicheck_app/capture/stores/"), {"sqlite3"}) == []


def test_hashes_are_made_in_one_place() -> None:
    makers = {"hashlib", "hmac", "zlib"}
    packages = ("aicheck_app/", "aicheck_lsp/")
    found = [name for package in packages for name in offenders(package, ("aicheck_app/hashing.py",), makers)]
    # which read archives, what the monitor keeps, and what was sent packed
    assert sorted(found) == [
        "aicheck_app/capture/reader.py",
        "aicheck_app/monitor/watcher.py",
        "aicheck_app/otlp/receiver.py",
    ]


def users_of_the_log() -> dict[str, ast.Module]:
    files = [f for folder in ("app/aicheck_app", "lsp_server/aicheck_lsp") for f in (ROOT / folder).rglob("*.py")]
    return {file.relative_to(ROOT).as_posix(): ast.parse(file.read_text("utf-8")) for file in files}


SQL = ("app/aicheck_app/log/", "app/aicheck_app/capture/stores/", "app/aicheck_app/team/", "app/aicheck_app/batch/")
"""Besides the log: other programs' databases, a team's, and files of Parquet."""


def test_only_the_log_knows_sql() -> None:
    """The log is asked by the names in ``log/queries.py``, and what is below is called by ``log/`` alone."""
    words = r"\b(?:SELECT|INSERT|DELETE|UPDATE|PRAGMA)\b\s.*\b(?:FROM|INTO|SET|records|captured)\b|\bkind\s*=\s*'"
    found = []
    for file, tree in users_of_the_log().items():
        for node in ast.walk(tree) if not file.startswith(SQL) else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(words, node.value):
                found.append(f"{file}:{node.lineno}: {node.value[:60]}")
            elif isinstance(node, ast.Attribute) and node.attr in ("rows", "bodies", "read", "db", "take"):
                owner = ast.unparse(node.value)
                found += [f"{file}:{node.lineno}: {owner}.{node.attr}"] if owner.split(".")[-1] == "log" else []
    assert found == []


def test_records_are_made_as_types() -> None:
    found = [
        f"{file}:{node.lineno}"
        for file, tree in users_of_the_log().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict) and not file.endswith("log/records.py")
        for keys in [{key.value for key in node.keys if isinstance(key, ast.Constant)}]
        if "kind" in keys and keys & {"id", "session", "agent"}
    ]
    assert found == []


def test_only_the_command_line_knows_click_and_rich() -> None:
    assert offenders("aicheck_", ("aicheck_app/cli/",), {"click", "rich"}) == []


def test_only_reports_know_formats() -> None:
    strict_reader = "aicheck_checks/rules/syntax/refused_document.py"
    assert offenders("aicheck_", ("aicheck_app/report/", strict_reader), {"jinja2", "csv", "xml"}) == []


def test_only_the_server_knows_lsp() -> None:
    assert offenders("aicheck_", ("aicheck_lsp/",), {"lsprotocol", "pygls"}) == []


def test_no_network() -> None:
    # urllib.parse; sample text; the commands whose purpose it is; a Unix socket; an SDK that is used over pipes alone
    allowed = (
        "aicheck_app/report/sinks/sarif.py",
        "aicheck_app/demo/samples.py",
        "aicheck_app/package_index.py",
        "aicheck_app/hook/helper.py",
        "aicheck_app/cli/canary.py",
        "aicheck_app/init/origin.py",
        "aicheck_app/team/",
        "aicheck_app/otlp/",
        "aicheck_app/serve/",
        "aicheck_app/mcp/server.py",
    )
    assert offenders("aicheck_", (*allowed, "aicheck_lsp/"), NETWORK) == []
    assert offenders("aicheck_lsp/", ("-",), NETWORK - {"asyncio"}) == []  # the editor's pipe is read by an event loop


def test_code_is_never_executed() -> None:
    pattern = re.compile(r"(?<![\w.])(?:exec|eval|compile|__import__)\(|runpy|os\.system|shell=True")
    for package, folder in PACKAGES.items():
        for file in (ROOT / folder / package).rglob("*.py"):
            code = "\n".join(re.sub(r"(['\"]).*?\1|#.*", "", line) for line in file.read_text("utf-8").splitlines())
            assert not pattern.search(code), file


@pytest.mark.e2e
def test_checking_a_file_imports_nothing_heavy() -> None:
    """Start-up is a feature: see ARCHITECTURE.md."""
    script = (
        "import sys; from aicheck_app.cli import main\n"
        "from aicheck_app.cli.run_check import run_plain\n"
        "run_plain([sys.argv[1]])\n"
        "print(sorted({'click','rich','msgspec','sqlite3','dataclasses','inspect','jinja2','asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script, __file__], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_files_stay_small() -> None:
    sizes = {
        file: len(file.read_text("utf-8").splitlines())
        for folder in ("app", "checks", "lsp_server", "tests", "benchmarks")
        for file in (ROOT / folder).rglob("*.py")
    }
    assert {str(f): n for f, n in sizes.items() if n > 450} == {}


DISK = {
    "open", "open_regular", "read", "read_bytes", "listing", "read_toml", "os.stat", "os.lstat", "os.scandir", "os.listdir", "os.walk",
    "os.path.exists", "os.path.isfile", "os.path.isdir", "os.path.realpath", "find", "Index",
}  # fmt: skip
"""What reads the disk."""
OF_OUR_OWN = {
    "import_names", "weights", "known_globals", "_table", "_tables", "_bundled", "_own",  # files that came with aicheck
    "_opened", "_parsed",  # by what the file is like now
}  # fmt: skip


def test_no_fact_of_the_disk_is_kept_by_the_process() -> None:
    """What is known of the disk belongs to a ``Disk``, which forgets what has changed."""
    kept = []
    for package in (CHECKS, APP, LSP):
        for file in sorted(package.rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef) and any("cache" in ast.unparse(d) for d in node.decorator_list):
                    calls = {ast.unparse(inner.func) for inner in ast.walk(node) if isinstance(inner, ast.Call)}
                    if calls & DISK and node.name not in OF_OUR_OWN:
                        kept.append(f"{file.name}: {node.name}")
    assert kept == []


def test_rules_and_analyses_read_no_disk() -> None:
    """They ask the surroundings; what came with aicheck is data."""
    reading = []
    for folder in ("rules", "analysis"):
        for file in sorted((CHECKS / folder).rglob("*.py")):
            tree = ast.parse(file.read_text("utf-8"))
            for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
                calls = {ast.unparse(inner.func) for inner in ast.walk(function) if isinstance(inner, ast.Call)}
                if calls & DISK and function.name not in OF_OUR_OWN:
                    reading.append(f"{file.name}: {function.name}")
    assert reading == []


def test_analyses_ask_no_rule_and_rules_no_rule_of_another_family() -> None:
    for file in sorted((CHECKS / "analysis").rglob("*.py")):
        assert "aicheck_checks.rules" not in file.read_text("utf-8"), file.name
    for file in sorted((CHECKS / "rules").rglob("*.py")):
        others = set(re.findall(r"aicheck_checks\.rules\.(\w+)", file.read_text("utf-8"))) - {file.parent.name}
        assert others == set(), file.name


def test_a_source_is_made_in_one_way() -> None:
    """Everywhere else it is taken further: ``source.before``, ``source.part``."""
    found = [
        file.name
        for file in sorted(CHECKS.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Source"
    ]
    assert found == ["source.py", "source.py"]


def test_each_ecosystem_answers_in_the_same_way() -> None:
    """``provides(disk, folder, name)``: yes, no or can't tell."""
    for file in sorted((CHECKS / "surroundings").glob("*.py")):
        if file.stem in (
            "__init__",
            "disk",
            "repository",
            "java_library",
            "made",
            "own_texts",
            "pages",
        ) or file.stem.startswith(("python_", "node_")):
            continue
        functions = {n.name: n for n in ast.parse(file.read_text("utf-8")).body if isinstance(n, ast.FunctionDef)}
        provides = functions["provides"]
        assert [argument.arg for argument in provides.args.args][:3] == ["disk", "folder", "name"], file.name
        assert provides.returns is not None
        assert ast.unparse(provides.returns) in ("bool | None", "bool"), file.name


def test_the_extension_s_bundle_leaves_none_of_our_own_folders_out() -> None:
    """A family of rules is called ``tests``, which is left out of others' packages."""
    bundle = runpy.run_path(str(ROOT / "editors/vscode/bundle.py"))
    source = (ROOT / "editors/vscode/bundle.py").read_text("utf-8")
    assert '"--no-deps", wheel, left_out=(*COMPILED, *OF_THE_INSTALL))' in source
    folders = {
        path.name
        for package in ("app", "checks", "lsp_server")
        for path in (ROOT / package).rglob("*")
        if path.is_dir()
    }
    own = folders - {"__pycache__"}
    assert not [
        name
        for name in own
        if any(fnmatch(name, pattern) for pattern in (*bundle["COMPILED"], *bundle["OF_THE_INSTALL"]))
    ]
    assert bundle["TESTS"] in own

"""The sinks themselves: mixtures of marks, and that there is no way past them."""

from __future__ import annotations

import ast
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from aicheck_app.report.sinks import markdown as sink
from tests.security.planted import markdown

ROOT = Path(__file__).parents[2]
PIECES = st.sampled_from(
    [
        *"! [ ] ( ) < > ` ```` | \\ * __ ~~ # @ :// www. &#64; &lt; fixes GH-12 deadbeef0 - + 1. 1) === --- <b>".split(),
        *"<!-- mailto: / é 的 evil.example".split(),
        *(" ", "  ", "\n", "\t", "a", "\u200b", "\x1b", "\ud83d"),
    ]
)


@given(st.lists(PIECES, min_size=1, max_size=14).map("".join))
def test_no_mixture_of_marks_becomes_markup(text: str) -> None:
    """In each kind of place that a report has."""
    inline, row = sink.text(text), f"| {sink.cell(text)} | 1 | 2 |"
    page = f"### 1. {inline}\n\n**{inline}** x {sink.code(text)}.\n\n- {inline}\n\n| a | b | c |\n| --- | --- | --- |\n{row}\n"
    markdown("\n".join([page, *sink.block(text, text), "", "# end", ""]))
    assert MarkdownIt().parse("\n".join([*sink.block(text, text), "", "# end"]))[-1].type == "heading_close"


PRINTING = {
    "click": {"echo", "secho", "echo_via_pager", "confirm", "prompt", "pause", "progressbar", "edit"},
    "sys.stdout": {"write", "writelines", "buffer"},
    "sys.stderr": {"write", "writelines", "buffer"},
    "traceback": {"print_exc", "print_exception", "print_stack"},
    "warnings": {"warn"},
    "error": {"show"},
}
MAY_PRINT = {
    "report/sinks/terminal.py": {"sys.stdout.buffer"},
    "cli/ask.py": {"click.confirm"},
    "hook/client.py": {"sys.stdout.buffer"},  # the bytes of hook/answer.py, from a process that imports nothing
}


def printing(file: Path) -> set[str]:
    """The ways in which a module could print past the sinks."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in PRINTING.get(ast.unparse(node.value), ()):
            found.add(ast.unparse(node))
        if isinstance(node, ast.ImportFrom) and node.module in PRINTING:
            found |= {f"{node.module}.{n.name}" for n in node.names if n.name in PRINTING[node.module]}
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            words = called.endswith((".add_task", "TextColumn", "Console")) and node.args
            if called == "print" or (words and not isinstance(node.args[0], ast.Constant)):
                found.add(called)
    return found


def test_nothing_prints_but_through_the_sinks() -> None:
    """A new command can't forget them."""
    folders = (ROOT / "app/aicheck_app", ROOT / "lsp_server/aicheck_lsp")
    found = {f.relative_to(folder).as_posix(): printing(f) for folder in folders for f in folder.rglob("*.py")}
    assert {name: ways for name, ways in found.items() if ways} == MAY_PRINT


def test_json_is_written_by_its_sink_alone() -> None:
    folder = ROOT / "app/aicheck_app"
    writers = [*(folder / "cli").glob("*.py"), *(folder / "report").rglob("*.py"), folder / "hook/answer.py"]
    found = {f.relative_to(folder).as_posix() for f in writers if "json.dumps(" in f.read_text("utf-8")}
    assert found == {"report/sinks/json.py"}

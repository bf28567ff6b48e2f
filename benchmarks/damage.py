"""Ways to damage a good Python file as degraded models do, at random places from a seed."""

from __future__ import annotations

import ast
import io
import random
import re
import tokenize
from collections.abc import Callable, Iterator

Damage = Callable[[str, random.Random], str | None]


def parses(text: str) -> bool:
    """Whether this Python takes the text."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _functions(text: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]


def cut_token(text: str, rng: random.Random) -> str | None:
    """Stop after a random token, such that the rest does not parse."""
    ends = [
        token.end
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in (tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.ENDMARKER)
    ]
    lines = text.splitlines(keepends=True)
    for row, column in rng.sample(ends, min(len(ends), 12)):
        if row <= len(lines):
            result = "".join(lines[: row - 1]) + lines[row - 1][:column]
            if result.strip() and not parses(result):
                return result
    return None


def cut_clean(text: str, rng: random.Random) -> str | None:
    """Stop after a random statement inside a function, such that the rest still parses."""
    ends = sorted(
        {
            (statement.end_lineno or 0, statement.end_col_offset or 0)
            for function in _functions(text)
            for statement in ast.walk(function)
            if isinstance(statement, ast.stmt) and (statement.end_lineno or 0) < (function.end_lineno or 0)
        }
    )
    rng.shuffle(ends)
    lines = text.encode().split(b"\n")
    for row, column in ends[:6]:
        kept = b"\n".join([*lines[: row - 1], lines[row - 1][:column]]).decode("utf-8", "ignore")
        if parses(kept):
            return kept + "\n"
    return None


def cut_bare(text: str, rng: random.Random) -> str | None:
    """The same, without a line break at the end, as a stream that stops leaves it."""
    cut = cut_clean(text, rng)
    return cut.rstrip("\n") if cut is not None else None


def drop_import(text: str, rng: random.Random) -> str | None:
    """Take out an import that binds one name, which is used and bound nowhere else."""
    tree = ast.parse(text)
    if any(isinstance(n, ast.ImportFrom) and n.names[0].name == "*" for n in ast.walk(tree)):
        return None
    stored: dict[str, int] = {}
    for node in ast.walk(tree):
        for name in _bound(node):
            stored[name] = stored.get(name, 0) + 1
    loaded = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    choices = []
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom) and len(statement.names) == 1:
            alias = statement.names[0]
            name = alias.asname or alias.name.split(".")[0]
            future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
            if name in loaded and stored.get(name) == 1 and not future:
                choices.append(statement)
    if not choices:
        return None
    chosen = rng.choice(choices)
    lines = text.splitlines(keepends=True)
    result = "".join(lines[: chosen.lineno - 1] + lines[chosen.end_lineno or chosen.lineno :])
    return result if parses(result) else None


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.split(".")[0]
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name


MARKERS = (
    "# ... existing code ...", "# rest of the code remains unchanged", "# ... rest of the function ...",
    "# [rest of the implementation omitted for brevity]", "# ... (unchanged)", "# existing implementation here",
    "# (same as before)", "# implementation remains the same", "# ... remaining logic unchanged ...",
    "# Rest of the method stays the same", "# <rest of code>", "# ... previous code ...", "# no changes here",
    "# body unchanged", "# ... keep the existing implementation ...", "# The rest of this function is unchanged.",
)  # fmt: skip


def elide_body(text: str, rng: random.Random) -> str | None:
    """Put a marker in place of a function's body, or of its second half."""
    functions = [f for f in _functions(text) if len(f.body) >= 3 and f.body[0].lineno > f.lineno]
    if not functions:
        return None
    chosen = rng.choice(functions)
    keep = rng.choice((0, 0, len(chosen.body) // 2))
    first = chosen.body[keep].lineno
    decorators = getattr(chosen.body[keep], "decorator_list", [])
    first = min([first, *(d.lineno for d in decorators)])
    lines = text.splitlines(keepends=True)
    indent = " " * chosen.body[0].col_offset
    marker = f"{indent}{rng.choice(MARKERS)}\n"
    tail = rng.choice(("", f"{indent}pass\n", f"{indent}...\n")) if keep == 0 else ""
    return "".join(lines[: first - 1]) + marker + tail + "".join(lines[chosen.end_lineno :])


def add_fence(text: str, rng: random.Random) -> str | None:
    """Wrap the file in a Markdown fence, or leave one end of it."""
    body = text if text.endswith("\n") else text + "\n"
    return rng.choice((f"```python\n{body}```\n", f"```py\n{body}", f"{body}```\n", f"```\n{body}```\n"))


PROSE = (
    "Here is the updated code:", "Sure! Here's the complete implementation:", "I've added the missing import.",
    "This function now handles the empty case as well.", "Let me know if you need anything else!",
    "Here's the fixed version of the file with the changes you asked for:",
    "The following code implements the requested feature.", "Note that I have kept the existing tests as they were.",
    "Now let me update the tests to match.", "I'll also add a helper to parse the result.",
    "**Explanation:** the loop now stops at the first match.", "You can run this with the usual command.",
)  # fmt: skip


def add_prose(text: str, rng: random.Random) -> str | None:
    """Put a sentence of a chat before, behind or between the statements."""
    tree = ast.parse(text)
    lines = text.splitlines(keepends=True)
    rows = [0, len(lines), *(statement.end_lineno or 0 for statement in tree.body)]
    row = rng.choice(rows)
    if row and not lines[row - 1].endswith("\n"):
        lines[row - 1] += "\n"
    result = "".join([*lines[:row], "\n" if row else "", rng.choice(PROSE) + "\n\n", *lines[row:]])
    return None if parses(result) else result


RUNS = ("结果", "的", "มากกว่า", "данные", "を確認", "데이터", "ประเทศ", "これは", "数据", "и", "ความ")


def stray_script(text: str, rng: random.Random) -> str | None:
    """Put a run of another script beside an identifier in code, joined or with a blank."""
    names = [
        token
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.NAME and len(token.string) > 2
    ]
    if not names:
        return None
    token = rng.choice(names)
    lines = text.splitlines(keepends=True)
    row, column = token.end
    run = rng.choice(("", "", " ")) + rng.choice(RUNS)
    lines[row - 1] = lines[row - 1][:column] + run + lines[row - 1][column:]
    return "".join(lines)


def number_lines(text: str, rng: random.Random) -> str | None:
    """Prefix all lines, or a stretch of them, with the numbers of a file viewer."""
    lines = text.splitlines()
    if len(lines) < 6:
        return None
    form = rng.choice(("{:>6}→", "{:>6}\t", "{}: ", "{:4d} | ", "{}|", "{:>4} "))
    first, last = 0, len(lines)
    if rng.random() < 0.5:
        first = rng.randrange(len(lines) - 5)
        last = first + rng.randrange(4, 40)
    numbered = [form.format(n + 1) + line if first <= n < last else line for n, line in enumerate(lines)]
    result = "\n".join(numbered) + "\n"
    return None if parses(result) else result


def diff_marks(text: str, rng: random.Random) -> str | None:
    """Leave the marks of a diff on some lines, with or without a hunk header."""
    lines = text.splitlines()
    code = [n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith(("#", '"', "'"))]
    if len(code) < 6:
        return None
    at = rng.choice(code)
    count = rng.randrange(1, 8)
    marked = [rng.choice("+++-") + line if at <= n < at + count else line for n, line in enumerate(lines)]
    if rng.random() < 0.4:
        marked.insert(at, f"@@ -{at + 1},{count} +{at + 1},{count} @@")
    result = "\n".join(marked) + "\n"
    return None if parses(result) else result


def repeat_line(text: str, rng: random.Random) -> str | None:
    """Repeat a line forty times."""
    lines = text.splitlines(keepends=True)
    choices = [n for n, line in enumerate(lines) if re.search(r"[A-Za-z]{3}", line) and line.endswith("\n")]
    if not choices:
        return None
    at = rng.choice(choices)
    return "".join(lines[:at] + lines[at : at + 1] * 40 + lines[at + 1 :])


CLASSES: dict[str, tuple[Damage, re.Pattern[str]]] = {
    name: (damage, re.compile(codes))
    for name, damage, codes in (
        ("cut at a token", cut_token, r"TRU00[1236]"),
        ("clean cut", cut_clean, r"TRU00[46]"),
        ("clean cut, no line break", cut_bare, r"TRU00[46]"),
        ("clean cut, previous known", cut_clean, r"TRU00[46]"),
        ("dropped import", drop_import, r"IMP00[125]"),
        ("elided body", elide_body, r"ELI00[13]"),
        ("fence", add_fence, r"COR006"),
        ("chat prose", add_prose, r"COR007|REF001"),
        ("stray script", stray_script, r"COR001"),
        ("line numbers", number_lines, r"COR003"),
        ("diff marks", diff_marks, r"COR00[45]"),
        ("repeated line", repeat_line, r"REP001"),
    )
}
"""Each class with the codes that call its cause by the right name."""

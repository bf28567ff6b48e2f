"""What does needless work, by other linters' rules."""

from __future__ import annotations

from aicheck_checks.rows import Row, rule_of
from aicheck_checks.rule import Case

_ROWS = (
    Row(
        code="EFF001",
        name="needless-list",
        summary="a list is built only to be asked any() or all()",
        title="A list is built only to be asked `any()` or `all()`.",
        why="The whole list is made before the first element is looked at.",
        instead="Pass the generator: `any(f(x) for x in xs)`.",
        ruff=("C419",),
        unnecessary=True,
        good=(Case("def f(xs):\n    return any(x > 1 for x in xs)\n"),),
        bad=(Case("def f(xs):\n    return any([x > 1 for x in xs])\n", line=2, symptom="any([...]) with a list"),),
    ),
    Row(
        code="EFF002",
        name="needless-comprehension",
        summary="a comprehension that only copies",
        title="A comprehension or generator that only copies into a list, set or dictionary.",
        why="It is slower than the constructor, and says less.",
        instead="Call `list`, `set` or `dict`, or write the comprehension itself.",
        ruff=(
            "C400",
            "C401",
            "C402",
            "C416",
        ),
        unnecessary=True,
        good=(Case("def f(xs):\n    return list(xs)\n"),),
        bad=(Case("def f(xs):\n    return [x for x in xs]\n", line=2),),
    ),
    Row(
        code="EFF003",
        name="keys-membership",
        summary="membership is asked of keys() instead of the dictionary",
        title="Membership is asked of `keys()` instead of the dictionary.",
        why="It makes a view for nothing.",
        instead="Ask the dictionary.",
        ruff=("SIM118",),
        unnecessary=True,
        good=(Case('def f(d: dict[str, int]) -> bool:\n    return "a" in d\n'),),
        bad=(Case('def f(d: dict[str, int]) -> bool:\n    return "a" in d.keys()\n', line=2),),
    ),
    Row(
        code="EFF004",
        name="list-built-in-loop",
        summary="a list is filled by append in a loop",
        title="A list is filled by `append` in a loop that does nothing else.",
        why="A comprehension does the same in one line, and faster.",
        instead="Write a comprehension.",
        ruff=(
            "PERF401",
            "PERF402",
        ),
        unnecessary=True,
        good=(Case("def f(xs):\n    return [x + 1 for x in xs]\n"),),
        bad=(
            Case(
                "def f(xs):\n    out = []\n    for x in xs:\n        out.append(x + 1)\n    return out\n",
                line=4,
                symptom="append in a loop",
            ),
        ),
    ),
    Row(
        code="EFF005",
        name="unused-half",
        summary="items() where only keys or values are used",
        title="A loop over `items()` uses only the keys or only the values.",
        why="It makes a pair for each round for nothing.",
        instead="Loop over `keys()` or `values()`.",
        ruff=("PERF102",),
        unnecessary=True,
        good=(Case("def f(d):\n    for value in d.values():\n        print(value)\n"),),
        bad=(Case("def f(d):\n    for _, value in d.items():\n        print(value)\n", line=2),),
    ),
    Row(
        code="EFF006",
        name="double-cast",
        summary="a collection is built only to be built again",
        title="A collection is built only to be built or sorted again.",
        why="The inner one is thrown away at once: `sorted(list(x))`, `list(sorted(x))`.",
        instead="Leave the inner call out.",
        ruff=(
            "C413",
            "C414",
        ),
        unnecessary=True,
        good=(Case("def f(xs):\n    return sorted(xs)\n"),),
        bad=(Case("def f(xs):\n    return sorted(list(xs))\n", line=2),),
    ),
    Row(
        code="EFF007",
        name="repeated-prefix-test",
        summary="startswith is called once per prefix",
        title="`startswith` or `endswith` is called once for each prefix.",
        why="One call takes them all as a tuple.",
        instead='Pass a tuple: `s.startswith(("a", "b"))`.',
        ruff=("PIE810",),
        unnecessary=True,
        good=(Case('def f(s: str) -> bool:\n    return s.startswith(("a", "b"))\n'),),
        bad=(Case('def f(s: str) -> bool:\n    return s.startswith("a") or s.startswith("b")\n', line=2),),
    ),
)
RULES = tuple(map(rule_of, _ROWS))

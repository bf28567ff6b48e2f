"""The canary: tasks judged without running anything, asked within a budget, compared in pairs, over a local server."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from aicheck_app.canary.judge import judge
from aicheck_app.canary.tasks import Task, bundled, load
from aicheck_app.cli.group import aicheck
from aicheck_app.log.store import Log
from aicheck_app.monitor.statistics import mcnemar, paired_difference
from tests.app.anthropic_server import serving

ANSWERS = Path(__file__).parents[2] / "examples" / "canary" / "answers"
TASK = Task("t", "python", "imports", "Write f.", ("f",), 4, 100, includes=("^def",), excludes=("print",))
GOOD = "Sure:\n\n```python\nimport os\n\n\ndef f(x):\n    # a path\n    y = os.fspath(x)\n    return y\n```\n"


def answer(task: Task) -> str:
    return (ANSWERS / f"{task.id}.md").read_text("utf-8")


@pytest.mark.parametrize("task", load(), ids=lambda task: task.id)
def test_a_right_answer_passes(task: Task) -> None:
    assert judge(task, answer(task), "end_turn").reasons == ()


@pytest.mark.parametrize("task", load(), ids=lambda task: task.id)
def test_half_an_answer_fails(task: Task) -> None:
    text = answer(task)
    assert not judge(task, text[: len(text) // 2], "max_tokens").passed


def test_the_list_covers_languages_and_families() -> None:
    tasks = load()
    assert len(tasks) >= 30
    assert set(Counter(task.language for task in tasks)) == {"go", "java", "python", "rust", "typescript"}
    families = {"syntax", "truncation", "elision", "imports", "corruption", "refusal", "repetition", "logic", "context", "calls"}  # fmt: skip
    assert {task.family for task in tasks} == families


@pytest.mark.parametrize(
    ("text", "stop", "reasons"),
    [
        (GOOD, "end_turn", ()),
        (GOOD, "max_tokens", ("stopped by max_tokens", "TRU005")),
        (GOOD.replace("import os\n", ""), "end_turn", ("IMP001",)),
        (GOOD.replace("def f", "def g"), "end_turn", ("lacks f",)),
        (GOOD.replace("    # a path\n    y = os.fspath(x)\n    return y", "    return os.fspath(x)"), "end_turn", ("3 of at least 4 lines",)),
        (GOOD.replace("def f", "async def f"), "end_turn", ("does not match ^def",)),
        (GOOD.replace("y = ", "print(x); y = "), "end_turn", ("matches print",)),
        ("I can't help with that.", "end_turn", ("REF001", "no code")),
        ("I can't help with that.", "refusal", ("stopped by refusal", "REF001", "no code")),
        ("", "", ("stopped by nothing", "no code")),
    ],
)  # fmt: skip
def test_reasons(text: str, stop: str, reasons: tuple[str, ...]) -> None:
    assert judge(TASK, text, stop).reasons == reasons


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("task = 1 2", "can't be read"),
        ("[[task]]\nid = 'a'", "task a: KeyError: 'language'"),
        ("language = 'go'\n[[task]]\nid = 'a'\nprompt = 'p'\nfamily = 'f'\nmax_tokens = 9\nincludes = ['(']", "task a: error"),
        ("language = 'go'\n[[task]]\nid = 'a'\nprompts = 'p'", "unknown key 'prompts'"),
    ],
)  # fmt: skip
def test_a_wrong_list_is_named(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "own.toml").write_text(content)
    done = invoke("run", "--model", "m", "--tasks", str(tmp_path), "--yes", code=2)
    assert says in done
    assert "own.toml" in done


class Model:
    """Answers each task rightly, but for a share of them, by a random number of its own."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.by_prompt = {message: task for task in load() for message in task.messages}

    def __call__(self, body: dict[str, Any]) -> dict[str, Any]:
        bad = float(body["model"].partition("-")[2]) / 100
        text = answer(self.by_prompt[body["messages"][-1]["content"]])
        if self.random.random() < bad:
            text = text[: int(len(text) * 0.6)]
        return {
            "id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "stop_sequence": None,
            "content": [{"type": "text", "text": text}], "stop_reason": "end_turn",
            "usage": {"input_tokens": 100, "output_tokens": 500},
        }  # fmt: skip


def invoke(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(aicheck, ["canary", *arguments], input="n\n", standalone_mode=False)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        assert code == 2, done.output
        return f"{done.output}{done.exception}"
    assert (done.return_value or 0) == code, done.output
    return done.output


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    with serving(Model(seed=4)) as address:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", address)
        yield


@pytest.mark.usefixtures("server")
def test_a_worse_model_is_told_and_the_same_one_is_not() -> None:
    done = invoke(
        "run", "--model", "old-2", "--model", "new-35", "--repeat", "2", "--yes", "--price", "3/15", "--format", "json"
    )
    summary = json.loads(done[done.index("{") :])
    asked = 2 * len(load())
    assert {m: n["passed"] + n["failed"] for m, n in summary["models"].items()} == {"old-2": asked, "new-35": asked}
    assert (summary["stopped"], summary["cost"] > 0) == ("", True)
    found = json.loads(invoke("compare", "old-2", "new-35", "--format", "json", code=1))
    assert (found["pairs"], found["changed"], found["worse"]) == (asked, True, True)
    assert found["difference"]["high"] < 0
    assert len(found["only_first"]) - len(found["only_second"]) == found["first"]["passed"] - found["second"]["passed"]
    assert sum(row["pairs"] for row in found["families"].values()) == asked
    assert "the second is worse than chance explains" in invoke("compare", "old-2", "new-35", code=1)
    assert "the second is better than chance explains" in invoke("compare", "new-35", "old-2")
    invoke("run", "--model", "old-2", "--repeat", "2", "--yes")
    first, second = dict.fromkeys(line.split()[0] for line in invoke("runs").splitlines())
    assert f"'{first}' holds answers of new-35, old-2" in invoke("compare", first, second, code=2)
    again = json.loads(invoke("compare", f"old-2@{first}", second, "--format", "json"))
    assert (again["pairs"], again["changed"]) == (asked, False)
    same = json.loads(invoke("compare", "old-2@2020-01-01..2100-01-01", "old-2@1d", "--format", "json"))
    assert (same["changed"], same["worse"]) == (False, False)
    with Log(read_only=True) as log:
        assert list(log.bodies("kind = 'output'")) == []


@pytest.mark.usefixtures("server")
def test_the_budget_holds() -> None:
    done = invoke("run", "--model", "old-0", "--yes", "--price", "3/15", "--budget", "0.2", "--format", "json", code=2)
    summary = json.loads(done[done.index("{") :])
    assert 0 < summary["cost"] <= 0.2
    assert summary["stopped"] == "the next request could pass the budget of $0.20"
    assert "needs --price" in invoke("run", "--model", "m", "--budget", "1", code=2)


@pytest.mark.usefixtures("server")
def test_nothing_is_sent_without_a_yes() -> None:
    assert "nothing was sent" in invoke("run", "--model", "old-0")
    assert "no runs yet" in invoke("runs")


def test_a_failing_service_ends_the_run_and_keeps_what_it_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    with serving() as address:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", address)
        done = invoke("run", "--model", "529:m", "--yes", code=2)
        assert "5 errors in a row, the last: HTTP 529" in done
        assert "the service refuses the request for 401:m" in invoke("run", "--model", "401:m", "--yes", code=2)
    assert invoke("runs").rstrip().endswith("0 of 0 passed, 5 errors")
    assert "no canary answers of '529:m'" in invoke("compare", "529:m", "x", code=2)
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    assert "set ANTHROPIC_API_KEY" in invoke("run", "--model", "m", "--yes", code=2)


def test_the_list_comes_with_the_package() -> None:
    assert bundled().is_dir()


def test_mcnemar_and_its_interval() -> None:
    assert (mcnemar(0, 0), mcnemar(5, 0), round(mcnemar(10, 2), 6)) == (1.0, 0.0625, 0.038574)
    there, back = paired_difference(36, 12, 2, 0), paired_difference(36, 2, 12, 0)
    assert (round(there.rate, 6), round(there.low + back.high, 9), round(there.high + back.low, 9)) == (-0.2, 0, 0)
    chance, inside = random.Random(1), 0
    for _ in range(400):
        table = Counter(chance.choices(range(4), (0.8, 0.1, 0.05, 0.05), k=60))
        interval = paired_difference(*(table[n] for n in range(4)))
        inside += interval.low <= -0.05 <= interval.high
    assert 0.92 < inside / 400 <= 1

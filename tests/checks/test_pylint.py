"""The warm pylint worker: its environment, its limits."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from aicheck_checks.engine import check
from aicheck_checks.settings import Settings
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings
from aicheck_checks.tools import pylint

DEEP = Settings(tiers=("instant", "deep"))


def codes(text: str, path: str, settings: Settings = DEEP) -> list[tuple[str, str]]:
    source = Source(text, path=path, surroundings=Surroundings(os.path.dirname(path)))
    return [(f.code, f.message) for f in check(source, settings).findings if f.code.startswith("API")]


@pytest.fixture
def shop(tmp_path: Path) -> str:
    """A project with a library of its own in its environment."""
    site = tmp_path / ".venv/lib/python3.12/site-packages/till"
    site.mkdir(parents=True)
    (site / "__init__.py").write_text("def ring(amount, *, tip=0):\n    return amount + tip\n")
    (tmp_path / ".venv/pyvenv.cfg").write_text("home = /usr/bin\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\ndependencies = ["till"]\n')
    return str(tmp_path / "app.py")


def test_calls_are_judged_by_the_projects_own_environment(shop: str) -> None:
    text = "import till\n\ntill.ring(1, tipp=2)\ntill.wring(1)\nfrom till import bell\n"
    assert [code for code, _ in codes(text, shop)] == ["API003", "API001", "API002"]
    assert codes("import till\n\ntill.ring(1, tip=2)\n", shop) == []
    # rich is in aicheck's own environment, not in the project's
    assert codes("import rich\n\nrich.no_such_thing(1)\n", shop) == []


def test_deep_rules_run_only_when_asked_for(shop: str) -> None:
    text = "import till\n\ntill.wring(1)\n"
    assert codes(text, shop, Settings()) == []
    assert codes(text, shop, Settings(select=("API001",))) == []  # a repository's settings may name it
    assert len(codes(text, shop, Settings(select=("API001",), tiers=("instant", "deep")))) == 1
    assert len(codes(text, shop, DEEP._replace(ignore=("API",)))) == 0


def test_places_that_expect_the_failure_are_left_alone(shop: str) -> None:
    guarded = "import till\n\ntry:\n    till.wring(1)\nexcept AttributeError:\n    pass\n"
    assert codes(guarded, shop) == []
    assert codes("import till\n\nif hasattr(till, 'wring'):\n    till.wring(1)\n", shop) == []


@pytest.mark.parametrize(
    ("handler", "excuses"),
    [
        ("except AttributeError:\n    raise SystemExit(1)", True),
        ("except (KeyError, AttributeError):\n    pass", True),
        ("except Exception:\n    print(1)", True),
        ("except:\n    print(1)", True),
        ("except ERRORS:\n    pass", True),
        ("except Exception as error:\n    print(1)\n    raise ValueError(1) from error", False),
        ("except ValueError:\n    print(1)", False),
        ("except OSError:\n    pass\nelse:\n    pass", False),
    ],
)
def test_only_a_handler_that_takes_the_failure_excuses_it(shop: str, handler: str, excuses: bool) -> None:
    body = f"import till\n\nERRORS = (OSError,)\n\ntry:\n    print(1)\n    print(2)\n    print(3)\n    till.wring(1)\n    print(4)\n    print(5)\n{handler}\n"
    assert [code for code, _ in codes(body, shop)] == ([] if excuses else ["API001"])


def test_a_handler_for_one_failure_excuses_no_other(shop: str) -> None:
    text = "import till\n\ntry:\n    till.ring(1, tipp=2)\n    print(1)\n    print(2)\n    print(3)\nexcept {}:\n    print(3)\n"
    assert [code for code, _ in codes(text.format("LookupError"), shop)] == ["API003"]
    assert codes(text.format("Exception"), shop) == []


def test_a_function_inside_of_a_try_does_not_run_there(shop: str) -> None:
    text = "import till\n\ntry:\n    print(1)\n    print(2)\n\n    def f():\n        till.wring(1)\n        print(1)\n        print(2)\nexcept Exception:\n    print(3)\n"
    assert [code for code, _ in codes(text, shop)] == ["API001"]


@pytest.fixture
def worker() -> Iterator[pylint.Worker]:
    worker = pylint.Worker()
    yield worker
    worker.stop()


def test_a_worker_that_dies_or_hangs_is_replaced(
    shop: str, worker: pylint.Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert worker.ask(shop, "x = 1\n", []) == []
    assert worker._process is not None
    os.kill(worker._process.pid, signal.SIGKILL)
    worker._process.wait()
    assert worker.ask(shop, "x = 1\n", []) == []
    os.kill(worker._process.pid, signal.SIGSTOP)
    monkeypatch.setattr(pylint, "TIMEOUT_SECONDS", 0.1)
    with pytest.raises(OSError, match="longer"):
        worker.ask(shop, "x = 1\n", [])
    monkeypatch.undo()
    assert worker.ask(shop, "import shutil\nshutil.copy_all_files\n", []) != []


def test_a_text_that_pylint_fails_on_leaves_the_worker_usable(shop: str, worker: pylint.Worker) -> None:
    worker.ask(shop, "def f(:\n", [])
    assert worker.ask(shop, "x = 1\n", []) == []

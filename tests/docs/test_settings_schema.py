"""The schema that editors complete settings by, and the loader, say the same."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from aicheck_app import config
from aicheck_app.errors import AicheckError
from aicheck_app.project_rules import rules
from aicheck_app.settings_schema import SETTINGS, TRUST, schema
from aicheck_checks.tools.project_tools import TOOLS

SCHEMA = schema()
VALID = Draft7Validator(SCHEMA)
ROOT = Path(__file__).parents[2]

_codes = st.lists(st.sampled_from(["IMP", "TRU004", "T", "LOG01", "NOPE", "", "imp"]) | st.integers(), max_size=3)
_words = st.lists(st.sampled_from(["a", "", " ", "pytest -q", "x" * 201, "a\0b", "\n"]), max_size=3)
_switches = st.booleans() | st.sampled_from([0, 1, "true"])
_values: dict[str, st.SearchStrategy[Any]] = {
    "select": _codes, "ignore": _codes,
    "per-file-ignores": st.dictionaries(st.sampled_from(["tests/**", "!src/", "x" * 1_001]), _codes, max_size=2) | _codes,
    "exclude": _words | st.just("generated"), "extend-exclude": _words, "notes": _switches, "quality": _switches, "deep": _switches,
    "tools": st.lists(st.sampled_from([*TOOLS, "make"]), max_size=2) | st.just("tsc"),
    "max-bytes": st.sampled_from([0, 1, -1, config.LARGEST, config.LARGEST + 1, True, 2.5, "9"]),
    "excerpt": st.sampled_from([*config.EXCERPTS, "all", 1]), "paths": st.sampled_from([*config.PATHS, "no", False]),
    "line-hashes": _switches,
    "hook": st.sampled_from([*config.HOOKS, "loud", 1])
    | st.fixed_dictionaries({}, optional={
        "answer": st.sampled_from([*config.HOOKS, "loud"]), "guard": st.sampled_from([True, False, "block", "tell"]), "other": st.just(1),
    }),
    "rules": st.dictionaries(st.sampled_from([*rules.KEYS, "forbidden-things"]), _words, max_size=2) | _words,
    "false-alarms": st.sampled_from([0.01, 0.001, 1, 365, 366, True, "1"]),
    "trusted": st.just(True),
}  # fmt: skip


def _loads(table: dict[str, Any]) -> bool:
    try:
        config.parse(table, "aicheck.toml")
    except AicheckError:
        return False
    return True


@settings(suppress_health_check=[HealthCheck.too_slow])  # on a machine with much else to do
@given(st.fixed_dictionaries({}, optional=_values))
@example({"per-file-ignores": {"a": ["IMP"]}, "rules": {"before-done": ["pytest"]}})
def test_the_schema_and_the_loader_agree(table: dict[str, Any]) -> None:
    assert VALID.is_valid(table) == _loads(table), [error.message for error in VALID.iter_errors(table)]


@pytest.mark.parametrize("key", SETTINGS)
def test_every_value_is_tried_by_itself(key: str) -> None:
    """So that agreement is not only that of tables which are wrong somewhere."""

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(_values[key])
    def agree(value: object) -> None:
        assert VALID.is_valid({key: value}) == _loads({key: value})

    agree()


def test_each_setting_has_a_page_a_default_and_an_example_that_hold() -> None:
    assert set(SETTINGS) == set(config.KEYS)
    assert set(SCHEMA["properties"]) == {*config.KEYS, config.OWN}
    for key, one in {**SETTINGS, config.OWN: TRUST}.items():
        given_example = tomllib.loads(one.example)
        assert list(given_example) == [key]
        assert given_example[key] != one.default
        for value in (one.default, given_example[key]):
            assert VALID.is_valid({key: value}), (key, value)
            assert key == config.OWN or _loads({key: value}), (key, value)


def test_defaults_are_those_of_the_loader() -> None:
    defaults = {key: one.default for key, one in SETTINGS.items() if key != "line-hashes"}
    assert config.parse(dict(defaults), "") == config.parse({}, "")


def test_a_wrong_key_is_named() -> None:
    (error,) = VALID.iter_errors({"slect": ["IMP"]})
    assert "'slect' was unexpected" in error.message


def test_the_file_is_a_schema_and_the_project_s_own_settings_fit_it() -> None:
    found = json.loads((ROOT / "docs/settings.schema.json").read_text("utf-8"))
    Draft7Validator.check_schema(found)
    assert found == SCHEMA
    own = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"].get("aicheck", {})
    assert list(VALID.iter_errors(own)) == []

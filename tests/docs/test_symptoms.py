"""The symptoms by which rules are searched. That each one's text brings its rule, tests/checks/test_rules.py says: it is one of its cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from aicheck_app.cli.group import aicheck
from aicheck_app.symptoms import search, symptoms
from aicheck_checks.registry import RULES

PAGE = (Path(__file__).parents[2] / "docs/rules/symptoms.md").read_text("utf-8")


def test_each_rule_that_may_make_a_file_suspect_has_a_symptom() -> None:
    assert [rule.code for rule in RULES if rule.tier == "instant" and not symptoms(rule)] == []


def test_no_symptom_is_that_of_two_rules() -> None:
    said = [symptom for rule in RULES for symptom in symptoms(rule)]
    assert len(said) == len(set(said))
    assert PAGE.count("\n### ") == len(said)


@pytest.mark.parametrize("rule", [rule for rule in RULES if symptoms(rule)], ids=lambda rule: rule.code)
def test_a_symptom_finds_its_rule(rule: object) -> None:
    for symptom in symptoms(rule):  # type: ignore[arg-type]
        assert rule in search(symptom)[:3], symptom


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("my file ends in </content>", "COR002"), ("rest of code unchanged", "ELI001"), ("chinese characters in my code", "COR001"),
        ("missing import", "IMP001"), ("test was skipped", "TST002"), ("<<<<<<< HEAD", "COR005"), ("the file is empty", "TRU012"),
        ("I'm sorry but I can't help", "REF001"), ("the package does not exist", "IMP006"),
    ],
)  # fmt: skip
def test_what_people_type_finds_the_rule(typed: str, code: str) -> None:
    assert code in [rule.code for rule in search(typed)[:3]]


def test_the_command_line_searches() -> None:
    def say(*arguments: str) -> str:
        return CliRunner().invoke(aicheck, ["rules", "--search", *arguments]).output

    assert (
        say("my file ends in </content>")
        == "COR002  leaked-token           a model's control token stands in the code\n"
    )
    assert say("zzzz") == "no rule speaks of that; 'aicheck rules' lists them all\n"
    (row,) = json.loads(say("my file ends in </content>", "--format", "json"))["rules"]
    assert row["code"] == "COR002"
    assert "my file ends in </content>" in row["symptoms"]


def test_explain_says_where_to_search() -> None:
    done = CliRunner().invoke(aicheck, ["explain", "my file ends in </content>"])
    assert str(done.exception) == "no rule 'my file ends in </content>'; 'aicheck rules --search' takes what you see"

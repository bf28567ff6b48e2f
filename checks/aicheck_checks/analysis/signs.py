"""The signs of a cut in words, for the finding's message."""

from __future__ import annotations

_SIGNS = {
    "ending": {
        "assign-unread": "the last statement assigns a name that nothing reads",
        "assign-read": "the last statement assigns a name inside a loop and nothing uses the result",
        "docstring": "the last function has a docstring and no body",
        "docstring-among-others": "the last function has a docstring and no body",
        "guard-return-value": "a guard returns a value and nothing follows it",
        "guard-return-bare": "a guard returns and nothing follows it",
        "guard-raise": "a guard raises and nothing follows it",
        "import_from_statement": "the last statement is an import inside a function",
        "import_statement": "the last statement is an import inside a function",
    },
    "promise": {
        "annotated-broken": "the last function promises a return value and returns none",
        "annotated-mixed": "the last function promises a return value and its end returns none",
        "optional-broken": "the last function promises a return value and returns none",
        "optional-mixed": "the last function promises a return value and its end returns none",
        "documented-broken": "the docstring promises a return value and nothing is returned",
        "name-broken": "the last function's name promises a result and nothing is returned",
        "kind-broken": "a function of this kind must return something and does not",
        "returns-elsewhere": "other paths of the last function return a value, its end does not",
    },
    "nested": {
        "unused": "a nested function is defined and never used",
        "decorated-unused": "a nested function is defined and never used",
    },
    "test": {"no-assert": "the last test asserts nothing"},
    "newline": {"missing": "the last line has no line break"},
    "main": {"uncalled": "main() is defined and never called"},
}
_SIGNS_OF_GROUP = {
    "unread": "values in the last function are prepared and never used",
    "parameters": "parameters of the last function are never used",
    "initialiser": "the class ends with an initialiser whose attributes nothing reads",
    "members": "members of self are used that nothing defines",
    "undefined": "names are used that nothing defines",
    "exports": "`__all__` lists names that are missing",
    "imports": "imports are never used",
    "private": "private names are defined and never used",
    "methods": "private methods are never called",
    "constants": "constants are never used",
    "variables": "module variables are never used",
    "exceptions": "exceptions are defined and never raised",
    "attributes": "private attributes are set and never read",
    "public attributes": "attributes are set and never read",
    "helpers": "test helpers are never used",
    "siblings": "the other functions return values, the last one does not",
    "block": "the text ends inside a block",
    "depth": "the text ends deep inside blocks",
    "length": "the last function has hardly begun",
    "ending": "the last statement is unusual for an end",
    "promise": "the last function's end is unusual",
}


def describe(group: str, category: str) -> str:
    """A sign in words."""
    known = _SIGNS.get(group, {})
    return known.get(category) or _SIGNS_OF_GROUP.get(group, f"{group} is {category}")

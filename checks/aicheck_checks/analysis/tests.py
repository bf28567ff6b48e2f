"""What tests are made of: where they stand, how they begin, what they claim, in the frameworks that people use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from aicheck_checks.source import Source

_FILE = lazy(
    r"(?:^|/)(?:tests?|__tests__|spec|specs)/|(?:^|/)(?:test_[^/]+|[^/]+_test|[^/]+[._-](?:test|spec))\.[a-z]{1,4}$|"
    r"(?:^|/)[^/]*(?:Tests?|Spec|IT)\.(?:java|kt|cs|swift|php|scala|groovy)$"
)
"""Paths by which test runners find tests, by default."""
_BUILD = lazy(
    r"(?:^|/)(?:\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci[\w.-]*\.ya?ml|azure-pipelines[\w.-]*\.ya?ml|\.circleci/config\.ya?ml|\.travis\.yml|bitbucket-pipelines\.yml|"
    r"(?:GNU)?[Mm]akefile|[Jj]ustfile|Taskfile\.ya?ml|package\.json|composer\.json|tox\.ini|Jenkinsfile)$"
)
"""Paths of what says which checks a build runs."""
_CLAIM = lazy(
    r"\s*(?:await\s+)?(?:assert\b|(?:assert|refute)_\w+[ (]|self\.assert\w+\(|(?:pytest|self)\.(?:raises|warns|fail)\(|with\s+(?:pytest|self)\.(?:raises|assert\w+)|"
    r"expect\(|(?:chai\.)?assert(?:\.\w+)*\(|\w+\.should\b|t\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\(|(?:assert|require)\.\w+\(|"
    r"(?:\w+\.)?assert[A-Z]\w*\(|assertThat\(|verify\(|fail\(|Assert\.\w+\(|[\w.()]+\.Should\w*\(|(?:debug_)?assert(?:_eq|_ne|_matches)?!\(|"
    r"\$this->(?:assert|expect)\w*\(|(?:self|static)::assert\w*\(|XCTAssert\w*\(|#expect\(|#require\(|expect\s|is_expected|should\s)"
)
_BEGINS = lazy(
    r"\s*(?:(?:async\s+)?def\s+test\w*\s*\(|(?:it|test|describe|context|specify)(?:\.\w+)? ?\(? ?[\"'`]|func\s+Test\w*\(|func\s+test\w*\(|"
    r"(?:public\s+)?function\s+test\w*\(|@Test\b|\[(?:Fact|Test|Theory|TestMethod)\b|#\[(?:tokio::)?test\]|(?:public\s+)?(?:async\s+)?(?:void|Task)\s+\w+\(|fun\s+[`\w])"
)
_WEAK = (
    lazy(r"(?:self\.)?assert(?: |True\()[Tt]rue\)?$|assert (?P<subject>.{1,300}) is not None$|assert (?P<other>\w[\w.]{0,200}(?:\(\))?)$|assert (?P<third>.{1,300}) or True$"),
    lazy(r"expect\((?P<subject>.{1,300})\)\.(?:not\.)?(?:toBeDefined|toBeTruthy|toBeFalsy|toBeNull|toBeUndefined)\(\);?$|expect\(true\)\.toBe\(true\);?$"),
    lazy(r"(?:\w{1,40}\.)?assertNotNull\((?P<subject>.{1,300})\);?$|(?:\w{1,40}\.)?assertTrue\(true\);?$|Assert\.(?:NotNull|IsNotNull)\((?P<other>.{1,300})\);?$|Assert\.(?:True|IsTrue)\(true\);?$"),
    lazy(r"(?:assert|require)\.NotNil\(t, (?P<subject>.{1,300})\)$|(?:assert|require)\.True\(t, true\)$"),
    lazy(r"expect\(true\)\.to (?:be\(true\)|eq\(true\)|be_truthy)$|assert(?:_equal true,|\()? ?true\)?$|_ = \w+$"),
    lazy(r"assert!\(true\);$|assert!\((?P<subject>.{1,300})\.is_(?:ok|some)\(\)\);$"),
    lazy(r"\$this->assertNotNull\((?P<subject>.{1,300})\);$|\$this->assertTrue\(true\);$|XCTAssertNotNil\((?P<other>.{1,300})\)$|XCTAssertTrue\(true\)$"),
)  # fmt: skip
"""Claims that hold for almost anything; ``subject`` is what they are about."""
SKIPS = lazy(
    r"\s*(?:(?:it|test|describe|context)\.(?:skip|only|todo|fails|failing)\b|x(?:it|describe|test|specify|context)\b\s*[(\"']|f(?:it|describe)\s*\(|"
    r"@(?:pytest\.mark\.(?:skip|xfail)|unittest\.(?:skip|expectedFailure))|pytest\.(?:skip|xfail)\(|self\.skipTest\(|@(?:Ignore|Disabled)\b|"
    r"\[Ignore|\[(?:Fact|Theory)\(Skip\b|#\[ignore\b|t\.Skip(?:f|Now)?\(|\$this->markTest(?:Skipped|Incomplete)\(|throw XCTSkip|skip(?:\s+[\"']|\s*$)|pending\b)"
)
"""How a test is taken out of a run, or all others are."""


def is_test_file(source: Source) -> bool:
    """Whether a text stands where tests do, or holds some beside its code, as in Rust."""
    rust = source.language is not None and source.language.name == "rust"
    return is_test_path(source.path) or (rust and "#[cfg(test)]" in source.text)


def is_test_path(path: str) -> bool:
    """Whether test runners find tests at a path."""
    return _FILE.search(path.replace("\\", "/")) is not None


def is_build_path(path: str) -> bool:
    """Whether a file at a path says which checks a build runs."""
    return _BUILD.search(path.replace("\\", "/")) is not None


def is_claim(line: str) -> bool:
    """Whether a line of code says what must hold."""
    return _CLAIM.match(line) is not None


def strong_claims(source: Source) -> int:
    """How many lines of code claim something that does not hold for almost anything."""
    return sum(is_claim(line) and weak_claim(line.strip()) is None for line in source.lines)


def begins_test(line: str) -> bool:
    """Whether a line of code begins a test."""
    return _BEGINS.match(line) is not None


def weak_claim(line: str) -> str | None:
    """What a claim that holds for almost anything is about, without blanks; empty for nothing at all, None for any other line."""
    for pattern in _WEAK:
        match = pattern.match(line)
        if match is not None:
            said = next((value for value in match.groupdict().values() if value), "")
            return re.sub(r"\s", "", said)
    return None

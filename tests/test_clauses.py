"""Every clause this release promises has a rule that speaks it and a test that cites it."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RULE_ROOMS = ("states", "casework", "notifications")
RULE_FILES = ("*.py", "*.toml", "*.j2")
CLAUSE_ID = re.compile(r"(?<![\w.-])(?:I21|CQ23|B3|M24|D)-(?:A\d?|\d+(?:\.\d+)*[a-z]?)(?![\w-])")


def promised(clause_id: str) -> bool:
    """Whether this release must carry the clause out: all of B3, renewal and exit of M24."""
    return clause_id.startswith(("B3-", "M24-9.", "M24-20"))


@pytest.fixture(scope="session")
def ruled_clauses() -> frozenset[str]:
    """The clause ids that the rules themselves name, the list of clauses not counted."""
    files = {path for room in RULE_ROOMS for kind in RULE_FILES for path in (ROOT / room).rglob(kind)}
    texts = (path.read_text(encoding="utf-8") for path in files if path != ROOT / "states" / "clauses.toml")
    return frozenset(clause_id for text in texts for clause_id in CLAUSE_ID.findall(text))


def test_the_list_holds_what_this_release_promises(listed_clauses: list[str]) -> None:
    in_list = {clause_id for clause_id in listed_clauses if promised(clause_id)}
    renewal_and_exit = {f"M24-9.{n}" for n in range(1, 6)} | {f"M24-20{letter}" for letter in "abc"}
    assert renewal_and_exit == {clause_id for clause_id in in_list if clause_id.startswith("M24-")}
    assert len(in_list - renewal_and_exit) == 20


def test_every_listed_clause_is_spelled_like_a_clause(listed_clauses: list[str]) -> None:
    assert [clause_id for clause_id in listed_clauses if not CLAUSE_ID.fullmatch(clause_id)] == []


def test_every_cited_clause_stands_in_the_list(
    cited_clauses: Mapping[str, list[str]], listed_clauses: list[str]
) -> None:
    assert {
        clause_id: cited_clauses[clause_id] for clause_id in cited_clauses.keys() - set(listed_clauses)
    } == {}


def test_every_clause_a_rule_names_stands_in_the_list(
    ruled_clauses: frozenset[str], listed_clauses: list[str]
) -> None:
    assert sorted(ruled_clauses - set(listed_clauses)) == []


def test_every_promised_clause_is_cited_by_a_test(
    cited_clauses: Mapping[str, list[str]], listed_clauses: list[str]
) -> None:
    uncited = [clause for clause in listed_clauses if promised(clause) and clause not in cited_clauses]
    assert " ".join(uncited) == ""


def test_every_promised_clause_is_named_by_a_rule(
    ruled_clauses: frozenset[str], listed_clauses: list[str]
) -> None:
    silent = [clause for clause in listed_clauses if promised(clause) and clause not in ruled_clauses]
    assert " ".join(silent) == ""

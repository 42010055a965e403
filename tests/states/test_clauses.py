"""The list of clauses is complete, ordered and readable."""

import pytest

from states.clauses import CLAUSES, SOURCES, Clause, clause


def test_every_clause_belongs_to_the_text_its_id_names() -> None:
    assert {id_: entry.source for id_, entry in CLAUSES.items()} == {
        id_: id_.split("-")[0] for id_ in CLAUSES
    }
    assert set(SOURCES) == {entry.source for entry in CLAUSES.values()}


def test_the_decisions_are_numbered_without_a_gap() -> None:
    assert [id_ for id_ in CLAUSES if id_.startswith("D-")] == [f"D-{n}" for n in range(1, 15)]


def test_a_clause_says_what_it_asks_in_one_chinese_sentence() -> None:
    assert [
        id_ for id_, entry in CLAUSES.items() if not 8 <= len(entry.asks) <= 80 or "\n" in entry.asks
    ] == []


def test_a_clause_names_the_full_title_of_its_text() -> None:
    assert clause("I21-4.5") == Clause(
        "I21-4.5", "拟列入机构公示15个工作日，无异议的在两个网站公布目录", "I21"
    )
    assert clause("I21-4.5").source_title.endswith("（人社厅发〔2021〕71号）")


def test_an_unknown_clause_is_named() -> None:
    with pytest.raises(KeyError, match=r"M24-9\.9"):
        clause("M24-9.9")

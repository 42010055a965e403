"""Every clause of the four texts has a rule that speaks it, or a reason why none does, and a test that proves it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from docs.clause_map import CLAUSE_ID, BadCitation, Place, citations_in, named_in, ruled
from docs.clause_pages import BEGIN, END, stale, within
from states.clauses import CLAUSES


def test_the_list_holds_every_clause_of_the_four_texts_and_every_decision(
    listed_clauses: tuple[str, ...],
) -> None:
    count = {source: sum(each.startswith(f"{source}-") for each in listed_clauses) for source in SOURCES}
    assert count == SOURCES


SOURCES = {"I21": 18, "CQ23": 20, "B3": 20, "M24": 43, "D": 14}


def test_every_listed_clause_is_spelled_like_a_clause(listed_clauses: tuple[str, ...]) -> None:
    assert [clause_id for clause_id in listed_clauses if not CLAUSE_ID.fullmatch(clause_id)] == []


def test_every_cited_clause_stands_in_the_list(
    cited_clauses: Mapping[str, tuple[Place, ...]], listed_clauses: tuple[str, ...]
) -> None:
    assert {each: cited_clauses[each] for each in cited_clauses.keys() - set(listed_clauses)} == {}


def test_every_clause_a_rule_names_stands_in_the_list(listed_clauses: tuple[str, ...]) -> None:
    assert {each: ruled()[each] for each in ruled().keys() - set(listed_clauses)} == {}


def test_every_clause_is_proved_by_a_test(
    cited_clauses: Mapping[str, tuple[Place, ...]], listed_clauses: tuple[str, ...]
) -> None:
    assert " ".join(each for each in listed_clauses if each not in cited_clauses) == ""


def test_every_clause_is_named_by_a_rule_or_says_why_not(listed_clauses: tuple[str, ...]) -> None:
    silent = [each for each in listed_clauses if each not in ruled() and not CLAUSES[each].reason]
    assert " ".join(silent) == ""


def test_a_reason_is_a_sentence_and_stands_where_no_rule_does() -> None:
    given = {id_: each.reason for id_, each in CLAUSES.items() if each.reason}
    assert [id_ for id_, reason in given.items() if len(reason) < 12 or id_ in ruled()] == []


def test_the_page_of_clauses_and_the_tables_of_the_readmes_are_current() -> None:
    """``make docs`` writes them again."""
    assert stale() == []


def test_a_place_is_named_by_its_function_its_key_or_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("docs.clause_map.ROOT", tmp_path)
    (tmp_path / "rule.py").write_text(
        '# M24-5\nTERM = "B3-1.5"\n\n@rule("D-3")\ndef ends():\n    """M24-9.1"""\n', encoding="utf-8"
    )
    (tmp_path / "rules.toml").write_text(
        '# M24-5\n[tracks.training]\nquota = { value = 5, clause = "CQ23-1.3b" }\n', encoding="utf-8"
    )
    found = [*named_in(tmp_path / "rule.py"), *named_in(tmp_path / "rules.toml")]
    assert found == [
        ("M24-5", Place("rule.py")),
        ("B3-1.5", Place("rule.py", "TERM")),
        ("D-3", Place("rule.py", "ends")),
        ("M24-9.1", Place("rule.py", "ends")),
        ("CQ23-1.3b", Place("rules.toml", "tracks.training.quota")),
    ]


@pytest.mark.parametrize("cited", ["RULE", "", 'id="M24-5"'])
def test_a_citation_is_written_out(cited: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docs.clause_map.ROOT", tmp_path)
    test = tmp_path / "test_rule.py"
    test.write_text(f"import pytest\n\n@pytest.mark.clause({cited})\ndef test_it(): ...\n", encoding="utf-8")
    with pytest.raises(BadCitation, match=r"test_rule\.py:3: write each clause id out"):
        list(citations_in(test))


def test_a_table_takes_its_place_between_the_marks_and_nowhere_else() -> None:
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert within(text, "| new |") == f"before\n{BEGIN}\n| new |\n{END}\nafter\n"
    for bad in ("nothing", f"{BEGIN} only", f"{END} {BEGIN}", text + text):
        with pytest.raises(ValueError, match="once each"):
            within(bad, "")

"""How a case begins: numbered once, in its first stage, on record, with its timers and its receipt."""

from datetime import date
from typing import Any

import pytest

from casework.actors import Actor
from casework.audit import verify
from casework.beginning import NewCase, begin_case
from records.transaction import transaction
from states.calendar import at_time
from states.roles import Role

FILED = at_time(date(2024, 6, 3), 10)


@pytest.mark.clause("B3-4.1", "B3-5.4")
def test_a_filed_case_waits_for_its_recommendation_until_filing_closes(programme: Any) -> None:
    (id_,) = programme.begin(as_of=FILED)
    case = programme.case(id_)
    assert (case.no, case.version, case.stage, case.process) == (
        "B3-SJAQ-0001", 1, "submitted", "B3/evaluation@1",
    )  # fmt: skip
    assert (case.filed_at, case.entered_at) == ("2024-06-03 02:00:00.000000",) * 2
    assert programme.rows("SELECT held_by, due_at FROM cases") == [
        ("recommender", "2024-06-21 16:00:00.000000")
    ]
    assert programme.rows("SELECT key, due, fires_at FROM timer WHERE kind = 'move'") == [
        ("close_unrecommended", "2024-06-21 16:00:00.000000", "2024-06-21 16:00:00.000000")
    ]


def test_the_applicant_gets_a_receipt(programme: Any) -> None:
    (id_,) = programme.begin()
    assert programme.letters(id_) == ["received/applicant"]
    assert programme.rows("SELECT recipient, occasion, state, subject FROM letter") == [
        (
            "contact@example.cn",
            "v1",
            "queued",
            "关于已收到数据安全工程技术人员评价机构申报的通知（B3-SJAQ-0001）",
        )
    ]


def test_a_draft_is_not_filed_and_gets_no_receipt(programme: Any) -> None:
    (id_,) = programme.begin(stage="draft")
    assert (programme.case(id_).stage, programme.case(id_).filed_at) == ("draft", None)
    assert programme.letters(id_) == []


def test_beginning_is_on_record(programme: Any) -> None:
    (id_,) = programme.begin()
    columns = "kind, name, case_id, from_stage, to_stage, version, clause, detail, actor"
    assert programme.rows(f"SELECT {columns} FROM audit WHERE case_id = ?", id_) == [
        ("move", "file", id_, "", "submitted", 1, "B3-5.4", '{"no":"B3-SJAQ-0001"}', "office:示例经办人")
    ]
    assert verify(programme.desk.engine).ok


def test_numbers_run_by_call_and_occupation_and_never_come_back(programme: Any) -> None:
    ids = [*programme.begin(2), *programme.begin(1, occupation="MMGC"), *programme.begin(1)]
    assert [programme.case(id_).no for id_ in ids] == [
        "B3-SJAQ-0001", "B3-SJAQ-0002", "B3-MMGC-0001", "B3-SJAQ-0003",
    ]  # fmt: skip


@pytest.mark.clause("M24-7.2b")
def test_the_database_itself_keeps_one_case_per_institution_and_occupation(programme: Any) -> None:
    (id_,) = programme.begin()
    before = programme.contents()
    with pytest.raises(Exception, match="UNIQUE constraint failed"):
        programme.begin(institution_id=programme.case(id_).institution_id)
    assert programme.contents() == before
    assert programme.begin(occupation="MMGC", institution_id=programme.case(id_).institution_id)


def test_an_institution_nobody_knows_has_no_case(programme: Any) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY constraint failed"):
        programme.begin(institution_id=999)
    assert programme.rows("SELECT count(*) FROM cases") == [(0,)]


def test_what_the_caller_takes_back_did_not_happen(programme: Any) -> None:
    programme.begin()
    before = programme.contents()
    new = NewCase("B3", "evaluation", "MMGC", 1, "50", "P50", "初级", "contact@example.cn")

    def begin_and_fail() -> None:
        with transaction(programme.desk.engine) as tx:
            begin_case(tx, programme.desk, new, by=Actor("示例经办人", Role.OFFICE), as_of=FILED)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        begin_and_fail()
    assert programme.contents() == before

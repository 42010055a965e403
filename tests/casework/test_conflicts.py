"""Conflicts between the two directories (M24-18): found, shown, an incident; nothing is blocked."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from casework.actors import Actor
from casework.conflicts import conflict_findings, declare_tie, directory_conflicts, watch_conflicts
from casework.history import show
from casework.incidents import close_incident
from casework.loading import load
from records.transaction import reading, transaction
from states.refusals import Refused
from states.roles import Role

pytestmark = pytest.mark.clause("M24-18")

Programme = Any  # of conftest

OFFICE = Actor("示例经办人", Role.OFFICE)
NOW = datetime(2025, 1, 1, 2, tzinfo=UTC)
DAY = date(2025, 1, 1)
BRANCH = "91110000600037341L"


@pytest.fixture
def evaluating(programme: Programme) -> int:
    """An institution in the directory of evaluation for 数据安全."""
    (id_,) = programme.bring(programme.begin(), "listed")
    programme.spoil("UPDATE institution SET uscc = '91350100M000100Y43' WHERE id = 1")
    return int(id_)


def training(programme: Programme, occupation: str = "SJAQ", **known: Any) -> int:
    """A case in the directory of training since 2024, of the same institution unless said otherwise."""
    (id_,) = programme.begin(occupation=occupation, **known)
    programme.spoil("DELETE FROM timer WHERE case_id = ?", id_)
    programme.spoil(
        "UPDATE cases SET track = 'training', process = 'B3/training@1', no = 'B3-P-' || id, stage = 'listed' WHERE id = ?",
        id_,
    )
    programme.spoil(
        "INSERT INTO term (case_id, institution_id, track, occupation, levels, number, starts_at, granted_at, last_day)"
        " SELECT id, institution_id, 'training', occupation, levels, 1, ?, ?, '2027-10-10' FROM cases WHERE id = ?",
        datetime(2024, 10, 10, tzinfo=UTC), datetime(2024, 10, 10, tzinfo=UTC), id_,
    )  # fmt: skip
    return int(id_)


def twice(programme: Programme) -> int:
    """The evaluating institution, in the directory of training as well."""
    programme.spoil("UPDATE cases SET call = 'X' WHERE id = 1")  # makes room for its second case
    id_ = training(programme, institution_id=1)
    programme.spoil("UPDATE cases SET call = 'B3' WHERE id = 1")
    return id_


def conflicts(programme: Programme) -> list[tuple[str, str, str]]:
    return [
        (each.evaluation.no, each.training.no, each.tie)
        for each in directory_conflicts(programme.desk, on=DAY)
    ]


def test_who_evaluates_and_trains_for_one_occupation_is_found(programme: Programme, evaluating: int) -> None:
    twice(programme)
    assert conflicts(programme) == [("B3-SJAQ-0001", "B3-P-2", "itself")]
    [found] = directory_conflicts(programme.desk, on=DAY)
    assert found.sentence == (
        "示例机构1在评价机构目录（B3-SJAQ-0001），又在培训机构目录（B3-P-2），职业同为数据安全工程技术人员，"
        "评价机构及其分支机构、技术支持单位不得开展同一职业的培训"
    )


def test_another_occupation_or_another_institution_is_none(programme: Programme, evaluating: int) -> None:
    training(programme, occupation="JQRG", institution_id=1)
    training(programme)
    assert conflicts(programme) == []


def test_it_is_one_only_on_days_on_which_both_stand(programme: Programme, evaluating: int) -> None:
    twice(programme)
    assert directory_conflicts(programme.desk, on=date(2024, 10, 9)) == []
    assert directory_conflicts(programme.desk, on=date(2027, 10, 11)) == []


@pytest.mark.parametrize("kind", ["branch", "supporter"])
def test_a_declared_branch_or_supporter_is_found_likewise(
    programme: Programme, evaluating: int, kind: str
) -> None:
    training(programme)
    programme.spoil("UPDATE institution SET uscc = ? WHERE id = 2", BRANCH)
    assert conflicts(programme) == []
    for _ in range(2):
        declare_tie(
            programme.desk, "91350100M000100Y43", BRANCH, kind, source="营业执照", by=OFFICE, as_of=NOW
        )
    assert conflicts(programme) == [("B3-SJAQ-0001", "B3-P-2", kind)]
    assert programme.rows("SELECT count(*) FROM audit WHERE kind = 'institution'") == [(1,)]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"institution": "X"}, "没有统一社会信用代码为“X”的机构，请核对。"),
        ({"other": "91110000600037341X"}, "“91110000600037341X”不是有效的统一社会信用代码，请核对。"),
        ({"other": "91350100M000100Y43"}, "两个统一社会信用代码相同，不必登记。"),
        (
            {"kind": "friend"},
            "没有“friend”这种关系，可用的有：branch（分支机构）、supporter（技术支持单位）。",
        ),
        ({"source": " "}, "登记机构关系须写明依据，请用 --source 填写。"),
        (
            {"by": Actor("x", Role.RECOMMENDER, "P50")},
            "机构关系只能由工程指导协调小组办公室、办公室负责人登记。",
        ),
    ],
)
def test_a_tie_nobody_can_vouch_for_is_refused(
    programme: Programme, evaluating: int, changed: dict[str, Any], sentence: str
) -> None:
    said: dict[str, Any] = {
        "institution": "91350100M000100Y43", "other": BRANCH, "kind": "branch", "source": "营业执照", "by": OFFICE,
        **changed,
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        declare_tie(
            programme.desk, said["institution"], said["other"], said["kind"], source=said["source"], by=said["by"],
            as_of=NOW,
        )  # fmt: skip
    assert refused.value.sentence == sentence
    assert programme.rows("SELECT * FROM institution_tie") == []


def test_the_office_is_told_once_and_no_more_when_it_has_judged(
    programme: Programme, evaluating: int
) -> None:
    twice(programme)
    assert [watch_conflicts(programme.desk, as_of=NOW) for _ in range(2)] == [1, 1]
    assert programme.rows("SELECT kind, subject, attempts FROM incident") == [
        ("directory_conflict", "B3-SJAQ-0001+B3-P-2", 1)
    ]
    with transaction(programme.desk.engine) as tx:
        close_incident(tx, 1, OFFICE, "培训业务已停办", NOW)
    watch_conflicts(programme.desk, as_of=NOW)
    assert programme.rows("SELECT count(*) FROM incident WHERE closed_at IS NULL") == [(0,)]


def test_a_conflict_that_is_gone_closes_by_itself(programme: Programme, evaluating: int) -> None:
    id_ = twice(programme)
    watch_conflicts(programme.desk, as_of=NOW)
    programme.spoil("UPDATE term SET ended_at = ? WHERE case_id = ?", datetime(2025, 1, 2, tzinfo=UTC), id_)
    assert watch_conflicts(programme.desk, as_of=datetime(2025, 1, 4, tzinfo=UTC)) == 0
    assert programme.rows("SELECT outcome FROM incident") == [("已不再同时在两个目录",)]


def test_the_office_sees_it_on_the_case_before_it_is_listed_and_nothing_is_blocked(
    programme: Programme,
) -> None:
    (id_,) = programme.bring(programme.begin(), "recheck")
    programme.spoil("UPDATE cases SET call = 'X' WHERE id = 1")
    training(programme, institution_id=1)
    programme.spoil("UPDATE cases SET call = 'B3' WHERE id = 1")
    at = datetime(2024, 9, 1, 2, tzinfo=UTC)
    [kept] = show(programme.desk, "B3-SJAQ-0001", as_of=at).findings
    assert (kept.finding.clause, kept.finding.blocks, kept.waits) == ("M24-18", False, False)
    assert kept.finding.sentence == (
        "示例机构1（同一机构）现已列入培训机构目录（B3-P-2），职业同为数据安全工程技术人员，"
        "评价机构及其分支机构、技术支持单位不得开展同一职业的培训，请核实"
    )
    assert "publicise" in [each.move.name for each in show(programme.desk, "B3-SJAQ-0001", as_of=at).moves]
    recommender = Actor("示例", Role.RECOMMENDER, "P50")
    assert show(programme.desk, "B3-SJAQ-0001", as_of=at, actor=recommender).findings == ()
    assert programme.case(id_).warnings_open == 0


def test_a_training_case_is_told_of_who_evaluates_it_or_is_behind_it(
    programme: Programme, evaluating: int
) -> None:
    id_ = training(programme)
    programme.spoil("UPDATE institution SET uscc = ? WHERE id = 2", BRANCH)
    declare_tie(programme.desk, "91350100M000100Y43", BRANCH, "branch", source="申明", by=OFFICE, as_of=NOW)
    with reading(programme.desk.engine) as tx:
        [kept] = conflict_findings(tx, load(tx, [id_])[0].facts)
    assert kept.finding.sentence.startswith("示例机构1（分支机构）现已列入评价机构目录（B3-SJAQ-0001）")

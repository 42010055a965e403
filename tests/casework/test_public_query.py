"""What the public may ask of the two directories, on any day: who, for what, how long, and what it may charge."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from casework.calls import open_call
from casework.directory import Entry, entries
from casework.sweep import sweep
from states.calendar import SHANGHAI

LISTED = date(2023, 10, 11)


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI).astimezone(UTC)  # type: ignore[arg-type, misc]


@pytest.fixture
def chongqing(programme: Any, office: Any) -> Any:
    """An examiner and two trainers of Chongqing's second batch, in their directories since 11 October 2023."""
    open_call(programme.desk, "CQ23", by=office, as_of=at(2023, 6, 1, 9))
    known = {"call": "CQ23", "as_of": at(2023, 6, 5, 10)}
    for track, occupation in (("evaluation", "RGZN"), ("training", "RGZN"), ("training", "WLWG")):
        (id_,) = programme.begin(track=track, occupation=occupation, **known)
        programme.make(
            "recommend", id_, at(2023, 6, 12, 10), letter_no="示例1号", letter_date=date(2023, 6, 12)
        )
        programme.make("receive_paper", id_, at(2023, 6, 14, 10))
        programme.make("begin_review", id_, at(2023, 6, 15, 10))
        programme.make("pass_initial", id_, at(2023, 7, 3, 10))
        programme.make("record_result", id_, at(2023, 7, 10, 10), votes_for=5, votes_cast=7)
        programme.make("conclude_review", id_, at(2023, 7, 11, 10))
        programme.make("approve_result", id_, at(2023, 7, 12, 10))
        # 28 September, then the holiday to 6 October, of which 7 and 8 October are made up, 9, 10 October.
        programme.make("publicise", id_, at(2023, 9, 27, 17))
    sweep(programme.desk, as_of=at(2023, 10, 11))
    return programme


def asked(programme: Any, on: date = LISTED, **narrowed: Any) -> list[tuple[str, str, str]]:
    return [_told(each) for each in entries(programme.desk.engine, on=on, **narrowed)]


def _told(each: Entry) -> tuple[str, str, str]:
    return each.track, each.occupation.code, each.no


EXAMINER = ("evaluation", "RGZN", "CQ23-RGZN-0001")
TRAINER, OTHER = ("training", "RGZN", "CQ23-RGZN-0002"), ("training", "WLWG", "CQ23-WLWG-0001")


@pytest.mark.clause("M24-2", "CQ23-4.5")
def test_the_two_kinds_stand_in_two_directories(chongqing: Any) -> None:
    assert asked(chongqing, track="evaluation") == [EXAMINER]
    assert asked(chongqing, track="training") == [TRAINER, OTHER]
    assert asked(chongqing, on=date(2023, 10, 10)) == []


@pytest.mark.clause("M24-13", "I21-6.1", "CQ23-4.5")
def test_one_asks_by_occupation_and_by_province(chongqing: Any) -> None:
    assert asked(chongqing, occupation="RGZN") == [EXAMINER, TRAINER]
    assert asked(chongqing, track="training", occupation="WLWG") == [OTHER]
    assert asked(chongqing, province="50") == [EXAMINER, TRAINER, OTHER]
    assert asked(chongqing, province="51") == []


@pytest.mark.clause("M24-13", "I21-6.1", "CQ23-1.5")
def test_an_answer_names_the_institution_its_levels_and_how_long_it_stands(chongqing: Any) -> None:
    (found,) = entries(chongqing.desk.engine, on=LISTED, track="evaluation")
    assert (found.institution, found.occupation.title, found.levels) == (
        "示例机构1", "人工智能工程技术人员", "初级、中级",
    )  # fmt: skip
    assert (found.first_day, found.last_day, found.status) == (LISTED, date(2026, 10, 11), "有效")
    assert asked(chongqing, on=date(2026, 10, 11), track="evaluation") == [EXAMINER]


@pytest.mark.clause("CQ23-5.2")
def test_a_strong_institution_stands_for_several_occupations(chongqing: Any) -> None:
    (other,) = chongqing.begin(
        call="CQ23", track="training", occupation="GYHL", institution_id=3, as_of=at(2023, 6, 5, 10)
    )
    institutions = chongqing.rows("SELECT occupation FROM cases WHERE institution_id = 3 ORDER BY occupation")
    assert (institutions, chongqing.case(other).no) == ([("GYHL",), ("WLWG",)], "CQ23-GYHL-0001")

"""The directory of any day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from casework.directory import LISTING, RECTIFYING, UNDER_REVIEW, VALID, entries
from casework.sweep import sweep
from states.process import build
from states.rulebook import call_rules

Programme = Any  # of conftest

# Publicity ended on 9 October 2024, so the term runs from the 10th to 10 October 2027.
FIRST, LAST = date(2024, 10, 10), date(2027, 10, 10)


def at(*when: int) -> datetime:
    """A Shanghai morning as UTC."""
    year, month, day = when
    return datetime(year, month, day, 2, tzinfo=UTC)


def on(programme: Programme, day: date, track: str | None = None) -> list[tuple[str, int, str]]:
    """The directory of a day: number, term and status."""
    return [
        (each.no, each.number, each.status) for each in entries(programme.desk.engine, on=day, track=track)
    ]


def renewing(programme: Programme) -> int:
    """A listed case that applied for renewal in time, on 10 May 2027."""
    (id_,) = programme.bring(programme.begin(), "listed")
    programme.make("record_activity", id_, at(2025, 3, 3), person_times=100)
    programme.apply(id_, at(2027, 5, 10))
    return id_


@pytest.mark.clause("M24-5", "I21-6.1", "B3-1.5")
def test_a_listing_stands_from_its_first_day_to_the_end_of_its_last(programme: Programme) -> None:
    programme.bring(programme.begin(), "listed")
    assert on(programme, date(2024, 10, 9)) == []
    assert on(programme, FIRST) == [("B3-SJAQ-0001", 1, VALID)]
    assert on(programme, LAST) == [("B3-SJAQ-0001", 1, VALID)]
    assert on(programme, date(2027, 10, 11)) == []


@pytest.mark.clause("M24-9.4", "I21-4.1")
def test_a_listing_given_up_leaves_on_its_day_whether_or_not_the_clock_came_by(programme: Programme) -> None:
    programme.bring(programme.begin(), "listed")
    late = [on(programme, day) for day in (LAST, date(2027, 10, 11))]
    sweep(programme.desk, as_of=at(2028, 1, 5))
    assert programme.case(1).stage == "exited"
    assert [on(programme, day) for day in (LAST, date(2027, 10, 11))] == late
    assert on(programme, date(2026, 2, 1)) == [("B3-SJAQ-0001", 1, VALID)]


@pytest.mark.clause("D-5")
def test_a_renewal_under_review_keeps_its_place_and_says_so(programme: Programme) -> None:
    renewing(programme)
    assert on(programme, date(2027, 5, 9)) == [("B3-SJAQ-0001", 1, VALID)]
    assert on(programme, date(2027, 5, 10)) == [("B3-SJAQ-0001", 1, UNDER_REVIEW)]
    assert on(programme, date(2027, 12, 1)) == [("B3-SJAQ-0001", 1, UNDER_REVIEW)]


@pytest.mark.clause("D-8", "M24-9.1")
def test_a_renewed_term_takes_over_the_day_after(programme: Programme) -> None:
    id_ = renewing(programme)
    programme.make("approve_renewal", id_, at(2027, 6, 1))
    assert on(programme, LAST) == [("B3-SJAQ-0001", 1, VALID)]
    assert on(programme, date(2027, 10, 11)) == [("B3-SJAQ-0001", 2, VALID)]


@pytest.mark.clause("D-5", "M24-9.1")
def test_a_renewal_refused_after_the_term_stood_until_it_was_decided(programme: Programme) -> None:
    id_ = renewing(programme)
    programme.make("refuse_renewal", id_, at(2027, 12, 1), reason="示例理由")
    assert on(programme, date(2027, 12, 1)) != []
    assert on(programme, date(2027, 11, 30)) == [("B3-SJAQ-0001", 1, UNDER_REVIEW)]
    assert on(programme, date(2027, 12, 2)) == []


@pytest.mark.clause("M24-20a", "M24-20b")
def test_a_listing_being_rectified_says_so_on_those_days(programme: Programme) -> None:
    (id_,) = programme.bring(programme.begin(), "listed")
    programme.make("order_rectification", id_, at(2025, 3, 3), finding="示例", due_on=date(2025, 4, 3))
    programme.make("report_rectification", id_, at(2025, 3, 20), report="示例")
    programme.make("accept_rectification", id_, at(2025, 4, 1), finding="合格")
    assert [on(programme, day)[0][2] for day in (date(2025, 3, 2), date(2025, 3, 3), date(2025, 4, 1))] == [
        VALID, RECTIFYING, VALID,
    ]  # fmt: skip


@pytest.mark.clause("I21-6.3")
def test_a_removed_listing_is_gone_from_the_next_day(programme: Programme) -> None:
    (id_,) = programme.bring(programme.begin(), "listed")
    programme.make("remove", id_, at(2025, 1, 15), ground="violation", finding="示例")
    assert len(on(programme, date(2025, 1, 15))) == 1
    assert on(programme, date(2025, 1, 16)) == []


def test_the_directory_has_one_order_and_can_be_narrowed_to_a_track(programme: Programme) -> None:
    programme.bring(
        [*programme.begin(2), *programme.begin(occupation="MMGC"), *programme.begin(occupation="JQRG")],
        "listed",
    )
    assert [no for no, _, _ in on(programme, FIRST)] == [
        "B3-JQRG-0001", "B3-MMGC-0001", "B3-SJAQ-0001", "B3-SJAQ-0002",
    ]  # fmt: skip
    assert on(programme, FIRST, "evaluation") == on(programme, FIRST)
    assert on(programme, FIRST, "training") == []


def test_an_entry_reads_as_a_line_of_words(programme: Programme) -> None:
    programme.bring(programme.begin(), "listed")
    (entry,) = entries(programme.desk.engine, on=FIRST)
    assert entry.row() == (
        "评价", "数据安全工程技术人员", "初级、中级", "示例机构1", "U1", "重庆市",
        "重庆市人力资源和社会保障局", "B3", "1", "2024-10-10", "2027-10-10", VALID, "B3-SJAQ-0001", "", "", "",
    )  # fmt: skip


def test_the_directory_can_be_asked_for_an_occupation_a_province_or_a_page(programme: Programme) -> None:
    programme.bring([*programme.begin(2), *programme.begin(occupation="JQRG")], "listed")

    def asked(**how: Any) -> list[str]:
        return [each.no for each in entries(programme.desk.engine, on=FIRST, **how)]

    whole = ["B3-JQRG-0001", "B3-SJAQ-0001", "B3-SJAQ-0002"]
    assert asked() == whole
    assert asked(occupation="SJAQ") == whole[1:]
    assert asked(province="50") == whole
    assert asked(province="11") == []
    assert [asked(limit=2), asked(limit=2, offset=2), asked(limit=2, offset=4)] == [whole[:2], whole[2:], []]


@pytest.mark.parametrize("call", ["B3", "CQ23"])
def test_the_stages_that_stand_in_the_directory_are_those_of_the_process(call: str) -> None:
    assert build(call_rules(call).track("evaluation")).directory_stages == LISTING

"""What an institution is told of its renewal: exact dates, the clause, and how long a return is barred when it is (M24-9.5)."""

from datetime import date
from typing import Any

import pytest

from casework.earlier_filings import cooling_off
from casework.gate import advance
from casework.sweep import sweep
from records.transaction import reading
from states.calendar import at_time
from states.effects import DEEMED_GIVEN_UP

BARRED = "2030年10月10日"
FREE = "2030年10月11日"


def words_missing(letter: str, *words: str) -> list[str]:
    return [word for word in words if word not in letter]


@pytest.mark.clause("M24-9.1", "M24-9.4", "M24-9.5")
def test_the_window_and_its_close_name_the_days_and_what_missing_them_costs(listed: Any) -> None:
    listed.sweeps(listed.at(2027, 6, 28, 10))
    window, closing = listed.letter("renewal_window"), listed.letter("renewal_closing")
    assert (
        words_missing(
            window,
            "第1个有效期至2027年10月10日届满",
            "2027年4月10日起可以申请",
            "最迟2027年7月10日（含当日）",
            BARRED,
            FREE,
        )
        == []
    )
    assert (
        words_missing(closing, "还有9个工作日", "2027年7月10日（含当日）", "M24-9.4", BARRED, FREE, "M24-9.5")
        == []
    )


@pytest.mark.clause("M24-9.4", "M24-9.5")
def test_the_lapse_names_the_day_that_was_missed_and_the_bar(listed: Any) -> None:
    listed.sweeps(listed.at(2027, 7, 11))
    for role in ("applicant", "recommender"):
        assert (
            words_missing(
                listed.letter("lapsed", role),
                "最迟于2027年7月10日",
                "2027年10月10日",
                "M24-9.4",
                BARRED,
                FREE,
            )
            == []
        )


@pytest.mark.clause("D-4", "M24-9.1")
def test_received_returned_reminded_corrected_and_dropped_name_their_days(listed: Any) -> None:
    listed.files(listed.at(2027, 7, 9, 10))
    assert (
        words_missing(
            listed.letter("renewal_received"), "2027年7月9日收到", "2027年7月10日", "2027年10月10日", "D-5"
        )
        == []
    )
    listed.returned(listed.at(2027, 7, 12, 10), "请补充2026年收费情况")
    for role in ("applicant", "recommender"):
        told = listed.letter("renewal_returned", role)
        assert (
            words_missing(told, "2027年7月12日退回", "请补充2026年收费情况", "2027年7月26日（含当日）", "D-4")
            == []
        )
    listed.sweeps(listed.at(2027, 7, 23, 10))
    assert (
        words_missing(listed.letter("renewal_correction_due"), "还有1个工作日", "2027年7月26日（含当日）")
        == []
    )
    listed.files(listed.at(2027, 7, 24, 10))
    assert words_missing(listed.letter("renewal_corrected"), "2027年7月24日收到", "2027年10月10日") == []
    listed.returned(listed.at(2027, 7, 26, 10))
    listed.sweeps(listed.at(2027, 8, 31))
    for role in ("applicant", "recommender"):
        told = listed.letter("renewal_dropped", role)
        assert words_missing(told, "自2027年8月10日起视为没有申请", "2027年7月10日（含当日）", BARRED) == []


@pytest.mark.clause("M24-9.1", "D-8")
def test_the_approval_names_the_new_term_and_the_next_window(listed: Any) -> None:
    listed.files(listed.at(2027, 5, 4, 10))
    advance(listed.desk, "approve_renewal", [1], by=listed.group, as_of=listed.at(2027, 6, 1, 10))
    told = listed.letter("renewal_approved")
    assert (
        words_missing(
            told, "2027年10月11日至2030年10月10日", "第2个有效期", "2030年4月10日起", "2030年7月10日", "D-8"
        )
        == []
    )


@pytest.mark.clause("M24-9.1", "M24-9.2", "M24-9.5", "D-13")
@pytest.mark.parametrize("active", [True, False])
def test_a_refusal_names_the_bar_only_where_there_is_one(programme: Any, active: bool) -> None:
    programme.bring(programme.begin(), "listed")
    if active:
        programme.make("record_activity", 1, at_time(date(2025, 3, 3), 10), person_times=300)
    when = at_time(date(2027, 5, 4), 10)
    programme.apply(1, when)
    programme.make("refuse_renewal", 1, at_time(date(2027, 6, 1), 10), reason="质量不符合要求")
    ((body,),) = programme.rows(
        "SELECT body FROM letter WHERE letter = 'renewal_refused' AND role = 'applicant'"
    )
    expected = (
        ("续期审核未通过（M24-9.1）", "不限制你单位以后再次申报") if active else ("M24-9.2", BARRED, FREE)
    )
    assert words_missing(body, "2027年6月1日", "质量不符合要求", "2027年10月10日", *expected) == []
    assert (BARRED in body) is not active


@pytest.mark.clause("M24-9.2", "M24-9.3", "M24-9.4", "M24-9.5", "M24-20c", "M24-21", "D-13", "D-14")
@pytest.mark.parametrize(
    ("ground", "barred"),
    [
        ("not_applied", "2030-10-10"), ("inactive_first_term", "2030-10-10"), ("below_200", "2033-10-10"),
        ("voluntary", None), ("fraud", None), ("renewal_refused", None),
    ],
)  # fmt: skip
def test_a_new_application_is_barred_for_what_is_deemed_given_up_and_nothing_else(
    programme: Any, ground: str, barred: str | None
) -> None:
    def at(*when: int) -> Any:
        return at_time(date(*when), 10)

    programme.bring(programme.begin(), "listed")
    if ground != "inactive_first_term":
        programme.make("record_activity", 1, at(2025, 3, 3), person_times=300)
    if ground == "voluntary":
        programme.make("withdraw_listing", 1, at(2026, 3, 2), reason="终止业务")
    elif ground == "fraud":
        programme.make("remove", 1, at(2026, 3, 2), ground="fraud", finding="伪造成绩")
    elif ground in ("below_200", "renewal_refused"):
        programme.apply(1, at(2027, 5, 4))
        programme.make(
            "approve_renewal" if ground == "below_200" else "refuse_renewal",
            1,
            at(2027, 6, 1),
            **({} if ground == "below_200" else {"reason": "质量不符合要求"}),
        )
    if ground == "below_200":
        programme.make("record_activity", 1, at(2028, 3, 3), person_times=599)
        sweep(programme.desk, as_of=at(2030, 5, 6))
        programme.apply(1, at(2030, 5, 6))
        sweep(programme.desk, as_of=at(2030, 11, 1))
        assert programme.case(1).stage == "renewal"
        programme.make("refuse_renewal", 1, at(2030, 11, 1), reason="年均不足")
    sweep(programme.desk, as_of=at(2030, 11, 2))
    facts = programme.case(1)
    assert (facts.stage, facts.exit_ground) == ("exited", ground)
    process = programme.desk.processes.process(facts.process)
    occupation = next(each for each in process.rules.occupations.value if each.code == facts.occupation)
    with reading(programme.desk.engine) as tx:
        until = cooling_off(tx, process.rules, occupation, facts.institution_id)
    assert (str(until) if until else None) == barred
    assert (ground in DEEMED_GIVEN_UP) == (barred is not None)
    ((letter,),) = programme.rows(
        "SELECT body FROM letter WHERE letter IN ('exited', 'renewal_refused') AND role = 'applicant' ORDER BY id DESC LIMIT 1"
    )
    assert ("限制申报期" in letter) == (barred is not None)

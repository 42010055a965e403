"""What must always be true can be found untrue: one deliberate corruption for every fault the check names."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from casework.invariants import SHOWN, check
from casework.sweep import sweep
from states.calendar import at_time

NOW = at_time(date(2024, 6, 12), 10)
LISTED = at_time(date(2024, 10, 10), 0)
DAY = timedelta(days=1)


@pytest.fixture
def listed(programme: Any) -> Any:
    """One institution in the directory and one whose publicity is running."""
    programme.bring(programme.begin(), "listed")
    assert check(programme.desk, LISTED).faults == []
    return programme


def faults(programme: Any, as_of: datetime = LISTED) -> list[str]:
    return check(programme.desk, as_of).faults


def test_an_empty_database_is_sound(desk: Any) -> None:
    report = check(desk, NOW)
    assert (report.ok, report.cases, report.entries) == (True, 0, 0)


def test_a_lived_one_is_sound_and_all_of_it_was_gone_through(programme: Any) -> None:
    programme.bring(programme.begin(2), "publicity")
    programme.begin(3, occupation="MMGC")
    sweep(programme.desk, as_of=at_time(date(2028, 1, 1), 0))
    report = check(programme.desk, at_time(date(2028, 1, 1), 0))
    ((entries,),) = programme.rows("SELECT count(*) FROM audit")
    assert (report.faults, report.cases, report.entries) == ([], 5, entries)


def test_a_changed_log(listed: Any) -> None:
    listed.spoil("UPDATE audit SET actor = 'office:冒名' WHERE seq = 5")
    assert faults(listed) == ["审计日志：第5条记录与其哈希不符，记录或此前内容被改动过"]


@pytest.mark.parametrize(
    "spoil",
    [
        "DELETE FROM timer WHERE key = 'lapse'",
        "UPDATE timer SET due = '2027-07-11 16:00:00.000000' WHERE key = 'lapse'",
        (
            "INSERT INTO timer (case_id, key, kind, due, fires_at, about, clause, role, letter, move, provisional, edition)"
            " SELECT case_id, 'extra', kind, due, fires_at, about, clause, role, letter, move, provisional, edition"
            " FROM timer WHERE key = 'lapse'"
        ),
    ],
    ids=["taken away", "shifted", "added"],
)
def test_a_timer(listed: Any, spoil: str) -> None:
    listed.spoil(spoil)
    assert faults(listed) == ["B3-SJAQ-0001：存储的时限与推算的时限不一致（环节“在册”）"]


def test_a_clock_move_that_would_never_fire(listed: Any) -> None:
    listed.spoil("UPDATE timer SET fires_at = NULL WHERE key = 'lapse'")
    assert faults(listed) == ["B3-SJAQ-0001：到期办理“逾期未申请续期”永远不会执行"]


def test_a_limit_shown(listed: Any) -> None:
    listed.spoil("UPDATE cases SET due_at = '2027-07-11 16:00:00.000000'")
    assert faults(listed) == ["B3-SJAQ-0001：办理期限与推算不一致"]


def test_a_holder_shown(listed: Any) -> None:
    listed.spoil("UPDATE cases SET held_by = 'office'")
    assert faults(listed) == ["B3-SJAQ-0001：承办方与流程不一致"]


def test_a_stage_nobody_declared(listed: Any) -> None:
    listed.spoil("UPDATE cases SET stage = 'limbo'")
    assert faults(listed) == ["B3-SJAQ-0001：环节“limbo”不在流程B3/evaluation@1之中"]


def test_a_version_without_its_move(programme: Any) -> None:
    programme.begin()
    programme.spoil("UPDATE cases SET version = 2")
    assert faults(programme) == [
        "B3-SJAQ-0001：版本2与审计日志中的办理次数不一致",
        "B3-SJAQ-0001：环节与审计日志最后一次办理不一致",
    ]


def test_a_stage_changed_behind_the_gates_back(programme: Any) -> None:
    programme.begin()
    programme.spoil("DELETE FROM timer")
    programme.spoil("UPDATE cases SET stage = 'declined', held_by = NULL, due_at = NULL")
    assert faults(programme) == ["B3-SJAQ-0001：环节与审计日志最后一次办理不一致"]


def test_a_listing_without_a_term(listed: Any) -> None:
    listed.spoil("UPDATE cases SET term_no = 0")
    assert faults(listed) == ["B3-SJAQ-0001：在目录内却没有有效期"]


def test_a_term_left_out(listed: Any) -> None:
    listed.spoil("UPDATE term SET number = 2")
    assert faults(listed) == ["B3-SJAQ-0001：有效期记录不连续"]


@pytest.mark.clause("D-3")
def test_a_last_day_that_differs(listed: Any) -> None:
    listed.spoil("UPDATE term SET last_day = '2027-10-11'")
    assert faults(listed) == ["B3-SJAQ-0001：有效期末日与有效期记录不一致"]


def test_a_term_ended_for_one_who_is_listed(listed: Any) -> None:
    listed.spoil("UPDATE term SET ended_at = '2025-10-11 16:00:00.000000'")
    assert faults(listed) == ["B3-SJAQ-0001：有效期是否终止与所在环节不一致"]


@pytest.mark.clause("M24-9.5")
@pytest.mark.parametrize("column", ["end_ground", "cooling_until"])
def test_a_ground_or_a_cooling_off_that_was_dropped(listed: Any, column: str) -> None:
    over = at_time(date(2027, 10, 11), 0)
    sweep(listed.desk, as_of=over)
    listed.spoil(f"UPDATE term SET {column} = NULL")
    assert faults(listed, over) == ["B3-SJAQ-0001：退出事由或限制申报期与有效期记录不一致"]


@pytest.mark.clause("D-5", "M24-9.4")
def test_an_exit_by_the_clock_with_a_timely_renewal_undecided(listed: Any) -> None:
    over = at_time(date(2027, 10, 11), 0)
    listed.make("record_activity", 1, LISTED + DAY, person_times=5)
    sweep(listed.desk, as_of=over)
    listed.spoil("UPDATE cases SET renewal_applied_at = '2027-05-04 02:00:00.000000'")
    assert faults(listed, over) == ["B3-SJAQ-0001：按时提交的续期申请尚无结论即到期退出（D-5）"]


@pytest.mark.clause("B3-4.5")
def test_a_publicity_cut_short(listed: Any) -> None:
    listed.spoil("UPDATE cases SET posted_at = '2024-09-27 09:00:00.000000'")
    assert faults(listed) == [
        "B3-SJAQ-0001：公示不足5个工作日即列入目录（B3-4.5）",
        "B3-SJAQ-0001：没有与公示时间相符的公示记录（M24-7.4）",
    ]


@pytest.mark.clause("B3-4.5")
def test_a_listing_without_publicity(listed: Any) -> None:
    listed.spoil("UPDATE cases SET posted_at = NULL")
    assert faults(listed) == ["B3-SJAQ-0001：列入目录前没有公示（B3-4.5）"]


def test_two_terms_alive_at_once(listed: Any) -> None:
    (other,) = listed.bring(listed.begin(), "listed")
    listed.spoil("UPDATE term SET institution_id = 1 WHERE case_id = ?", other)
    assert faults(listed) == ["B3-SJAQ-0002：同一单位同一职业存在两个并存的有效期"]


@pytest.mark.clause("B3-1.3")
def test_more_in_the_directory_than_the_quota(programme: Any) -> None:
    programme.bring(programme.begin(2), "listed")
    programme.bring(programme.begin(1, occupation="MMGC"), "listed")
    programme.spoil("UPDATE cases SET occupation = 'SJAQ'")
    assert faults(programme) == ["B3 SJAQ ：名额2家，已列3家（B3-1.3）"]


@pytest.mark.clause("M24-9.5")
def test_an_application_taken_in_the_cooling_off(listed: Any) -> None:
    over = at_time(date(2027, 10, 11), 0)
    sweep(listed.desk, as_of=over)
    listed.begin(occupation="MMGC", institution_id=1, as_of=LISTED)
    listed.spoil("UPDATE term SET occupation = 'MMGC'")
    listed.spoil("UPDATE cases SET filed_at = '2030-10-10 15:59:00.000000' WHERE id = 2")
    assert faults(listed, over) == ["B3-MMGC-0001：在限制申报期内受理（至2030-10-10，M24-9.5）"]
    listed.spoil("UPDATE cases SET filed_at = '2030-10-10 16:00:00.000000' WHERE id = 2")
    assert faults(listed, over) == []


@pytest.mark.parametrize(
    ("letter", "fault"),
    [("received", "办理“file”应发的通知不全（0/1）"), ("listed", "办理“list”应发的通知不全（0/2）")],
)
def test_a_letter_lost(listed: Any, letter: str, fault: str) -> None:
    listed.spoil("DELETE FROM letter WHERE letter = ?", letter)
    assert faults(listed) == [f"B3-SJAQ-0001：{fault}"]


def test_a_move_made_twice(programme: Any) -> None:
    programme.begin()
    programme.make("decline", 1, NOW, reason="材料不实")
    programme.spoil("UPDATE cases SET version = 3")
    programme.spoil(
        "INSERT INTO audit (seq, at, written_at, actor, kind, name, case_id, from_stage, to_stage, version, clause,"
        " detail, hash) SELECT seq + 1, at, written_at, actor, kind, name, case_id, from_stage, to_stage, version,"
        " clause, detail, hash FROM audit WHERE name = 'decline'"
    )
    assert "B3-SJAQ-0001：版本3与审计日志中的办理次数不一致" in faults(programme)


def test_of_many_faults_of_a_kind_the_first_fifty_are_named(programme: Any) -> None:
    programme.begin(SHOWN + 5)
    programme.spoil("UPDATE cases SET held_by = 'office'")
    found = faults(programme)
    assert (len(found), found[0], found[-1]) == (
        SHOWN + 1,
        "B3-SJAQ-0001：承办方与流程不一致",
        "……同类问题还有更多",
    )


def test_checking_changes_nothing(listed: Any) -> None:
    before = listed.contents()
    check(listed.desk, LISTED)
    assert listed.contents() == before

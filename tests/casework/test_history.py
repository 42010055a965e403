"""Reading a case: as it stands, and its past and future."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from casework.actors import Actor
from casework.history import TIMER_LETTERS, History, case_number, history, show
from casework.sweep import sweep
from states.process import build
from states.refusals import Refused
from states.roles import Role
from states.rulebook import list_calls

Programme = Any  # of conftest
NO = "B3-SJAQ-0001"
JUNE = datetime(2024, 6, 20, 2, tzinfo=UTC)


def at(*when: int) -> datetime:
    """A Shanghai morning as UTC."""
    year, month, day = when
    return datetime(year, month, day, 2, tzinfo=UTC)


def test_a_case_is_shown_as_it_stands(programme: Programme) -> None:
    programme.bring(programme.begin(), "initial_review")
    case = show(programme.desk, NO, as_of=at(2024, 6, 20))
    assert (case.no, case.call, case.track, case.occupation, case.uscc) == (
        NO,
        "B3",
        "evaluation",
        "SJAQ",
        "U1",
    )
    assert (case.stage, case.stage_label, case.held_by, case.version) == (
        "initial_review",
        "初核",
        "office",
        4,
    )
    assert case.entered_at == datetime(2024, 6, 17, 2, tzinfo=UTC)
    assert case.due_at == datetime(2024, 7, 15, 16, tzinfo=UTC)
    assert (case.days_in_stage, case.stuck) == (3, False)
    assert case.limit_explained == "2024-06-17之后20个工作日：首日6月18日，末日7月15日"


def test_a_case_past_its_limit_is_stuck(programme: Programme) -> None:
    programme.bring(programme.begin(), "initial_review")
    last_instant = datetime(2024, 7, 15, 15, 59, 59, tzinfo=UTC)
    assert [show(programme.desk, NO, as_of=when).stuck for when in (last_instant, at(2024, 7, 16))] == [
        False, True,
    ]  # fmt: skip


def test_a_number_is_found_however_it_was_typed(programme: Programme) -> None:
    programme.begin()
    assert case_number(" ｂ3-sjaq-０００１ ") == NO
    assert show(programme.desk, "b3-sjaq-0001", as_of=JUNE).no == NO


def test_what_is_out_of_sight_is_refused_as_what_does_not_exist(programme: Programme) -> None:
    programme.begin()
    sentences = []
    for no, actor in (
        (NO, Actor("示例", Role.RECOMMENDER, "P51")),
        (NO, Actor("示例", Role.APPLICANT, "77")),
        (NO, Actor("示例", Role.PANEL)),
        ("B3-SJAQ-0099", None),
    ):
        with pytest.raises(Refused) as refused:
            show(programme.desk, no, as_of=JUNE, actor=actor)
        sentences.append(str(refused.value).replace(no, "…"))
    assert set(sentences) == {"没有编号为“…”的申报，或不在查看范围内，可用 linxuan case list 查看。"}


def read(programme: Programme, actor: Actor | None = None, as_of: datetime = JUNE) -> History:
    """The history of the first case."""
    return history(programme.desk, NO, as_of=as_of, actor=actor)


def test_what_happened_is_told_in_words(programme: Programme) -> None:
    programme.bring(programme.begin(), "recommended")
    programme.make("begin_review", 1, at(2024, 6, 18))
    told = [
        (each.label, each.who, each.from_stage, each.to_stage, each.clause)
        for each in read(programme).happened
    ]
    assert told == [
        ("提交申报", "工程指导协调小组办公室（示例经办人）", "", "待推荐", "B3-5.4"),
        ("推荐", "推荐单位（示例推荐单位）", "待推荐", "已推荐", "B3-4.2"),
        ("受理", "工程指导协调小组办公室（示例工程指导协调小组办公室）", "已推荐", "初核", "B3-4.4"),
    ]
    assert read(programme).happened[1].stated == {"letter_no": "示例函1号", "letter_date": "2024-06-11"}


def test_letters_are_told_with_what_became_of_them(programme: Programme) -> None:
    programme.bring(programme.begin(), "recommended")
    told = [(each.letter, each.role, each.recipient, each.state) for each in read(programme).letters]
    assert told == [
        ("received", "applicant", "contact@example.cn", "queued"),
        ("recommended", "applicant", "contact@example.cn", "queued"),
    ]


@pytest.mark.clause("M24-9.1", "M24-9.4", "D-3")
def test_what_is_to_come_says_when_and_on_which_clause(programme: Programme) -> None:
    programme.bring(programme.begin(), "listed")
    coming = read(programme, as_of=at(2024, 10, 10)).to_come
    assert [(each.label, each.at, each.about, each.clause) for each in coming if each.kind == "move"] == [
        ("逾期未申请续期", datetime(2027, 7, 10, 16, tzinfo=UTC), date(2027, 7, 10), "M24-9.4"),
    ]
    assert ("提醒申报单位：可申请续期", datetime(2027, 4, 10, 1, tzinfo=UTC), "M24-9.1") in [
        (each.label, each.at, each.clause) for each in coming
    ]


@pytest.mark.clause("D-2")
def test_a_clock_move_that_is_held_says_why(programme: Programme) -> None:
    programme.bring(programme.begin(), "publicity")
    programme.make("object", 1, at(2024, 9, 29), objection="示例")
    sweep(programme.desk, as_of=at(2024, 10, 10))
    (held,) = [each for each in read(programme).to_come if each.held_why]
    assert (held.label, held.held_why) == (
        "列入目录", "尚有未办结的异议，公示期满后仍须先处理异议，结论作出前不得列入目录。（B3-4.6）",
    )  # fmt: skip


def test_what_the_clock_did_late_is_dated_by_law_and_says_when_it_was_written(programme: Programme) -> None:
    programme.bring(programme.begin(), "publicity")
    sweep(programme.desk, as_of=at(2024, 11, 1))
    listed = next(each for each in read(programme).happened if each.name == "list")
    assert (listed.who, listed.at, listed.written_at) == (
        "到期自动办理", datetime(2024, 10, 9, 16, tzinfo=UTC), at(2024, 11, 1),
    )  # fmt: skip


def test_an_applicant_reads_neither_names_nor_what_was_stated_inside(programme: Programme) -> None:
    programme.bring(programme.begin(), "recheck")
    institution = str(programme.case(1).institution_id)
    told = read(programme, Actor("示例单位", Role.APPLICANT, institution))
    assert {each.who for each in told.happened} == {"工程指导协调小组办公室", "推荐单位"}
    assert all(not each.stated for each in told.happened)
    assert {each.role for each in told.letters} == {"applicant"}


def test_every_reminder_and_report_of_every_process_has_its_words() -> None:
    stages = [
        stage
        for call in list_calls()
        for track in call.tracks
        for stage in build(call.track(track)).stages.values()
    ]
    reminders = {each.letter for stage in stages for each in stage.reminders}
    reports = {each.letter for stage in stages for each in stage.escalations}
    assert reminders | reports | {"duty_due", "duty_overdue"} == set(TIMER_LETTERS)

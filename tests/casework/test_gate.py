"""The only way a case changes: by the rules, with everything written down, or not at all."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from casework.actors import Actor
from casework.audit import verify
from casework.gate import PORTION, BatchRefused, Outcome, Wanted, advance
from casework.invariants import check
from casework.sweep import sweep
from states.calendar import at_time
from states.refusals import Refused
from states.roles import Role

OFFICE = Actor("示例经办人", Role.OFFICE)
GROUP = Actor("示例协调小组", Role.GROUP)
RECOMMENDER = Actor("示例厅经办人", Role.RECOMMENDER, "P50")
LETTER = {"letter_no": "示例函1号", "letter_date": date(2024, 6, 11)}
NOW = at_time(date(2024, 6, 12), 10)
LATER = at_time(date(2024, 6, 13), 10)
HOUR = timedelta(hours=1)


@pytest.mark.clause("B3-4.2")
def test_a_move_changes_the_stage_the_timers_the_log_and_owes_its_letters(programme: Any) -> None:
    (id_,) = programme.begin()
    outcome = advance(programme.desk, "recommend", [id_], by=RECOMMENDER, as_of=NOW, inputs=LETTER)
    assert outcome == Outcome(moved=1, to={"recommended": 1}, turned=[], letters=1)
    case = programme.case(id_)
    assert (case.stage, case.version, case.entered_at) == ("recommended", 2, "2024-06-12 02:00:00.000000")
    assert (case.recommendation_no, case.recommended_on) == ("示例函1号", "2024-06-11")
    assert programme.rows("SELECT held_by, due_at FROM cases") == [("office", "2024-06-21 16:00:00.000000")]
    assert programme.rows("SELECT key FROM timer") == [("accept_at_close",)]
    assert programme.letters(id_) == ["received/applicant", "recommended/applicant"]
    columns = "actor, name, from_stage, to_stage, version, clause, detail"
    assert programme.rows(f"SELECT {columns} FROM audit WHERE case_id = ? AND version = 2", id_) == [
        (
            "recommender:示例厅经办人", "recommend", "submitted", "recommended", 2, "B3-4.2",
            '{"letter_date":"2024-06-11","letter_no":"示例函1号"}',
        )
    ]  # fmt: skip


def test_one_by_one_and_all_at_once_leave_the_same_rows(programme: Any) -> None:
    alone, together = programme.begin(3), programme.begin(3)
    for id_ in alone:
        advance(programme.desk, "recommend", [id_], by=RECOMMENDER, as_of=NOW, inputs=LETTER)
    advance(programme.desk, "recommend", together, by=RECOMMENDER, as_of=NOW, inputs=LETTER)

    def left(ids: list[int]) -> list[Any]:
        columns = (
            "stage, version, entered_at, updated_at, held_by, due_at, due_provisional, recommendation_no,"
            " recommended_on, returned_from"
        )
        return [
            [
                programme.rows(f"SELECT {columns} FROM cases WHERE id = ?", id_),
                programme.rows(
                    "SELECT key, kind, due, fires_at, about, clause, role, letter, move, provisional, edition"
                    " FROM timer WHERE case_id = ? ORDER BY key",
                    id_,
                ),
                programme.rows(
                    "SELECT letter, role, recipient, occasion, clause, state, not_before FROM letter WHERE case_id = ?",
                    id_,
                ),
                programme.rows(
                    "SELECT at, written_at, actor, kind, name, from_stage, to_stage, version, clause FROM audit"
                    " WHERE case_id = ? AND version = 2",
                    id_,
                ),
            ]
            for id_ in ids
        ]

    assert left(alone) == left(together)
    assert verify(programme.desk.engine).ok


def test_a_batch_in_which_one_cannot_move_moves_nothing(programme: Any) -> None:
    sound = programme.begin(3)
    (spoilt,) = programme.begin(1, materials_missing=1)
    before = programme.contents()
    with pytest.raises(BatchRefused) as refused:
        advance(programme.desk, "recommend", [*sound, spoilt], by=RECOMMENDER, as_of=NOW, inputs=LETTER)
    assert str(refused.value) == (
        "整批未办理：B3-SJAQ-0004：必备材料不齐，请先补齐推荐表、法人登记证书（或营业执照）复印件、"
        "信用报告（或诚信承诺书）。（B3-3）"
    )
    assert [(turned.id, turned.clause) for turned in refused.value.turned] == [(spoilt, "B3-3")]
    assert programme.contents() == before


def test_a_refusal_in_a_late_portion_takes_back_the_earlier_ones(programme: Any) -> None:
    sound = programme.begin(PORTION)
    (spoilt,) = programme.begin(1, warnings_open=1)
    before = programme.contents()
    with pytest.raises(BatchRefused, match="B3-2.3"):
        advance(programme.desk, "recommend", [*sound, spoilt], by=RECOMMENDER, as_of=NOW, inputs=LETTER)
    assert programme.contents() == before


def test_a_case_named_again_in_a_later_portion_moves_once(programme: Any) -> None:
    ids = programme.bring(programme.begin(PORTION + 1), "expert_review")
    voted = {"votes_for": 5, "votes_cast": 7}
    outcome = advance(
        programme.desk,
        "record_result",
        [*ids, ids[0], ids[0]],
        by=Actor("秘书", Role.OFFICE),
        as_of=NOW + timedelta(days=40),
        inputs=voted,
    )
    assert (outcome.moved, outcome.turned) == (PORTION + 1, [])


def test_a_partial_batch_moves_those_that_can_and_reports_the_others(programme: Any) -> None:
    sound, spoilt = programme.begin(2), programme.begin(2, warnings_open=1)
    outcome = advance(
        programme.desk,
        "recommend",
        [*spoilt, *sound, 999],
        by=RECOMMENDER,
        as_of=NOW,
        inputs=LETTER,
        partial=True,
    )
    assert (outcome.moved, outcome.to, outcome.letters) == (2, {"recommended": 2}, 2)
    assert [(turned.id, turned.no, turned.clause) for turned in outcome.turned] == [
        (999, "#999", None), (spoilt[0], "B3-SJAQ-0003", "B3-2.3"), (spoilt[1], "B3-SJAQ-0004", "B3-2.3"),
    ]  # fmt: skip
    assert [programme.case(id_).stage for id_ in (*sound, *spoilt)] == ["recommended"] * 2 + ["submitted"] * 2


def test_nothing_wanted_is_nothing_done(programme: Any) -> None:
    before = programme.contents()
    assert advance(programme.desk, "recommend", [], by=RECOMMENDER, as_of=NOW, inputs=LETTER) == Outcome()
    assert programme.contents() == before


def test_a_case_that_is_not_there_is_told(programme: Any) -> None:
    with pytest.raises(BatchRefused, match="没有这件申报"):
        advance(programme.desk, "begin_review", [7], by=OFFICE, as_of=NOW)


def test_a_case_changed_since_it_was_seen_is_not_moved(programme: Any) -> None:
    (id_,) = programme.bring(programme.begin(), "recommended")
    seen = programme.case(id_).version
    programme.make("receive_paper", id_, at_time(date(2024, 6, 17), 9))
    with pytest.raises(Refused) as refused:
        advance(
            programme.desk,
            "begin_review",
            [Wanted(id_, seen)],
            by=OFFICE,
            as_of=at_time(date(2024, 6, 17), 10),
        )
    assert str(refused.value) == (
        f"整批未办理：B3-SJAQ-0001：申报在预览之后已被改动（版本{seen}→{seen + 1}），请重新查看后再办理。"
    )
    assert advance(
        programme.desk, "begin_review", [Wanted(id_, seen + 1)], by=OFFICE, as_of=at_time(date(2024, 6, 17), 10)
    ).moved == 1  # fmt: skip


def test_two_who_move_the_same_cases_at_once_do_it_once_and_one_is_told(programme: Any) -> None:
    ids = programme.begin(40)
    versions = [Wanted(id_, 1) for id_ in ids]
    start = Barrier(2)

    def move(name: str, inputs: dict[str, Any]) -> Outcome | BatchRefused:
        start.wait()
        try:
            return advance(programme.desk, name, versions, by=RECOMMENDER, as_of=NOW, inputs=inputs)
        except BatchRefused as refused:
            return refused

    with ThreadPoolExecutor(2) as threads:
        jobs = [
            threads.submit(move, "recommend", LETTER),
            threads.submit(move, "decline", {"reason": "理由"}),
        ]
        results = [job.result() for job in jobs]
    won = [result for result in results if isinstance(result, Outcome)]
    told = [result for result in results if isinstance(result, BatchRefused)]
    assert ([outcome.moved for outcome in won], len(told), len(told[0].turned)) == ([40], 1, 40)
    assert len({programme.case(id_).stage for id_ in ids}) == 1
    assert programme.rows("SELECT count(*) FROM audit WHERE version = 2") == [(40,)]
    assert check(programme.desk, NOW).faults == []


@pytest.mark.clause("D-7")
def test_what_the_clock_should_have_done_comes_first(programme: Any) -> None:
    (id_,) = programme.bring(programme.begin(), "recommended")
    programme.make("begin_review", id_, at_time(date(2024, 6, 17), 10))
    programme.make("return_for_correction", id_, at_time(date(2024, 6, 18), 10), items="页码不全")
    late = at_time(date(2024, 7, 15), 10)
    with pytest.raises(Refused) as refused:
        programme.make("resubmit", id_, late)
    assert str(refused.value) == (
        "整批未办理：B3-SJAQ-0001：期限已于2024-07-02届满，“逾期未补正”尚待到期办理，"
        "请先运行 linxuan sweep 再办理。（D-7）"
    )
    sweep(programme.desk, as_of=late)
    assert programme.case(id_).stage == "declined"


def test_nothing_happens_before_what_happened_last(programme: Any) -> None:
    (id_,) = programme.bring(programme.begin(), "recommended")
    with pytest.raises(Refused, match="办理时间早于该申报最近一次变动"):
        advance(programme.desk, "begin_review", [id_], by=OFFICE, as_of=NOW - HOUR)


@pytest.mark.clause("B3-4.3", "B3-4.2")
def test_only_the_roles_a_move_names_may_make_it(programme: Any) -> None:
    (id_,) = programme.begin()
    with pytest.raises(Refused) as refused:
        advance(programme.desk, "recommend", [id_], by=OFFICE, as_of=NOW, inputs=LETTER)
    assert str(refused.value) == (
        "整批未办理：B3-SJAQ-0001：“推荐”只能由推荐单位办理，当前身份为工程指导协调小组办公室。（B3-4.2）"
    )


@pytest.mark.clause("B3-4.3")
def test_a_recommender_reaches_only_what_came_through_it(programme: Any) -> None:
    (id_,) = programme.begin()
    stranger = Actor("示例省经办人", Role.RECOMMENDER, "P51")
    with pytest.raises(Refused) as refused:
        advance(programme.desk, "recommend", [id_], by=stranger, as_of=NOW, inputs=LETTER)
    assert (
        str(refused.value)
        == "整批未办理：B3-SJAQ-0001：申报B3-SJAQ-0001不在示例省经办人的办理范围内。（B3-4.2）"
    )


@pytest.mark.clause("M24-20c")
def test_an_applicant_reaches_only_its_own_case(programme: Any) -> None:
    (id_,) = programme.begin()
    own = programme.case(id_).institution_id
    with pytest.raises(Refused, match="不在另一单位的办理范围内"):
        advance(
            programme.desk, "withdraw", [id_], by=Actor("另一单位", Role.APPLICANT, str(own + 1)), as_of=NOW
        )
    assert advance(
        programme.desk, "withdraw", [id_], by=Actor("本单位", Role.APPLICANT, str(own)), as_of=NOW
    ).moved == 1  # fmt: skip


def test_what_a_move_asks_for_must_be_stated(programme: Any) -> None:
    (id_,) = programme.begin()
    before = programme.contents()
    with pytest.raises(Refused) as refused:
        advance(programme.desk, "recommend", [id_], by=RECOMMENDER, as_of=NOW)
    assert str(refused.value) == "整批未办理：B3-SJAQ-0001：“推荐”须填写推荐函文号、推荐函日期。（B3-4.2）"
    assert programme.contents() == before


def test_a_case_may_state_its_own_in_addition_to_what_is_stated_for_all(programme: Any) -> None:
    first, second = programme.begin(2)
    wanted = [Wanted(first, inputs={"letter_no": "甲函1号"}), Wanted(second, inputs={"letter_no": "乙函2号"})]
    advance(
        programme.desk,
        "recommend",
        wanted,
        by=RECOMMENDER,
        as_of=NOW,
        inputs={"letter_date": date(2024, 6, 11)},
    )
    assert [(programme.case(id_).recommendation_no, programme.case(id_).recommended_on) for id_ in (first, second)] == [
        ("甲函1号", "2024-06-11"), ("乙函2号", "2024-06-11"),
    ]  # fmt: skip


@pytest.mark.clause("B3-1.3", "CQ23-1.3a")
def test_within_one_batch_the_quota_is_kept(programme: Any) -> None:
    ids = programme.bring(programme.begin(3), "recheck")
    others = programme.bring(programme.begin(1, occupation="MMGC"), "recheck")
    posting = at_time(date(2024, 9, 26), 17)
    outcome = advance(programme.desk, "publicise", [*ids, *others], by=GROUP, as_of=posting, partial=True)
    assert (outcome.moved, [(turned.id, turned.clause) for turned in outcome.turned]) == (
        3,
        [(ids[2], "B3-1.3")],
    )
    assert outcome.turned[0].sentence == "该职业的遴选名额已满，不能再列入。"
    assert [programme.case(id_).stage for id_ in (*ids, *others)] == [
        "publicity", "publicity", "recheck", "publicity",
    ]  # fmt: skip


@pytest.mark.clause("B3-1.3")
def test_a_batch_over_the_quota_as_a_whole_is_refused_as_a_whole(programme: Any) -> None:
    ids = programme.bring(programme.begin(3), "recheck")
    with pytest.raises(BatchRefused, match="B3-SJAQ-0003：该职业的遴选名额已满"):
        advance(programme.desk, "publicise", ids, by=GROUP, as_of=at_time(date(2024, 9, 26), 17))
    assert {programme.case(id_).stage for id_ in ids} == {"recheck"}


@pytest.mark.clause("B3-1.3")
def test_a_seat_given_back_can_be_taken_again(programme: Any) -> None:
    first, second, third = programme.bring(programme.begin(3), "recheck")
    posting = at_time(date(2024, 9, 26), 17)
    programme.make("publicise", [first, second], posting)
    with pytest.raises(Refused, match="B3-1.3"):
        programme.make("publicise", third, posting)
    programme.make("withdraw", first, posting)
    assert programme.make("publicise", third, posting).moved == 1


@pytest.mark.clause("M24-7.3e")
def test_against_the_panel_only_with_a_reason(programme: Any) -> None:
    (id_,) = programme.bring(programme.begin(), "expert_review")
    programme.make("record_result", id_, at_time(date(2024, 7, 22), 10), votes_for=3, votes_cast=7)
    programme.make("conclude_review", id_, at_time(date(2024, 7, 23), 10))
    posting = at_time(date(2024, 9, 26), 17)
    with pytest.raises(Refused, match=r"M24-7\.3e"):
        programme.make("publicise", id_, posting)
    programme.make("publicise", id_, posting, departure="填补该职业空白")
    assert bool(programme.case(id_).departs)
    (detail,) = programme.rows("SELECT detail FROM audit WHERE name = 'publicise'")
    assert json.loads(detail[0]) == {"departure": "填补该职业空白"}


def test_a_move_that_stays_leaves_the_stages_clock_running(programme: Any) -> None:
    (id_,) = programme.begin(materials_missing=1)
    entered, timers = programme.case(id_).entered_at, programme.rows("SELECT key, due, fires_at FROM timer")
    programme.make("receive_material", id_, NOW, material="信用报告")
    assert programme.case(id_).materials_missing == 0
    assert (programme.case(id_).entered_at, programme.rows("SELECT key, due, fires_at FROM timer")) == (
        entered,
        timers,
    )


@pytest.mark.clause("D-4")
def test_the_holders_clock_starts_afresh_after_a_correction(programme: Any) -> None:
    (id_,) = programme.bring(programme.begin(), "initial_review")
    programme.make("return_for_correction", id_, at_time(date(2024, 7, 8), 10), items="页码不全")
    programme.make("resubmit", id_, at_time(date(2024, 7, 15), 10))
    assert programme.case(id_).stage == "initial_review"
    assert programme.rows("SELECT due_at FROM cases") == [("2024-08-12 16:00:00.000000",)]


def test_a_letter_without_a_mailbox_becomes_an_incident_or_a_line_of_the_digest(programme: Any) -> None:
    programme.spoil("DELETE FROM office_mailbox")
    (id_,) = programme.begin()
    programme.spoil("UPDATE cases SET contact_mail = ''")
    programme.make("disqualify", id_, NOW, finding="材料不实")
    assert programme.letters(id_) == ["received/applicant"]
    assert programme.rows("SELECT letter, role FROM notice") == [("disqualified", "recommender")]
    assert programme.rows("SELECT kind, subject, reason FROM incident") == [
        ("no_address", "disqualified", "申报B3-SJAQ-0001没有申报单位的邮箱，通知无法送达。")
    ]
    assert check(programme.desk, NOW).faults == []


def test_letters_of_one_move_carry_their_occasion_and_a_message_id_of_their_own(programme: Any) -> None:
    (id_,) = programme.begin()
    programme.make("disqualify", id_, NOW, finding="材料不实")
    assert programme.rows("SELECT letter, role, occasion, message_id FROM letter ORDER BY id") == [
        ("received", "applicant", "v1", "<B3-SJAQ-0001.received.applicant.v1@linxuan.example.cn>"),
        ("disqualified", "applicant", "v2", "<B3-SJAQ-0001.disqualified.applicant.v2@linxuan.example.cn>"),
        ("disqualified", "recommender", "v2", "<B3-SJAQ-0001.disqualified.recommender.v2@linxuan.example.cn>"),
    ]  # fmt: skip


@pytest.mark.clause("B3-5.3")
@pytest.mark.parametrize(
    "stage", ["submitted", "recommended", "initial_review", "expert_review", "recheck", "publicity"]
)
def test_a_proven_false_statement_ends_a_case_at_any_stage(programme: Any, stage: str) -> None:
    (id_,) = programme.bring(programme.begin(), stage)
    moved = programme.case(id_).updated_at
    programme.make("disqualify", id_, datetime.fromisoformat(f"{moved}+00:00") + HOUR, finding="业绩材料不实")
    assert programme.case(id_).stage == "disqualified"
    assert programme.rows("SELECT count(*) FROM timer") == [(0,)]
    assert programme.letters(id_)[-2:] == ["disqualified/applicant", "disqualified/recommender"]

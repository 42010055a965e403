"""A commitment freezes everything that could bend the draw, before the digits are known."""

import json
from dataclasses import replace as replace_in
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from casework.filed_forms import filed_form
from casework.panels.committing import replace
from casework.panels.planning import change_panel, plan_panels
from casework.pool.profile import Profile, Span
from records.crypt import decrypt
from records.transaction import reading
from states.draw.lots import commitment
from states.recusal import Employment, Organisation
from states.refusals import Refused

Ground = Any  # of conftest
NOTHING = Profile(employment=(), ties=(), legal_representative="", shareholders=(), service=())
UNTOLD = Profile(employment=(), legal_representative="", shareholders=(), service=())
"""Nobody said whether this expert has ties to anybody: held for a human."""


def institution(ground: Ground, id_: int) -> Organisation:
    """The institution of a case as its own form names it."""
    with reading(ground.desk.engine) as tx:
        form = filed_form(tx, id_)
    assert form is not None
    return Organisation(form.institution, form.uscc)


@pytest.mark.clause("M24-7.3c")
def test_what_is_published_holds_the_hashes_and_nobodys_name(ground: Ground) -> None:
    no = ground.plan()
    made = ground.commit(no)
    assert (made.panel, made.round, made.seats, made.pool, made.excluded, made.held) == (no, 1, 5, 40, 0, 0)
    assert made.commitment == commitment("5e" * 32)
    assert ground.panel(no).state == "committed"
    assert ground.noted("committed") == [
        {
            "panel": no, "round": 1, "seats": 5, "frame_sha256": made.frame_sha256, "commitment": made.commitment,
            "pool_sha256": made.pool_sha256, "pool": 40, "excluded": 0, "held": 0, "because": "",
        }
    ]  # fmt: skip


@pytest.mark.clause("M24-7.3b", "M24-7.3c")
def test_whom_a_rule_excludes_is_not_drawn_and_the_rule_is_published(ground: Ground) -> None:
    lately = Employment(institution(ground, ground.cases[0]), until=None)
    ground.experts(1, first=90, profile=Profile((lately,), (), "", (), ()))
    no = ground.plan()
    assert ground.commit(no).excluded == 1


@pytest.mark.clause("M24-7.3c", "M24-7.3d")
def test_who_cannot_come_on_the_day_of_the_meeting_is_excluded_under_a_rule_of_its_own(
    ground: Ground,
) -> None:
    july = (Span(date(2024, 7, 1), date(2024, 7, 8)),)
    ground.experts(3, first=90, profile=replace_in(NOTHING, available=july))
    ground.experts(2, first=95, profile=replace_in(NOTHING, available=()))
    ground.experts(1, first=98, profile=replace_in(UNTOLD, available=()))
    no = ground.plan(
        meets_at=datetime(2024, 7, 9, 1, tzinfo=UTC), closes_at=datetime(2024, 7, 9, 9, tzinfo=UTC)
    )
    made = ground.commit(no)
    assert (made.excluded, made.held) == (6, 0)
    with reading(ground.desk.engine) as tx:
        row = tx.one("SELECT frozen FROM draw_round")
    assert row is not None
    found = [(each["rule"], each["clause"]) for each in json.loads(decrypt(row[0]))["exclusions"]]
    assert found == [("P-5", "M24-7.3d")] * 6


@pytest.mark.clause("M24-7.3c")
def test_nobody_is_away_while_the_day_of_the_meeting_is_not_set(ground: Ground) -> None:
    ground.experts(2, first=95, profile=replace_in(NOTHING, available=()))
    assert ground.commit(ground.plan()).excluded == 0


@pytest.mark.clause("M24-7.3b")
def test_held_experts_are_decided_or_left_out_for_a_reason(ground: Ground) -> None:
    ground.experts(3, first=90, profile=UNTOLD)
    no = ground.plan()
    before = ground.programme.contents()
    with pytest.raises(Refused) as refused:
        ground.commit(no)
    assert str(refused.value) == (
        f"有3名专家的回避情形待人工核定（见 linxuan panel held {no}），请先核定；"
        "不核定而不让其参加抽取的，须写明理由。（M24-7.3b）"
    )
    assert ground.programme.contents() == before
    made = ground.commit(no, leave_out_held_because="示例：专家充足，不逐一核定")
    assert (made.pool, made.excluded, made.held) == (43, 3, 3)


def test_only_one_commitment_is_open_at_a_time(ground: Ground) -> None:
    no = ground.plan()
    ground.commit(no)
    with pytest.raises(Refused, match="第1轮已公布承诺、尚未抽取，同时只能有一个承诺"):
        ground.commit(no, secret="6f" * 32)


@pytest.mark.clause("M24-7.3c")
def test_a_commitment_used_twice_is_refused(ground: Ground) -> None:
    ground.under_review(1, occupation="MMGC")
    ground.experts(10, first=60, fields="MMGC")
    first, second = plan_panels(
        ground.desk, "B3", by=ground.office, as_of=datetime(2024, 7, 2, 1, tzinfo=UTC), overrides={"size": 5}
    )
    ground.commit(first.no)
    with pytest.raises(Refused, match="这个承诺已经用过，每个承诺只能用一次"):
        ground.commit(second.no)


@pytest.mark.clause("D-10")
def test_a_field_too_small_is_refused_before_anything_is_published(ground: Ground) -> None:
    ground.programme.spoil("UPDATE expert SET state = 'suspended' WHERE id > 4")
    no = ground.plan()
    with pytest.raises(Refused) as refused:
        ground.commit(no)
    assert str(refused.value) == (
        "SJAQ可抽专家4人（本领域4人），不足5人；请扩大专家范围，或决定按件回避，并记录理由。（D-10）"
    )
    assert ground.programme.rows("SELECT count(*) FROM draw_round") == [(0,)]


@pytest.mark.clause("D-10", "M24-7.3b")
def test_recusal_per_case_lets_in_whom_the_panel_would_shut_out(ground: Ground) -> None:
    ground.programme.spoil("UPDATE expert SET state = 'suspended' WHERE id > 4")
    lately = Employment(institution(ground, ground.cases[0]), until=None)
    ground.experts(1, first=90, profile=Profile((lately,), (), "", (), ()))
    no = ground.plan()
    with pytest.raises(Refused, match="D-10"):
        ground.commit(no)
    at = ground.panel(no).updated_at
    change_panel(ground.desk, no, by=ground.office, as_of=at, recusal="case", because="示例：专家不足")
    assert ground.commit(no).excluded == 0


def test_cases_that_came_later_are_read_too(ground: Ground) -> None:
    no = ground.plan()
    ground.under_review(1)
    ground.commit(no)
    assert ground.programme.rows("SELECT count(*) FROM panel_case") == [(3,)]


@pytest.mark.clause("M24-7.3c")
def test_the_pool_is_kept_once_for_all_panels_of_a_call(ground: Ground) -> None:
    no = ground.plan()
    first = ground.commit(no)
    ground.draw(no)
    seat = ground.seats(no)[0]
    ground.answer(seat, "decline", as_of=ground.panel(no).updated_at + timedelta(hours=1))
    again = replace(ground.desk, no, by=ground.office, as_of=ground.panel(no).updated_at + timedelta(hours=2))
    assert again.pool_sha256 == first.pool_sha256
    assert ground.programme.rows("SELECT count(*) FROM frozen_pool") == [(1,)]


def test_replacing_without_a_vacancy_is_refused(ground: Ground) -> None:
    no = ground.seated()
    with pytest.raises(Refused, match="5个席位没有空缺，无须补抽"):
        replace(ground.desk, no, by=ground.office, as_of=ground.panel(no).updated_at)


def test_a_second_first_round_is_refused(ground: Ground) -> None:
    no = ground.seated()
    with pytest.raises(Refused, match="补抽空缺席位请用 linxuan draw replace"):
        ground.commit(no, secret="6f" * 32, as_of=ground.panel(no).updated_at)


def test_a_secret_of_the_wrong_form_is_refused(ground: Ground) -> None:
    no = ground.plan()
    with pytest.raises(Refused, match="64位小写十六进制"):
        ground.commit(no, secret="xyz")

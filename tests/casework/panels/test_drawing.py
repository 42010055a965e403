"""The draw in the database: another person types the digits, and seats and invitations come into being at once."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.actors import Actor
from casework.audit import verify as verify_audit
from casework.panels.certificates import certificate
from casework.panels.committing import replace
from casework.panels.drawing import abandon
from casework.panels.planning import change_panel
from records.crypt import decrypt, encrypt
from states.draw.verification import verify
from states.refusals import Refused
from states.roles import Role

Ground = Any  # of conftest
HOUR = timedelta(hours=1)


@pytest.mark.clause("M24-7.3c", "B3-4.4")
def test_the_draw_seats_and_invites_and_leaves_a_certificate_that_holds(ground: Ground) -> None:
    no = ground.plan()
    made = ground.commit(no)
    drew = ground.draw(no)
    assert ground.panel(no).state == "drawn"
    assert [(seat.place, seat.pseudonym, seat.state) for seat in ground.seats(no)] == [
        (place, name, "invited") for place, name in enumerate(drew.seats, 1)
    ]
    public = certificate(ground.desk, no, 1, actor=ground.office, as_of=ground.panel(no).updated_at)
    assert (public["frame_sha256"], public["commitment"]) == (made.frame_sha256, made.commitment)
    assert verify(public).faults == []
    assert verify_audit(ground.desk.engine).ok


@pytest.mark.clause("M24-7.3b")
def test_the_public_certificate_names_nobody_and_the_sealed_one_opens(ground: Ground) -> None:
    no = ground.seated()
    at = ground.panel(no).updated_at
    names = [ground.expert_at(seat) for seat in ground.seats(no)]
    public = json.dumps(certificate(ground.desk, no, 1, actor=ground.office, as_of=at), ensure_ascii=False)
    assert [
        each.code for each in names if each.name in public or each.code in public or each.uscc in public
    ] == []
    sealed = certificate(ground.desk, no, 1, actor=ground.office, as_of=at, sealed=True)
    assert verify(sealed).proved[-1] == "密封部分的每个姓名都能打开对应的代号。"
    assert ground.noted("sealed_read") == [{"panel": no, "round": 1}]


def test_at_most_one_of_an_employer_sits(ground: Ground) -> None:
    ground.programme.spoil(
        "UPDATE expert SET employer = '示例大学', uscc = '91500000MA5U00000X' WHERE id <= 35"
    )
    no = ground.seated()
    employers = [ground.expert_at(seat).employer for seat in ground.seats(no)]
    assert len(set(employers)) == 5


@pytest.mark.clause("M24-7.3c")
@pytest.mark.parametrize("digits", ["", "12345", "12 3456", "１２３４５６", "12345x", "1" * 41])
def test_digits_of_the_wrong_form_are_refused_and_the_commitment_stays_open(
    ground: Ground, digits: str
) -> None:
    no = ground.plan()
    ground.commit(no)
    before = ground.programme.contents()
    with pytest.raises(Refused, match="公开数字应为6至40位阿拉伯数字"):
        ground.draw(no, digits=digits)
    assert ground.programme.contents() == before
    ground.draw(no)


def test_a_commitment_is_drawn_once(ground: Ground) -> None:
    no = ground.seated()
    before = ground.programme.contents()
    with pytest.raises(Refused, match="第1轮已于2024-07-03 15:00抽取，一个承诺只能用一次"):
        ground.draw(no, digits="999999")
    assert ground.programme.contents() == before


def test_nothing_is_drawn_without_a_commitment(ground: Ground) -> None:
    no = ground.plan()
    with pytest.raises(Refused, match="还没有公布承诺"):
        ground.draw(no)


@pytest.mark.clause("M24-7.3c")
@pytest.mark.parametrize("name", ["示例经办人", "示例经办人@本机"])
def test_whoever_committed_does_not_supervise(ground: Ground, name: str) -> None:
    no = ground.plan()
    ground.commit(no)
    with pytest.raises(Refused, match="公布承诺的人不能监督同一轮抽取"):
        ground.draw(no, supervisor=Actor(name, Role.OFFICE))


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.RECOMMENDER, Role.PROVINCE])
def test_only_national_staff_supervise(ground: Ground, role: Role) -> None:
    no = ground.plan()
    ground.commit(no)
    with pytest.raises(Refused, match="“监督抽取”只能由"):
        ground.draw(no, supervisor=Actor("示例他人", role))


@pytest.mark.parametrize("source", ["", "   ", "长" * 201])
def test_the_digits_have_a_source(ground: Ground, source: str) -> None:
    no = ground.plan()
    ground.commit(no)
    with pytest.raises(Refused, match="请写明公开数字的来源"):
        ground.draw(no, source=source)


def test_a_draw_dated_before_its_commitment_is_refused(ground: Ground) -> None:
    no = ground.plan()
    ground.commit(no)
    with pytest.raises(Refused, match="抽取时间早于公布承诺的时间"):
        ground.draw(no, as_of=ground.panel(no).created_at)


@pytest.mark.clause("D-10")
def test_a_round_that_cannot_fill_its_seats_is_void_and_says_so(ground: Ground) -> None:
    """Forty experts of three provinces with at most one of each: no digits can seat five."""
    ground.programme.spoil(
        "UPDATE expert SET province = CASE id % 3 WHEN 0 THEN '11' WHEN 1 THEN '31' ELSE '50' END"
    )
    no = ground.plan(per_province=1)
    ground.commit(no)
    with pytest.raises(Refused) as refused:
        ground.draw(no)
    assert str(refused.value) == (
        f"专家组{no}第1轮抽取作废，没有人入选：SJAQ可抽专家40人（本领域40人），按公布的条件只能抽出3人，不足5人；"
        "请扩大专家范围，或决定按件回避，并记录理由。（D-10）"
    )
    assert (ground.panel(no).state, ground.seats(no)) == ("planned", [])
    assert ground.programme.rows("SELECT state, digits FROM draw_round") == [("void", "0713223142705")]
    void = certificate(ground.desk, no, 1, actor=ground.office, as_of=ground.panel(no).updated_at)
    assert verify(void).faults == []
    assert verify(void).proved[-1].startswith("本轮抽取作废，没有人入选")


@pytest.mark.clause("D-10")
def test_after_a_void_round_the_field_is_widened_and_a_fresh_round_drawn(ground: Ground) -> None:
    ground.programme.spoil(
        "UPDATE expert SET province = CASE id % 3 WHEN 0 THEN '11' WHEN 1 THEN '31' ELSE '50' END"
    )
    no = ground.plan(per_province=1)
    ground.commit(no)
    with pytest.raises(Refused, match="作废"):
        ground.draw(no)
    at = ground.panel(no).updated_at
    with pytest.raises(Refused, match="已抽取过，更改设定须写明理由"):
        change_panel(ground.desk, no, by=ground.office, as_of=at, per_province=2)
    change_panel(
        ground.desk, no, by=ground.office, as_of=at, per_province=2, because="示例：专家集中在三省市"
    )
    assert ground.commit(no, secret="6f" * 32, as_of=at).round == 2
    assert ground.draw(no, as_of=at).round == 2
    assert ground.states(no) == ["invited"] * 5


def test_a_commitment_is_given_up_for_a_reason_and_its_number_does_not_come_back(ground: Ground) -> None:
    no = ground.plan()
    ground.commit(no)
    at = ground.panel(no).updated_at
    with pytest.raises(Refused, match="须写明理由"):
        abandon(ground.desk, no, because=" ", by=ground.office, as_of=at)
    abandon(ground.desk, no, because="示例：又有申报进入评议", by=ground.office, as_of=at)
    assert ground.commit(no, secret="6f" * 32, as_of=at).round == 2
    with pytest.raises(Refused, match="第1轮已作废，没有抽取（示例：又有申报进入评议），没有证书"):
        certificate(ground.desk, no, 1, actor=ground.office, as_of=at)


@pytest.mark.clause("M24-7.3c")
def test_replacements_fill_the_vacancies_alone_and_exclude_who_left_by_rule(ground: Ground) -> None:
    no = ground.seated()
    first, second, *others = ground.seats(no)
    at = ground.panel(no).updated_at + HOUR
    ground.answer(first, "decline", as_of=at)
    for seat in others:
        ground.answer(seat, as_of=at)
    ground.answer(second, as_of=at)
    made = replace(ground.desk, no, by=ground.office, as_of=at + HOUR, secret="6f" * 32)
    assert (made.round, made.seats, made.excluded) == (2, 1, 1)
    ground.draw(no, as_of=at + HOUR, digits="20240704")
    assert ground.states(no) == ["declined", *["confirmed"] * 4, "invited"]
    found = certificate(ground.desk, no, 2, actor=ground.office, as_of=at + HOUR)
    assert found["exclusions"] == [{"pseudonym": first.pseudonym, "rule": "P-1", "clause": "M24-7.3c"}]
    assert found["frame"]["standing"] == sorted(seat.pseudonym for seat in (second, *others))
    assert verify(found).faults == []


def test_an_expert_suspended_between_commitment_and_draw_does_not_sit(ground: Ground) -> None:
    no = ground.plan()
    ground.commit(no)
    ground.programme.spoil("UPDATE expert SET state = 'suspended'")
    ground.draw(no)
    assert ground.states(no) == ["released"] * 5


@pytest.mark.clause("M24-7.3c")
def test_a_frozen_round_that_was_tampered_with_is_not_drawn(ground: Ground) -> None:
    no = ground.plan()
    ground.commit(no)
    frozen = json.loads(decrypt(ground.programme.rows("SELECT frozen FROM draw_round")[0][0]))
    frozen["constraints"]["per_province"] = 1
    ground.programme.spoil("UPDATE draw_round SET frozen = ?", encrypt(json.dumps(frozen)))
    with pytest.raises(Refused, match="冻结的内容与公布的哈希不一致"):
        ground.draw(no)


KILLED = """
import os, signal, sys
from datetime import datetime
from casework.actors import Actor
from casework.desk import Desk
from casework.panels.drawing import draw
from notifications.rendering import Renderer
from records.crypt import use_key
from records.engine import open_engine, sqlite_url
from pathlib import Path
from states.roles import Role

class Dying(Renderer):
    left = int(sys.argv[3])
    def render(self, letter, role, context):
        Dying.left -= 1
        if Dying.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().render(letter, role, context)

use_key(sys.argv[2])
desk = Desk.on(open_engine(sqlite_url(Path(sys.argv[1]))), renderer=Dying())
draw(desk, sys.argv[4], digits="0713223142705", source="示例彩票", supervisor=Actor("示例监督员", Role.AUDITOR),
     as_of=datetime.fromisoformat(sys.argv[5]))
print("drawn")
"""


@pytest.mark.parametrize("letter", [1, 6, 10])
def test_a_kill_between_draw_and_invitations_leaves_neither(
    ground: Ground, key: str, tmp_path: Path, letter: int
) -> None:
    """The process dies at its first, sixth, last letter: no seat without its invitation, and the draw can go on."""
    no = ground.plan()
    ground.commit(no)
    at = ground.panel(no).updated_at.isoformat()
    words = [sys.executable, "-c", KILLED, str(tmp_path / "linxuan.db"), key, str(letter), no, at]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    died = subprocess.run(words, capture_output=True, text=True, env=environment)
    assert (died.returncode, died.stdout) == (-signal.SIGKILL, "")
    assert ground.seats(no) == []
    assert ground.programme.rows("SELECT count(*) FROM panel_letter") == [(0,)]
    ground.draw(no)
    assert ground.programme.rows("SELECT count(*) FROM seat s JOIN panel_letter l ON l.seat_id = s.id") == [
        (10,)
    ]

"""What the nightly check finds wrong with panels."""

from typing import Any

import pytest

from casework.invariants import check
from casework.panels.faults import panel_faults
from records.transaction import reading

Ground = Any  # of conftest


def faults(ground: Ground) -> list[str]:
    with reading(ground.desk.engine) as tx:
        return list(panel_faults(tx))


@pytest.mark.clause("M24-7.3c")
def test_a_sound_panel_has_no_faults(ground: Ground) -> None:
    no = ground.confirmed()
    assert faults(ground) == []
    assert check(ground.desk, ground.panel(no).updated_at).faults == []


@pytest.mark.clause("M24-7.3c")
def test_a_seat_given_to_somebody_else_is_found(ground: Ground) -> None:
    no = ground.seated()
    ground.programme.spoil("UPDATE seat SET pseudonym = ? WHERE place = 2", "0" * 32)
    assert faults(ground) == [f"专家组{no}第1轮：席位与抽取证书不一致（M24-7.3c）"]


def test_an_altered_certificate_is_found(ground: Ground) -> None:
    no = ground.seated()
    ground.programme.spoil("UPDATE draw_round SET certificate = replace(certificate, '示例彩票', '另一彩票')")
    assert faults(ground) == [f"专家组{no}第1轮：证书与登记的内容不一致（M24-7.3c）"]


def test_an_invitation_nobody_waits_for_is_found(ground: Ground) -> None:
    no = ground.seated()
    ground.programme.spoil(
        "DELETE FROM panel_timer WHERE kind = 'answer' AND seat_id = ?", ground.seats(no)[3].id
    )
    assert faults(ground) == [f"专家组{no}第4席：已邀请而没有答复期限（M24-7.3c）"]

"""Calls open and close by themselves on their days."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from casework.actors import CLOCK, Actor
from casework.calls import call_state, close_call, close_calls_due, kept_calls, open_call, open_calls_due
from casework.desk import Desk
from records.transaction import reading
from states.calendar import end_of, start_of
from states.facts import instant
from states.refusals import Refused
from states.roles import Role
from states.rulebook import call_rules, call_text

OPENS, CLOSES = start_of(date(2024, 5, 15)), end_of(date(2024, 6, 21))
SECOND = timedelta(seconds=1)
CLERK = Actor("示例经办人", Role.OFFICE)


@pytest.mark.clause("M24-7.1")
def test_a_call_opens_on_its_first_day_and_not_before(desk: Desk) -> None:
    assert open_calls_due(desk, by=CLOCK, as_of=OPENS - SECOND) == []
    assert open_calls_due(desk, by=CLOCK, as_of=OPENS) == ["B3"]
    assert open_calls_due(desk, by=CLOCK, as_of=OPENS) == []
    assert call_state(desk, "B3").opened_at == OPENS


@pytest.mark.clause("B3-5.4")
def test_a_call_whose_last_day_has_passed_is_not_opened_any_more(desk: Desk) -> None:
    assert open_calls_due(desk, by=CLOCK, as_of=CLOSES) == []
    assert kept_calls(desk) == []


@pytest.mark.clause("B3-5.4", "D-7")
def test_a_call_closes_at_the_end_of_its_last_day_however_late_the_clock_comes(desk: Desk) -> None:
    open_calls_due(desk, by=CLOCK, as_of=OPENS)
    assert close_calls_due(desk, by=CLOCK, as_of=CLOSES - SECOND) == []
    assert close_calls_due(desk, by=CLOCK, as_of=CLOSES + timedelta(days=3)) == ["B3"]
    assert close_calls_due(desk, by=CLOCK, as_of=CLOSES + timedelta(days=3)) == []
    assert (call_state(desk, "B3").state, call_state(desk, "B3").closed_at) == ("closed", CLOSES)


@pytest.mark.clause("M24-7.1")
def test_a_call_of_the_office_s_own_opens_as_well(desk: Desk, tmp_path: Path) -> None:
    text = call_text("B3").replace('code = "B3"', 'code = "B4"')
    (tmp_path / "B4.toml").write_text(text, encoding="utf-8")
    assert open_calls_due(desk, by=CLOCK, as_of=OPENS, folder=tmp_path) == ["B3", "B4"]


@pytest.mark.clause("M24-7.1")
def test_opening_an_open_call_changes_nothing_and_a_closed_one_stays_closed(desk: Desk) -> None:
    opened = open_call(desk, "B3", by=CLERK, as_of=OPENS)
    assert open_call(desk, "b3", by=CLERK, as_of=OPENS + timedelta(days=1)) == opened
    close_call(desk, "B3", by=CLERK, as_of=CLOSES)
    with pytest.raises(Refused) as refused:
        open_call(desk, "B3", by=CLERK, as_of=CLOSES)
    assert str(refused.value) == "第三批申报已截止，不能重新开放。（B3-5.4）"
    assert entries(desk) == [("open", OPENS), ("close", CLOSES)]


def test_a_call_is_not_opened_before_its_first_day_nor_closed_before_its_last_is_over(desk: Desk) -> None:
    with pytest.raises(Refused, match=r"第三批自2024-05-15起受理，现在还不能开放。"):
        open_call(desk, "B3", by=CLERK, as_of=OPENS - SECOND)
    open_call(desk, "B3", by=CLERK, as_of=OPENS)
    with pytest.raises(Refused, match=r"第三批受理至2024年6月21日24时，尚未截止。"):
        close_call(desk, "B3", by=CLERK, as_of=CLOSES - SECOND)
    assert call_state(desk, "B3").state == "open"


def test_a_call_nobody_opened_is_refused_with_the_way_to_open_it(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        call_state(desk, "B3")
    assert str(refused.value) == "批次“B3”尚未开放，请先用 linxuan call open B3 开放。"


def test_an_open_call_keeps_the_rules_it_opened_with(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "B4.toml"
    file.write_text(call_text("B3").replace('code = "B3"', 'code = "B4"'), encoding="utf-8")
    open_call(desk, "B4", by=CLERK, as_of=OPENS, folder=tmp_path)
    file.write_text(
        file.read_text(encoding="utf-8").replace("value = 2, scope", "value = 9, scope"), encoding="utf-8"
    )
    assert call_rules("B4", tmp_path).track("evaluation").quota.value == 9
    assert call_state(desk, "B4").rules.track("evaluation").quota.value == 2
    assert desk.processes.process("B4/evaluation@1").rules.quota.value == 2


def entries(desk: Desk) -> list[tuple[str, datetime | None]]:
    with reading(desk.engine) as tx:
        rows = tx.rows("SELECT name, at FROM audit WHERE kind = 'call' ORDER BY seq")
    return [(name, instant(at)) for name, at in rows]

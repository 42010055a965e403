"""Calls open and close by themselves on their days."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from casework.actors import CLOCK
from casework.calls import call_state, close_calls_due, kept_calls, open_calls_due
from casework.desk import Desk
from states.calendar import end_of, start_of
from states.rulebook import call_text

OPENS, CLOSES = start_of(date(2024, 5, 15)), end_of(date(2024, 6, 21))
SECOND = timedelta(seconds=1)


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

"""Where a listing stands towards its renewal, to the minute (M24-9.1, D-3, D-4)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.calendar import Calendar, at_time, end_of, start_of
from states.conditions import Circumstances, renewal_window_is_open
from states.facts import Facts
from states.renewals.windows import Phase, window
from states.rulebook import call_rules

RULES = call_rules("B3").track("evaluation")
TICK = timedelta(microseconds=1)
ENTERED = datetime(2024, 10, 9, 16, tzinfo=UTC)


def listed(**known: Any) -> Facts:
    term = {"term_no": 1, "term_starts_at": ENTERED, "term_last_day": date(2027, 10, 10)}
    return Facts(
        1, "B3-SJAQ-0001", 1, "B3", "evaluation", "B3/evaluation@1", "SJAQ", 1, "50", "P50", "listed", ENTERED, ENTERED,
        **{**term, **known},
    )  # fmt: skip


def around(at: datetime) -> Circumstances:
    return Circumstances(at, RULES, Calendar.builtin())


def phase(at: datetime, **known: Any) -> Phase:
    found = window(listed(**known), around(at))
    assert found is not None
    return found.phase


@pytest.mark.clause("M24-9.1", "M24-9.4", "D-3")
def test_the_window_opens_closes_and_is_missed_at_midnight() -> None:
    opens, closing, missed = (at_time(date(2027, *day), 0) for day in ((4, 10), (6, 28), (7, 11)))
    assert [phase(at) for at in (opens - TICK, opens, closing - TICK, closing, missed - TICK, missed)] == [
        Phase.EARLY, Phase.OPEN, Phase.OPEN, Phase.CLOSING, Phase.CLOSING, Phase.MISSED,
    ]  # fmt: skip


@pytest.mark.clause("M24-9.1", "D-4")
def test_who_applied_is_told_apart_from_who_did_not() -> None:
    at = at_time(date(2027, 7, 20), 10)
    assert phase(at, renewal_applied_at=at) is Phase.APPLIED
    assert phase(at, renewal_applied_at=at, renewal_correction_due=date(2027, 7, 30)) is Phase.RETURNED
    assert phase(at, renewal_applied_at=at, renewal_refused="below_200") is Phase.REFUSED


def test_a_case_without_a_term_has_no_window() -> None:
    assert window(listed(term_last_day=None), around(ENTERED)) is None


@pytest.mark.clause("M24-9.1", "D-3")
@given(last=st.dates(date(2022, 1, 1), date(2030, 12, 31)), off=st.integers(-250, 50), late=st.booleans())
def test_the_phase_is_open_exactly_while_an_application_is_taken(last: date, off: int, late: bool) -> None:
    day = last + timedelta(days=off)
    at = end_of(day) - TICK if late else start_of(day)
    facts = listed(term_last_day=last)
    found = window(facts, around(at))
    assert found is not None
    taken = renewal_window_is_open(facts, around(at))
    assert (found.phase in (Phase.OPEN, Phase.CLOSING)) == taken == (found.opens <= day <= found.closes)

"""What moves change in a case beyond its stage. Pure: facts and circumstances in, column values out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from states.calendar import start_of
from states.conditions import (
    Circumstances,
    active_enough_in_later_terms,
    active_in_first_term,
    last_day_to_apply_has_passed,
    no_timely_renewal,
    term_is_over,
)
from states.facts import Facts, day
from states.grounds import GROUNDS, REMOVE
from states.terms import cooling_off_until, next_term, term_end

Changes = Mapping[str, Any]

DEEMED_GIVEN_UP = frozenset({"not_applied", "inactive_first_term", "below_200"})
"""Exit grounds that M24-9.5 calls deemed given up: they alone bring the cooling-off of three years (D-13).

An institution that missed its day has given up by then: leaving earlier by another way does not undo that.
"""

EXIT_GROUNDS: Mapping[str, tuple[str, str]] = {
    "not_applied": ("逾期未提交续期申请，视为主动放弃", "M24-9.4"),
    "inactive_first_term": ("第1个有效期内未开展活动，视为主动放弃", "M24-9.2"),
    "below_200": ("第2个及以后有效期内年均少于200人次，视为主动放弃", "M24-9.3"),
    "renewal_refused": ("续期审核未通过", "M24-9.1"),
    "rectification_failed": ("在规定时间内未达到整改要求", "M24-20b"),
    "voluntary": ("主动终止业务", "M24-20c"),
    **{each.key: (each.words, each.clause) for each in GROUNDS.values() if each.severity == REMOVE},
}
"""Ground → (what is said of it, clause)."""


def submit(_: Facts, around: Circumstances) -> Changes:
    return {"filed_at": around.as_of}


def note_recommendation(_: Facts, around: Circumstances) -> Changes:
    return {
        "recommendation_no": around.inputs["letter_no"],
        "recommended_on": around.inputs["letter_date"],
        "returned_from": None,
    }


def note_return(facts: Facts, _: Circumstances) -> Changes:
    return {"returned_from": facts.stage}


def settle_warnings(_: Facts, __: Circumstances) -> Changes:
    return {"warnings_open": 0}


def receive_material(facts: Facts, _: Circumstances) -> Changes:
    return {"materials_missing": max(0, facts.materials_missing - 1)}


def receive_paper(_: Facts, around: Circumstances) -> Changes:
    return {"paper_at": around.as_of}


def note_result(facts: Facts, around: Circumstances) -> Changes:
    """The panel recommends when two thirds (or what the regime sets) of those voting say so."""
    votes_for, votes_cast = (
        int(around.inputs["votes_for"]),
        int(around.inputs["votes_cast"]),
    )
    ratio = around.rules.recommend_ratio.value
    return {
        "votes_for": votes_for,
        "votes_cast": votes_cast,
        "score": int(around.inputs.get("score") or 0),
        "panel_recommends": votes_cast > 0 and votes_for * ratio.denominator >= votes_cast * ratio.numerator,
    }


def post(facts: Facts, around: Circumstances) -> Changes:
    return {
        "posted_at": around.as_of,
        "departs": bool(str(around.inputs.get("departure") or "").strip()) or bool(facts.departs),
    }


def post_again(_: Facts, around: Circumstances) -> Changes:
    return {"posted_at": around.as_of, "objections_open": 0}


def receive_objection(facts: Facts, _: Circumstances) -> Changes:
    return {"objections_open": facts.objections_open + 1}


def close_objection(facts: Facts, _: Circumstances) -> Changes:
    return {"objections_open": max(0, facts.objections_open - 1)}


def begin_term(_: Facts, around: Circumstances) -> Changes:
    """The first term runs from the instant of approval (B3-1.5, CQ23-1.5) for the regime's years (D-3)."""
    return {
        "term_no": 1,
        "term_starts_at": around.as_of,
        "term_last_day": term_end(around.as_of, around.rules.term_years.value),
        "renewal_applied_at": None,
        "renewal_refused": None,
        "renewal_correction_due": None,
        "activity": 0,
    }


def apply_renewal(_: Facts, around: Circumstances) -> Changes:
    return {"renewal_applied_at": around.as_of, "renewal_refused": None}


def return_renewal(_: Facts, around: Circumstances) -> Changes:
    """The correction has its own limit (D-4), also where that lies after the last day to apply: it was applied in time."""
    span = around.rules.correction.value
    return {"renewal_correction_due": span.after(around.as_of, around.calendar).day}


def correct_renewal(_: Facts, __: Circumstances) -> Changes:
    return {"renewal_correction_due": None}


def drop_renewal(_: Facts, __: Circumstances) -> Changes:
    """What was returned and never came back counts as never applied for: within the window it may be applied for again."""
    return {"renewal_applied_at": None, "renewal_correction_due": None}


def renew_term(facts: Facts, around: Circumstances) -> Changes:
    """The new term starts where the old one ends, whenever it is approved (D-8)."""
    old_last = _last_day(facts)
    first, last = next_term(old_last, around.rules.renewal_term_years.value)
    return {
        "term_no": facts.term_no + 1,
        "term_starts_at": start_of(first),
        "term_last_day": last,
        "renewal_applied_at": None,
        "renewal_refused": None,
        "renewal_correction_due": None,
        "activity": 0,
    }


def refuse_renewal(facts: Facts, around: Circumstances) -> Changes:
    """The listing goes on to the end of its term; where that is past already (D-5), it leaves now."""
    ground = _activity_ground(facts, around) or "renewal_refused"
    refused: dict[str, Any] = {"renewal_refused": ground, "renewal_correction_due": None}
    return refused | dict(_leave(facts, around, ground)) if term_is_over(facts, around) else refused


def add_activity(facts: Facts, around: Circumstances) -> Changes:
    less = int(around.inputs.get("less") or 0)
    return {"activity": max(0, facts.activity + int(around.inputs["person_times"]) - less)}


def order_rectification(_: Facts, around: Circumstances) -> Changes:
    return {
        "rectification_due": around.inputs["due_on"],
        "rectification_reported_at": None,
    }


def report_rectification(_: Facts, around: Circumstances) -> Changes:
    return {"rectification_reported_at": around.as_of}


def end_rectification(_: Facts, __: Circumstances) -> Changes:
    return {"rectification_due": None, "rectification_reported_at": None}


def leave_at_term_end(facts: Facts, around: Circumstances) -> Changes:
    """Exit by the clock: the ground is the inactivity if there was one, else the missed application."""
    ground = facts.renewal_refused or _activity_ground(facts, around) or "not_applied"
    return _leave(facts, around, ground)


def leave_rectifying(facts: Facts, around: Circumstances) -> Changes:
    return _leave(facts, around, "rectification_failed")


def leave_by_will(facts: Facts, around: Circumstances) -> Changes:
    return _leave(facts, around, "voluntary")


def announce_leaving(_: Facts, around: Circumstances) -> Changes:
    """The last day of service; the clock does the rest (M24-20c)."""
    return {"leaving_on": around.inputs["last_day"]}


def take_back_leaving(_: Facts, __: Circumstances) -> Changes:
    return {"leaving_on": None}


def be_removed(facts: Facts, around: Circumstances) -> Changes:
    return _leave(facts, around, str(around.inputs["ground"]))


def _leave(facts: Facts, around: Circumstances, ground: str) -> Changes:
    barred = {ground, _given_up_before(facts, around)} & DEEMED_GIVEN_UP
    years = around.rules.cooling_off_years.value
    return {
        "exit_ground": ground,
        "cooling_until": cooling_off_until(_last_day(facts), years) if barred else None,
    }


def _given_up_before(facts: Facts, around: Circumstances) -> str | None:
    """The ground on which the clock would make it leave at the end of the term, once that is settled."""
    if facts.renewal_refused is not None:
        return facts.renewal_refused
    if last_day_to_apply_has_passed(facts, around) and no_timely_renewal(facts, around):
        return "not_applied"
    return None


def _activity_ground(facts: Facts, around: Circumstances) -> str | None:
    if not active_in_first_term(facts, around):
        return "inactive_first_term"
    if not active_enough_in_later_terms(facts, around):
        return "below_200"
    return None


def _last_day(facts: Facts) -> date:
    last = day(facts.term_last_day)
    if last is None:
        raise ValueError(f"case {facts.no} has no term")
    return last


def note_duty(facts: Facts, around: Circumstances) -> Changes:
    """A duty done is noted as ``key:year``; its reminders fall silent."""
    done = set(filter(None, facts.duties_done.split(",")))
    done.add(f"{around.inputs['duty']}:{int(around.inputs['year'])}")
    return {"duties_done": ",".join(sorted(done))}

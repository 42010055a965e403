"""The ready-made words a letter may use: everything in ``notifications/vocabulary.py``, worked out per case.

What a thousand cases share is worked out once; a letter adds only its own number, name and levels.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from casework.desk import Desk
from states.anchors import publicity_period
from states.calendar import Calendar, day_of
from states.call_rules import TrackRules
from states.checked import Process
from states.effects import DEEMED_GIVEN_UP, EXIT_GROUNDS
from states.facts import Facts, day, instant
from states.grounds import GROUNDS
from states.labels import DECIDERS, TRACKS
from states.places import OFFICES
from states.terms import cooling_off_until, last_day_to_apply, window_opens
from states.timers import Schedule


def spoken(value: date | None) -> str:
    """A day as letters say it: 2024年9月27日; empty for None."""
    return "" if value is None else f"{value.year}年{value.month}月{value.day}日"


class Wording:
    """Words shared by alike cases, kept for the length of one transaction."""

    def __init__(self, desk: Desk, as_of: datetime) -> None:
        self._desk, self._today = desk, spoken(day_of(as_of))
        self._kept: dict[Any, dict[str, str]] = {}

    def shared(
        self,
        letter: str,
        process: Process,
        facts: Facts,
        inputs: Mapping[str, Any],
        at: datetime,
        planned: Schedule,
        clause: str,
        move_label: str,
        about: date | None = None,
    ) -> Mapping[str, str]:
        """Everything but the case's number, institution and levels."""
        signer = _signer(letter, process, facts)
        key = (
            letter, signer, process.key, facts.occupation, facts.channel, at, tuple(inputs.items()), _limit(planned), clause,
            about, facts.renewal_refused, facts.renewal_correction_due,
            facts.term_no, facts.term_last_day, facts.exit_ground, facts.cooling_until,
        )  # fmt: skip
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._work_out(
                process, facts, inputs, at, planned, clause, move_label, about
            ) | {"signer": signer}
        return found

    def _work_out(
        self,
        process: Process,
        facts: Facts,
        inputs: Mapping[str, Any],
        at: datetime,
        planned: Schedule,
        clause: str,
        move_label: str,
        about: date | None,
    ) -> dict[str, str]:
        rules, calendar = process.rules, self._desk.calendar
        today = day_of(at)
        # Where the clock ended the case there is no limit any more: what ended it is the day before.
        due = about or (planned.limit.day if planned.limit else date.fromordinal(today.toordinal() - 1))
        words = {key: _plain(value) for key, value in inputs.items()}
        if words.get("ground") in GROUNDS:
            words["ground"] = GROUNDS[words["ground"]].sentence
        words |= {
            "occupation": _title(process, facts.occupation),
            "call": rules.name,
            "recommender": OFFICES[facts.channel].name,
            "kind": f"{TRACKS[facts.track]}机构",
            "done_on": spoken(today),
            "today": self._today,
            "clause": clause,
            "move_label": move_label,
            "due": spoken(due),
            "days_left": str(
                max(0, calendar.count(today, due) - (1 if calendar.is_working_day(today) else 0))
            )
            if due >= today
            else "0",
            "explanation": planned.limit.explanation() if planned.limit else "",
        }
        return words | self._publicity(facts, process, calendar) | _term(facts, rules)

    def _publicity(self, facts: Facts, process: Process, calendar: Calendar) -> dict[str, str]:
        posted = instant(facts.posted_at)
        if posted is None:
            return {}
        found = publicity_period(posted, process.rules, calendar)
        return {
            "publicity_from": spoken(day_of(posted)),
            "publicity_to": spoken(found.day),
            "publicity_days": str(len(found.counted)),
            "publicity_explained": found.explanation(),
        }


def _limit(planned: Schedule) -> tuple[datetime, str] | None:
    """What letters say of a limit depends on; an ``id`` would not do: a schedule let go of lends its id to another."""
    return (planned.limit.due, planned.limit.lead) if planned.limit else None


@lru_cache(maxsize=512)
def _title(process: Process, occupation: str) -> str:
    return next(each.title for each in process.rules.occupations.value if each.code == occupation)


def _signer(letter: str, process: Process, facts: Facts) -> str:
    """Who signs: the national office, or the province's own where the province decides (M24-3.2).

    What the national audit found is the office's to tell (CQ23-4.3), and so is that the nation lists somebody.
    """
    rules = process.rules
    listed = bool(facts.term_no) and letter != "listed" and rules.kept_by_province
    if listed or (rules.decided_by.value == "province" and letter != "audit_passed"):
        return OFFICES[f"P{facts.province}"].name
    return DECIDERS["office"]


def _term(facts: Facts, rules: TrackRules) -> dict[str, str]:
    words: dict[str, str] = {}
    last, starts = day(facts.term_last_day), instant(facts.term_starts_at)
    if last is not None and starts is not None:
        words |= {
            "term_no": str(facts.term_no),
            "term_from": spoken(day_of(starts)),
            "term_to": spoken(last),
            "apply_from": spoken(window_opens(last, rules.renewal_window_months.value)),
            "apply_to": spoken(last_day_to_apply(last, rules.renewal_apply_months.value)),
        }
        words |= _renewal(facts, rules, last)
    if facts.exit_ground:
        until = day(facts.cooling_until)
        words |= {
            "ground": EXIT_GROUNDS[facts.exit_ground][0],
            "clause": EXIT_GROUNDS[facts.exit_ground][1],
            "cooling_until": spoken(until),
            "cooling_free_from": spoken(date.fromordinal(until.toordinal() + 1)) if until else "",
        }
    return words


def _renewal(facts: Facts, rules: TrackRules, last: date) -> dict[str, str]:
    words = {"correct_by": spoken(day(facts.renewal_correction_due))}
    if facts.renewal_refused is not None:
        words["refused_ground"] = "（".join(EXIT_GROUNDS[facts.renewal_refused]) + "）"
    if facts.renewal_refused is None or facts.renewal_refused in DEEMED_GIVEN_UP:
        until = cooling_off_until(last, rules.cooling_off_years.value)
        words["bar_until"] = spoken(until)
        words["bar_free_from"] = spoken(date.fromordinal(until.toordinal() + 1))
    return words


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return spoken(value)
    return "" if value is None else str(value)

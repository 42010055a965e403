"""Calls as the pages list and show them: how they stand, how many cases they have, every rule with its clause."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from casework.actors import Actor
from casework.call_planning import sees
from casework.calls import CallState, known_calls
from casework.desk import Desk
from casework.rehearsal.rule_evidence import RULE_LABELS, in_words, ruled_by
from casework.selection import Selection
from records.transaction import reading
from states import labels
from states.facts import day, instant

MOST = 10_000
RECUSAL = {"panel": "整个专家组", "case": "逐件回避"}


@dataclass(frozen=True, slots=True)
class Told:
    """One value of a call's rules in words."""

    label: str
    value: str
    clause: str
    note: str


@dataclass(frozen=True, slots=True)
class PutOff:
    """One extension of a call."""

    old_day: date
    new_day: date
    reason: str
    by: str
    at: datetime
    cases: int


def calls_in_sight(desk: Desk, actor: Actor, folder: Path | None = None) -> list[CallState]:
    """Every call the actor may see, the newest first."""
    return [call for call in reversed(known_calls(desk, folder)) if sees(actor, call.rules)]


def call_in_sight(desk: Desk, code: str, actor: Actor, folder: Path | None = None) -> CallState | None:
    """One of them, or None."""
    wanted = code.strip().upper()
    return next((call for call in calls_in_sight(desk, actor, folder) if call.code == wanted), None)


def count_of(desk: Desk, code: str, actor: Actor) -> int:
    """How many cases of a call the actor may see, counted to just above ``MOST``."""
    where, values = Selection(call=code).where(actor)
    with reading(desk.engine) as tx:
        row = tx.one(
            f"SELECT count(*) FROM (SELECT 1 FROM cases c WHERE {where} LIMIT {MOST + 1}) AS some", values
        )
    return int(row[0]) if row else 0


def rules_told(call: CallState, track: str) -> list[Told]:
    """Every rule of a track, in the order of the rule tables."""
    found = []
    for key, ruled in ruled_by(call.rules.track(track)):
        label = getattr(ruled, "label", "") or RULE_LABELS.get(key, "")
        if key.startswith("limits."):
            label = f"{labels.LIMITS.get(key.removeprefix('limits.'), '')}期限"
        value = in_words(ruled.value)
        if isinstance(ruled.value, bool):
            value = "是" if ruled.value else "否"
        value = RECUSAL.get(value, value) if key == "panel.recusal" else value
        if label:
            general = "（一般应）" if getattr(ruled, "generally", False) else ""
            found.append(Told(label, value + general, ruled.clause, ruled.note))
    return found


def extensions(desk: Desk, code: str) -> list[PutOff]:
    """How often its last day was put off, the latest first."""
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT old_day, new_day, reason, by, at, cases FROM call_extension WHERE code = ? ORDER BY id DESC",
            (code,),
        )
    found = []
    for old, new, reason, by, at, cases in rows:
        was, now, when = day(old), day(new), instant(at)
        assert was is not None
        assert now is not None
        assert when is not None
        found.append(PutOff(was, now, reason, by, when, cases))
    return found

"""Leading panels by their timers: in the order of legal time, each once, whatever broke in between (laws 3 and 5).

One timer is one transaction. What cannot happen yet is held with its reason and looked at again; what fails
becomes an incident that names the panel and nobody else, and does not stop the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from casework.desk import Desk
from casework.incidents import open_incident
from casework.panels import timers
from casework.panels.leaving import silent
from casework.panels.letters import owe_entry
from casework.panels.links import INVITATION
from casework.panels.news import tell_staff
from casework.panels.panel import PanelView, panel_by_id
from casework.panels.rounds import open_round
from casework.panels.seat import seat_by_id
from casework.panels.voting import begin_vote, close_vote, remind_voters
from casework.wording import spoken
from records.timers import HELD
from records.transaction import Transaction, reading, transaction
from states.calendar import day_of, end_of
from states.facts import day, instant
from states.refusals import Refused
from states.roles import Role

AGAIN = timedelta(hours=1)
"""How long what is held waits before it is looked at again."""
DAILY = timedelta(days=1)
"""How long it waits once the vote should be over: nothing but a human can mend that."""

NEVER_VOTED = "panel_never_voted"
"""The kind of incident of a panel whose vote was to close before it ever began."""

_NEXT = (
    "SELECT panel_id, key, kind, due, about, clause, seat_id FROM panel_timer WHERE fires_at <= ?"
    " ORDER BY fires_at, panel_id, key LIMIT 1"
)


class Due(NamedTuple):
    """One due timer."""

    panel_id: int
    key: str
    kind: str
    due: datetime
    about: object
    clause: str
    seat_id: int | None


@dataclass(slots=True)
class PanelSweepReport:
    """What one sweep of the panels did: timers fired by kind, held and failed."""

    fired: dict[str, int] = field(default_factory=dict)
    held: int = 0
    incidents: int = 0

    @property
    def count(self) -> int:
        """All timers that were dealt with."""
        return sum(self.fired.values()) + self.held + self.incidents


def sweep_panels(
    desk: Desk, *, as_of: datetime, progress: Callable[[PanelSweepReport], None] | None = None
) -> PanelSweepReport:
    """Fire every timer of a panel due by ``as_of`` (aware UTC)."""
    report = PanelSweepReport()
    while True:
        with reading(desk.engine) as tx:
            row = tx.one(_NEXT, (as_of,))
        if row is None:
            return report
        due = Due(row[0], row[1], row[2], instant(row[3]) or as_of, day(row[4]), row[5], row[6])
        try:
            with transaction(desk.engine) as tx:
                if tx.one("SELECT 1 FROM panel_timer WHERE panel_id = ? AND key = ? AND fires_at <= ?",
                          (due.panel_id, due.key, as_of)):  # fmt: skip
                    held = _fire(tx, desk, due, as_of)
                    _settle(tx, due, held, as_of)
                    if held:
                        report.held += 1
                    else:
                        report.fired[due.kind] = report.fired.get(due.kind, 0) + 1
        except Exception as error:  # noqa: BLE001 - law 11: one panel must not stop the others
            _store_failure(desk, due, error, as_of)
            report.incidents += 1
        if progress:
            progress(report)


def _fire(tx: Transaction, desk: Desk, due: Due, as_of: datetime) -> Refused | None:
    """Do what the timer is for; a refusal when it cannot be done yet."""
    panel = panel_by_id(tx, due.panel_id)
    match due.kind:
        case timers.DRAW:
            return _ask_for_digits(tx, desk, panel, due, as_of)
        case timers.ANSWER:
            assert due.seat_id is not None
            seat = seat_by_id(tx, due.seat_id)
            if seat.state == "invited":
                silent(tx, desk, panel, seat, as_of, due.due)
        case timers.ANSWER_REMINDER:
            _remind(tx, desk, panel, due, as_of)
        case timers.MEETS:
            return begin_vote(tx, desk, panel, due.due, as_of)
        case timers.BALLOTS_REMINDER:
            remind_voters(tx, desk, panel, due.key, as_of)
        case timers.CLOSES:
            return close_vote(tx, desk, panel, due.due, as_of)
    return None


def _settle(tx: Transaction, due: Due, held: Refused | None, as_of: datetime) -> None:
    """A timer that did its work is gone; one that could not waits, with the reason (``panel show`` tells it)."""
    if held is None:
        tx.run("DELETE FROM panel_timer WHERE panel_id = ? AND key = ?", (due.panel_id, due.key))
        return
    panel = panel_by_id(tx, due.panel_id)
    over = panel.closes_at is not None and panel.closes_at <= as_of
    tx.run(
        "UPDATE panel_timer SET fires_at = ?, held_why = ? WHERE panel_id = ? AND key = ?",
        (as_of + (DAILY if over else AGAIN), str(held), due.panel_id, due.key),
    )
    if due.kind == timers.CLOSES and not _known(tx, NEVER_VOTED, panel.no):
        open_incident(tx, NEVER_VOTED, None, panel.no, str(held), as_of)


def _known(tx: Transaction, kind: str, subject: str) -> bool:
    asked = "SELECT 1 FROM incident WHERE kind = ? AND subject = ? AND closed_at IS NULL"
    return tx.one(asked, (kind, subject)) is not None


def _ask_for_digits(
    tx: Transaction, desk: Desk, panel: PanelView, due: Due, as_of: datetime
) -> Refused | None:
    """The set time of a draw has come: people are told to type the digits. The clock never invents any."""
    if panel.state not in ("planned", "committed"):
        return None
    kept = open_round(tx, panel.id)
    todo = (
        "由监督人录入公开数字（linxuan draw run）"
        if kept
        else "先冻结专家库、公布承诺（linxuan draw commit），再由监督人录入公开数字（linxuan draw run）"
    )
    tell_staff(
        tx, desk, panel, "panel_draw_due", (Role.OFFICE, Role.CENTRE, Role.AUDITOR), day_of(due.due).isoformat(), as_of,
        clause=due.clause, words={"todo": todo, "due": spoken(day_of(due.due))},
    )  # fmt: skip
    return None


def _remind(tx: Transaction, desk: Desk, panel: PanelView, due: Due, as_of: datetime) -> None:
    """One reminder to answer, with a fresh link; of several missed, only the latest, and none too late (D-7)."""
    assert due.seat_id is not None
    seat = seat_by_id(tx, due.seat_id)
    if seat.state != "invited" or seat.answer_due is None or end_of(seat.answer_due) <= as_of:
        return
    later = tx.one(
        "SELECT 1 FROM panel_timer WHERE panel_id = ? AND kind = ? AND seat_id = ? AND fires_at <= ? AND due > ?",
        (panel.id, due.kind, seat.id, as_of, due.due),
    )
    if later is None:
        owe_entry(
            tx, desk, panel, seat, "expert_answer_due", INVITATION, day_of(due.due).isoformat(), as_of,
            clause=due.clause,
        )  # fmt: skip


def _store_failure(desk: Desk, due: Due, error: Exception, as_of: datetime) -> None:
    """Kept without the error's own words: they might name somebody."""
    with transaction(desk.engine) as tx:
        no = panel_by_id(tx, due.panel_id).no
        reason = f"专家组{no}“{timers.LABELS[due.kind]}”未能办理：{type(error).__name__}"
        tx.run(
            "UPDATE panel_timer SET fires_at = ?, held_why = ? WHERE panel_id = ? AND key = ?",
            (HELD, reason, due.panel_id, due.key),
        )
        open_incident(tx, "panel_timer_failed", None, f"{no}/{due.key}", reason, as_of)

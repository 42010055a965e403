"""Conflicts that wait for a human: of the pool before a draw, and of those who sit after their statement."""

from dataclasses import dataclass
from datetime import datetime

from casework import recusal
from casework.actors import Actor
from casework.desk import Desk
from casework.panels.access import Act, Matter, refuse_unless_does, refuse_unless_sees
from casework.panels.answering import settle_accepted
from casework.panels.conflicts import conflicts_of_seats
from casework.panels.leaving import leave
from casework.panels.panel import PanelView, panel_in
from casework.panels.seat import HOLDING, SeatView, person_of, seats_of
from records.transaction import Transaction, reading, transaction
from states.calendar import day_of
from states.recusal import RULES, Conflict, Verdict
from states.refusals import Refused


@dataclass(frozen=True, slots=True)
class Held:
    """One conflict to decide: the expert by number, the case (empty: whatever it judges), the rule, the evidence.

    ``seat`` is the seat's number where the expert sits already, else None.
    """

    expert: str
    case: str
    rule: str
    rule_label: str
    evidence: str
    seat: int | None = None


def held(desk: Desk, no: str, *, actor: Actor, as_of: datetime) -> list[Held]:
    """What waits for a human on this panel. Raises Refused for those who may not see it."""
    refuse_unless_sees(actor, Matter.MEMBERS)
    with reading(desk.engine) as tx:
        panel = panel_in(tx, no)
        refuse_unless_sees(actor, Matter.MEMBERS, panel.province)
        sitting = _sitting(tx, panel, as_of)
        taken = {code for code, *_ in sitting}
        pool = [] if panel.state == "confirmed" else recusal.recusals(tx, panel.id, day_of(as_of)).held
        return [
            *(_held(each, seat.place) for _, seat, conflicts in sitting for each in conflicts),
            *(_held(each, None) for each in pool if each.expert not in taken),
        ]


def decide_held(
    desk: Desk,
    no: str,
    *,
    expert: str,
    case: str,
    rule: str,
    verdict: str,
    reason: str,
    by: Actor,
    as_of: datetime,
) -> str:
    """Record a decision (``released`` or ``excluded``); an accepted seat is settled by it. What came of it, in words.

    Raises Refused as ``casework.recusal.decide``.
    """
    refuse_unless_does(by, Act.DECIDE)
    if verdict not in ("released", "excluded"):
        raise Refused("核定结果应写 released（无须回避）或 excluded（回避）。", clause="M24-7.3b")
    with transaction(desk.engine) as tx:
        panel = panel_in(tx, no)
        refuse_unless_does(by, Act.DECIDE, panel.province)
        seat, conflict = None, None
        for code, found, conflicts in _sitting(tx, panel, as_of):
            if code == expert:
                seat = found
                conflict = next((each for each in conflicts if (each.case, each.rule) == (case, rule)), None)
        recusal.decide(
            tx, panel.id, expert=expert, case=case, rule=rule, verdict=Verdict(verdict), reason=reason, by=by,
            as_of=as_of, on=day_of(as_of), conflict=conflict,
        )  # fmt: skip
        if seat is None:
            return "已记录核定结果，下一次抽取照此办理。"
        left = settle_accepted(tx, desk, panel, seat, as_of) if seat.state == "accepted" else seat
        return {
            "confirmed": f"已记录核定结果，第{seat.place}席确认参加评议。",
            "conflicted": f"已记录核定结果，第{seat.place}席回避，席位空缺。",
        }.get(left.state, f"已记录核定结果，第{seat.place}席还有待核定的情形。")


def release(desk: Desk, no: str, place: int, *, because: str, by: Actor, as_of: datetime) -> None:
    """Relieve the holder of a seat (illness, a mailbox that does not exist), for a reason on record.

    Raises Refused without a reason, and for a seat nobody holds.
    """
    refuse_unless_does(by, Act.DECIDE)
    if not because.strip():
        raise Refused("解除专家席位须写明理由。", clause="M24-7.3c")
    with transaction(desk.engine) as tx:
        panel = panel_in(tx, no)
        refuse_unless_does(by, Act.DECIDE, panel.province)
        seat = next((each for each in seats_of(tx, panel.id) if each.place == place), None)
        if seat is None or seat.state not in HOLDING:
            raise Refused(f"专家组{panel.no}第{place}席现在没有人，无须解除。", clause="M24-7.3c")
        leave(tx, desk, panel, seat, "released", as_of, why=because.strip(), by=by)


def _sitting(
    tx: Transaction, panel: PanelView, as_of: datetime
) -> list[tuple[str, SeatView, tuple[Conflict, ...]]]:
    seats = [each for each in seats_of(tx, panel.id) if each.state in HOLDING]
    found = conflicts_of_seats(tx, panel, seats, day_of(as_of))
    return [(person_of(tx, each).code, each, found.waiting.get(each.id, ())) for each in seats]


def _held(conflict: Conflict, place: int | None) -> Held:
    return Held(
        conflict.expert, conflict.case, conflict.rule, RULES[conflict.rule].label, conflict.evidence, place
    )

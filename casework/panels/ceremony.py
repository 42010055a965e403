"""The draw as it is shown on one screen: promise, digits, tickets, seats and exclusions; nobody is named (M24-7.3c)."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from casework.actors import Actor
from casework.desk import Desk
from casework.panels.access import Matter, refuse_unless_sees
from casework.panels.listing import RoundLine, round_line
from casework.panels.panel import panel_in
from casework.panels.rounds import RoundView, committed, rounds_of
from casework.panels.seat import GONE, HOLDING, STATES, seats_of
from casework.pool import availability
from records.transaction import Transaction, reading
from states.draw.lots import BEYOND, FIELD_FIRST, SAME_EMPLOYER, SAME_PROVINCE, SEATED
from states.recusal import RULES

SHOWN = 12
"""How many tickets a screen shows besides those that sit, the lowest first; the certificate has them all."""
OUTCOMES: Mapping[str, str] = {
    SEATED: "入选", SAME_EMPLOYER: "同单位已满", SAME_PROVINCE: "同省份已满", FIELD_FIRST: "留给本领域专家", BEYOND: "未抽到",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ticket:
    """One expert's ticket by pseudonym; ``seat`` is the place among those drawn, 0 for who was not."""

    rank: int
    pseudonym: str
    ticket: str
    outcome: str
    seat: int


@dataclass(frozen=True, slots=True)
class Ceremony:
    """The last round of a panel. ``excluded`` are (rule, label, clause, heads); an expert may stand under several.

    ``vacancies`` are the seats nobody holds; ``state`` and ``version`` those of the panel.
    """

    panel: str
    occupation: str
    state: str
    version: int
    size: int
    vacancies: int
    round: RoundLine | None
    committed_by: str
    supervisor: str
    pool: int
    standing: int
    excluded: tuple[tuple[str, str, str, int], ...]
    tickets: tuple[Ticket, ...]
    eligible: int
    seed: str
    certificate_sha256: str


def ceremony(desk: Desk, no: str, *, actor: Actor) -> Ceremony:
    """The screen of a panel's last round. Raises Refused for those who may not see how far it has come."""
    with reading(desk.engine) as tx:
        panel = panel_in(tx, no)
        refuse_unless_sees(actor, Matter.PROGRESS, panel.province)
        rounds = rounds_of(tx, panel.id)
        last = rounds[-1] if rounds else None
        shown, tickets = _frozen(tx, no, last)
        near = [each for each in tickets if each.seat or each.rank <= SHOWN]
        seated = sum(each.state in HOLDING for each in seats_of(tx, panel.id))
        return Ceremony(
            panel.no, panel.occupation, panel.state, panel.version, panel.size, panel.size - seated,
            round_line(last) if last else None, _name(last.committed_by) if last else "",
            _name(last.supervisor or "") if last else "", shown["pool"], shown["standing"],
            tuple(_counted(shown["exclusions"])), tuple(near), shown["eligible"], shown["seed"],
            shown["sha256"],
        )  # fmt: skip


def version_of(desk: Desk, no: str) -> int:
    """The version of a panel: what a page was made from, and what the screen asks for every few seconds."""
    with reading(desk.engine) as tx:
        return panel_in(tx, no).version


def last_hand(desk: Desk, no: str) -> str:
    """Who did the latest thing about a panel, as the audit log has it. Read only when somebody came second."""
    with reading(desk.engine) as tx:
        row = tx.one(
            "SELECT actor FROM audit WHERE kind IN ('panel', 'ballot') AND detail LIKE ? ORDER BY seq DESC LIMIT 1",
            (f"%{no}%",),
        )
    return _name(row[0]) if row else ""


def _frozen(tx: Transaction, no: str, last: RoundView | None) -> tuple[dict[str, Any], list[Ticket]]:
    nothing: dict[str, Any] = {
        "pool": 0, "standing": 0, "exclusions": [], "eligible": 0, "seed": "", "sha256": "",
    }  # fmt: skip
    if last is None:
        return nothing, []
    row = tx.one("SELECT certificate FROM draw_round WHERE id = ?", (last.id,))
    if row is None or row[0] is None:
        if last.state != "committed":
            return nothing, []
        _, frame, _ = committed(tx, panel_in(tx, no), last)
        rules = [(each.rule, each.clause) for each in frame.exclusions]
        return nothing | {"pool": len(frame.pool), "standing": len(frame.standing), "exclusions": rules}, []
    found = json.loads(row[0])
    places = {name: place for place, name in enumerate(found["seats"], 1)}
    tickets = [
        Ticket(
            rank,
            each["pseudonym"],
            each["ticket"],
            OUTCOMES[each["outcome"]],
            places.get(each["pseudonym"], 0),
        )
        for rank, each in enumerate(found["tickets"], 1)
    ]
    rules = [(each["rule"], each["clause"]) for each in found["exclusions"]]
    return {
        "pool": len(found["pool"]), "standing": len(found["frame"].get("standing", ())), "exclusions": rules,
        "eligible": len(tickets), "seed": found["seed"], "sha256": found["sha256"],
    }, tickets  # fmt: skip


def _counted(rules: Iterable[tuple[str, str]]) -> list[tuple[str, str, str, int]]:
    return [(rule, _label(rule), clause, heads) for (rule, clause), heads in sorted(Counter(rules).items())]


def _label(rule: str) -> str:
    id_, _, held = rule.partition(":")
    if id_ in RULES:
        return f"{RULES[id_].label}（未核定，本轮不抽）" if held else RULES[id_].label
    if id_ == availability.RULE:
        return availability.LABEL
    return next((STATES[state] for state, known in GONE.items() if known == id_), rule)


def _name(signature: str) -> str:
    return signature.partition(" by ")[0].partition(":")[2] or signature

"""Panels as they are shown: what everybody may read, how far they have come, and who sits, each to whom it is for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.panels import panel as panels
from casework.panels import rounds, seat, timers
from casework.panels.access import Matter, may_see
from casework.panels.panel import PanelView, panel_in, panels_in, plan_of, rules_of
from casework.panels.rounds import RoundView, rounds_of
from casework.panels.seat import SeatView, kept_words, seats_of
from records.crypt import decrypt
from records.transaction import Transaction, reading
from states.facts import day, instant
from states.panels import announced
from states.roles import Role


@dataclass(frozen=True, slots=True)
class PanelLine:
    """One panel in a list. ``seats`` counts seats by state, None for those who may not see how far it has come."""

    no: str
    call: str
    track: str
    occupation: str
    province: str
    state: str
    state_label: str
    size: int
    cases: int
    rounds: int
    seats: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One round: what was published, and what came of it."""

    round: int
    state: str
    state_label: str
    seats: int
    frame_sha256: str
    pool_sha256: str
    commitment: str
    committed_at: datetime
    drawn_at: datetime | None
    digits: str | None
    source: str | None
    void_why: str | None


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One seat with whoever was drawn for it: for those with need alone."""

    place: int
    round: int
    state: str
    state_label: str
    expert: str
    name: str
    employer: str
    province: str
    mail: str
    answer_due: date | None
    answered_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class WaitLine:
    """What the panel waits for: until when, for which seat, and why it is held."""

    what: str
    due: datetime
    about: date | None
    seat: int | None
    held_why: str | None


@dataclass(frozen=True, slots=True)
class PanelPage:
    """One panel. ``waits`` and ``members`` are None for those who may not see them."""

    line: PanelLine
    published: tuple[tuple[str, str, str], ...]
    draw_at: datetime | None
    meets_at: datetime | None
    closes_at: datetime | None
    rounds: tuple[RoundLine, ...]
    waits: tuple[WaitLine, ...] | None
    members: tuple[MemberLine, ...] | None


def list_panels(desk: Desk, *, actor: Actor, call: str | None = None) -> list[PanelLine]:
    """Every panel, or those of a call, as far as the actor may see them; a province is not shown another's."""
    with reading(desk.engine) as tx:
        found = [
            each
            for each in panels_in(tx, call)
            if actor.role is not Role.PROVINCE or each.province in ("", actor.scope)
        ]
        counts = _counts(tx, [each.id for each in found])
        return [_line(each, actor, counts[each.id]) for each in found]


def show_panel(desk: Desk, no: str, *, actor: Actor) -> PanelPage:
    """One panel as far as the actor may see it. Raises Refused when there is none of that number."""
    with reading(desk.engine) as tx:
        view = panel_in(tx, no)
        rules = rules_of(tx, view)
        seats = seats_of(tx, view.id)
        sees = may_see(actor, Matter.MEMBERS, view.province)
        progress = may_see(actor, Matter.PROGRESS, view.province)
        line = _line(view, actor, _counts(tx, [view.id])[view.id])
        return PanelPage(
            line, announced(plan_of(view, rules), rules), view.draw_at, view.meets_at, view.closes_at,
            tuple(map(round_line, rounds_of(tx, view.id))),
            tuple(_waits(tx, view, seats)) if progress else None,
            tuple(_member(tx, each) for each in seats) if sees else None,
        )  # fmt: skip


def _counts(tx: Transaction, ids: Sequence[int]) -> dict[int, tuple[int, int, dict[str, int]]]:
    """Of each panel: its cases, its rounds, its seats by state."""
    cases = dict(_grouped(tx, "panel_case", ids))
    drawn = dict(_grouped(tx, "draw_round", ids))
    held: dict[int, dict[str, int]] = {id_: {} for id_ in ids}
    for id_, state, count in tx.rows(
        f"SELECT panel_id, state, count(*) FROM seat WHERE {tx.among('panel_id')} GROUP BY panel_id, state"
        " ORDER BY state",
        (tx.listed(ids),),
    ):
        held[id_][state] = count
    return {id_: (cases.get(id_, 0), drawn.get(id_, 0), held[id_]) for id_ in ids}


def _grouped(tx: Transaction, table: str, ids: Sequence[int]) -> list[tuple[int, int]]:
    rows = tx.rows(
        f"SELECT panel_id, count(*) FROM {table} WHERE {tx.among('panel_id')} GROUP BY panel_id",
        (tx.listed(ids),),
    )
    return [(row[0], row[1]) for row in rows]


def _line(view: PanelView, actor: Actor, counts: tuple[int, int, dict[str, int]]) -> PanelLine:
    cases, drawn, held = counts
    return PanelLine(
        view.no, view.call, view.track, view.occupation, view.province, view.state, panels.STATES[view.state],
        view.size, cases, drawn, held if may_see(actor, Matter.PROGRESS, view.province) else None,
    )  # fmt: skip


def round_line(kept: RoundView) -> RoundLine:
    """A round as it is shown."""
    return RoundLine(
        kept.round, kept.state, rounds.STATES[kept.state], kept.seats, kept.frame_sha256, kept.pool_sha256,
        kept.commitment, kept.committed_at, kept.drawn_at, kept.digits, kept.source, kept.void_why,
    )  # fmt: skip


def _member(tx: Transaction, kept: SeatView) -> MemberLine:
    row = tx.one("SELECT code, name, employer, province, mail FROM expert WHERE id = ?", (kept.expert_id,))
    assert row is not None
    code, name, employer, province, mail = row
    return MemberLine(
        kept.place, kept.round, kept.state, seat.STATES[kept.state], code, name, employer, province, decrypt(mail),
        kept.answer_due, kept.answered_at, kept_words(tx, kept.id, "reason"),
    )  # fmt: skip


def _waits(tx: Transaction, view: PanelView, seats: list[SeatView]) -> list[WaitLine]:
    places = {each.id: each.place for each in seats}
    rows = tx.rows(
        "SELECT kind, due, about, seat_id, held_why FROM panel_timer WHERE panel_id = ? ORDER BY due, key",
        (view.id,),
    )
    return [
        WaitLine(timers.LABELS[kind], at, day(about), places.get(seat_id), why)
        for kind, due, about, seat_id, why in rows
        if (at := instant(due)) is not None
    ]

"""Planning panels: their parameters from the rules, each with its clause, set and published before the draw."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from casework.actors import Actor
from casework.calls import state_in
from casework.desk import Desk
from casework.panels import timers
from casework.panels.access import Act, refuse_unless_does
from casework.panels.joining import join
from casework.panels.notes import note
from casework.panels.panel import (
    BEFORE_VOTING,
    CLAUSE,
    STATES,
    PanelView,
    case_ids,
    change,
    panel_by_id,
    panel_in,
    plan_of,
    rules_of,
)
from casework.panels.seat import seats_of
from records.transaction import Transaction, reading, transaction
from states.calendar import day_of
from states.call_rules import TrackRules
from states.labels import TRACKS
from states.panels import announced, planned
from states.recusal import Scope, ScopeDecision
from states.refusals import Refused
from states.roles import Role

NUMBERS = ("size", "quorum", "per_employer", "per_province", "of_field")
TIMES = ("draw_at", "meets_at", "closes_at")
UNDER_REVIEW = ("expert_review", "site_visit")
"""The stages of cases that wait for a panel's vote."""


def plan_panels(
    desk: Desk,
    call: str,
    *,
    by: Actor,
    as_of: datetime,
    track: str = "evaluation",
    occupation: str | None = None,
    province: str | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> list[PanelView]:
    """Plan one panel for each occupation with cases under expert review that no panel reads yet.

    Cases that come late (back from correction) join the panel of their occupation while it has not begun to vote, with
    its parameters as published; a panel that votes is left alone, and they get one of their own.

    Where the provinces organise (M24-8) it is one for each occupation and province, of ``province`` (two digits)
    alone if given; an actor of a province plans its own.

    ``overrides`` replace the rules' defaults: ``size``, ``quorum``, ``per_employer``, ``per_province``,
    ``of_field`` in heads, and the instants ``draw_at``, ``meets_at``, ``closes_at``. Raises Refused when there is
    nothing to plan, or for parameters that cannot be.
    """
    refuse_unless_does(by, Act.PLAN)
    given = dict(overrides or {})
    _refuse_unknown(given)
    with transaction(desk.engine) as tx:
        rules = state_in(tx, call).rules.track(track)
        wanted = rules.offered(occupation).code if occupation else None
        own = by.scope if by.role is Role.PROVINCE else province
        _refuse_another_s(by, rules)
        waiting = _waiting(tx, rules, wanted, own)
        joined = [
            join(tx, desk, panel, waiting.pop(place), by, as_of)
            for place in list(waiting)
            if (panel := _not_yet_voting(tx, rules, place)) is not None
        ]
        if not waiting and not joined:
            about = f"{rules.offered(wanted).title}的" if wanted else ""
            raise Refused(
                f"{rules.name}现在没有待专家评议、尚未编入专家组的{about}{TRACKS[rules.track]}机构申报。",
                clause=CLAUSE,
            )
        made = [_plan(tx, rules, place, ids, given, by, as_of) for place, ids in waiting.items()]
    return sorted([*joined, *made], key=lambda panel: panel.no)


def _not_yet_voting(tx: Transaction, rules: TrackRules, place: tuple[str, str]) -> PanelView | None:
    """The panel of an occupation (and province) that has drawn and not begun to vote: it reads what comes late.

    Raises Refused while its commitment is open: who is left out of that draw is published already.
    """
    row = tx.one(
        "SELECT id FROM panel WHERE call = ? AND track = ? AND occupation = ? AND province = ?"
        f" AND {tx.among('state')} ORDER BY id DESC LIMIT 1",
        (rules.call, rules.track, *place, tx.listed(BEFORE_VOTING)),
    )
    if row is None:
        return None
    panel = panel_by_id(tx, int(row[0]))
    if panel.state == "committed":
        raise Refused(
            f"专家组{panel.no}已公布承诺，{rules.offered(place[0]).title}后到的申报待本轮抽取完成后编入该组。",
            clause=CLAUSE,
        )
    return panel


def _refuse_another_s(by: Actor, rules: TrackRules) -> None:
    if not by_province(rules):
        refuse_unless_does(by, Act.PLAN, "")
    elif by.role is not Role.PROVINCE:
        raise Refused(
            f"{rules.name}的{TRACKS[rules.track]}机构由各省组织评议，专家组只能由{Role.PROVINCE.label}设定，"
            f"当前身份为{by.role.label}。",
            clause=rules.review_organiser.clause,
        )


def by_province(rules: TrackRules) -> bool:
    """Whether each province organises the panels of its own cases (M24-8)."""
    return rules.review_organiser.value == Role.PROVINCE


def change_panel(
    desk: Desk, no: str, *, by: Actor, as_of: datetime, because: str = "", **values: Any
) -> PanelView:
    """Change a panel's parameters or times; what is given stands for what was published before.

    Parameters change only while no commitment is open, and ``size`` and ``quorum`` only before the first draw.
    Once a round was drawn or void, and for recusal per case (``recusal="case"``), the reason is recorded (D-10).
    Raises Refused otherwise.
    """
    refuse_unless_does(by, Act.PLAN)
    values = {name: value for name, value in values.items() if value is not None}
    recusal = values.pop("recusal", None)
    _refuse_unknown(values)
    with transaction(desk.engine) as tx:
        panel = panel_in(tx, no)
        refuse_unless_does(by, Act.PLAN, panel.province)
        if panel.state not in BEFORE_VOTING:
            raise Refused(f"专家组{panel.no}{STATES[panel.state]}，不能再改设定。", clause=CLAUSE)
        touched = {name: values[name] for name in NUMBERS if name in values}
        if touched or recusal is not None:
            _refuse_too_late(tx, panel, touched, because)
        if recusal is not None:
            decision = ScopeDecision(Scope(recusal), because, by.signature)
            touched |= {
                "recusal": str(decision.scope),
                "recusal_reason": because,
                "recusal_by": by.signature,
            }
        rules = rules_of(tx, panel)
        changed = panel._replace(**{**values, **touched})
        plan_of(changed, rules)
        _refuse_bad_times(changed)
        kept = change(tx, panel, as_of, **{**values, **touched})
        _lay_times(tx, kept, values)
        note(
            tx, "changed", panel.no, by, as_of, clause="D-10" if because.strip() else CLAUSE, because=because,
            **{name: _plain(value) for name, value in {**values, **touched}.items() if name != "recusal_reason"},
        )  # fmt: skip
    return kept


def published(desk: Desk, no: str) -> tuple[tuple[str, str, str], ...]:
    """What is published of a panel before its draw: what, how much, and the clause. For everybody."""
    with reading(desk.engine) as tx:
        panel = panel_in(tx, no)
        rules = rules_of(tx, panel)
        return announced(plan_of(panel, rules), rules)


def read_cases_anew(tx: Transaction, panel: PanelView) -> list[int]:
    """Before its first round: the panel reads every case now under review that no other panel reads."""
    rules = rules_of(tx, panel)
    mine = set(case_ids(tx, panel.id))
    under = {
        row[0]
        for row in tx.rows(
            f"SELECT id FROM cases WHERE call = ? AND track = ? AND occupation = ? AND {tx.among('stage')}"
            " AND ? IN ('', province)",
            (panel.call, panel.track, panel.occupation, tx.listed(UNDER_REVIEW), panel.province),
        )
    }
    for gone in sorted(mine - under):
        tx.run("DELETE FROM panel_case WHERE panel_id = ? AND case_id = ?", (panel.id, gone))
    waiting = _waiting(tx, rules, panel.occupation, panel.province or None)
    _assign(tx, panel.id, waiting.get((panel.occupation, panel.province), []))
    return case_ids(tx, panel.id)


def _plan(
    tx: Transaction,
    rules: TrackRules,
    place: tuple[str, str],
    ids: list[int],
    given: Mapping[str, Any],
    by: Actor,
    as_of: datetime,
) -> PanelView:
    plan = planned(rules, **{name: given.get(name) for name in NUMBERS})
    code, province = place
    no = _next_number(tx, f"{rules.call}-{code}-{province}" if province else f"{rules.call}-{code}")
    times = [given.get(name) for name in TIMES]
    row = tx.run(
        "INSERT INTO panel (no, version, call, track, occupation, province, state, size, quorum, per_employer, per_province,"
        " of_field, recusal, draw_at, meets_at, closes_at, officers, officers_needed, created_at, updated_at)"
        " VALUES (?,1,?,?,?,?,'planned',?,?,?,?,?,?,?,?,?,0,0,?,?) RETURNING id",
        (
            no, rules.call, rules.track, code, province, plan.size, plan.quorum, plan.per_employer, plan.per_province,
            plan.of_field, str(plan.recusal), *times, as_of, as_of,
        ),
    ).fetchone()  # fmt: skip
    panel = panel_by_id(tx, int(row[0]))
    _refuse_bad_times(panel)
    _assign(tx, panel.id, ids)
    _lay_times(tx, panel, dict(given))
    note(
        tx, "planned", no, by, as_of, clause=CLAUSE, cases=len(ids), recusal=panel.recusal,
        **{name: getattr(panel, name) for name in NUMBERS},
    )  # fmt: skip
    return panel


def _assign(tx: Transaction, panel_id: int, ids: list[int]) -> None:
    tx.many(
        "INSERT INTO panel_case (panel_id, case_id) VALUES (?,?) ON CONFLICT DO NOTHING",
        ((panel_id, id_) for id_ in ids),
    )


def _waiting(
    tx: Transaction, rules: TrackRules, occupation: str | None, province: str | None
) -> dict[tuple[str, str], list[int]]:
    """Cases under review that no panel reads, by occupation and the province that organises (empty: the nation);
    a cancelled panel reads nothing.
    """
    rows = tx.rows(
        f"SELECT occupation, province, id FROM cases c WHERE call = ? AND track = ? AND {tx.among('stage')} AND NOT EXISTS"
        " (SELECT 1 FROM panel_case p JOIN panel q ON q.id = p.panel_id WHERE p.case_id = c.id"
        " AND q.state <> 'cancelled') ORDER BY occupation, province, no",
        (rules.call, rules.track, tx.listed(UNDER_REVIEW)),
    )
    found: dict[tuple[str, str], list[int]] = {}
    split = by_province(rules)
    for code, region, id_ in rows:
        if occupation in (None, code) and province in (None, region):
            found.setdefault((code, region if split else ""), []).append(id_)
    return {place: sorted(ids) for place, ids in found.items()}


def _next_number(tx: Transaction, prefix: str) -> str:
    row = tx.run(
        "INSERT INTO counter (prefix, last) VALUES (?, 1) ON CONFLICT (prefix) DO UPDATE SET last = counter.last + 1"
        " RETURNING last",
        (f"panel:{prefix}",),
    ).fetchone()
    return f"{prefix}-P{int(row[0]):02d}"


def _lay_times(tx: Transaction, panel: PanelView, given: Mapping[str, Any]) -> None:
    """The timers of the times that were set anew. That the vote begins and ends is laid once all are confirmed."""
    if given.get("draw_at") is not None and panel.draw_at is not None:
        timers.lay(tx, panel.id, timers.DRAW, panel.draw_at, day_of(panel.draw_at), CLAUSE)
    if panel.state == "confirmed":
        lay_vote(tx, panel)


def lay_vote(tx: Transaction, panel: PanelView) -> None:
    """The timers by which a confirmed panel meets and its vote closes (M24-7.3d), as far as the times are set."""
    for kind, at in ((timers.MEETS, panel.meets_at), (timers.CLOSES, panel.closes_at)):
        if at is not None:
            timers.lay(tx, panel.id, kind, at, day_of(at), "M24-7.3d")


def _refuse_too_late(tx: Transaction, panel: PanelView, touched: Mapping[str, Any], because: str) -> None:
    rounds = [
        row[0]
        for row in tx.rows("SELECT state FROM draw_round WHERE panel_id = ? ORDER BY round", (panel.id,))
    ]
    if "committed" in rounds:
        raise Refused(
            f"专家组{panel.no}已公布承诺，在抽取完成前不能改设定；确需更改的，先用 linxuan draw abandon 作废本轮。",
            clause=CLAUSE,
        )
    if seats_of(tx, panel.id) and {"size", "quorum"} & touched.keys():
        raise Refused(f"专家组{panel.no}已有专家在席，人数和法定人数不能再改。", clause=CLAUSE)
    if rounds and not because.strip():
        raise Refused(f"专家组{panel.no}已抽取过，更改设定须写明理由。", clause="D-10")


def _refuse_bad_times(panel: PanelView) -> None:
    if panel.meets_at and panel.closes_at and panel.closes_at <= panel.meets_at:
        raise Refused(f"专家组{panel.no}的表决截止时间应晚于开会时间，请改正。", clause="M24-7.3d")
    if panel.draw_at and panel.meets_at and panel.meets_at <= panel.draw_at:
        raise Refused(f"专家组{panel.no}的开会时间应晚于抽取时间，请改正。", clause="M24-7.3d")


def _refuse_unknown(given: Mapping[str, Any]) -> None:
    strange = sorted(given.keys() - {*NUMBERS, *TIMES})
    if strange:
        raise Refused(
            f"专家组没有“{'、'.join(strange)}”这样的设定，可设定的有：{'、'.join((*NUMBERS, *TIMES))}。"
        )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value

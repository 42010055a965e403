"""Casting: once, complete, signed, sealed; the voter leaves with a receipt and a tracking code (M24-7.3d)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor
from casework.audit import Entry, append
from casework.ballots.content import (
    Sheet,
    ballot_text,
    ballots_in,
    read_ballot,
    refuse_unreadable,
    sealed_length,
)
from casework.ballots.envelope import receipt, seal
from casework.ballots.panel import (
    CLAUSE,
    SITTING,
    PanelOfCases,
    SeatAtPanel,
    panel_of,
    plan_of,
    refuse_unless_voting,
    seat_of,
)
from casework.ballots.rechecking import recused_cases
from casework.ballots.sheets import discard_sheets, refuse_after_cast
from casework.desk import Desk
from records.transaction import Transaction
from states.panels import PanelPlan
from states.recusal.names import person_key
from states.refusals import Refused
from states.roles import Role
from states.tally import tally


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the voter keeps.

    ``receipt`` proves that the sealed ballot is among those opened; ``tracker`` finds its content, without a name,
    in the opened set. The tracker is stored nowhere but inside the sealed ballot.
    """

    receipt: str
    tracker: str
    cast_at: datetime


def cast(
    tx: Transaction, desk: Desk, seat_id: int, sheets: Mapping[int, Sheet], signature: str, *, as_of: datetime
) -> Receipt:
    """Seal and keep an expert's votes on every case it judges; ``signature`` is the expert's own name, typed.

    Drafts are deleted. Raises Refused outside voting, for a second ballot, without the signed declaration, for a
    wrong signature, for a case missing or not the expert's to judge, and for votes that could not be counted.
    """
    seat = seat_of(tx, seat_id)
    panel = panel_of(tx, seat.panel_id)
    refuse_unless_voting(panel, as_of)
    _refuse_unless_sitting(seat)
    refuse_after_cast(tx, seat_id)
    _refuse_signature(tx, seat, signature)
    recused = recused_cases(tx, panel, seat, as_of) & panel.cases.keys()
    votes = _complete(panel, recused, sheets)
    plan = plan_of(desk, panel)
    tracker = secrets.token_hex(16)
    text = ballot_text(panel.no, tracker, votes, [panel.cases[each] for each in recused])
    _refuse_uncountable(text, panel, plan)
    assert panel.public_key is not None
    length = sealed_length(panel.no, panel.cases.values(), plan)
    sealed = seal(text, length, panel.public_key, panel.no, seat.pseudonym)
    number = receipt(sealed)
    tx.run(
        "INSERT INTO ballot (panel_id, seat_id, sealed, receipt, cast_at) VALUES (?,?,?,?,?)",
        (panel.id, seat.id, sealed, number, as_of),
    )
    discard_sheets(tx, seat_id)
    voter = Actor(seat.pseudonym, Role.PANEL)
    detail = {"panel": panel.no, "receipt": number}
    append(tx, [Entry(as_of, as_of, voter.signature, "ballot", "cast", clause=CLAUSE, detail=detail)])
    return Receipt(number, tracker, as_of)


def _refuse_unless_sitting(seat: SeatAtPanel) -> None:
    if seat.state not in SITTING:
        raise Refused("您不在本专家组席位上，不能投票。", clause="M24-7.3c")
    if not seat.declared:
        raise Refused("请先签署回避与保密承诺书，再行投票。", clause="M24-7.3b")


def _refuse_signature(tx: Transaction, seat: SeatAtPanel, signature: str) -> None:
    row = tx.one("SELECT name FROM expert WHERE id = ?", (seat.expert_id,))
    if row is None or person_key(row[0]) != person_key(signature):
        raise Refused("签名与您的姓名不符，请输入本人姓名确认投票。", clause=CLAUSE)


def _complete(panel: PanelOfCases, recused: frozenset[int], sheets: Mapping[int, Sheet]) -> dict[str, Sheet]:
    """The sheets by case number: all that are still in review, none that is not the expert's."""
    for case_id, sheet in sheets.items():
        if case_id not in panel.cases:
            raise Refused("选票中有不属于本专家组的申报，不能投出。", clause=CLAUSE)
        if case_id in recused:
            raise Refused(f"您对申报{panel.cases[case_id]}应予回避，不能投票。", clause="M24-7.3b")
        refuse_unreadable(sheet, panel.cases[case_id])
    missing = [
        no
        for id_, no in panel.cases.items()
        if id_ in panel.in_review - recused and (id_ not in sheets or sheets[id_].vote is None)
    ]
    if missing:
        raise Refused(
            f"还有{len(missing)}件申报没有表决：{'、'.join(missing)}，请逐件表决后再投出。", clause=CLAUSE
        )
    return {panel.cases[id_]: sheet for id_, sheet in sheets.items() if id_ in panel.in_review}


def _refuse_uncountable(text: str, panel: PanelOfCases, plan: PanelPlan) -> None:
    """What the count would turn away is turned away now, while its voter can still mend it."""
    record = read_ballot(text, panel.no) | {"tracker": ""}
    try:
        tally(ballots_in(record), panel.cases.values(), plan)
    except (ValueError, TypeError):
        raise Refused("评分应为整数，请改正后再投出。", clause=CLAUSE) from None

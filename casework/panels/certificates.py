"""Certificates of the rounds of a panel: the public form for everybody, the sealed form for those with need."""

import json
from typing import Any

from casework.actors import Actor
from casework.desk import Desk
from casework.panels.access import Matter, refuse_unless_sees
from casework.panels.freezing import thaw
from casework.panels.notes import note
from casework.panels.panel import CLAUSE, PanelView, panel_in
from casework.panels.rounds import RoundView, rounds_of
from records.transaction import Transaction, transaction
from states.draw.certificate import seal
from states.refusals import Refused


def certificate(
    desk: Desk, no: str, round_: int, *, actor: Actor, as_of: Any, sealed: bool = False
) -> dict[str, Any]:
    """The certificate of a round, as JSON values; ``sealed`` adds the identities, and is entered in the audit log.

    Raises Refused when the round was not drawn, and for the sealed form to those who may not see members.
    """
    if sealed:
        refuse_unless_sees(actor, Matter.MEMBERS)
    with transaction(desk.engine) as tx:
        panel = panel_in(tx, no)
        if sealed:
            refuse_unless_sees(actor, Matter.MEMBERS, panel.province)
        kept = _round(tx, panel, round_)
        row = tx.one("SELECT certificate FROM draw_round WHERE id = ?", (kept.id,))
        if row is None or row[0] is None:
            why = f"（{kept.void_why}）" if kept.void_why else ""
            done = "已作废，没有抽取" if kept.state == "void" else "尚未抽取"
            raise Refused(f"专家组{panel.no}第{round_}轮{done}{why}，没有证书。", clause=CLAUSE)
        public: dict[str, Any] = json.loads(row[0])
        if not sealed:
            return public
        note(tx, "sealed_read", panel.no, actor, as_of, clause="M24-7.3b", round=round_)
        return seal(public, thaw(tx, kept.pool_sha256).identities)


def _round(tx: Transaction, panel: PanelView, round_: int) -> RoundView:
    rounds = rounds_of(tx, panel.id)
    found = next((each for each in rounds if each.round == round_), None)
    if found is None:
        raise Refused(f"专家组{panel.no}没有第{round_}轮，现有{len(rounds)}轮。", clause=CLAUSE)
    return found

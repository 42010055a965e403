"""Counting: the opened set is counted again, and its result goes into the cases through the gate (M24-7.3d)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from casework.actors import Actor
from casework.audit import Entry, append
from casework.ballots.opened_set import TurnedAway, fingerprint_of, opened_set_of, recount
from casework.ballots.panel import CLAUSE, PanelOfCases, panel_of, plan_of
from casework.desk import Desk
from casework.gate import Wanted, advance_in
from records.transaction import Transaction, transaction
from states.draw import canonical
from states.refusals import Refused
from states.tally import CaseTally


@dataclass(frozen=True, slots=True)
class Counted:
    """The result of a panel. ``unsettled`` are cases on which nobody voted with effect: they stay in review."""

    tallies: tuple[CaseTally, ...]
    ballots: int
    turned: tuple[TurnedAway, ...]
    concluded: int
    unsettled: tuple[str, ...]


def count_ballots(desk: Desk, panel_id: int, *, by: Actor, as_of: datetime) -> Counted:
    """Count a panel's opened set, write the result to its cases and end their review, in one transaction.

    Raises Refused before the opening, a second time, for a set that was altered, and when the gate refuses (a case
    whose site visit is not reported, an actor who may not).
    """
    with transaction(desk.engine) as tx:
        panel = panel_of(tx, panel_id)
        text = _countable(tx, panel)
        found = recount(text, plan_of(desk, panel))
        ids = {no: id_ for id_, no in panel.cases.items() if id_ in panel.in_review}
        there = [each for each in found.tallies if each.case in ids]
        settled = [each for each in there if each.quorate and each.votes_cast]
        wanted = [Wanted(ids[each.case], inputs=_result(each)) for each in settled]
        if wanted:
            advance_in(tx, desk, "record_result", wanted, by=by, as_of=as_of)
            advance_in(tx, desk, "conclude_review", [each.id for each in wanted], by=by, as_of=as_of)
        _keep(tx, panel, text, found.tallies, by, as_of)
        unsettled = tuple(each.case for each in there if each not in settled)
        return Counted(found.tallies, found.counted, found.turned, len(settled), unsettled)


def exact_scores(tx: Transaction, panel_id: int) -> Mapping[str, Fraction]:
    """The mean scores of a counted panel by case number, exact: what a case keeps is rounded."""
    row = tx.one("SELECT tally FROM opened_set WHERE panel_id = ?", (panel_id,))
    if row is None or row[0] is None:
        return {}
    cases = json.loads(row[0])["cases"]
    return {each["case"]: Fraction(each["score"]) for each in cases if each["score"] is not None}


def kept_tallies(tx: Transaction, panel: PanelOfCases) -> tuple[CaseTally, ...]:
    """The tallies of a counted panel. Raises Refused when it is not counted yet."""
    row = tx.one("SELECT tally FROM opened_set WHERE panel_id = ?", (panel.id,))
    if row is None or row[0] is None:
        raise Refused(f"专家组{panel.no}尚未计票。", clause=CLAUSE)
    return tuple(
        CaseTally(**{**each, "score": None if each["score"] is None else Fraction(each["score"])})
        for each in json.loads(row[0])["cases"]
    )


def _countable(tx: Transaction, panel: PanelOfCases) -> str:
    if panel.state in ("tallied", "released"):
        raise Refused(f"专家组{panel.no}已经计票，不能重复登记。", clause=CLAUSE)
    return opened_set_of(tx, panel)


def _result(each: CaseTally) -> Mapping[str, int]:
    score = 0 if each.score is None else int(each.score + Fraction(1, 2))
    return {"votes_for": each.votes_for, "votes_cast": each.votes_cast, "score": score}


def _keep(
    tx: Transaction,
    panel: PanelOfCases,
    text: str,
    tallies: tuple[CaseTally, ...],
    by: Actor,
    as_of: datetime,
) -> None:
    tx.run(
        "UPDATE opened_set SET tally = ?, tallied_at = ?, tallied_by = ? WHERE panel_id = ?",
        (canonical.text({"cases": list(map(_record, tallies))}), as_of, by.name, panel.id),
    )
    tx.run(
        "UPDATE panel SET state = 'tallied', version = version + 1, updated_at = ? WHERE id = ?",
        (as_of, panel.id),
    )
    detail = {
        "panel": panel.no, "cases": len(tallies), "recommended": sum(each.recommended for each in tallies),
        "opened_set": fingerprint_of(text),
    }  # fmt: skip
    append(tx, [Entry(as_of, as_of, by.signature, "ballot", "tally", clause=CLAUSE, detail=detail)])


def _record(each: CaseTally) -> dict[str, Any]:
    return {
        "case": each.case, "votes_for": each.votes_for, "votes_against": each.votes_against,
        "abstentions": each.abstentions, "votes_cast": each.votes_cast, "recused": each.recused,
        "quorate": each.quorate, "score": None if each.score is None else str(each.score),
        "recommended": each.recommended,
    }  # fmt: skip

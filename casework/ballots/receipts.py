"""What a voter may ask afterwards: was my ballot opened, and is what came out what I put in?"""

import json
from collections.abc import Mapping
from typing import Any

from casework.ballots.opened_set import TurnedAway, opened_set_of
from casework.ballots.panel import CLAUSE, PanelOfCases
from records.transaction import Transaction
from states.refusals import Refused


def receipt_says(tx: Transaction, panel: PanelOfCases, receipt: str) -> str:
    """One sentence on the ballot of a receipt: on file, counted, or not counted and why. Refused when unknown."""
    number = receipt.strip().lower()
    if panel.state not in ("opened", "tallied", "released"):
        if tx.one("SELECT 1 FROM ballot WHERE panel_id = ? AND receipt = ?", (panel.id, number)):
            return "选票已密封在库，尚未开启。"
        raise _unknown(panel)
    opened = json.loads(opened_set_of(tx, panel))
    if number in opened["receipts"]:
        return "选票已开启，并已计入。"
    for ballot, why in opened["turned"]:
        if ballot == number:
            return TurnedAway(ballot, why).sentence
    raise _unknown(panel)


def ballot_of(tx: Transaction, panel: PanelOfCases, tracker: str) -> Mapping[str, Any]:
    """What was counted under a tracking code, for its voter to compare. Refused before the opening and when unknown."""
    opened = json.loads(opened_set_of(tx, panel))
    for ballot in opened["ballots"]:
        if ballot["tracker"] == tracker.strip().lower():
            found: Mapping[str, Any] = ballot
            return found
    raise Refused("没有这个验票码对应的选票，请核对验票码。", clause=CLAUSE)


def _unknown(panel: PanelOfCases) -> Refused:
    return Refused(
        f"专家组{panel.no}没有这张选票的记录，请核对回执；如回执无误，请向监督人员反映。", clause=CLAUSE
    )

"""What the minutes of a panel's meeting say: seats, not names (M24-7.3d)."""

from collections.abc import Mapping
from typing import Any

from casework.ballots.panel import PanelOfCases
from casework.desk import Desk
from casework.papers.panel_facts import about, institutions, rules_of, written
from records.crypt import decrypt
from records.transaction import Transaction
from states.refusals import Refused


def minutes(tx: Transaction, _: Desk, panel: PanelOfCases, number: int) -> Mapping[str, Any]:
    """What the minutes of one meeting say. Refused when no meeting of that number is on record."""
    row = tx.one(
        "SELECT held_at, place, present, minutes, recorded_by FROM panel_meeting WHERE panel_id = ? AND number = ?",
        (panel.id, number),
    )
    if row is None:
        raise Refused(
            f"专家组{panel.no}没有第{number}次会议的记录，请先用 linxuan panel meeting 登记。",
            clause="M24-7.3d",
        )
    held_at, place, present, text, recorded_by = row
    seats = present.split(",")
    return {
        **about(rules_of(tx, panel), panel),
        "meeting": number,
        "held_at": written(held_at),
        "place": place,
        "present": "、".join(seats),
        "attending": len(seats),
        "recorded_by": recorded_by,
        "cases": [{"no": no, "institution": name} for no, name in institutions(tx, panel).items()],
        "minutes": [line.strip() for line in decrypt(text).splitlines() if line.strip()],
    }

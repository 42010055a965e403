"""What every paper says about its panel, and how papers write instants and institutions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from casework.ballots.panel import PanelOfCases
from casework.calls import state_in
from records.transaction import Transaction
from states.calendar import SHANGHAI
from states.call_rules import TrackRules
from states.facts import instant
from states.labels import TRACKS


def rules_of(tx: Transaction, panel: PanelOfCases) -> TrackRules:
    """The rules of the panel's call and track, as pinned when the call opened."""
    return state_in(tx, panel.call).rules.track(panel.track)


def about(rules: TrackRules, panel: PanelOfCases) -> dict[str, Any]:
    """Call, track, occupation and number: the head of every paper."""
    title = next(each.title for each in rules.occupations.value if each.code == panel.occupation)
    return {
        "call": rules.title, "track": f"{TRACKS[panel.track]}机构", "occupation": title, "panel": panel.no,
        "size": panel.size, "quorum": panel.quorum,
    }  # fmt: skip


def institutions(tx: Transaction, panel: PanelOfCases) -> Mapping[str, str]:
    """The institution of every case of the panel, by case number."""
    rows = tx.rows(
        "SELECT c.no, i.name FROM cases c JOIN institution i ON i.id = c.institution_id"
        f" WHERE {tx.among('c.id')} ORDER BY c.no",
        (tx.listed(list(panel.cases)),),
    )
    return dict(rows)


def written(stored: datetime | str | None) -> str:
    """An instant as papers write it, in Shanghai time."""
    at = instant(stored)
    return "未定" if at is None else f"{at.astimezone(SHANGHAI):%Y年%m月%d日 %H:%M}"

"""What changed in the cases of a batch since they were previewed, by whom and when."""

from dataclasses import dataclass
from datetime import datetime

from casework.batches.choosing import stage_labels
from casework.desk import Desk
from casework.history import who
from records.transaction import Transaction
from states.calendar import SHANGHAI
from states.facts import instant

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Changed:
    """One case that is not as it was seen: its stages then and now, in words, and the first hand since."""

    no: str
    was: str
    now: str
    by: str
    at: datetime | None


def changed_in(tx: Transaction, desk: Desk, batch_id: int) -> list[Changed]:
    """The cases of a batch that changed, the first hundred by number."""
    rows = tx.rows(
        "SELECT l.no, l.stage, c.stage, c.id, l.version FROM batch_line l LEFT JOIN cases c ON c.id = l.case_number"
        f" WHERE l.batch_id = ? AND (c.id IS NULL OR c.version <> l.version) ORDER BY l.place LIMIT {SHOWN}",
        (batch_id,),
    )
    if not rows:
        return []
    labels = stage_labels(desk)
    found = []
    for no, was, now, id_, version in rows:
        entry = tx.one(
            "SELECT actor, at FROM audit WHERE case_id = ? AND version > ? ORDER BY seq LIMIT 1",
            (id_, version),
        )
        by, at = (who(entry[0]), instant(entry[1])) if entry else ("", None)
        found.append(Changed(no, labels.get(was, was), labels.get(now, now or ""), by, at))
    return found


def told(change: Changed) -> str:
    """A change as part of a sentence."""
    went = f"由“{change.was}”变为“{change.now}”" if change.was != change.now else "内容已变动"
    if not change.at:
        return f"{change.no}{went}"
    local = change.at.astimezone(SHANGHAI)
    return f"{change.no}{went}（{change.by}，{local.month}月{local.day}日{local:%H:%M}）"

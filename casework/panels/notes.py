"""What is written into the audit log about panels: numbers of panels, rounds and seats, never a person (law 10)."""

from datetime import datetime

from casework.actors import Actor
from casework.audit import Entry, append
from records.transaction import Transaction


def note(
    tx: Transaction,
    name: str,
    panel_no: str,
    by: Actor | str,
    as_of: datetime,
    *,
    clause: str = "",
    effective: datetime | None = None,
    **detail: object,
) -> None:
    """One entry of kind ``panel``; ``effective`` is the legal instant where it differs (D-7)."""
    who = by if isinstance(by, str) else by.signature
    entry = Entry(
        effective or as_of, as_of, who, "panel", name, clause=clause, detail={"panel": panel_no, **detail}
    )
    append(tx, [entry])


def expert_of(place: int) -> str:
    """How an expert who acts is named in the log: by the seat."""
    return f"panel:第{place}席"

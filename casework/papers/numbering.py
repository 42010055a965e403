"""Document numbers: one running number for each kind and year, given once to each paper and kept (table ``counter``)."""

from datetime import datetime

from casework.actors import Actor
from casework.audit import Entry, append
from records.transaction import Transaction
from states.calendar import day_of


def document_number(
    tx: Transaction, kind: str, mark: str, about: str, *, clause: str, by: Actor, as_of: datetime
) -> str:
    """The number of a paper, such as ``数遴评〔2024〕3号``: a new one the first time, the same one ever after.

    ``mark`` is the character of its kind, ``about`` what the paper is about (a panel, a round, a seat). The first
    time stands in the audit log. The year is the Shanghai year of ``as_of``.
    """
    kept = f"paper:{kind}:{about}"
    row = tx.one("SELECT last FROM counter WHERE prefix = ?", (kept,))
    if row is not None:
        year, number = divmod(int(row[0]), 1_000_000)
        return f"数遴{mark}〔{year}〕{number}号"
    year = day_of(as_of).year
    number = tx.run(
        "INSERT INTO counter (prefix, last) VALUES (?, 1)"
        " ON CONFLICT (prefix) DO UPDATE SET last = counter.last + 1 RETURNING last",
        (f"paper:{kind}:{year}",),
    ).fetchone()[0]
    tx.run("INSERT INTO counter (prefix, last) VALUES (?, ?)", (kept, year * 1_000_000 + number))
    given = f"数遴{mark}〔{year}〕{number}号"
    detail = {"paper": kind, "about": about, "number": given}
    append(tx, [Entry(as_of, as_of, by.signature, "paper", "numbered", clause=clause, detail=detail)])
    return given

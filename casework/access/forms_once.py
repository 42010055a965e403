"""A form is taken once: a second click is answered as the first was."""

from datetime import datetime, timedelta

from casework.access.tokens import hash_of
from casework.desk import Desk
from records.transaction import reading, transaction
from states.refusals import Refused

KEPT = timedelta(days=2)


class StillRunning(Refused):
    """The first click has not been answered yet."""


def take_form(desk: Desk, token: str, *, as_of: datetime) -> str | None:
    """Claim a form; None when it is taken now for the first time, else where the first click led.

    Raises StillRunning while the first click has no answer yet.
    """
    mark = hash_of(token, "form")
    with transaction(desk.engine) as tx:
        tx.run("DELETE FROM spent_form WHERE at < ?", (as_of - KEPT,))
        row = tx.one("SELECT answer FROM spent_form WHERE token_hash = ?", (mark,))
        if row is None:
            tx.run("INSERT INTO spent_form (token_hash, at) VALUES (?,?)", (mark, as_of))
            return None
    if row[0] is None:
        raise StillRunning("同一份表单正在办理，请稍候，不必重复提交。")
    return str(row[0])


def answer_of(desk: Desk, token: str) -> str | None:
    """Where a form led that was taken before; None when it was not, or has no answer yet."""
    with reading(desk.engine) as tx:
        row = tx.one("SELECT answer FROM spent_form WHERE token_hash = ?", (hash_of(token, "form"),))
    return str(row[0]) if row and row[0] is not None else None


def note_answer(desk: Desk, token: str, answer: str | None) -> None:
    """Where the form led; None lets the same form be sent again (it was refused, or failed)."""
    mark = hash_of(token, "form")
    with transaction(desk.engine) as tx:
        if answer is None:
            tx.run("DELETE FROM spent_form WHERE token_hash = ?", (mark,))
        else:
            tx.run("UPDATE spent_form SET answer = ? WHERE token_hash = ?", (answer, mark))

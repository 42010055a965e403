"""The overdue duties somebody's daily digest names: the total is exact, the lines are the longest overdue (M24-14)."""

from datetime import datetime, timedelta

from casework.actors import Actor
from casework.duties.listing import count_overdue, overdue_in
from casework.wording import spoken
from records.transaction import Transaction
from states.calendar import day_of


def duties_wait(tx: Transaction, as_of: datetime) -> bool:
    """Whether any duty is overdue at ``as_of``, found by an index."""
    return (
        tx.one("SELECT 1 FROM duty_owed WHERE done_at IS NULL AND due_at <= ? LIMIT 1", (as_of,)) is not None
    )


def duties_of(tx: Transaction, reader: Actor, as_of: datetime, listed: int) -> tuple[str, int]:
    """The section for one reader, and how many duties that is; empty and 0 when nothing is overdue."""
    total = count_overdue(tx, reader, as_of)
    if not total:
        return "", 0
    lines = [
        f"{n}. {each.no or each.who} {each.who if each.no else ''}（{each.asks}：{each.label}）应于"
        f"{spoken(day_of(each.due_at - timedelta(microseconds=1)))}前办理，已逾期{each.days_over}日（{each.clause}）"
        for n, each in enumerate(overdue_in(tx, reader, as_of, listed), 1)
    ]
    rest = [f"其余{total - len(lines)}项未逐项列出，请登录系统查看。"] if total > len(lines) else []
    return "\n".join([f"共{total}项，逾期最久的在前：", *lines, *rest]), total

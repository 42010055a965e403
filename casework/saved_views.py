"""Filters kept under a name, for oneself or for one's office, and the columns somebody chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from records.transaction import reading, transaction
from states.refusals import Refused

LONGEST = 30
MOST = 30


@dataclass(frozen=True, slots=True)
class View:
    """A kept filter: its name, what stands behind ``?`` in the page's address, whether it is one's own or shared."""

    id: int
    name: str
    filters: str
    mine: bool
    shared: bool


def views(desk: Desk, page: str, *, person_id: int) -> list[View]:
    """One's own views of a page, then those shared by people of the same role and scope."""
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT v.id, v.name, v.filters, CASE WHEN v.person_id = ? THEN 1 ELSE 0 END, v.shared FROM saved_view v"
            " JOIN person o ON o.id = v.person_id JOIN person p ON p.id = ?"
            " WHERE v.page = ? AND (o.id = p.id OR (v.shared AND o.role = p.role AND o.scope = p.scope))"
            " ORDER BY 4 DESC, v.name, v.id",
            (person_id, person_id, page),
        )
    return [View(id_, name, filters, bool(mine), bool(shared)) for id_, name, filters, mine, shared in rows]


def save_view(
    desk: Desk,
    page: str,
    name: str,
    filters: str,
    *,
    shared: bool,
    person_id: int,
    by: Actor,
    as_of: datetime,
) -> None:
    """Keep filters under a name; one of that name is replaced. Raises Refused for a bad name or too many."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise Refused(f"请为筛选起一个1至{LONGEST}字的名称。")
    if len(filters) > 1000:
        raise Refused("筛选条件过长，请减少后再保存。")
    with transaction(desk.engine) as tx:
        held = tx.one("SELECT count(*) FROM saved_view WHERE person_id = ? AND page = ? AND name <> ?",
                      (person_id, page, name))  # fmt: skip
        if held and held[0] >= MOST:
            raise Refused(f"每页最多保存{MOST}个筛选，请先删去不用的。")
        tx.run(
            "INSERT INTO saved_view (person_id, page, name, filters, shared, made_at) VALUES (?,?,?,?,?,?)"
            " ON CONFLICT (person_id, page, name) DO UPDATE SET filters = excluded.filters,"
            " shared = excluded.shared, made_at = excluded.made_at",
            (person_id, page, name, filters, shared, as_of),
        )
        detail = {"page": page, "shared": shared}
        append(tx, [Entry(as_of, as_of, by.signature, "view", "saved", detail=detail)])


def drop_view(desk: Desk, page: str, id_: int, *, person_id: int, by: Actor, as_of: datetime) -> None:
    """Remove one of one's own views. Raises Refused when it is another's or not there."""
    with transaction(desk.engine) as tx:
        gone = tx.run("DELETE FROM saved_view WHERE id = ? AND person_id = ? AND page = ?",
                      (id_, person_id, page)).rowcount  # fmt: skip
        if not gone:
            raise Refused("没有这个筛选，或者不是您保存的。")
        append(tx, [Entry(as_of, as_of, by.signature, "view", "dropped", detail={"page": page})])


def shown_columns(desk: Desk, page: str, *, person_id: int) -> tuple[str, ...]:
    """The columns somebody chose for a page; empty when none were chosen."""
    with reading(desk.engine) as tx:
        row = tx.one("SELECT columns FROM shown_columns WHERE person_id = ? AND page = ?", (person_id, page))
    return tuple(row[0].split()) if row else ()


def show_columns(desk: Desk, page: str, columns: Sequence[str], *, person_id: int) -> None:
    """Remember the columns somebody chose; none brings back the usual ones."""
    with transaction(desk.engine) as tx:
        tx.run(
            "INSERT INTO shown_columns (person_id, page, columns) VALUES (?,?,?)"
            " ON CONFLICT (person_id, page) DO UPDATE SET columns = excluded.columns",
            (person_id, page, " ".join(columns)),
        )

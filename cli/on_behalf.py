"""Who hands in what an institution owes, when it is typed: an account, or the operator in the office that decides."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casework.actors import Actor
    from casework.desk import Desk


def on_behalf(desk: "Desk", login: str | None, no: str) -> "Actor":
    """The account of that login, else the operator as the national office, or as the province where it decides (M24-3.2)."""
    from casework.history import case_number
    from cli.acting import account, operator
    from records.transaction import reading
    from states.roles import Role

    if login:
        return account(desk, login)
    with reading(desk.engine) as tx:
        row = tx.one("SELECT process, province FROM cases WHERE no = ?", (case_number(no),))
    if row is not None and desk.processes.process(row[0]).rules.decided_by.value == "province":
        return operator(Role.PROVINCE, row[1])
    return operator(Role.OFFICE)


def on_behalf_of(desk: "Desk", login: str | None, table: str, own: str | int) -> "Actor":
    """Likewise, for something that belongs to a case: an examination, a site or an emergency by its number."""
    from records.transaction import reading

    column = "id" if isinstance(own, int) else "no"
    wanted = own if isinstance(own, int) else own.strip().upper()
    with reading(desk.engine) as tx:
        row = tx.one(
            f"SELECT c.no FROM {table} x JOIN cases c ON c.id = x.case_id WHERE x.{column} = ?", (wanted,)
        )
    return on_behalf(desk, login, row[0] if row else "")

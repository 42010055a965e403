"""What a move means for the duties of its cases: being listed brings some, leaving ends some."""

from typing import TYPE_CHECKING

from casework.desk import Desk
from casework.duties.owing import SUBJECT, drop, of_case, owe_alike
from records.transaction import Transaction
from states.calendar import day_of
from states.duties.kinds import FEES, KINDS, LIST
from states.places import OFFICES

if TYPE_CHECKING:
    from casework.writing import Decided

_LEAVE = tuple(kind.key for kind in KINDS.values() if kind.ends_with_listing)


def owe_of_listing(tx: Transaction, desk: Desk, group: "Decided") -> None:
    """Who is listed first owes its fees (M24-12); a province that listed trainers owes its list (M24-8, B3-5.2, CQ23-4.2)."""
    if group.changes.get("term_no") != 1:
        return
    rules, at = group.process.rules, group.effective
    cases = [(of_case(each.facts.id), each.facts.id, each.facts.province) for each in group.cases]
    owe_alike(tx, desk, FEES, SUBJECT, "收费标准、退费办法和收费依据", rules, cases, at=at)
    if rules.reports_list.value and rules.decided_by.value == "province":
        offices = sorted({f"P{province}" for _, _, province in cases})
        about = f"{rules.code}/{day_of(at)}"
        label = f"{rules.name}{day_of(at)}列入的培训机构名单"
        owners = [(office, None, office[1:]) for office in offices if office in OFFICES]
        owe_alike(tx, desk, LIST, about, label, rules, owners, at=at)


def drop_of_leaving(tx: Transaction, group: "Decided") -> None:
    """Who has left owes neither fees nor sites; data of examinations held stay owed (I21-4.6.3)."""
    drop(tx, _LEAVE, [each.facts.id for each in group.cases], group.effective)

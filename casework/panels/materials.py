"""What a member may read: the filed form of a case of their own panel, without what identifies or reaches persons.

Only after the signed statement, only while the panel is open, and every look is entered in the audit log.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.desk import Desk
from casework.filed_forms import filed_form
from casework.intake.wording import cells_of
from casework.panels.conflicts import conflicts_of_seats
from casework.panels.entering import SeatSession, seat_in_session
from casework.panels.notes import expert_of, note
from casework.panels.panel import PanelView, rules_of
from casework.panels.planning import UNDER_REVIEW
from casework.panels.seat import SeatView, set_seat
from records.transaction import Transaction, transaction
from states.calendar import day_of
from states.forms import Application, Form, Takes, form_of
from states.refusals import Refused

CLAUSE = "M24-7.3d"
KEPT_BACK = frozenset({Takes.IDENTITY_NUMBER, Takes.PHONE, Takes.MAILBOX})
MASK = "（略）"
_IN_TEXT = re.compile(
    r"(?<!\d)\d{17}[\dXx](?!\d)"  # an identity number
    r"|(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"  # a mobile phone
    r"|(?<!\d)0\d{2,3}[-－—]\d{7,8}(?!\d)"  # a landline
    r"|[A-Za-z0-9._%+-]+[@＠][A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"  # a mailbox
)


@dataclass(frozen=True, slots=True)
class Item:
    """One field as read: its printed label and its text, or the rows of its small table by column."""

    label: str
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One case as a member reads it: its number, institution, and the sections of its form in printed order."""

    no: str
    institution: str
    occupation: str
    sections: tuple[tuple[str, tuple[Item, ...]], ...]


def cases_to_read(desk: Desk, session: SeatSession, *, as_of: datetime) -> list[tuple[str, str, bool]]:
    """The panel's cases still under review: number, institution, and whether this member judges it (not, where recused
    per case). One that has left review, withdrawn say, is no longer anybody's to read.

    Raises Refused as ``materials``.
    """
    with transaction(desk.engine) as tx:
        panel, seat = seat_in_session(tx, session, as_of)
        recused = _recused(tx, panel, seat, as_of)
        rows = tx.rows(
            f"{_CASES} WHERE p.panel_id = ? AND {tx.among('c.stage')} ORDER BY c.no",
            (panel.id, tx.listed(UNDER_REVIEW)),
        )
        return [(no, name, no not in recused) for _, no, name, _ in rows]


def materials(desk: Desk, session: SeatSession, case: str, *, as_of: datetime) -> Reading:
    """One case for reading, the look on record.

    Raises Refused when the visit is over, the statement is not signed, the panel is not open, the case is not
    one of the panel's or is one this member is recused from, and when it has left expert review.
    """
    with transaction(desk.engine) as tx:
        panel, seat = seat_in_session(tx, session, as_of)
        row = tx.one(f"{_CASES} WHERE p.panel_id = ? AND c.no = ?", (panel.id, case.strip().upper()))
        if row is None:
            raise Refused(f"申报“{case}”不由本专家组评议，不能查阅。", clause="M24-7.3b")
        id_, no, institution, stage = row
        if no in _recused(tx, panel, seat, as_of):
            raise Refused(f"您对申报{no}应当回避，不能查阅。", clause="M24-7.3b")
        if stage not in UNDER_REVIEW:
            raise Refused(f"申报{no}已不在专家评议环节，不能查阅。", clause=CLAUSE)
        form = filed_form(tx, id_)
        if form is None:
            raise Refused(f"申报{no}没有推荐表，请与办公室联系。", clause=CLAUSE)
        if seat.opened_materials_at is None:
            set_seat(tx, seat, opened_materials_at=as_of)
        note(
            tx,
            "materials_read",
            panel.no,
            expert_of(seat.place),
            as_of,
            clause=CLAUSE,
            seat=seat.place,
            case=no,
        )
        rules = rules_of(tx, panel)
        title = rules.offered(panel.occupation).title
        return Reading(no, institution, title, _sections(form, rules.call))


_CASES = (
    "SELECT c.id, c.no, i.name, c.stage FROM panel_case p JOIN cases c ON c.id = p.case_id"
    " JOIN institution i ON i.id = c.institution_id"
)


def _recused(tx: Transaction, panel: PanelView, seat: SeatView, as_of: datetime) -> frozenset[str]:
    if panel.recusal != "case":
        return frozenset()
    return conflicts_of_seats(tx, panel, [seat], day_of(as_of)).recused.get(seat.id, frozenset())


def _sections(application: Application, call: str) -> tuple[tuple[str, tuple[Item, ...]], ...]:
    cells, form = cells_of(application), form_of(application.kind, call)
    found: dict[str, list[Item]] = {}
    for field in form.fields:
        if field.takes in KEPT_BACK:
            continue
        if field.takes is Takes.ROWS:
            item = _rows(form, field.key, cells.rows.get(field.key, ()))
        elif cells.texts.get(field.key):
            item = Item(field.name, masked(cells.texts[field.key]))
        else:
            continue
        found.setdefault(str(field.section), []).append(item)
    return tuple((section, tuple(items)) for section, items in found.items())


def _rows(form: Form, key: str, rows: Sequence[Mapping[str, str]]) -> Item:
    field = form.field(key)
    columns = [each for each in field.columns if each.takes not in KEPT_BACK]
    return Item(
        field.name, "", tuple(each.label for each in columns),
        tuple(tuple(masked(row.get(each.key, "")) for each in columns) for row in rows),
    )  # fmt: skip


def masked(text: str) -> str:
    """The text without identity numbers, phones and mailboxes that slipped into it."""
    return _IN_TEXT.sub(MASK, text)

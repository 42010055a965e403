"""The list of training institutions a province reports to the group: made from the directory (M24-8, B3-5.2, CQ23-4.2)."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.directory import HEADINGS, entries
from casework.duties.letters import owe_staff
from casework.duties.owing import fulfil
from casework.duties.subject import LONGEST_LINE, told
from casework.spreadsheets import csv_bytes
from casework.wording import spoken
from records.transaction import reading, transaction
from states.calendar import day_of
from states.duties.kinds import LIST
from states.facts import day, instant
from states.places import OFFICES
from states.refusals import Refused
from states.roles import Role

CLAUSE = "M24-8"


@dataclass(frozen=True, slots=True)
class ListView:
    """A list as it was reported: by which office, of which Shanghai day, how many lines, under which document."""

    id: int
    office: str
    on: date
    count: int
    document_no: str
    sha256: str
    reported_at: datetime


def make_list(desk: Desk, office: str, *, on: date) -> bytes:
    """The training directory of one province (``P50``) on a Shanghai day as a csv for Excel."""
    if office not in OFFICES or not office.startswith("P"):
        raise Refused(f"没有省级部门“{office}”，请填写如P50的代码。", clause=CLAUSE)
    there = entries(desk.engine, on=on, track="training", province=office[1:], processes=desk.processes)
    return csv_bytes(HEADINGS, (each.row() for each in there))


def report_list(desk: Desk, office: str, *, document_no: str, by: Actor, as_of: datetime) -> ListView:
    """Report the list as it stands today, keep it, tell the office and the group, and settle what was owed for it.

    Raises Refused for anybody but the province itself and the national office, without a document, and twice under one.
    """
    if by.role not in (Role.PROVINCE, Role.OFFICE) or (by.role is Role.PROVINCE and by.scope != office[1:]):
        raise Refused("培训机构目录由本省人力资源社会保障部门报送。", clause=CLAUSE)
    document = told(document_no, "报送文号", CLAUSE, longest=LONGEST_LINE)
    on = day_of(as_of)
    content = make_list(desk, office, on=on)
    count, mark = content.decode("utf-8-sig").count("\n") - 1, sha256(content).hexdigest()
    with transaction(desk.engine) as tx:
        if tx.one("SELECT 1 FROM reported_list WHERE office = ? AND document_no = ?", (office, document)):
            raise Refused(f"{OFFICES[office].name}已以{document}报送过目录，请核对文号。", clause=CLAUSE)
        row = tx.run(
            "INSERT INTO reported_list (office, on_day, count, content, sha256, document_no, reported_at, reported_by)"
            " VALUES (?,?,?,?,?,?,?,?) RETURNING id",
            (office, on, count, content.decode("utf-8-sig"), mark, document, as_of, by.signature),
        ).fetchone()

        def note(entry: Entry) -> None:
            append(tx, [entry])

        detail = {"office": office, "count": count, "document": document, "sha256": mark}
        note(Entry(as_of, as_of, by.signature, "duty", "list_reported", clause=CLAUSE, detail=detail))
        open_ = tx.rows(
            "SELECT about FROM duty_owed WHERE kind = ? AND owner = ? AND done_at IS NULL AND owed_at <= ? ORDER BY id",
            (LIST, office, as_of),
        )
        for (about,) in open_:
            fulfil(tx, LIST, office, about, by=by, at=as_of, note=note)
        words = {
            "province": OFFICES[office].name, "listed_count": str(count), "document_no": document,
            "list_on": spoken(on), "list_sha256": mark,
        }  # fmt: skip
        owe_staff(
            tx,
            desk,
            "list_reported",
            [Role.OFFICE.value, Role.GROUP.value],
            words,
            f"{office}-{row[0]}",
            CLAUSE,
            as_of,
        )
    return ListView(int(row[0]), office, on, count, document, mark, as_of)


def reported_lists(desk: Desk, *, office: str | None = None) -> list[ListView]:
    """The lists reported, the newest first."""
    where, values = ("WHERE office = ?", [office]) if office else ("", [])
    with reading(desk.engine) as tx:
        rows = tx.rows(
            f"SELECT id, office, on_day, count, document_no, sha256, reported_at FROM reported_list {where}"
            " ORDER BY reported_at DESC, id DESC",
            values,
        )
    found = []
    for id_, code, on_day, count, document, mark, reported in rows:
        on, at = day(on_day), instant(reported)
        assert on is not None
        assert at is not None
        found.append(ListView(id_, code, on, count, document, mark, at))
    return found

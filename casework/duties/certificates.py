"""Certificate data: read from a sheet, agreeing with who passed, holders kept as marks (I21-4.6.3, M24-11.6a)."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.duties.activity import count_in
from casework.duties.examination import CLAUSE, Stored, examination, settle_when_whole
from casework.duties.figures import year_of
from casework.duties.subject import REPORTS, subject_by_id
from casework.intake.characters import compact
from casework.intake.dates import date_of
from casework.intake.tables import tables_in, uncounted
from casework.intake.unclear import Unclear
from casework.pool.marks import Mark, marks
from records.transaction import transaction
from states.calendar import day_of
from states.draw.canonical import digest
from states.forms.identities import identity_fault
from states.refusals import Refused

HEADINGS = ("证书编号", "等级", "发证日期", "证件号码")
MOST = 50_000
LONGEST_NUMBER = 40
_IDENTITY_LENGTH = 18
_LAST = 4


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One line of the sheet. ``holder`` is an identity number, or one masked with asterisks."""

    number: str
    level: str
    issued_on: date
    holder: str


@dataclass(frozen=True, slots=True)
class FiledCertificates:
    """What came of filing: how many, days late (None while the counts are not reported), change of activity."""

    count: int
    days_late: int | None
    settled: bool


def read_certificates(path: Path) -> list[CertificateRow]:
    """The rows of an .xlsx or .csv under ``HEADINGS``. Refused, naming the row, for whatever cannot be read."""
    for _, rows in tables_in(path, most=MOST):
        for place, row in enumerate(rows[:10]):
            named = [compact(cell) for cell in row]
            if all(heading in named for heading in HEADINGS):
                columns = [named.index(heading) for heading in HEADINGS]
                body = enumerate(rows[place + 1 :], start=place + 2)
                return [_row(path.name, at, row, columns) for at, row in body if any(map(compact, row))]
    raise Refused(f"“{path.name}”中没有找到表头，应有：{'、'.join(HEADINGS)}。", clause=CLAUSE)


def file_certificates(
    desk: Desk, exam_no: str, rows: Sequence[CertificateRow], *, by: Actor, as_of: datetime
) -> FiledCertificates:
    """File the certificates of an examination in place of those filed before, all or none.

    Of a holder only a keyed mark and the last four characters are kept. Raises Refused when the number of rows does not
    agree with those who passed, a number or holder comes twice, a level is another one, or a day is impossible.
    """
    with transaction(desk.engine) as tx:
        exam = examination(tx, exam_no)
        found = subject_by_id(tx, desk, exam.case_id, by=by, among=REPORTS, clause=CLAUSE)
        _check(exam, rows, as_of)
        before = year_of(tx, exam.case_id, exam.year)
        tx.run("DELETE FROM certificate WHERE examination_id = ?", (exam.id,))
        numbers = [row.number for row in rows]
        taken = tx.one(
            f"SELECT number FROM certificate WHERE {tx.among('number')} ORDER BY number",
            (tx.listed(numbers),),
        )
        if taken is not None:
            raise Refused(f"证书编号{taken[0]}已在另一场考试中报送，请核对。", clause=CLAUSE)
        mark = marks(tx, as_of=as_of)
        encode = tx.encode
        tx.many(
            "INSERT INTO certificate (number, examination_id, level, issued_on, holder_mark, holder_ends)"
            " VALUES (?,?,?,?,?,?)",
            [
                (
                    row.number,
                    exam.id,
                    row.level,
                    encode(row.issued_on),
                    _mark(mark, row.holder),
                    row.holder[-_LAST:],
                )
                for row in rows
            ],
        )
        tx.run(
            "UPDATE examination SET certificates = ?, certified_at = ? WHERE id = ?",
            (len(rows), as_of, exam.id),
        )
        detail = {
            "examination": exam.no,
            "certificates": len(rows),
            "sha256": digest("\n".join(sorted(numbers))),
        }
        append(
            tx,
            [
                Entry(
                    as_of,
                    as_of,
                    by.signature,
                    "duty",
                    "certificates",
                    exam.case_id,
                    clause=CLAUSE,
                    detail=detail,
                )
            ],
        )
        late = settle_when_whole(tx, exam.no, by=by, as_of=as_of)
        after = year_of(tx, exam.case_id, exam.year)
        count_in(tx, desk, found, before, after, by=by, as_of=as_of, reason=exam.no)
    return FiledCertificates(len(rows), late, exam.reported)


def blank_certificates(exam_no: str = "") -> bytes:
    """An .xlsx with the headings, columns set as text, and how to fill it in."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "证书数据"
    for across, heading in enumerate(HEADINGS, start=1):
        sheet.cell(1, across, heading).font = Font(bold=True)
        letter = "ABCD"[across - 1]
        sheet.column_dimensions[letter].width = 26
        sheet.column_dimensions[letter].number_format = "@"
    sheet.freeze_panes = "A2"
    notes = book.create_sheet("填写说明")
    for line in (
        f"考试（培训）编号：{exam_no}", "每个证书一行，行数应与报告的合格人数相同。",
        "发证日期写成2025-03-03。", "证件号码可写18位身份证号，也可写隐去中间的号码，如110101********0070。",
        "系统只保存校验标记和末4位。",
    ):  # fmt: skip
        notes.append([line])
    notes.column_dimensions["A"].width = 90
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _row(name: str, at: int, row: Sequence[str], columns: Sequence[int]) -> CertificateRow:
    cells = [row[column] if column < len(row) else "" for column in columns]
    if any(map(uncounted, cells)):
        raise Refused(f"“{name}”第{at}行有没有结果的公式，请改填文字。", clause=CLAUSE)
    number, level, issued, holder = (compact(cell) for cell in cells)
    try:
        on = date_of(issued)
    except Unclear as unclear:
        raise Refused(f"“{name}”第{at}行的发证日期“{issued}”{unclear}。", clause=CLAUSE) from None
    if not number or not level or on is None or not holder:
        raise Refused(f"“{name}”第{at}行不完整，须有{'、'.join(HEADINGS)}。", clause=CLAUSE)
    if len(number) > LONGEST_NUMBER or not all(char.isalnum() or char in "-/" for char in number):
        raise Refused(
            f"“{name}”第{at}行的证书编号只能由文字、数字和横线组成，限{LONGEST_NUMBER}字。", clause=CLAUSE
        )
    holder = holder.upper()
    masked = "*" in holder
    if masked and (len(holder) != _IDENTITY_LENGTH or "*" in holder[-_LAST:]):
        raise Refused(f"“{name}”第{at}行的证件号码隐去后应仍为18位，并留末4位。", clause="M24-11.6a")
    if not masked and (fault := identity_fault(holder)):
        raise Refused(f"“{name}”第{at}行的证件号码{fault}，请核对。", clause="M24-11.6a")
    return CertificateRow(number, level, on, holder)


def _check(exam: Stored, rows: Sequence[CertificateRow], as_of: datetime) -> None:
    if exam.cancelled:
        raise Refused(f"{exam.no}已取消，不能报送证书数据。", clause=CLAUSE)
    if not exam.reported:
        raise Refused(f"{exam.no}尚未报告人次和合格人数，请先报告。", clause=CLAUSE)
    if len(rows) != exam.passed:
        raise Refused(
            f"证书共{len(rows)}个，与{exam.no}报告的合格人数{exam.passed}不符，请核对。", clause=CLAUSE
        )
    seen: set[str] = set()
    holders: set[str] = set()
    for row in rows:
        if row.number in seen:
            raise Refused(f"证书编号{row.number}重复，请核对。", clause=CLAUSE)
        if "*" not in row.holder and row.holder in holders:
            raise Refused(f"证书编号{row.number}的持证人与前面的相同，请核对。", clause=CLAUSE)
        if row.level != exam.level:
            raise Refused(
                f"证书编号{row.number}的等级为{row.level}，{exam.no}为{exam.level}，请核对。", clause=CLAUSE
            )
        if not exam.ends_on <= row.issued_on <= day_of(as_of):
            raise Refused(
                f"证书编号{row.number}的发证日期{row.issued_on}应在{exam.ends_on}至今日之间，请核对。",
                clause=CLAUSE,
            )
        seen.add(row.number)
        holders.add(row.holder)


def _mark(mark: Mark, holder: str) -> str:
    """A number with its middle hidden cannot be told from another: it has no mark."""
    return "" if "*" in holder else mark(holder)

"""The yearly report as a sheet: a blank filled in with what is known, and reading the one that came back (M24-14)."""

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from casework.actors import Actor
from casework.desk import Desk
from casework.duties.figures import year_of
from casework.duties.subject import REPORTS, subject, whole
from casework.duties.yearly import CLAUSE, NewPlan, NewReport
from casework.intake.characters import compact, tidy_lines
from casework.intake.tables import tables_in, uncounted
from records.transaction import reading
from states.calendar import day_of
from states.duties.figures import Figures
from states.refusals import Refused

YEAR, LEVELS = "年度", ("等级", "人次", "合格人数", "发证数")
SUMMARY, SESSIONS, PEOPLE, PLACES, PLAN, REASON = (
    "年度工作总结", "下一年度计划场次", "下一年度计划人次", "下一年度计划地点", "下一年度计划", "更正理由",
)  # fmt: skip
MOST = 500


def blank_yearly(desk: Desk, no: str, year: int, *, by: Actor, as_of: datetime) -> bytes:
    """An .xlsx for one listing and calendar year, with the figures of the examinations reported so far filled in."""
    if not 1 < year <= day_of(as_of).year:
        raise Refused(f"{year}年度尚未到来，不能出具空表。", clause=CLAUSE)
    with reading(desk.engine) as tx:
        found = subject(tx, desk, no, by=by, among=REPORTS, clause=CLAUSE)
        known = year_of(tx, found.facts.id, year).by_level
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "年度总结和计划"
    rows: list[Sequence[str | int]] = [
        ("机构", found.institution),
        ("申报编号", found.facts.no),
        (YEAR, year),
        LEVELS,
    ]
    for level in found.levels:
        each = known.get(level, Figures())
        rows.append((level, each.person_times, each.passed, each.certificates))
    rows += [(label, "") for label in (SUMMARY, SESSIONS, PEOPLE, PLACES, PLAN, REASON)]
    for down, row in enumerate(rows, start=1):
        for across, value in enumerate(row, start=1):
            cell = sheet.cell(down, across, value)
            if isinstance(value, str):
                cell.data_type = "s"  # a name that begins with = is a name
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(down, 1).font = Font(bold=True)
    for letter, width in zip("ABCD", (20, 60, 12, 12), strict=True):
        sheet.column_dimensions[letter].width = width
    notes = book.create_sheet("填写说明")
    for line in (
        "各等级人次、合格人数、发证数填整数，不得少于已逐场报告的合计。",
        "首次报送不填更正理由；更正时须填写。",
        f"{year}年度的总结和{year + 1}年度的计划一并报送（M24-14）。",
    ):
        notes.append([line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_yearly(path: Path) -> NewReport:
    """A filled sheet (.xlsx, .csv) as a report. Refused, naming the line, for whatever is missing or no number."""
    rows = next(iter(tables_in(path, most=MOST)), ("", []))[1]
    texts: dict[str, str] = {}
    by_level: dict[str, Figures] = {}
    within = False
    for at, row in enumerate(rows, start=1):
        cells = [*row, "", "", "", ""]
        key = compact(cells[0])
        if any(map(uncounted, cells)):
            raise Refused(f"“{path.name}”第{at}行有没有结果的公式，请改填数值或者文字。", clause=CLAUSE)
        if key == LEVELS[0]:
            within = True
        elif key in (SUMMARY, SESSIONS, PEOPLE, PLACES, PLAN, REASON, YEAR):
            within = False
            if key in texts:
                raise Refused(f"“{path.name}”中“{key}”出现两次，请只保留一处。", clause=CLAUSE)
            texts[key] = tidy_lines(cells[1])
        elif within and key:
            if key in by_level:
                raise Refused(f"“{path.name}”中等级“{key}”出现两次，请合并。", clause=CLAUSE)
            counts = (whole(compact(cells[n]) or "0", f"{key}的{LEVELS[n]}", CLAUSE) for n in (1, 2, 3))
            by_level[key] = Figures(*counts)
    missing = [label for label in (YEAR, SUMMARY, SESSIONS, PEOPLE, PLACES, PLAN) if not texts.get(label)]
    if missing or not by_level:
        raise Refused(
            f"“{path.name}”缺少{'、'.join(missing) or '各等级的数据'}，请填写后再报送。", clause=CLAUSE
        )
    plan = NewPlan(
        whole(compact(texts[SESSIONS]), SESSIONS, CLAUSE), whole(compact(texts[PEOPLE]), PEOPLE, CLAUSE),
        texts[PLACES], texts[PLAN],
    )  # fmt: skip
    year = whole(compact(texts[YEAR]).removesuffix("年").removesuffix("年度"), YEAR, CLAUSE, most=9000)
    return NewReport(year, by_level, texts[SUMMARY], plan, texts.get(REASON, ""))

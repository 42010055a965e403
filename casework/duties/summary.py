"""The year in figures, by province and occupation: what the group sums up (M24-14)."""

import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from casework.actors import Actor
from casework.desk import Desk
from casework.duties.figures import figures_of
from casework.duties.listing import duties
from casework.selection import visible
from records.transaction import reading
from states.calendar import end_of, start_of
from states.duties.figures import NOTHING, Figures
from states.labels import TRACKS
from states.occupations import OCCUPATIONS
from states.places import OFFICES

PORTION = 1000
HEADINGS = ("类别", "省份", "职业", "机构", "场次", "人次", "合格", "证书", "逾期义务")


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One track, province and occupation in one calendar year."""

    track: str
    province: str
    occupation: str
    institutions: int
    sessions: int
    figures: Figures
    overdue: int

    def row(self) -> tuple[Any, ...]:
        """The line under ``HEADINGS``."""
        title = OCCUPATIONS[self.occupation].title if self.occupation in OCCUPATIONS else self.occupation
        return (
            TRACKS[self.track], OFFICES[f"P{self.province}"].short, title, self.institutions, self.sessions,
            self.figures.person_times, self.figures.passed, self.figures.certificates, self.overdue,
        )  # fmt: skip


def summary(desk: Desk, year: int, *, as_of: datetime, actor: Actor | None = None) -> list[SummaryLine]:
    """Every track, province and occupation with an institution listed in that year; duties overdue at ``as_of``."""
    seen, values = ("1 = 1", []) if actor is None else visible(actor)
    first, after = start_of(date(year, 1, 1)), end_of(date(year, 12, 31))
    places: dict[int, tuple[str, str, str]] = {}
    nos: dict[str, tuple[str, str, str]] = {}
    listed: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    sessions: dict[tuple[str, str, str], int] = defaultdict(int)
    sums: dict[tuple[str, str, str], Figures] = defaultdict(lambda: NOTHING)
    over: dict[tuple[str, str, str], int] = defaultdict(int)
    with reading(desk.engine) as tx:
        for id_, no, track, province, occupation, institution in tx.rows(
            "SELECT DISTINCT c.id, c.no, c.track, c.province, c.occupation, c.institution_id FROM term t"
            " JOIN cases c ON c.id = t.case_id WHERE t.starts_at < ? AND t.last_day >= ?"
            f" AND (t.ended_at IS NULL OR t.ended_at > ?) AND {seen}",
            (after, date(year, 1, 1), first, *values),
        ):
            places[id_] = nos[no] = (track, province, occupation)
            listed[places[id_]].add(institution)
        ids = list(places)
        for at in range(0, len(ids), PORTION):
            for id_, years in figures_of(tx, ids[at : at + PORTION], year).items():
                sessions[places[id_]] += years[year].sessions
                sums[places[id_]] += years[year].total
    for each in duties(desk, as_of=as_of, actor=actor, overdue=True):
        if each.no in nos:
            over[nos[each.no]] += 1
    return [
        SummaryLine(*place, len(who), sessions[place], sums[place], over[place])
        for place, who in sorted(listed.items())
    ]


def summary_workbook(lines: list[SummaryLine], year: int) -> bytes:
    """The summary as an .xlsx, with its total."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = f"{year}年度汇总"
    sheet.append(list(HEADINGS))
    for each in lines:
        sheet.append(list(each.row()))
    totals = [sum(each.row()[at] for each in lines) for at in range(3, len(HEADINGS))]
    sheet.append(["合计", "", "", *totals])
    for cell in (*sheet[1], *sheet[sheet.max_row]):
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFGHI", (8, 10, 26, 8, 8, 10, 10, 10, 10), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

"""The table of cases: search, filters, columns of one's own, a workbook."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from fastapi import Response

from casework.case_table import MOST, CaseLine, find_cases
from casework.saved_views import show_columns, shown_columns
from casework.spreadsheets import Sheet, workbook
from dashboard.area import Here
from dashboard.cases.area import area
from dashboard.choices import FIELDS, choices, chosen, short_place
from dashboard.sheets import download
from dashboard.tables import Column, Table, read_table
from dashboard.times import spoken_due
from dashboard.visit import Visit
from states.labels import TRACKS
from states.roles import Role

PAGE_NAME = "cases"
COLUMNS = (
    Column("no", "cases.no", sorts="c.no"),
    Column("institution", "cases.institution"),
    Column("uscc", "cases.uscc", optional=True),
    Column("call", "cases.call", optional=True),
    Column("track", "cases.track", optional=True),
    Column("occupation", "cases.occupation"),
    Column("province", "cases.province", optional=True),
    Column("channel", "cases.channel"),
    Column("stage", "cases.stage"),
    Column("holder", "cases.holder"),
    Column("due", "cases.due", sorts="c.due_at"),
    Column("entered", "cases.entered", optional=True),
    Column("version", "cases.version", align="num", optional=True),
)
EXTRA = ("q", "track", "late")


@area.get("/cases", action="case.see")
def show_cases(visit: Here) -> Response:
    """One page of the cases that fit."""
    view = _table(visit)
    text, late = _text(visit), visit.request.query_params.get("late") == "1"
    asked: dict[str, Any] = {"as_of": visit.as_of, "actor": visit.actor, "overdue": late}
    found = find_cases(
        visit.desk, chosen(visit), text, beyond=view.beyond("c.id"), order=view.order("c.id"), **asked
    )
    view, rows = view.cut(
        found.lines, lambda line: (line.no if view.sort.name == "no" else line.stored_due, line.id)
    )
    return visit.page(
        "cases/table.html.j2",
        view=view,
        rows=rows,
        total=found.total,
        most=MOST,
        text=text,
        late=late,
        lists=choices(visit.desk, visit.say("cases.any")),
        asked={name: visit.request.query_params.get(name, "") for name in FIELDS},
        filters=urlencode(view.kept),
        place=short_place,
        role=Role,
        tracks=TRACKS,
    )


@area.post("/cases/columns", action="case.see")
def choose_columns(visit: Here) -> Response:
    """Remember which columns this reader wants."""
    known = [column.name for column in COLUMNS]
    wanted = set(visit.fields("show"))
    show_columns(
        visit.desk, PAGE_NAME, [name for name in known if name in wanted], person_id=visit.signed_in.person_id
    )
    filters = visit.field("filters")
    return visit.go(f"/cases?{filters}" if filters else "/cases")


@area.get("/cases.xlsx", action="case.export")
def export_cases(visit: Here) -> Response:
    """What the table shows under its filter, in the reader's columns, as a workbook."""
    view = _table(visit)
    late = visit.request.query_params.get("late") == "1"
    found = find_cases(
        visit.desk, chosen(visit), _text(visit), as_of=visit.as_of, actor=visit.actor, overdue=late,
        order=f"c.no, c.id LIMIT {MOST}",
        counted=False,
    )  # fmt: skip
    sheet = Sheet(
        "申报",
        [visit.say(column.word) for column in view.shown],
        ([cell(line, column.name) for column in view.shown] for line in found.lines),
        [24] * len(view.shown),
    )
    return visit.answer(download(workbook(sheet), f"linxuan-cases-{visit.as_of:%Y%m%d}.xlsx"))


def cell(line: CaseLine, name: str) -> str | int:
    """One cell as plain text."""
    match name:
        case "channel":
            return short_place(line.channel)
        case "province":
            return short_place(f"P{line.province}")
        case "stage":
            return line.stage_label
        case "track":
            return TRACKS[line.track]
        case "holder":
            return Role(line.held_by).label if line.held_by else ""
        case "due":
            return spoken_due(line.due_at) if line.due_at else ""
        case "entered":
            return f"{line.entered_at:%Y-%m-%d}"
    value: str | int = getattr(line, name)
    return value


def _text(visit: Visit) -> str:
    return visit.request.query_params.get("q", "").strip()[:80]


def _table(visit: Visit) -> Table:
    view = read_table(visit, COLUMNS, "no", filters=(*EXTRA, *FIELDS), path="/cases")
    kept = shown_columns(visit.desk, PAGE_NAME, person_id=visit.signed_in.person_id)
    if kept and not visit.request.query_params.getlist("show"):
        view = replace(view, shown=tuple(column for column in COLUMNS if column.name in kept))
    return view

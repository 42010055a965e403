"""The stuck board: what is late or about to be, what unblocks it, and a letter to whoever holds it."""

from typing import Any
from urllib.parse import urlencode

from fastapi import Response

from casework.incident_kinds import INCIDENT_KINDS
from casework.incidents import can_retry, incidents, retry
from casework.nudging import nudge
from casework.saved_views import drop_view, save_view, views
from casework.spreadsheets import Sheet, workbook
from casework.stuck_board import KINDS, MOST, BoardLine, board, counts
from casework.stuck_figures import ageing, trend
from dashboard.area import Area, Here
from dashboard.choices import FIELDS, choices, chosen, short_place
from dashboard.sheets import download
from dashboard.stuck.charts import HEIGHT, WIDTH, bars
from dashboard.tables import PAGE, Column, read_table
from dashboard.times import spoken, spoken_due
from dashboard.visit import Visit
from states.roles import Role

area = Area()

PAGE_NAME = "stuck"
COLUMNS = (
    Column("case", "stuck.case"),
    Column("stage", "stuck.stage"),
    Column("holder", "stuck.holder"),
    Column("due", "stuck.due", sorts="c.due_at"),
    Column("waited", "stuck.waited", align="num"),
    Column("unblocks", "stuck.unblocks"),
    Column("last", "stuck.last"),
    Column("act", "stuck.act"),
)
EXPORTED = 10_000
HEADINGS = (
    "编号", "单位", "批次", "职业", "推荐", "环节", "等谁", "期限", "超期（工作日）", "剩余（工作日）", "在本环节（工作日）",
    "限期依据", "条款", "期限推算", "受阻原因", "承办方可办理", "最近动态", "最近动态时间", "上次催办",
)  # fmt: skip
WIDTHS = (16, 36, 8, 10, 10, 10, 26, 26, 10, 10, 12, 14, 12, 40, 40, 24, 24, 18, 18)


@area.get("/stuck", action="stuck.see")
def show_stuck(visit: Here) -> Response:
    """The board: longest first, filtered, with incidents below and how old the late ones are beside."""
    visit.desk.calendar = visit.ground.installation.calendar()
    view = read_table(visit, COLUMNS, "due", filters=(*FIELDS, "kind"))
    kind, which, reader = _kind(visit), chosen(visit), visit.actor
    lines = board(
        visit.desk, which, as_of=visit.as_of, actor=reader, kind=kind, after=view.after, limit=PAGE + 1
    )
    view, rows = view.cut(lines, lambda line: line.key)
    asked: dict[str, Any] = {"as_of": visit.as_of, "actor": reader}
    late, weeks = ageing(visit.desk, which, **asked), trend(visit.desk, which, **asked)
    return visit.page(
        "stuck/board.html.j2",
        view=view,
        rows=rows,
        kind=kind,
        kinds=KINDS,
        counts=counts(visit.desk, which, **asked),
        most=MOST,
        lists=choices(visit.desk, visit.say("stuck.any")),
        asked={name: visit.request.query_params.get(name, "") for name in FIELDS},
        filters=urlencode(_filters(visit)),
        views=views(visit.desk, PAGE_NAME, person_id=visit.signed_in.person_id),
        ages=bars([(_span(each.first, each.last), each.count, "") for each in late], MOST),
        weeks=bars([(f"{each.monday.month}.{each.monday.day}", each.count, "") for each in weeks], MOST),
        chart=(WIDTH, HEIGHT),
        incidents=_incidents(visit),
        place=short_place,
        role=Role,
    )


@area.get("/stuck.xlsx", action="stuck.see")
def export_stuck(visit: Here) -> Response:
    """What the board shows under its filter, as a workbook."""
    visit.desk.calendar = visit.ground.installation.calendar()
    lines = board(
        visit.desk,
        chosen(visit),
        as_of=visit.as_of,
        actor=visit.actor,
        kind=_kind(visit),
        limit=EXPORTED,
        unblocking=False,
    )
    content = workbook(Sheet("卡点", HEADINGS, (_exported(line, visit) for line in lines), WIDTHS))
    return visit.answer(download(content, f"linxuan-stuck-{visit.as_of:%Y%m%d}.xlsx"))


@area.post("/stuck/nudge", action="stuck.nudge")
def send_nudge(visit: Here) -> Response:
    """A letter to whoever holds the case."""
    visit.desk.calendar = visit.ground.installation.calendar()
    sent = nudge(visit.desk, visit.field("no"), by=visit.actor, as_of=visit.as_of)
    how = "stuck.nudged" if sent.by_mail else "stuck.nudged_digest"
    return visit.go(_back(visit), visit.say(how, no=sent.no, holder=sent.holder.label))


@area.post("/stuck/incidents/{incident_id}/retry", action="incident.retry")
def retry_incident(visit: Here, incident_id: int) -> Response:
    """Put what failed back in line."""
    return visit.go(_back(visit), retry(visit.desk, incident_id, by=visit.actor, as_of=visit.as_of) + "。")


@area.post("/stuck/views", action="stuck.see")
def keep_view(visit: Here) -> Response:
    """Keep the present filter under a name."""
    save_view(
        visit.desk, PAGE_NAME, visit.field("name"), visit.field("filters"), shared=visit.field("shared") == "yes",
        person_id=visit.signed_in.person_id, by=visit.actor, as_of=visit.as_of,
    )  # fmt: skip
    return visit.go(_back(visit), visit.say("stuck.view_kept"))


@area.post("/stuck/views/{view_id}/drop", action="stuck.see")
def remove_view(visit: Here, view_id: int) -> Response:
    """Forget a kept filter."""
    drop_view(
        visit.desk, PAGE_NAME, view_id, person_id=visit.signed_in.person_id, by=visit.actor, as_of=visit.as_of
    )
    return visit.go("/stuck", visit.say("stuck.view_dropped"))


def _incidents(visit: Visit) -> list[tuple[Any, str, bool]]:
    if not visit.may("incident.see"):
        return []
    found = incidents(visit.desk, actor=visit.actor, limit=PAGE)
    mine = visit.may("incident.retry")
    return [(each, INCIDENT_KINDS.get(each.kind, each.kind), mine and can_retry(each.kind)) for each in found]


def _kind(visit: Visit) -> str:
    asked = visit.request.query_params.get("kind", "")
    return asked if asked in KINDS else "all"


def _filters(visit: Visit) -> list[tuple[str, str]]:
    query = visit.request.query_params
    return [(name, query[name]) for name in (*FIELDS, "kind") if query.get(name)]


def _back(visit: Visit) -> str:
    filters = visit.field("filters")
    return f"/stuck?{filters}" if filters else "/stuck"


def _span(first: int, last: int | None) -> str:
    return f">{first - 1}" if last is None else f"{first or 1}–{last}"


def _exported(line: BoardLine, visit: Visit) -> tuple[Any, ...]:
    return (
        line.no, line.institution, line.call, line.occupation, short_place(line.channel), line.stage_label,
        Role(line.held_by).label, spoken_due(line.due_at), line.days_over, max(0, line.days_left), line.days_waited,
        line.limit, line.clause, line.explained, line.held_why, "、".join(line.moves),
        f"{line.last.label}（{line.last.who}）" if line.last else "",
        spoken(line.last.at, visit.as_of) if line.last else "",
        spoken(line.nudged_at, visit.as_of) if line.nudged_at else "",
    )  # fmt: skip

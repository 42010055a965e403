"""The pool of experts: list, search, import, suspend and bring back."""

from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import Response
from starlette.datastructures import UploadFile

from casework.pool import standing
from casework.pool.columns import BY_KEY
from casework.pool.importing import import_pool
from casework.pool.listing import PoolListing, list_experts, show_expert
from casework.pool.standing import Standing
from casework.pool.wording import profile_texts
from casework.pool.writing import write_pool_template
from casework.spreadsheets import Sheet, workbook
from dashboard.area import Here
from dashboard.panels.site import area, status_of
from dashboard.refusing import NotThere
from dashboard.sheets import download
from dashboard.visit import Visit
from states.occupations import OCCUPATIONS
from states.places import PROVINCES
from states.refusals import Refused

PAGE, EXPORTED = 50, 100_000
HEADINGS = ("编号", "姓名", "工作单位", "统一社会信用代码", "省份", "职称", "评议职业", "状态")
STEPS = {"suspend": standing.suspend, "retire": standing.retire, "reinstate": standing.reinstate}


@area.get("/experts", action="expert.see")
def show_pool(visit: Here) -> Response:
    """The pool by code, fifty at a time."""
    found = _listed(visit, PAGE + 1, visit.request.query_params.get("after", "")[:12])
    asked = {key: visit.request.query_params.get(key, "") for key in ("search", "field", "province", "state")}
    return visit.page(
        "panels/pool.html.j2", found=found.lines[:PAGE], total=found.total, asked=asked, occupations=OCCUPATIONS,
        next=found.lines[PAGE - 1].code if len(found.lines) > PAGE else "", provinces=PROVINCES, states=Standing,
        places={each.region: each.short for each in PROVINCES}, first="after" not in visit.request.query_params,
    )  # fmt: skip


@area.get("/experts/list.xlsx", action="expert.see")
def export_pool(visit: Here) -> Response:
    """The same choice as a workbook."""
    places = {each.region: each.short for each in PROVINCES}
    rows = (
        (each.code, each.name, each.employer, each.uscc, places.get(each.province, each.province), each.title,
         "、".join(each.fields), each.state.label)
        for each in _listed(visit, EXPORTED, "").lines
    )  # fmt: skip
    content = workbook(Sheet("专家库", HEADINGS, rows, (12, 12, 36, 22, 8, 16, 20, 8)))
    return visit.answer(download(content, "experts.xlsx"))


@area.get("/experts/template.xlsx", action="expert.change")
def give_template(visit: Here) -> Response:
    """The empty sheet an import reads."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_pool_template(path)
        return visit.answer(download(path.read_bytes(), "experts-template.xlsx"))


@area.get("/experts/import", action="expert.change")
def ask_for_sheet(visit: Here) -> Response:
    """Where a sheet of experts is handed in."""
    return visit.page("panels/pool_import.html.j2", report=None, refusal=None)


@area.post("/experts/import", action="expert.change")
def import_sheet(visit: Here) -> Response:
    """Import a sheet as a whole or, when a row is wrong, not at all; what came of every row."""
    sent = visit.form.get("file")
    try:
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise Refused("请先选择要导入的文件（.xlsx 或 .csv）。")
        suffix = Path(sent.filename.replace("\\", "/")).suffix.lower()
        if suffix not in (".xlsx", ".csv"):
            raise Refused("只能导入 .xlsx 或 .csv 文件，请换一个文件，或下载样表填写。")
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"专家名册{suffix}"
            path.write_bytes(sent.file.read())
            report = import_pool(visit.desk, path, by=visit.actor, as_of=visit.as_of)
    except Refused as refusal:
        return visit.page("panels/pool_import.html.j2", status_of(refusal), report=None, refusal=refusal)
    return visit.page("panels/pool_import.html.j2", 200 if report.ok else 422, report=report, refusal=None)


@area.get("/experts/{expert_code}", action="expert.see")
def show_one(visit: Here, expert_code: str) -> Response:
    """One expert, without identity number and telephone."""
    return _one(visit, expert_code, 200, None)


@area.post("/experts/{expert_code}/standing", action="expert.change")
def change_standing(visit: Here, expert_code: str) -> Response:
    """Suspend, retire or reinstate, for a reason."""
    step = STEPS.get(visit.field("step"))
    if step is None:
        raise NotThere
    try:
        became = step(
            visit.desk, expert_code, reason=visit.field("reason"), by=visit.actor, as_of=visit.as_of
        )
    except Refused as refusal:
        return _one(visit, expert_code, status_of(refusal), refusal)
    return visit.go(f"/experts/{expert_code}", visit.say("panels.standing_now", label=became.label))


def _one(visit: Visit, code: str, status: int, refusal: Refused | None) -> Response:
    try:
        found = show_expert(visit.desk, code, by=visit.actor)
    except Refused:
        raise NotThere from None
    return visit.page(
        "panels/expert.html.j2", status, found=found, refusal=refusal, states=Standing, occupations=OCCUPATIONS,
        told=[(BY_KEY[key].heading, text) for key, text in profile_texts(found.profile).items()],
        unknown=[BY_KEY[key].heading for key in found.unknown],
        place={each.region: each.short for each in PROVINCES}.get(found.listed.province, ""),
    )  # fmt: skip


def _listed(visit: Visit, limit: int, after: str) -> PoolListing:
    asked = visit.request.query_params
    state, field = asked.get("state", ""), asked.get("field", "")
    return list_experts(
        visit.desk, by=visit.actor, field=field if field in OCCUPATIONS else None, province=asked.get("province") or None,
        state=Standing(state) if state in list(Standing) else None, search=asked.get("search", ""), after=after,
        limit=limit,
    )  # fmt: skip

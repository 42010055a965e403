"""After listing: the year of each institution an office recommended, failings to answer, the training list to report."""

from fastapi import Response

from casework.access.policy import Reach, reach
from casework.duties.provincial_list import make_list, report_list, reported_lists
from casework.recommended import InstitutionYear, recommended
from casework.supervision.failings import answer_failing, failings
from dashboard.area import Here
from dashboard.recommend.site import area
from dashboard.refusing import NotThere
from dashboard.visit import Visit
from states.calendar import day_of
from states.places import OFFICES
from states.refusals import Refused
from states.roles import Role


@area.get("/listed", action="recommend.see")
def show_listed(visit: Here) -> Response:
    """Institutions in the directory that the office recommended, with a year's figures, and what it must answer."""
    return _listed(visit)


@area.post("/failings/{failing_id}", action="failing.answer")
def answer(visit: Here, failing_id: int) -> Response:
    """Say what was done about a failing."""
    mine = {each.id for each in failings(visit.desk, as_of=visit.as_of, actor=visit.actor)}
    if failing_id not in mine:
        raise NotThere
    try:
        answer_failing(visit.desk, failing_id, visit.field("answer"), by=visit.actor, as_of=visit.as_of)
    except Refused as refusal:
        return _listed(visit, 422, refusal, {failing_id: visit.field("answer")})
    return visit.go("/recommend/listed", visit.say("recommend.failing_answered"))


@area.get("/training-list", action="list.report")
def show_training_list(visit: Here) -> Response:
    """The province's list of training institutions, and what was reported of it (M24-8)."""
    return _training_list(visit)


@area.get("/training-list.csv", action="list.report")
def download_training_list(visit: Here) -> Response:
    """The list as it stands today."""
    content = make_list(visit.desk, _office(visit), on=day_of(visit.as_of))
    headers = {"Content-Disposition": 'attachment; filename="training-list.csv"'}
    return visit.answer(Response(content, media_type="text/csv", headers=headers))


@area.post("/training-list", action="list.report")
def report_training_list(visit: Here) -> Response:
    """Report the list to the coordinating group."""
    try:
        done = report_list(
            visit.desk,
            _office(visit),
            document_no=visit.field("document_no"),
            by=visit.actor,
            as_of=visit.as_of,
        )
    except Refused as refusal:
        return _training_list(visit, 422, refusal)
    return visit.go("/recommend/training-list", visit.say("recommend.reported", count=done.count))


def _office(visit: Visit) -> str:
    if visit.actor.role is Role.PROVINCE:
        return f"P{visit.actor.scope}"
    code = visit.request.query_params.get("office", "") or visit.field("office")
    return code if code in OFFICES and code.startswith("P") else "P11"


def _listed(
    visit: Visit, status: int = 200, refusal: Refused | None = None, typed: dict[int, str] | None = None
) -> Response:
    actor, now = visit.actor, day_of(visit.as_of).year
    given = visit.request.query_params.get("year", "")
    year = int(given) if given.isdecimal() and 2000 < int(given[:4]) <= now and len(given) == 4 else now
    if actor.role is Role.RECOMMENDER:
        offices = [actor.scope]
    elif actor.role is Role.PROVINCE:
        offices = [f"P{actor.scope}"]
    else:
        chosen = visit.request.query_params.get("office", "P11")
        offices = [chosen if chosen in OFFICES else "P11"]
    rows: list[InstitutionYear] = []
    for office in offices:
        rows += recommended(visit.desk, office, year, as_of=visit.as_of, actor=actor)
    return visit.page(
        "recommend/listed.html.j2", status, rows=rows, year=year, years=[now - back for back in range(4)],
        failings=failings(visit.desk, as_of=visit.as_of, actor=actor), refusal=refusal, typed=typed or {},
        may_answer=visit.may("failing.answer"), all_offices=reach(actor.role, "recommend.see") is Reach.ALL,
        offices=list(OFFICES.values()), office=offices[0],
    )  # fmt: skip


def _training_list(visit: Visit, status: int = 200, refusal: Refused | None = None) -> Response:
    office = _office(visit)
    return visit.page(
        "recommend/training_list.html.j2", status, office=OFFICES[office], refusal=refusal,
        reported=reported_lists(visit.desk, office=office), document_no=visit.field("document_no"),
        count=make_list(visit.desk, office, on=day_of(visit.as_of)).count(b"\n") - 1,
    )  # fmt: skip

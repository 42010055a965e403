"""The board of an office: recommend many under one letter, and say which sealed papers were sent."""

from datetime import date

from fastapi import Response

from casework.access.policy import cases_within
from casework.gate import BatchRefused, Turned, Wanted, advance
from casework.recommending.board import TABS, Line, counts, key_of, lines, standings
from casework.recommending.posting import note_posted
from dashboard.area import Here
from dashboard.recommend.site import area
from dashboard.visit import Visit
from records.transaction import reading
from states.calendar import day_of
from states.refusals import Refused

PAGE = 50


@area.get("", action="recommend.see")
def show_board(visit: Here) -> Response:
    """What waits for the office, part by part."""
    return _board(visit)


@area.post("", action="recommend.decide")
def recommend_many(visit: Here) -> Response:
    """Recommend what is ticked under one letter: all or nothing, or those that can be."""
    picked = [each.partition("@") for each in visit.fields("pick")]
    inputs = {"letter_no": visit.field("letter_no"), "letter_date": visit.field("letter_date")}
    try:
        if not picked:
            raise Refused("没有选择申报，请先勾选。", clause="B3-4.3")
        wanted = _wanted(visit, picked)
        done = advance(
            visit.desk, "recommend", wanted, by=visit.actor, as_of=visit.as_of, inputs=inputs,
            partial=bool(visit.field("partial")),
        )  # fmt: skip
    except BatchRefused as refused:
        return _board(visit, 422, refused, refused.turned)
    except Refused as refusal:
        return _board(visit, 422, refusal)
    if done.turned:
        return _board(
            visit,
            422,
            Refused(visit.say("recommend.part", count=done.moved, turned=len(done.turned))),
            done.turned,
        )
    return visit.go("/recommend", visit.say("recommend.done", count=done.moved))


@area.post("/posted", action="paper.track")
def posted(visit: Here) -> Response:
    """Note that the papers of what is ticked were sent."""
    nos = [each.partition("@")[0] for each in visit.fields("pick")]
    try:
        count = note_posted(
            visit.desk, nos, posted_on=day_typed(visit, "posted_on"), carrier=visit.field("carrier"),
            parcel_no=visit.field("parcel_no"), by=visit.actor, as_of=visit.as_of,
        )  # fmt: skip
    except Refused as refusal:
        return _board(visit, 422, refusal, tab="recommended")
    return visit.go("/recommend?part=recommended", visit.say("recommend.posted", count=count))


def day_typed(visit: Visit, name: str) -> date:
    """A day of the form. Raises Refused when it is none."""
    try:
        return date.fromisoformat(visit.field(name))
    except ValueError:
        raise Refused("日期没有填写或写法有误，请按“2024-06-12”的样子填写。") from None


def _wanted(visit: Visit, picked: list[tuple[str, str, str]]) -> list[Wanted]:
    where, values = cases_within(visit.actor, "recommend.decide")
    with reading(visit.desk.engine) as tx:
        known = dict(
            tx.rows(
                f"SELECT c.no, c.id FROM cases c WHERE {where} AND {tx.among('c.no')}",
                (*values, tx.listed([no for no, _, _ in picked])),
            )
        )
    if missing := [no for no, _, _ in picked if no not in known]:
        raise Refused(f"没有编号为“{missing[0]}”的申报，或不在办理范围内。")
    return [
        Wanted(known[no], int(version) if version.isdecimal() and len(version) < 10 else None)
        for no, _, version in picked
    ]


def _board(
    visit: Visit,
    status: int = 200,
    refusal: Refused | None = None,
    turned: list[Turned] | None = None,
    tab: str = "",
) -> Response:
    part = tab or visit.request.query_params.get("part", "waiting")
    part = part if part in TABS else "waiting"
    found = lines(visit.desk, visit.actor, part, after=_after(visit), limit=PAGE + 1)
    shown: list[Line] = found[:PAGE]
    following = "@".join(map(str, key_of(shown[-1]))) if len(found) > PAGE else ""
    return visit.page(
        "recommend/board.html.j2", status, part=part, lines=shown, following=following,
        counts=counts(visit.desk, visit.actor), standings=standings(visit.desk, visit.actor), refusal=refusal,
        turned=turned or [], why={each.no: each for each in turned or []}, today=day_of(visit.as_of),
        picked={each.partition("@")[0] for each in visit.fields("pick")},
    )  # fmt: skip


def _after(visit: Visit) -> tuple[str, int] | None:
    due, _, id_ = visit.request.query_params.get("after", "").rpartition("@")
    return (due, int(id_)) if due and id_.isdecimal() and len(id_) < 15 and len(due) < 40 else None

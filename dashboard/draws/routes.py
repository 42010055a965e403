"""What is published of every draw, and the page that checks a certificate in the reader's own browser (M24-7.3c)."""

import json
from typing import Any
from urllib.parse import quote

from fastapi import Response

from casework.actors import Actor
from casework.panels.certificates import certificate
from casework.panels.listing import PanelPage, list_panels, show_panel
from dashboard.alternates import as_json, wants_json
from dashboard.area import Area, Here
from dashboard.refusing import NotThere
from dashboard.visit import Visit
from states.occupations import OCCUPATIONS
from states.refusals import Refused
from states.roles import Role

area = Area()
NOBODY = Actor("public", Role.APPLICANT)
"""Reads what everybody may, and nothing of who sits."""


@area.get("/draws", action="public.see")
def show_draws(visit: Here) -> Response:
    """Every panel with a round that was published."""
    panels = [each for each in list_panels(visit.desk, actor=NOBODY) if each.rounds]
    if wants_json(visit):
        return as_json(visit, panels)
    return visit.page("draws/list.html.j2", panels=list(reversed(panels)), occupations=OCCUPATIONS)


@area.get("/draws/verify", action="public.see")
def verify_draw(visit: Here) -> Response:
    """The page that checks a certificate where it is read: nothing is sent anywhere."""
    return visit.page("draws/verify.html.j2", panel="", round_no=0)


@area.get("/draws/{panel_no}", action="public.see")
def show_draw(visit: Here, panel_no: str) -> Response:
    """One panel: how many sit and by which rules, and each round as it was promised and drawn."""
    page = _panel(visit, panel_no)
    if wants_json(visit):
        return as_json(visit, {"panel": page.line, "parameters": page.published, "rounds": page.rounds})
    return visit.page("draws/one.html.j2", page=page, occupations=OCCUPATIONS)


@area.get("/draws/{panel_no}/{round_no:int}", action="public.see")
def check_round(visit: Here, panel_no: str, round_no: int) -> Response:
    """The verify page with the certificate of a round already in it."""
    page = _panel(visit, panel_no)
    _certificate(visit, page.line.no, round_no)
    return visit.page("draws/verify.html.j2", panel=page.line.no, round_no=round_no)


@area.get("/draws/{panel_no}/{round_no:int}/certificate", action="public.see")
def give_certificate(visit: Here, panel_no: str, round_no: int) -> Response:
    """The public certificate as a file: the very text the command writes."""
    found = _certificate(visit, panel_no, round_no)
    name = quote(f"{panel_no.upper()}-{round_no}.json")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    return visit.answer(Response(text, media_type="application/json", headers=headers))


def _panel(visit: Visit, no: str) -> PanelPage:
    try:
        return show_panel(visit.desk, no.upper(), actor=NOBODY)
    except Refused:
        raise NotThere("没有这个专家组，请从抽取证书列表中查找。") from None


def _certificate(visit: Visit, no: str, round_: int) -> dict[str, Any]:
    try:
        return certificate(visit.desk, no.upper(), round_, actor=NOBODY, as_of=visit.as_of)
    except Refused as refusal:
        raise NotThere(refusal.sentence) from None

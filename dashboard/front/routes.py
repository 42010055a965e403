"""What everybody may see without signing in."""

from fastapi import Response

from casework.calls import kept_calls
from dashboard.alternates import as_json, wants_json
from dashboard.area import Area, Here
from dashboard.cookies import LANGUAGE
from dashboard.language import LANGUAGES
from dashboard.refusing import NotThere
from states.clauses import CLAUSES, SOURCES
from states.labels import TRACKS

area = Area()


@area.get("/", action="public.see")
def show_front(visit: Here) -> Response:
    """The programme and its calls; somebody signed in goes to what waits for them."""
    if visit.session is not None and visit.session.complete:
        return visit.go("/home")
    return visit.page("front/front.html.j2", calls=list(reversed(kept_calls(visit.desk))))


@area.get("/open/{call_code}", action="public.see")
def show_call(visit: Here, call_code: str) -> Response:
    """One call as everybody may read it: until when, for which occupations, how many, and on which clause."""
    call = next((each for each in kept_calls(visit.desk) if each.code == call_code.upper()), None)
    if call is None:
        raise NotThere("没有这个批次，请从首页查找。")
    if wants_json(visit):
        told = {
            "code": call.code,
            "name": call.name,
            "state": call.state,
            "opens_at": call.opens_at,
            "closes_at": call.closes_at,
        }
        return as_json(visit, told)
    return visit.page("front/call.html.j2", call=call, tracks=TRACKS)


@area.get("/clauses", action="public.see")
def show_clauses(visit: Here) -> Response:
    """Every clause the rules rest on, in our own words."""
    texts = [
        (title, [each for each in CLAUSES.values() if each.source == key]) for key, title in SOURCES.items()
    ]
    return visit.page("front/clauses.html.j2", texts=texts)


@area.post("/language", action="public.see")
def choose_language(visit: Here) -> Response:
    """Read the pages in another language from now on."""
    chosen = visit.field("language")
    visit.carry(LANGUAGE, chosen if chosen in LANGUAGES else LANGUAGES[0])
    return visit.go(visit.field("next"))

"""What everybody may see without signing in."""

from fastapi import Response

from casework.calls import kept_calls
from dashboard.area import Area, Here
from dashboard.cookies import LANGUAGE
from dashboard.language import LANGUAGES
from states.clauses import CLAUSES, SOURCES

area = Area()


@area.get("/", action="public.see")
def show_front(visit: Here) -> Response:
    """The programme and its calls; somebody signed in goes to what waits for them."""
    if visit.session is not None and visit.session.complete:
        return visit.go("/home")
    return visit.page("front/front.html.j2", calls=list(reversed(kept_calls(visit.desk))))


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

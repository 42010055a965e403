"""My institution: what I am writing, what I filed, what I may apply for and why not for the rest; my letters."""

from fastapi import Response

from casework.applying.drafts import begin_draft, drafts
from casework.applying.offers import applying, channels, offers
from casework.applying.overview import my_cases
from casework.applying.received import letter_received, received
from dashboard.apply.site import area
from dashboard.area import Here
from dashboard.refusing import NotThere
from dashboard.visit import Visit
from records.transaction import reading
from states.refusals import Refused


@area.get("", action="application.write")
def show_home(visit: Here) -> Response:
    """Everything of my institution on one page."""
    return _home(visit)


@area.post("/begin", action="application.write")
def begin(visit: Here) -> Response:
    """Begin a form for one occupation of a call, through one office."""
    call, _, rest = visit.field("what").partition("/")
    track, _, occupation = rest.partition("/")
    try:
        id_ = begin_draft(
            visit.desk, call=call, track=track, occupation=occupation, channel=visit.field("channel"), by=visit.actor,
            as_of=visit.as_of,
        )  # fmt: skip
    except Refused as refusal:
        return _home(visit, 422, refusal)
    return visit.go(f"/apply/drafts/{id_}")


@area.get("/letters", action="application.write")
def show_letters(visit: Here) -> Response:
    """The letters my institution was sent."""
    given = visit.request.query_params.get("before", "")
    before = int(given) if given.isdecimal() and len(given) < 15 else None
    found = received(visit.desk, visit.actor, before=before, limit=31)
    return visit.page("apply/letters.html.j2", letters=found[:30], more=len(found) > 30)


@area.get("/letters/{letter_id}", action="application.write")
def show_letter(visit: Here, letter_id: int) -> Response:
    """One letter in its words."""
    try:
        return visit.page("apply/letter.html.j2", letter=letter_received(visit.desk, letter_id, visit.actor))
    except Refused:
        raise NotThere from None


def _home(visit: Visit, status: int = 200, refusal: Refused | None = None) -> Response:
    desk, actor = visit.desk, visit.actor
    with reading(desk.engine) as tx:
        mine = applying(tx, actor)
    found = offers(desk, actor, as_of=visit.as_of)
    groups: dict[tuple[str, str], list[object]] = {}
    through = {}
    for each in found:
        key = (each.call, each.track)
        groups.setdefault(key, []).append(each)
        if key not in through:
            rules = desk.processes.process(desk.processes.key_for(*key)).rules
            through[key] = channels(rules, mine.province)
    return visit.page(
        "apply/home.html.j2", status, mine=mine, drafts=drafts(desk, actor),
        cases=my_cases(desk, actor, as_of=visit.as_of), groups=groups, through=through, refusal=refusal,
        chosen={"what": visit.field("what"), "channel": visit.field("channel")},
    )  # fmt: skip

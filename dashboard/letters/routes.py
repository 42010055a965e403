"""Letters for the office; offices that recommend read those of their own cases."""

from fastapi import Response

from casework.outbox import (
    STATES,
    Changed,
    LetterPage,
    count_letters,
    count_sealed,
    hold,
    letter,
    letters,
    release,
    reword,
)
from casework.post import retry_letter
from dashboard.area import Area, Here
from dashboard.letters.templates import called, example, matrix
from dashboard.refusing import NotThere, Stale
from dashboard.visit import Visit
from states.refusals import Refused

area = Area()
PAGE = 50


@area.get("/letters", action="letter.see")
def show_letters(visit: Here) -> Response:
    """The outbox, newest first."""
    query = visit.request.query_params
    state = query.get("state", "") if query.get("state", "") in STATES else ""
    search, behind = query.get("search", "").strip()[:80], query.get("after", "")
    before = int(behind) if behind.isascii() and behind.isdecimal() and len(behind) < 16 else None
    found = letters(visit.desk, actor=visit.actor, state=state, search=search, before=before, limit=PAGE + 1)
    return visit.page(
        "letters/list.html.j2", found=found[:PAGE], next=found[PAGE - 1].id if len(found) > PAGE else 0, state=state,
        search=search, first=before is None, counts=count_letters(visit.desk, actor=visit.actor),
        confided=count_sealed(visit.desk, actor=visit.actor), states=STATES,
    )  # fmt: skip


@area.get("/letters/templates", action="template.see")
def show_templates(visit: Here) -> Response:
    """Which letter tells whom, as the processes declare it."""
    return visit.page("letters/templates.html.j2", rows=matrix(visit.desk), called=called)


@area.get("/letters/templates/{letter_name}/{reader}", action="template.see")
def show_template(visit: Here, letter_name: str, reader: str) -> Response:
    """One letter as one reader would get it, filled with invented words."""
    try:
        words = example(visit.ground.installation.renderer(), letter_name, reader)
    except KeyError:
        raise NotThere from None
    return visit.page("letters/template.html.j2", words=words, letter=letter_name, role=called(reader))


@area.get("/letters/{letter_id:int}", action="letter.see")
def show_letter(visit: Here, letter_id: int) -> Response:
    """One letter, to the letter."""
    return _page(visit, _one(visit, letter_id))


@area.post("/letters/{letter_id:int}/hold", action="letter.edit")
def hold_letter(visit: Here, letter_id: int) -> Response:
    """Keep it from leaving."""
    try:
        hold(visit.desk, letter_id, seen=visit.field("seen"), by=visit.actor, as_of=visit.as_of)
    except Changed as refusal:
        raise Stale(refusal.sentence) from None
    return visit.go(f"/letters/{letter_id}", visit.say("letters.was_held"))


@area.post("/letters/{letter_id:int}/release", action="letter.edit")
def release_letter(visit: Here, letter_id: int) -> Response:
    """Let it leave after all."""
    try:
        release(visit.desk, letter_id, seen=visit.field("seen"), by=visit.actor, as_of=visit.as_of)
    except Changed as refusal:
        raise Stale(refusal.sentence) from None
    return visit.go(f"/letters/{letter_id}", visit.say("letters.was_released"))


@area.post("/letters/{letter_id:int}/words", action="letter.edit")
def change_words(visit: Here, letter_id: int) -> Response:
    """Change what it says; what was typed stays on the page when it cannot be."""
    subject, body = visit.field("subject"), visit.field("body")
    try:
        reword(
            visit.desk, letter_id, subject=subject, body=body, seen=visit.field("seen"), by=visit.actor,
            as_of=visit.as_of,
        )  # fmt: skip
    except Refused as refusal:
        status = 409 if isinstance(refusal, Changed) else 422
        return _page(visit, _one(visit, letter_id), status, refusal, {"subject": subject, "body": body})
    return visit.go(f"/letters/{letter_id}", visit.say("letters.was_reworded"))


@area.post("/letters/{letter_id:int}/resend", action="letter.resend")
def resend(visit: Here, letter_id: int) -> Response:
    """Queue a letter that failed once more, to another mailbox if one is given."""
    mailbox = visit.field("recipient")
    try:
        if mailbox and ("@" not in mailbox or any(char.isspace() for char in mailbox)):
            raise Refused("邮箱写法不对，应如 wang@example.cn，请核对。")
        retry_letter(
            visit.desk.engine, letter_id, as_of=visit.as_of, by=visit.actor, recipient=mailbox or None
        )
    except Refused as refusal:
        return _page(visit, _one(visit, letter_id), 422, refusal)
    return visit.go(f"/letters/{letter_id}", visit.say("letters.was_queued"))


def _one(visit: Visit, id_: int) -> LetterPage:
    found = letter(visit.desk, id_, actor=visit.actor)
    if found is None:
        raise NotThere
    return found


def _page(
    visit: Visit,
    found: LetterPage,
    status: int = 200,
    refusal: Refused | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    words = typed or {"subject": found.line.subject, "body": found.body}
    return visit.page("letters/one.html.j2", status, found=found, refusal=refusal, typed=words)

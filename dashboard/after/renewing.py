"""The renewal of a term: figures year by year, texts, consent; kept as a draft, filed, mended when returned (M24-9.1)."""

from datetime import date
from decimal import Decimal, InvalidOperation

from fastapi import Response

from casework.objections.evidence import Evidence
from casework.renewals.about import About, about
from casework.renewals.filing import NewApplication, draft, file
from casework.renewals.form_reading import read_bytes
from casework.renewals.form_writing import form_bytes
from casework.renewals.reading import as_filled, renewal
from dashboard.after.site import area, listed
from dashboard.apply.filling import WORD
from dashboard.apply.papers import sent_file
from dashboard.area import Here
from dashboard.visit import Visit
from states.refusals import Refused
from states.renewals.report import COMMITMENT, TEXTS, Consent, Filled, figures_of


@area.get("/{no}/renewal", action="renewal.apply")
def show_renewal(visit: Here, no: str) -> Response:
    """The window, the report as it stands, what is lacking."""
    return _page(visit, listed(visit, no).no)


@area.post("/{no}/renewal", action="renewal.apply")
def keep_or_file(visit: Here, no: str) -> Response:
    """Keep the report as it is, or file it."""
    case = listed(visit, no)
    told = about(visit.desk, case.no, as_of=visit.as_of, actor=visit.actor)
    filled = _typed(visit, told)
    try:
        new = NewApplication(
            filled=filled,
            report=_file(visit, "report"),
            consent=filled.consent,
            consent_file=_file(visit, "consent"),
        )
        store = visit.ground.installation.store_material
        if visit.field("then") == "file":
            done = file(visit.desk, case.no, new, by=visit.actor, as_of=visit.as_of, store=store)
            return visit.go(f"/after/{case.no}/renewal", visit.say("after.renewal_filed", no=done.no))
        kept = draft(visit.desk, case.no, new, by=visit.actor, as_of=visit.as_of, store=store)
    except Refused as refusal:
        return _page(visit, case.no, 422, refusal, filled)
    return _page(visit, case.no, filled=filled, missing=kept.missing, kept=True)


@area.post("/{no}/renewal/word", action="renewal.apply")
def fill_in(visit: Here, no: str) -> Response:
    """Fill the page in from a filled Word report; nothing is kept until it is saved."""
    case = listed(visit, no)
    told = about(visit.desk, case.no, as_of=visit.as_of, actor=visit.actor)
    try:
        given = sent_file(visit, "word")
        filled = read_bytes(given.content, given.name, told)
    except Refused as refusal:
        return _page(visit, case.no, 422, refusal)
    return _page(visit, case.no, filled=filled)


@area.get("/{no}/renewal/form.docx", action="renewal.apply")
def download(visit: Here, no: str) -> Response:
    """The printed report, with what is known filled in."""
    case = listed(visit, no)
    told = about(visit.desk, case.no, as_of=visit.as_of, actor=visit.actor)
    headers = {"Content-Disposition": f'attachment; filename="renewal-{case.no}.docx"'}
    return visit.answer(Response(form_bytes(told), media_type=WORD, headers=headers))


def _typed(visit: Visit, told: About) -> Filled:
    figures: dict[int, dict[str, int | Decimal | str]] = {}
    for year in told.years:
        row: dict[str, int | Decimal | str] = {}
        for figure in figures_of(told.levels):
            if text := visit.field(f"{figure.key}.{year}").replace(",", ""):
                row[figure.key] = _number(text, money=figure.money)
        figures[year] = row
    texts = {each.key: text for each in TEXTS if (text := visit.field(f"text.{each.key}"))}
    consented = _day(visit.field("consent_on"))
    consent = Consent(
        visit.field("consent_office"),
        visit.field("consent_no"),
        consented if isinstance(consented, date) else None,
    )
    return Filled(
        figures, texts, visit.field("signatory"), _day(visit.field("signed_on")), consent,
        consented if isinstance(consented, str) else "",
    )  # fmt: skip


def _number(text: str, *, money: bool) -> int | Decimal | str:
    try:
        return Decimal(text) if money and len(text) < 20 else int(text) if len(text) < 15 else text
    except (InvalidOperation, ValueError):
        return text


def _day(text: str) -> date | str | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return text


def _file(visit: Visit, name: str) -> Evidence | None:
    given = visit.form.get(name)
    return sent_file(visit, name) if getattr(given, "filename", "") else None


def _page(
    visit: Visit,
    no: str,
    status: int = 200,
    refusal: Refused | None = None,
    filled: Filled | None = None,
    missing: tuple[str, ...] = (),
    *,
    kept: bool = False,
) -> Response:
    told = about(visit.desk, no, as_of=visit.as_of, actor=visit.actor)
    view = renewal(visit.desk, no, as_of=visit.as_of, actor=visit.actor)
    if filled is None:
        filled = as_filled(visit.desk, no, actor=visit.actor)
    return visit.page(
        "after/renewal.html.j2", status, about=told, view=view, filled=filled or told.prefilled(), texts=TEXTS,
        figures=figures_of(told.levels), refusal=refusal, missing=missing, kept=kept, commitment=COMMITMENT,
        track=view.track,
    )  # fmt: skip

"""Filing: from a form that was read to a case, in one transaction, or one sentence for everything in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor
from casework.audit import Entry, append
from casework.beginning import NewCase, begin_case
from casework.desk import Desk
from casework.earlier_filings import (
    EarlierCase,
    cooling_off,
    earlier_case,
    running_term,
    says_the_same,
)
from casework.filed_forms import keep_form
from casework.findings import findings_of, keep_findings
from casework.handed_in import Paper, Store, business_scope_in, keep_papers
from casework.institutions import (
    Institution,
    institution_of,
    make_institution,
    province_of,
    refuse_another_name,
)
from casework.intake.reading import ReadForm
from casework.mending import CORRECTING, mend_in
from records.transaction import Transaction, transaction
from states.call_rules import TrackRules
from states.eligibility import (
    NOTE,
    Finding,
    examine,
    examine_round,
    missing_materials,
    scope_unread,
    unsigned,
)
from states.forms import Application
from states.occupations import Occupation
from states.places import Office
from states.priority import priority_mark
from states.refusals import Refused
from states.roles import Role

_MAY_FILE = (Role.APPLICANT, Role.RECOMMENDER, Role.PROVINCE, Role.OFFICE)


class FilingRefused(Refused):
    """The application was not accepted; ``problems`` holds one sentence for each thing in the way."""

    def __init__(self, problems: Sequence[Finding]) -> None:
        first = problems[0]
        more = f"（另有{len(problems) - 1}项）" if len(problems) > 1 else ""
        super().__init__(f"{first.sentence}{more}", clause=first.clause)
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Filed:
    """An application on record.

    ``warnings`` wait for an answer in words before the case can be recommended; ``notes`` only point at something
    on the form. ``again`` says that the same form was on record already and nothing was added; ``mended`` that it
    was filed into a case that had been returned for correction.
    ``paper_outstanding`` until the office has the sealed papers (D-9).
    """

    no: str
    case_id: int
    institution: str
    occupation: str
    warnings: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    again: bool
    paper_outstanding: bool
    mended: bool = False


def file_application(
    desk: Desk,
    form: ReadForm,
    papers: Sequence[Paper],
    *,
    call: str,
    channel: Office,
    by: Actor,
    as_of: datetime,
    store: Store,
    source: str | None = None,
) -> Filed:
    """File one form through ``channel``: institution, case, form, papers and findings, all or nothing.

    The form's identity number is kept encrypted and apart. ``source`` says where the form came from, in place of
    its file name. Filing the same form again through the same channel adds nothing. Raises Refused: FilingRefused
    with a sentence per problem, or one for an actor without the right, a second application for the occupation
    (M24-7.2b), another name under the same code.
    """
    track_rules(desk, call, form)
    with transaction(desk.engine) as tx:
        return file_in(
            tx, desk, form, papers,
            call=call, channel=channel, by=by, as_of=as_of, store=store, source=source,
        )  # fmt: skip


def track_rules(desk: Desk, call: str, form: ReadForm) -> TrackRules:
    """The rules the call opened with, for the track whose form this is. Raises Refused when it never opened."""
    return desk.processes.process(desk.processes.key_for(call, form.kind.value)).rules


def file_in(
    tx: Transaction,
    desk: Desk,
    form: ReadForm,
    papers: Sequence[Paper],
    *,
    call: str,
    channel: Office,
    by: Actor,
    as_of: datetime,
    store: Store,
    source: str | None = None,
) -> Filed:
    """``file_application`` within the caller's transaction; the caller rolls back on Refused."""
    rules = track_rules(desk, call, form)
    application = form.application
    kinds = [paper.kind for paper in papers]
    if application is None:
        around = examine_round(rules, as_of=as_of, channel=channel, materials=kinds)
        raise FilingRefused([*form_problems(form, rules), *around])
    known = institution_of(tx, application.uscc)
    _refuse_unless_may_file(by, channel, known)
    occupation = _occupation(rules, application)
    cooling_until = listed_until = None
    if known is not None:
        refuse_another_name(known, application.institution)
        if occupation is not None:
            if (earlier := earlier_case(tx, rules, occupation, known.id)) is not None:
                if earlier.stage == CORRECTING and not says_the_same(tx, earlier.id, application):
                    return _mended(
                        tx, desk, earlier, application, occupation, papers, form, rules,
                        channel=channel, by=by, as_of=as_of, store=store, source=source or form.source,
                    )  # fmt: skip
                return _again(tx, earlier, application, occupation, channel)
            cooling_until = cooling_off(tx, rules, occupation, known.id)
            listed_until = running_term(tx, rules, occupation, known.id)
    scope = business_scope_in(papers)
    found = examine(
        application, rules, as_of=as_of, channel=channel, materials=kinds,
        cooling_until=cooling_until, listed_until=listed_until, business_scope=scope,
    )  # fmt: skip
    blocking = [each for each in found if each.blocks]
    if occupation is None or blocking:
        raise FilingRefused(blocking)
    institution = known or make_institution(tx, application, province_of(application, channel))
    case = begin_case(
        tx,
        desk,
        NewCase(
            rules.code, rules.track, occupation.code, institution.id, channel.region or institution.province,
            channel.code, "、".join(application.levels), application.contact.mailbox,
            priority=priority_mark(application, rules),
            materials_missing=len(missing_materials(rules, kinds)),
            warnings_open=len(found),
        ),
        by=by,
        as_of=as_of,
    )  # fmt: skip
    digest = keep_form(tx, case.id, application, at=as_of, source=source or form.source)
    kept = keep_papers(tx, case.id, papers, at=as_of, store=store)
    notes = _notes(form, rules, scope)
    keep_findings(tx, case.id, [*found, *notes])
    detail = {"source": source or form.source, "channel": channel.code, "digest": digest, "papers": kept}
    append(
        tx,
        [
            Entry(
                as_of,
                as_of,
                by.signature,
                "filing",
                "form",
                case.id,
                "",
                case.stage,
                1,
                rules.form.clause,
                detail,
            )
        ],
    )
    return Filed(
        case.no, case.id, institution.name, occupation.title, tuple(found), tuple(notes),
        again=False, paper_outstanding=case.paper_at is None,
    )  # fmt: skip


def form_problems(form: ReadForm, rules: TrackRules) -> list[Finding]:
    """What keeps a form from being an application, a missing signature under its own clause (B3-2.4)."""
    return [
        unsigned(rules)
        if problem.key == "signed_on" and not form.cells.texts.get("signed_on", "").strip()
        else Finding(f"form.{problem.key}", problem.clause, problem.sentence)
        for problem in form.problems
        if problem.blocks
    ]


def _notes(form: ReadForm, rules: TrackRules, scope: str | None) -> list[Finding]:
    """What the form, and a certificate that only a person can read, merely point at."""
    notes = [
        Finding(f"{NOTE}{problem.key}", problem.clause, problem.sentence, blocks=False)
        for problem in form.problems
        if not problem.blocks
    ]
    unread = scope_unread(rules) if scope is None else None
    return [*notes, unread] if unread else notes


def _refuse_unless_may_file(by: Actor, channel: Office, known: Institution | None) -> None:
    if by.role not in _MAY_FILE:
        may = "、".join(role.label for role in _MAY_FILE)
        raise Refused(f"申报只能由{may}提交，当前身份为{by.role.label}", clause="B3-4.3")
    own = {
        Role.RECOMMENDER: channel.code,
        Role.PROVINCE: channel.region,
        Role.APPLICANT: str(known.id) if known else by.scope,
    }.get(by.role, by.scope)
    if by.scope != own:
        raise Refused(f"{by.name}不能代{channel.name}提交申报，请用该单位的账号办理", clause="B3-4.3")


def _occupation(rules: TrackRules, application: Application) -> Occupation | None:
    try:
        return rules.offered(application.occupation)
    except Refused:
        return None


def _mended(
    tx: Transaction,
    desk: Desk,
    earlier: EarlierCase,
    application: Application,
    occupation: Occupation,
    papers: Sequence[Paper],
    form: ReadForm,
    rules: TrackRules,
    *,
    channel: Office,
    by: Actor,
    as_of: datetime,
    store: Store,
    source: str,
) -> Filed:
    if earlier.channel != channel.code:
        raise earlier.refusal(application, occupation, channel)
    notes = _notes(form, rules, business_scope_in(papers))
    found = mend_in(
        tx, desk, earlier, application, papers, notes, rules,
        channel=channel, by=by, as_of=as_of, store=store, source=source,
    )  # fmt: skip
    if blocking := [each for each in found if each.blocks]:
        raise FilingRefused(blocking)
    return Filed(
        earlier.no, earlier.id, application.institution, occupation.title, tuple(found), tuple(notes),
        again=False, paper_outstanding=earlier.paper_outstanding, mended=True,
    )  # fmt: skip


def _again(
    tx: Transaction, earlier: EarlierCase, application: Application, occupation: Occupation, channel: Office
) -> Filed:
    if earlier.channel != channel.code or not says_the_same(tx, earlier.id, application):
        raise earlier.refusal(application, occupation, channel)
    kept = findings_of(tx, earlier.id)
    return Filed(
        earlier.no, earlier.id, application.institution, occupation.title,
        tuple(each.finding for each in kept if each.waits),
        tuple(each.finding for each in kept if each.finding.rule.startswith(NOTE)),
        again=True, paper_outstanding=earlier.paper_outstanding,
    )  # fmt: skip

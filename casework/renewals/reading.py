"""Reading renewals: who may apply until when, what an application says, and what the checks make of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from casework.actors import Actor
from casework.desk import Desk
from casework.renewals.about import listed_case
from casework.renewals.keeping import STATES, Kept, kept_report, newest
from casework.selection import Selection
from records.crypt import decrypt, decrypt_bytes
from records.transaction import Transaction, reading
from states.calendar import day_of
from states.conditions import Circumstances
from states.facts import Facts, day, instant
from states.occupations import find_occupation
from states.refusals import Refused
from states.renewals.checking import CLAUSE
from states.renewals.comparing import ActivityCheck, activity_check
from states.renewals.report import Consent, Filled, Report
from states.renewals.windows import Phase, Window, window

IN_DIRECTORY = ("listed", "renewal", "lapsing", "rectifying")
_WINDOW_MARGIN = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class RenewalLine:
    """One listing and where it stands towards the renewal of its running term."""

    no: str
    institution: str
    occupation: str
    province: str
    term_no: int
    window: Window
    occupation_title: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One contradiction of an application, and the answer to it if there is one."""

    number: int
    clause: str
    sentence: str
    answer: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One document of an application: the report or the consent."""

    part: str
    name: str
    kind: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """One application as kept; texts are shown to whoever may see the case."""

    no: str
    state: str
    state_label: str
    term_no: int
    filed_at: datetime | None
    returned_at: datetime | None
    correction_due: date | None
    items: str
    decided_at: datetime | None
    reason: str
    consent: Consent
    report: Report
    texts: Mapping[str, str] = field(repr=False)
    signatory: str = field(repr=False)
    contradictions: tuple[Contradiction, ...] = ()
    documents: tuple[DocumentView, ...] = ()


@dataclass(frozen=True, slots=True)
class RenewalView:
    """The renewal of one listing: its window, its activity, the newest application of the running term if any."""

    line: RenewalLine
    track: str
    stage: str
    activity: ActivityCheck
    application: ApplicationView | None
    earlier: tuple[tuple[str, str, datetime | None], ...]


def renewals(
    desk: Desk, chosen: Selection, *, as_of: datetime, actor: Actor | None = None, phase: Phase | None = None
) -> list[RenewalLine]:
    """Listings and their windows, first to close first; of one ``phase``, where ``open`` means closing as well."""
    where, values = chosen.where(actor)
    parts, further = (
        [where, f"c.stage IN ({','.join('?' * len(IN_DIRECTORY))})", "c.term_last_day IS NOT NULL"],
        [*values, *IN_DIRECTORY],
    )
    if phase in (Phase.OPEN, Phase.CLOSING):
        # Which windows may be open at all, by the widest window there is; each is then worked out by its own rules.
        widest = max((_widest(desk, key) for key in _processes(desk)), default=0)
        parts.append("c.term_last_day <= ?")
        further.append(day_of(as_of) + timedelta(days=31 * widest) + _WINDOW_MARGIN)
    sql = (
        f"SELECT {', '.join(f'c.{name}' for name in Facts._fields)}, i.name FROM cases c"
        f" JOIN institution i ON i.id = c.institution_id WHERE {' AND '.join(parts)} ORDER BY c.term_last_day, c.no"
    )
    with reading(desk.engine) as tx:
        rows = tx.rows(sql, further)
    found = (_line(desk, Facts._make(row[:-1]), row[-1], as_of) for row in rows)
    wanted = {Phase.OPEN: (Phase.OPEN, Phase.CLOSING)}.get(phase, (phase,)) if phase else tuple(Phase)
    return [each for each in found if each.window.phase in wanted]


def renewal(desk: Desk, case_no: str, *, as_of: datetime, actor: Actor | None = None) -> RenewalView:
    """The renewal of one listing, with every check and its arithmetic. Refused for one that was never listed."""
    with reading(desk.engine) as tx:
        each = listed_case(tx, case_no, actor)
        facts = each.facts
        process = desk.processes.process(facts.process)
        kept = newest(tx, facts.id, ("filed", "returned")) or newest(tx, facts.id, tuple(STATES))
        shown = _view(tx, kept) if kept else None
        earlier = tx.rows(
            "SELECT no, state, filed_at FROM renewal_application WHERE case_id = ? AND no <> ? ORDER BY number",
            (facts.id, kept.no if kept else ""),
        )
    around = Circumstances(as_of, process.rules, desk.calendar)
    return RenewalView(
        _line(desk, facts, each.institution, as_of), facts.track, process.stages[facts.stage].label,
        activity_check(facts, around), shown, tuple((no, STATES[state], instant(at)) for no, state, at in earlier),
    )  # fmt: skip


def as_filled(desk: Desk, case_no: str, *, actor: Actor | None = None) -> Filled | None:
    """The report as last filled in, sound or not; None when there is none. Refused for a case out of sight."""
    with reading(desk.engine) as tx:
        kept = newest(tx, listed_case(tx, case_no, actor).facts.id, tuple(STATES))
    return kept.filled if kept else None


def read_document(
    desk: Desk,
    case_no: str,
    part: str,
    *,
    read: Callable[[str], bytes],
    as_of: datetime,
    actor: Actor | None = None,
) -> tuple[str, bytes]:
    """Name and content of the newest application's ``report`` or ``consent``, through ``read`` (digest → bytes)."""
    with reading(desk.engine) as tx:
        facts = listed_case(tx, case_no, actor).facts
        row = tx.one(
            "SELECT d.name, d.digest FROM renewal_document d JOIN renewal_application a ON a.id = d.application_id"
            " WHERE a.case_id = ? AND d.part = ? ORDER BY a.number DESC LIMIT 1",
            (facts.id, part),
        )
    if row is None:
        raise Refused(f"申报{facts.no}的续期申请没有附这种文件。", clause=CLAUSE)
    return decrypt(row[0]), decrypt_bytes(read(row[1]))


def _line(desk: Desk, facts: Facts, institution: str, as_of: datetime) -> RenewalLine:
    rules = desk.processes.process(facts.process).rules
    found = window(facts, Circumstances(as_of, rules, desk.calendar))
    assert found is not None
    title = find_occupation(facts.occupation, rules.occupations.value).title
    return RenewalLine(facts.no, institution, facts.occupation, facts.province, facts.term_no, found, title)


def _view(tx: Transaction, kept: Kept) -> ApplicationView:
    row = tx.one(
        "SELECT term_no, filed_at, returned_at, correction_due, items, decided_at, reason FROM renewal_application WHERE id = ?",
        (kept.id,),
    )
    assert row is not None
    told = tx.rows(
        "SELECT number, clause, sentence, answer FROM renewal_warning WHERE application_id = ? ORDER BY number",
        (kept.id,),
    )
    files = tx.rows(
        "SELECT part, name, kind, size, sha256 FROM renewal_document WHERE application_id = ? ORDER BY part DESC",
        (kept.id,),
    )
    return ApplicationView(
        kept.no, kept.state, STATES[kept.state], row[0], instant(row[1]), instant(row[2]), day(row[3]), row[4],
        instant(row[5]), row[6], kept.filled.consent, kept_report(tx, kept.id), kept.filled.texts, kept.filled.signatory,
        tuple(Contradiction(*each) for each in told),
        tuple(DocumentView(part, decrypt(name), kind, size, hash_) for part, name, kind, size, hash_ in files),
    )  # fmt: skip


def _processes(desk: Desk) -> list[str]:
    with reading(desk.engine) as tx:
        return [row[0] for row in tx.rows("SELECT DISTINCT process FROM cases")]


def _widest(desk: Desk, process: str) -> int:
    return desk.processes.process(process).rules.renewal_window_months.value

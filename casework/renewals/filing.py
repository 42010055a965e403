"""Drafting, filing and correcting a renewal application: its rows and the move of the case in one transaction (M24-9.1, D-4)."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from casework.actors import Actor, refuse_unless_allowed
from casework.desk import Desk
from casework.gate import BatchRefused, Wanted, advance_in
from casework.history import case_number
from casework.loading import Loaded, case_id, load
from casework.objections.evidence import Checked, Evidence, Store, check_evidence
from casework.renewals.keeping import CONSENT, REPORT, Kept, asked_of, fingerprint, keep, newest
from records.transaction import Transaction, transaction
from states.conditions import Circumstances
from states.declaration import Move
from states.refusals import Refused
from states.renewals.checking import CLAUSE, consent_problems, problems
from states.renewals.report import Consent, Filled
from states.renewals.standing import Standing
from states.renewals.windows import window

APPLY, CORRECT = "apply_renewal", "correct_renewal"
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class NewApplication:
    """What is handed in: a report as filled in, its file, the consent and its file. None: as in the draft before."""

    filled: Filled | None = field(default=None, repr=False)
    report: Evidence | None = field(default=None, repr=False)
    consent: Consent | None = None
    consent_file: Evidence | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Drafted:
    """The number of a draft, and what still keeps it from being filed, a sentence each."""

    no: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filed:
    """The number of the application under review; ``absorbed`` when the very same was handed in before.

    ``corrects``: it took the place of one that was returned. ``warnings``: how many contradictions a reviewer must answer.
    """

    no: str
    absorbed: bool
    corrects: bool
    warnings: int


def draft(
    desk: Desk, case_no: str, new: NewApplication, *, by: Actor, as_of: datetime, store: Store | None = None
) -> Drafted:
    """Keep an application that is not ready; at any time in the directory. Refused for who may not apply."""
    files = _checked(new)
    with transaction(desk.engine) as tx:
        each = _listed(tx, case_no)
        _move(desk, each, by)
        before = newest(tx, each.facts.id, ("draft", "returned"))
        filled = _merged(new, before)
        made = keep(tx, each, filled, files, store, by=by, as_of=as_of, inherits=before)
        return Drafted(made.no, _missing(each, filled, made.documents.keys(), as_of))


def file(
    desk: Desk, case_no: str, new: NewApplication, *, by: Actor, as_of: datetime, store: Store | None = None
) -> Filed:
    """Hand an application in, or the correction of one that was returned; the case moves in the same transaction.

    The same application again is absorbed. Raises Refused, changing nothing, outside the window, for who may not
    apply, and for everything the report, the consent or the files lack.
    """
    files = _checked(new)
    with transaction(desk.engine) as tx:
        each = _listed(tx, case_no)
        facts = each.facts
        before = newest(tx, facts.id, ("draft", "returned"))
        filled = _merged(new, before)
        documents = {
            **(before.documents if before else {}),
            **{part: file.sha256 for part, file in files.items()},
        }
        pending = newest(tx, facts.id, ("filed",))
        if pending is not None and pending.sha256 == fingerprint(filled, documents):
            return Filed(pending.no, True, False, _unanswered(tx, pending.id))
        move = _move(desk, each, by)
        _in_time(desk, each, move, as_of)
        if missing := _missing(each, filled, documents.keys(), as_of):
            raise _incomplete(missing)
        if before is not None and before.state == "draft" and before.sha256 == fingerprint(filled, documents):
            made = before
        else:
            made = keep(tx, each, filled, files, store, by=by, as_of=as_of, inherits=before)
        inputs = {"application": made.no}
        try:
            advance_in(tx, desk, move.name, [Wanted(facts.id)], by=by, as_of=as_of, inputs=inputs)
        except BatchRefused as refused:
            raise Refused(refused.turned[0].sentence, clause=refused.turned[0].clause) from None
        return Filed(made.no, False, move.name == CORRECT, _unanswered(tx, made.id))


def _checked(new: NewApplication) -> dict[str, Checked]:
    given = {
        part: each for part, each in ((REPORT, new.report), (CONSENT, new.consent_file)) if each is not None
    }
    found = check_evidence(list(given.values()), what="续期材料", clause=CLAUSE)
    return dict(zip(given, found, strict=True))


def _listed(tx: Transaction, case_no: str) -> Loaded:
    found = case_id(tx, case_number(case_no))
    if found is None:
        raise Refused(f"没有编号为“{case_no}”的申报，请核对编号。")
    each = load(tx, [found])[0]
    if each.facts.term_last_day is None:
        raise Refused(f"申报{each.facts.no}没有列入目录，不能申请续期。", clause=CLAUSE)
    return each


def _move(desk: Desk, each: Loaded, by: Actor) -> Move:
    """The move that would hand the application in: applying, or correcting what was returned."""
    facts = each.facts
    process = desk.processes.process(facts.process)
    if facts.stage == "renewal" and facts.renewal_correction_due is None:
        raise Refused("续期申请已经提交，正在审核；需要更正的，请审核单位退回补正后再提交。", clause=CLAUSE)
    move = process.move(facts.stage, APPLY if facts.renewal_correction_due is None else CORRECT)
    refuse_unless_allowed(by, move, facts)
    return move


def _in_time(desk: Desk, each: Loaded, move: Move, as_of: datetime) -> None:
    """Refuse what comes too early, too late or twice before anything is said of its content."""
    facts = each.facts
    machine = desk.processes.machine(facts.process)
    around = Circumstances(as_of, machine.process.rules, desk.calendar, renewal=Standing(complete=True))
    try:
        machine.destination(facts.stage, move.name, facts, around)
    except Refused as refusal:
        found = window(facts, around)
        if move.name == APPLY and found and facts.renewal_applied_at is None:
            raise Refused(
                f"{refusal.sentence.removesuffix('。')}：{facts.no}的有效期至{found.last_day}，"
                f"申请期为{found.opens}至{found.closes}（含首尾两日）。",
                clause=refusal.clause,
            ) from None
        raise


def _merged(new: NewApplication, before: Kept | None) -> Filled:
    filled = new.filled or (before.filled if before else Filled())
    consent = new.consent or filled.consent
    if consent == Consent() and before is not None:
        consent = before.filled.consent
    return replace(filled, consent=consent)


def _missing(each: Loaded, filled: Filled, documents: object, as_of: datetime) -> tuple[str, ...]:
    asked = asked_of(each, as_of)
    kept = set(documents)  # type: ignore[call-overload]
    found = (
        list(problems(filled, asked))
        if filled.figures or filled.texts
        else ["没有近3年工作成效报告，请先填写报告表。"]
    )
    found += consent_problems(filled.consent, asked, filled.consent_day)
    if CONSENT not in kept:
        found.append("没有附行业主管（业务指导）部门同意意见的文件（扫描件或电子件）。")
    return tuple(found)


def _incomplete(missing: tuple[str, ...]) -> Refused:
    more = f"；另有{len(missing) - _MOST_SHOWN}处" if len(missing) > _MOST_SHOWN else ""
    said = "；".join(each.removesuffix("。") for each in missing[:_MOST_SHOWN])
    return Refused(f"续期申请有{len(missing)}处须改正：{said}{more}。", clause=CLAUSE)


def _unanswered(tx: Transaction, id_: int) -> int:
    row = tx.one("SELECT count(*) FROM renewal_warning WHERE application_id = ? AND answer = ''", (id_,))
    return int(row[0]) if row else 0

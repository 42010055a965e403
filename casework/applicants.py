"""The cases of a panel as recusal sees them, with everyone their own filed forms name (M24-7.3b)."""

from collections import OrderedDict
from dataclasses import replace
from threading import Lock

from casework.filed_forms import filed_form
from casework.particulars.values import changed_institutions, ever
from casework.pool.marks import Mark, known_marks
from casework.pool.past_service import Rounds, rounds
from records.transaction import Transaction
from states.recusal import Applicant, applicant_of
from states.recusal.applicant import Named
from states.refusals import Refused

_MOST_KEPT = 20_000
_kept: OrderedDict[tuple[str, str, str, bool], Applicant] = OrderedDict()
_lock = Lock()

_CASES = (
    "SELECT c.id, c.no, p.call, i.uscc, f.digest, f.identity, i.name, i.id FROM panel_case pc JOIN panel p ON p.id = pc.panel_id"
    " JOIN cases c ON c.id = pc.case_id JOIN institution i ON i.id = c.institution_id"
    " LEFT JOIN filing f ON f.case_id = c.id"
    " AND f.number = (SELECT max(number) FROM filing WHERE case_id = c.id)"
    " WHERE pc.panel_id = ? ORDER BY c.no"
)


def applicants_of(tx: Transaction, panel_id: int, *, known: Rounds | None = None) -> list[Applicant]:
    """The panel's cases, by number; identity numbers stand as the marks the pool uses, never as numbers.

    What a form names is read once per filing and kept in this process. Raises Refused when a case has no form:
    nobody could say whom it names.
    """
    past = rounds(tx) if known is None else known
    mark, changed = known_marks(tx), changed_institutions(tx)
    found, without = [], []
    for case_id, no, call, uscc, digest, sealed, name, institution_id in tx.rows(_CASES, (panel_id,)):
        if digest is None:
            without.append(no)
            continue
        applicant = _from_form(tx, case_id, no, digest, sealed, mark)
        if institution_id in changed:
            applicant = _as_changed(tx, applicant, name, institution_id, mark)
        found.append(replace(applicant, last_call=past.last_before(call, uscc)))
    if without:
        listed = "、".join(without[:5]) + (f"等{len(without)}件" if len(without) > 5 else "")
        raise Refused(f"申报{listed}没有推荐表，无法核对回避，请先补录推荐表。", clause="M24-7.3b")
    return found


def _from_form(
    tx: Transaction, case_id: int, no: str, digest: str, sealed: str | None, mark: Mark | None
) -> Applicant:
    # An encryption is never the same twice, so this names one filing of one database.
    key = (no, digest, sealed or "", mark is None)
    with _lock:
        kept = _kept.get(key)
        if kept is not None:
            _kept.move_to_end(key)
            return kept
    form = filed_form(tx, case_id)
    assert form is not None
    made = _marked(applicant_of(no, form), mark)
    with _lock:
        _kept[key] = made
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return made


def _as_changed(
    tx: Transaction, applicant: Applicant, name: str, institution_id: int, mark: Mark | None
) -> Applicant:
    """Everything the institution was ever called, and everybody who headed it, counts as well (M24-20c)."""
    names, heads = ever(tx, institution_id)
    institution = replace(
        applicant.institution,
        also=tuple(each for each in (*names, name) if each != applicant.institution.name),
    )
    named = [
        each._replace(employer=institution) if each.employer == applicant.institution else each
        for each in applicant.named
    ]
    known = {each.name for each in named if each.role == "法定代表人"}
    for head, identity in heads:
        if head and head not in known:
            marked = mark(identity) if mark is not None and identity else ""
            named.append(Named(head, "法定代表人（变更登记）", institution, marked))
    return replace(applicant, institution=institution, named=tuple(named))


def _marked(applicant: Applicant, mark: Mark | None) -> Applicant:
    """Identity numbers replaced by their marks; left out when the pool has none to compare with."""

    def marked(number: str) -> str:
        return mark(number) if mark is not None and number else ""

    return replace(
        applicant,
        group=replace(applicant.group, identity=marked(applicant.group.identity)),
        named=tuple(each._replace(identity=marked(each.identity)) for each in applicant.named),
    )

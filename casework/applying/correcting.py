"""Returned for correction (D-4): which fields an office marked, and a draft in which nothing else can be written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from casework.actors import Actor
from casework.applying.drafts import Draft, keep_draft
from casework.applying.offers import Past, applying
from casework.desk import Desk
from casework.filed_forms import filed_form
from casework.gate import Wanted, advance_in
from casework.history import find_case
from casework.intake.cells import Cells
from casework.intake.styles import NEAT
from casework.intake.wording import cells_of
from casework.mending import CORRECTING
from records.transaction import Transaction, reading, transaction
from states.forms import Form, FormKind, Section, form_of
from states.labels import MATERIALS
from states.refusals import Refused

CLAUSE = "D-4"
PAPER = "paper."
ALWAYS = frozenset({"sealed_by", "signatory", "signed_on"})
"""A mended form is signed again, whatever was marked."""
_NEVER = frozenset({"occupation", "institution", "uscc"})


@dataclass(frozen=True, slots=True)
class Marked:
    """One marked field: its key, its printed name, what the office says about it."""

    key: str
    name: str
    words: str


def return_marked(
    desk: Desk,
    no: str,
    marks: Mapping[str, str],
    items: str,
    *,
    version: int | None,
    by: Actor,
    as_of: datetime,
) -> None:
    """Return a case for correction with its marked fields (key → what is wrong with it) and general words.

    Raises Refused when nothing is said, a field is not on the form, or the move is refused.
    """
    with transaction(desk.engine) as tx:
        each, *_ = find_case(tx, no, by)
        facts = each.facts
        form = form_of(FormKind(facts.track), facts.call)
        names = markable(form)
        if unknown := sorted(marks.keys() - names.keys()):
            raise Refused(f"推荐表上没有可以补正的栏目“{unknown[0]}”，请刷新后重新勾选。", clause=CLAUSE)
        said = [f"「{names[key]}」{words.strip()}" for key, words in marks.items()]
        stated = "；".join([*said, *([items.strip()] if items.strip() else [])])
        if not stated:
            raise Refused("请勾选需要补正的栏目，或写明补正事项。", clause=CLAUSE)
        wanted = Wanted(facts.id, version)
        advance_in(tx, desk, "return_for_correction", [wanted], by=by, as_of=as_of, inputs={"items": stated})
        row = tx.one("SELECT version FROM cases WHERE id = ?", (facts.id,))
        assert row
        tx.many(
            "INSERT INTO correction_mark (case_id, round, key, words) VALUES (?,?,?,?)",
            [(facts.id, row[0], key, words.strip()) for key, words in marks.items()],
        )


def markable(form: Form) -> Mapping[str, str]:
    """Every field of a form that can be marked, and every kind of paper, with its name."""
    fields = {
        field.key: field.name
        for field in form.fields
        if field.key not in _NEVER and field.section is not Section.RECOMMENDATION
    }
    papers = {f"{PAPER}{kind}": name for kind, name in MATERIALS.items() if kind != "recommendation_form"}
    return MappingProxyType(fields | papers)


def marks_of(tx: Transaction, case_id: int) -> dict[str, str]:
    """The marks of the latest return of a case, by key; empty when it was returned in words alone."""
    row = tx.one("SELECT max(round) FROM correction_mark WHERE case_id = ?", (case_id,))
    last = tx.one(
        "SELECT max(version) FROM audit WHERE case_id = ? AND kind = 'move' AND name = 'return_for_correction'",
        (case_id,),
    )
    if row is None or row[0] is None or (last and last[0] is not None and last[0] > row[0]):
        return {}
    return dict(
        tx.rows(
            "SELECT key, words FROM correction_mark WHERE case_id = ? AND round = ? ORDER BY id",
            (case_id, row[0]),
        )
    )


def marked(desk: Desk, kept: Draft) -> tuple[Marked, ...]:
    """The marks of a draft that mends a case, in the form's order; empty when everything may be written."""
    if kept.case_id is None:
        return ()
    with reading(desk.engine) as tx:
        found = marks_of(tx, kept.case_id)
    return tuple(Marked(key, name, found[key]) for key, name in markable(kept.form).items() if key in found)


def writable(desk: Desk, kept: Draft) -> frozenset[str] | None:
    """The keys that may be written in a draft; None for all."""
    found = marked(desk, kept)
    return frozenset(each.key for each in found) | ALWAYS if found else None


def refuse_unmarked(tx: Transaction, kept: Draft, key: str) -> None:
    """Raises Refused when a draft mends a case, fields are marked, and this one is not."""
    if kept.case_id is None:
        return
    found = marks_of(tx, kept.case_id)
    if found and key not in found:
        raise Refused("退回补正没有要求更换这份材料，未作改动。", clause=CLAUSE)


def begin_correction(desk: Desk, no: str, *, by: Actor, as_of: datetime) -> int:
    """A draft that holds what a returned case filed; the id of it, or of the one begun before.

    Raises Refused when the case is not waiting for the institution's correction.
    """
    with transaction(desk.engine) as tx:
        mine = applying(tx, by)
        each, *_ = find_case(tx, no, by)
        facts = each.facts
        if facts.stage != CORRECTING:
            raise Refused(f"申报{facts.no}现在不在补正环节，不能修改。", clause=CLAUSE)
        _, draft_id = Past(tx, mine.id).filed(facts.call, facts.track, facts.occupation)
        if draft_id is not None:
            return draft_id
        filed = filed_form(tx, facts.id)
        cells = cells_of(filed, NEAT) if filed else Cells()
        what = (facts.call, facts.track, facts.occupation, facts.channel)
        return keep_draft(tx, mine.id, facts.id, what, cells, by=by, as_of=as_of)

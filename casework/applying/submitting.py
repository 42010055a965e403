"""Checking a draft, and filing it: the same examination as for a form that came on paper or in a sheet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from casework.actors import Actor
from casework.applying.drafts import Draft, draft_in, drop_draft
from casework.applying.offers import Past
from casework.desk import Desk
from casework.earlier_filings import says_the_same
from casework.filing import Filed, FilingRefused, file_in, form_problems
from casework.gate import advance_in
from casework.handed_in import FORM, Paper, Store, business_scope_in, keep_papers
from casework.intake.reading import ReadForm
from casework.intake.understanding import understand
from casework.intake.writing import document_of
from casework.mending import CORRECTING
from records.transaction import Transaction, reading, transaction
from states.eligibility import NOTE, Finding, examine, examine_round, missing_materials, scope_unread
from states.facts import instant
from states.refusals import Refused

SOURCE = "网上填报"
Read = Callable[[str], bytes]
"""Gives the content of a stored paper by its digest."""


@dataclass(frozen=True, slots=True)
class Check:
    """What stands on a draft's form and around it. ``blocking`` keep it from being filed, ``warnings`` will have to be
    answered in words, ``notes`` only point at something. Each names the field it is about, empty for none.
    """

    blocking: tuple[tuple[str, Finding], ...]
    warnings: tuple[tuple[str, Finding], ...]
    notes: tuple[tuple[str, Finding], ...]

    @property
    def sound(self) -> bool:
        """Whether it can be filed."""
        return not self.blocking


_ABOUT = {
    "materials": "papers", "occupation": "occupation", "levels": "levels", "credit": "taxes", "foundation": "staff",
    "registered": "founded", "experience": "scale", "yearly_scale": "scale", "commitment": "signed_on",
    "business_scope": "papers", "note.business_scope": "papers",
}  # fmt: skip


def check_draft(desk: Desk, kept: Draft, *, as_of: datetime, read: Read) -> Check:
    """Everything filing would say about a draft at ``as_of``, without filing it."""
    form = read_form(kept, as_of=as_of)
    with reading(desk.engine) as tx:
        kinds, began = _around(tx, kept)
        at = began or as_of
        if form.application is None:
            found = [
                *form_problems(form, kept.rules),
                *examine_round(kept.rules, as_of=at, channel=kept.channel, materials=kinds),
            ]
            scope = None
        else:
            cooling, listed = Past(tx, kept.institution_id).in_the_way(kept.track, kept.occupation)
            scope = business_scope_in(_papers(kept, read))
            mends = kept.case_id is not None
            found = examine(
                form.application, kept.rules, as_of=at, channel=kept.channel, materials=kinds, business_scope=scope,
                cooling_until=None if mends else cooling, listed_until=None if mends else listed,
            )  # fmt: skip
    notes = [
        (each.key, Finding(f"{NOTE}{each.key}", each.clause, each.sentence, blocks=False))
        for each in form.problems
        if not each.blocks
    ]
    unread = scope_unread(kept.rules) if scope is None and form.application is not None else None
    if unread is not None:
        notes.append(("papers", unread))
    pairs = [(_about(each), each) for each in found]
    return Check(
        tuple(each for each in pairs if each[1].blocks),
        tuple(each for each in pairs if not each[1].blocks),
        tuple(notes),
    )


def read_form(kept: Draft, *, as_of: datetime) -> ReadForm:
    """The draft as a form that was read."""
    titles = [each.title for each in kept.rules.occupations.value]
    outcome = understand(kept.form, kept.cells, as_of=as_of, occupations=titles)
    digest = sha256(repr(kept.cells).encode()).hexdigest()
    return ReadForm(SOURCE, digest, kept.form.kind, kept.cells, outcome.application, outcome.problems)


def printed(kept: Draft) -> bytes:
    """The draft on the printed form (.docx), to be sealed and signed (D-9)."""
    return document_of(kept.form, kept.cells)


def submit_draft(
    desk: Desk, id_: int, *, version: int, by: Actor, as_of: datetime, store: Store, read: Read
) -> Filed:
    """File a draft, or hand a corrected case back; the draft goes. Raises Refused, changing nothing.

    A correction that changes nothing but papers is handed back as well.
    """
    with transaction(desk.engine) as tx:
        kept = draft_in(tx, desk, id_, by)
        if kept.version != version:
            raise Refused("填报内容在检查之后又有改动，请重新检查后再提交。", clause="B3-4.3")
        form = read_form(kept, as_of=as_of)
        papers = [Paper(FORM, f"{kept.cells.texts.get('institution', '')}_推荐表.docx", printed(kept))]
        papers += _papers(kept, read)
        mends = kept.case_id is not None and form.application is not None
        if mends and says_the_same(tx, kept.case_id or 0, form.application):  # type: ignore[arg-type]
            filed = _hand_back(tx, desk, kept, papers[1:], by=by, as_of=as_of, store=store)
            drop_draft(tx, kept, as_of=as_of)
            return filed
        filed = file_in(
            tx, desk, form, papers,
            call=kept.call, channel=kept.channel, by=by, as_of=as_of, store=store, source=SOURCE,
        )  # fmt: skip
        drop_draft(tx, kept, as_of=as_of)
        return filed


def _hand_back(
    tx: Transaction, desk: Desk, kept: Draft, papers: list[Paper], *, by: Actor, as_of: datetime, store: Store
) -> Filed:
    if not papers:
        raise Refused("推荐表和材料都没有改动，请先按补正事项修改，再提交。", clause="D-4")
    assert kept.case_id is not None
    keep_papers(tx, kept.case_id, papers, at=as_of, store=store)
    kinds, _ = _around(tx, kept)
    missing = len(missing_materials(kept.rules, kinds))
    tx.run("UPDATE cases SET materials_missing = ? WHERE id = ?", (missing, kept.case_id))
    advance_in(tx, desk, "resubmit", [kept.case_id], by=by, as_of=as_of)
    row = tx.one(
        "SELECT c.no, i.name, c.paper_at FROM cases c JOIN institution i ON i.id = c.institution_id WHERE c.id = ?",
        (kept.case_id,),
    )
    assert row
    return Filed(
        row[0],
        kept.case_id,
        row[1],
        kept.title,
        (),
        (),
        again=False,
        paper_outstanding=row[2] is None,
        mended=True,
    )


def _around(tx: Transaction, kept: Draft) -> tuple[list[str], datetime | None]:
    """The kinds of paper at hand, and when the case that is mended was filed."""
    kinds = {paper.kind for paper in kept.papers}
    began = None
    if kept.case_id is not None:
        kinds |= {row[0] for row in tx.rows("SELECT kind FROM material WHERE case_id = ?", (kept.case_id,))}
        row = tx.one("SELECT coalesce(filed_at, entered_at), stage FROM cases WHERE id = ?", (kept.case_id,))
        began = instant(row[0]) if row and row[1] == CORRECTING else None
    return sorted(kinds), began


def _papers(kept: Draft, read: Read) -> list[Paper]:
    return [Paper(paper.kind, paper.name, read(paper.digest)) for paper in kept.papers]


def _about(finding: Finding) -> str:
    if finding.rule.startswith("form."):
        return finding.rule.removeprefix("form.")
    return _ABOUT.get(finding.rule, "")


__all__ = ["Check", "FilingRefused", "check_draft", "printed", "read_form", "submit_draft"]

"""Papers uploaded to a draft: told by their content, not their name; and a Word form that fills a draft in."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from casework.actors import Actor
from casework.applying.correcting import refuse_unmarked
from casework.applying.drafts import Draft, draft_in, forget_file, save_draft
from casework.audit import Entry, append
from casework.desk import Desk
from casework.handed_in import Store
from casework.intake.reading import read_docx
from casework.objections.evidence import Evidence, check_evidence
from records.transaction import transaction
from states.eligibility import missing_materials
from states.forms import Section
from states.labels import MATERIALS
from states.refusals import Refused

_WORD = "推荐表"


def kinds_of(kept: Draft) -> tuple[str, ...]:
    """The kinds of paper a draft needs beside its form, in the notice's order."""
    return missing_materials(kept.rules, ())


def add_paper(
    desk: Desk, id_: int, kind: str, file: Evidence, *, by: Actor, as_of: datetime, store: Store
) -> None:
    """Keep a paper with a draft, in the place of one of its kind. Refused for a kind, type or size that is not taken."""
    with transaction(desk.engine) as tx:
        kept = draft_in(tx, desk, id_, by)
        clause = kept.rules.materials.clause
        if kind not in kinds_of(kept):
            raise Refused("请从列出的材料种类中选择。", clause=clause)
        refuse_unmarked(tx, kept, f"paper.{kind}")
        named = MATERIALS[kind]
        if not file.name:
            raise Refused(f"请先选择“{named}”的文件，再上传。", clause=clause)
        checked = check_evidence([file], what=named, clause=clause)[0]
        if checked.kind != _ending(file.name):
            raise Refused(
                f"“{checked.name.rpartition('.')[0]}”的内容是{checked.kind.upper()}，与文件名的后缀不符，没有保存，请核对后重新上传。",
                clause=clause,
            )
        digest = store(checked.content)
        for paper in kept.papers:
            if paper.kind == kind and paper.digest != digest:
                forget_file(tx, paper.digest, as_of)
        tx.run(
            "INSERT INTO draft_paper (draft_id, kind, name, digest, size, at) VALUES (?,?,?,?,?,?)"
            " ON CONFLICT (draft_id, kind) DO UPDATE SET name = excluded.name, digest = excluded.digest,"
            " size = excluded.size, at = excluded.at",
            (id_, kind, checked.name, digest, len(checked.content), as_of),
        )
        detail = {"draft": id_, "kind": kind, "digest": digest, "size": len(checked.content)}
        append(
            tx,
            [Entry(as_of, as_of, by.signature, "draft", "paper", kept.case_id, clause=clause, detail=detail)],
        )


def drop_paper(desk: Desk, id_: int, kind: str, *, by: Actor, as_of: datetime) -> None:
    """Take a paper out of a draft; nothing happens when there is none of the kind."""
    with transaction(desk.engine) as tx:
        kept = draft_in(tx, desk, id_, by)
        for paper in kept.papers:
            if paper.kind == kind:
                tx.run("DELETE FROM draft_paper WHERE draft_id = ? AND kind = ?", (id_, kind))
                forget_file(tx, paper.digest, as_of)


def fill_from_word(
    desk: Desk, kept: Draft, file: Evidence, *, by: Actor, as_of: datetime, only: frozenset[str] | None = None
) -> int:
    """Write over a draft what a filled form (.docx) says; how many fields it filled. Refused when it is no such form,
    is of the other kind, or of another institution.
    """
    checked = check_evidence([file], what=_WORD, clause=kept.form.clause)[0]
    if checked.kind != "docx":
        raise Refused(
            "请上传填写好的推荐表（.docx）；.doc 请先在 Word 中另存为 .docx。", clause=kept.form.clause
        )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "form.docx"
        path.write_bytes(checked.content)
        titles = [each.title for each in kept.rules.occupations.value]
        try:
            read = read_docx(path, as_of=as_of, call=kept.call, occupations=titles)
        except Refused as refusal:
            raise Refused(
                refusal.sentence.replace("form.docx", checked.name), clause=refusal.clause
            ) from None
    if read.kind != kept.form.kind:
        raise Refused("上传的推荐表与所报类别（评价、培训）不同，请核对。", clause=kept.form.clause)
    code = "".join(read.cells.texts.get("uscc", "").split()).upper()
    if code and code != kept.cells.texts["uscc"]:
        raise Refused(
            "上传的推荐表填写的统一社会信用代码不是本单位的，没有带入，请核对。", clause=kept.form.clause
        )
    theirs = {each.key for each in kept.form.fields if each.section is Section.RECOMMENDATION}
    texts = {key: text for key, text in read.cells.texts.items() if key not in theirs and text.strip()}
    rows = {key: tuple(table) for key, table in read.cells.rows.items() if table}
    save_draft(desk, kept.id, texts, rows, version=kept.version, by=by, as_of=as_of, only=only)
    return len(texts) + len(rows)


def _ending(name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    return {"jpeg": "jpg"}.get(ending, ending)

"""The form an institution is writing: kept as typed, saved under a version, so that nobody writes over another."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from casework.actors import Actor
from casework.applying.offers import CLAUSE, Past, applying, channels
from casework.audit import Entry, append
from casework.desk import Desk
from casework.intake.cells import Cells
from records.crypt import decrypt, encrypt
from records.transaction import Transaction, reading, transaction
from states.call_rules import TrackRules
from states.facts import instant
from states.forms import Form, FormKind, Takes, form_of
from states.occupations import find_occupation
from states.places import OFFICES, Office
from states.refusals import Refused

MOST_ROWS = 60
LONGEST = 20_000
_COLUMNS = (
    "id, institution_id, case_id, call, track, occupation, channel, version, content, saved_at, saved_by"
)


class NoDraft(Refused):
    """没有这份填报，或者不属于本单位。"""

    def __init__(self) -> None:
        super().__init__("没有这份填报内容，可能已经提交或删除，请回到“我的申报”查看。")


class SavedMeanwhile(Refused):
    """Somebody else of the institution saved since the page was shown."""

    def __init__(self, draft: "Draft") -> None:
        super().__init__(
            f"这份填报已由{draft.saved_by}先行保存，您看到的不是最新内容；您刚才填写的仍在页面上，请核对后再保存。"
        )
        self.draft = draft


@dataclass(frozen=True, slots=True)
class DraftPaper:
    """A paper uploaded to a draft; ``kind`` is a key of ``states.labels.MATERIALS``, ``size`` in bytes."""

    kind: str
    name: str
    digest: str
    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A form being written. ``cells`` hold an identity number: never in a repr or a log."""

    id: int
    institution_id: int
    case_id: int | None
    call: str
    track: str
    occupation: str
    title: str
    channel: Office
    version: int
    cells: Cells = field(repr=False)
    saved_at: datetime
    saved_by: str
    papers: tuple[DraftPaper, ...]
    rules: TrackRules = field(repr=False)

    @property
    def form(self) -> Form:
        """The printed form it is written on."""
        return form_of(FormKind(self.track), self.call)


def begin_draft(
    desk: Desk, *, call: str, track: str, occupation: str, channel: str, by: Actor, as_of: datetime
) -> int:
    """Begin a form; the id of the draft, or of the one begun before. Refused for what may not be applied for."""
    with transaction(desk.engine) as tx:
        mine = applying(tx, by)
        rules = desk.processes.process(desk.processes.key_for(call, track)).rules
        found = find_occupation(occupation, rules.occupations.value)
        rules.offered(found.title)
        case_no, draft_id = Past(tx, mine.id).filed(call, track, found.code)
        if draft_id is not None:
            return draft_id
        if case_no:
            raise Refused(f"该职业已经申报，编号{case_no}，同一职业不得重复申报。", clause="M24-7.2b")
        office = OFFICES.get(channel)
        if office is None or office not in channels(rules, mine.province):
            raise Refused("请从列出的推荐单位中选择一个。", clause="B3-4.1")
        texts = {"occupation": found.title, "institution": mine.name, "uscc": mine.uscc}
        return keep_draft(
            tx, mine.id, None, (call, track, found.code, office.code), Cells(texts), by=by, as_of=as_of
        )


def keep_draft(
    tx: Transaction,
    institution_id: int,
    case_id: int | None,
    what: tuple[str, str, str, str],
    cells: Cells,
    *,
    by: Actor,
    as_of: datetime,
) -> int:
    """Write a new draft down; its id. ``what`` is call, track, occupation and channel."""
    row = tx.run(
        "INSERT INTO application_draft (institution_id, case_id, call, track, occupation, channel, version, content,"
        " made_at, saved_at, saved_by) VALUES (?,?,?,?,?,?,1,?,?,?,?) RETURNING id",
        (institution_id, case_id, *what, encrypt(_content(cells)), as_of, as_of, by.name),
    ).fetchone()
    detail = {"call": what[0], "track": what[1], "occupation": what[2], "channel": what[3]}
    append(tx, [Entry(as_of, as_of, by.signature, "draft", "begin", case_id, clause=CLAUSE, detail=detail)])
    return int(row[0])


def drafts(desk: Desk, actor: Actor) -> list[Draft]:
    """What an institution is writing, the latest first. Raises Refused for another account."""
    with reading(desk.engine) as tx:
        mine = applying(tx, actor)
        rows = tx.rows(
            f"SELECT {_COLUMNS} FROM application_draft WHERE institution_id = ? ORDER BY saved_at DESC, id",
            (mine.id,),
        )
        return [_draft(tx, desk, row) for row in rows]


def draft(desk: Desk, id_: int, actor: Actor) -> Draft:
    """One draft of the actor's own institution. Raises NoDraft."""
    with reading(desk.engine) as tx:
        return draft_in(tx, desk, id_, actor)


def draft_in(tx: Transaction, desk: Desk, id_: int, actor: Actor) -> Draft:
    """``draft`` within a transaction."""
    mine = applying(tx, actor)
    lock = "" if tx.sqlite else " FOR UPDATE"
    row = tx.one(
        f"SELECT {_COLUMNS} FROM application_draft WHERE id = ? AND institution_id = ?{lock}", (id_, mine.id)
    )
    if row is None:
        raise NoDraft
    return _draft(tx, desk, row)


def save_draft(
    desk: Desk,
    id_: int,
    texts: Mapping[str, str],
    rows: Mapping[str, Sequence[Mapping[str, str]]],
    *,
    version: int,
    by: Actor,
    as_of: datetime,
    only: frozenset[str] | None = None,
) -> Draft:
    """Keep what was typed, sound or not. Fields that are not sent stay; ``only`` names the fields that may change.

    Raises SavedMeanwhile when ``version`` is not the one kept, NoDraft, and Refused for what no form can hold.
    """
    with transaction(desk.engine) as tx:
        kept = draft_in(tx, desk, id_, by)
        if kept.version != version:
            raise SavedMeanwhile(kept)
        cells = merged(kept, texts, rows, only)
        if cells == kept.cells:
            return kept
        tx.run(
            "UPDATE application_draft SET content = ?, version = version + 1, saved_at = ?, saved_by = ? WHERE id = ?",
            (encrypt(_content(cells)), as_of, by.name, id_),
        )
        return draft_in(tx, desk, id_, by)


def merged(
    kept: Draft,
    texts: Mapping[str, str],
    rows: Mapping[str, Sequence[Mapping[str, str]]],
    only: frozenset[str] | None = None,
) -> Cells:
    """What a draft says with these fields written over it. Refused for more text or rows than a form can hold."""
    known = kept.form.by_key
    fixed = {"occupation", "institution", "uscc"}

    def may(key: str, table: bool) -> bool:
        asked = known.get(key)
        if asked is None or key in fixed or (only is not None and key not in only):
            return False
        return (asked.takes is Takes.ROWS) is table

    new_texts = {key: text for key, text in texts.items() if may(key, False)}
    new_rows = {
        key: tuple({column.key: row.get(column.key, "") for column in known[key].columns} for row in given)
        for key, given in rows.items()
        if may(key, True)
    }
    for key, text in new_texts.items():
        if len(text) > LONGEST:
            raise Refused(f"「{known[key].name}」内容过长，没有保存，请压缩到规定字数后再保存。")
    for key, table in new_rows.items():
        if len(table) > MOST_ROWS or any(len(text) > 500 for row in table for text in row.values()):
            raise Refused(
                f"「{known[key].name}」至多{MOST_ROWS}行，每格至多500字，没有保存，请删减后再保存。"
            )
    return Cells({**kept.cells.texts, **new_texts}, {**kept.cells.rows, **new_rows})


def discard_draft(desk: Desk, id_: int, *, by: Actor, as_of: datetime) -> None:
    """Throw a draft away. Raises NoDraft."""
    with transaction(desk.engine) as tx:
        kept = draft_in(tx, desk, id_, by)
        drop_draft(tx, kept, as_of=as_of)
        append(
            tx,
            [
                Entry(
                    as_of,
                    as_of,
                    by.signature,
                    "draft",
                    "discard",
                    kept.case_id,
                    detail={"draft": id_, "call": kept.call},
                )
            ],
        )


def drop_draft(tx: Transaction, kept: Draft, *, as_of: datetime) -> None:
    """Remove a draft and its papers; files nobody else refers to go with the next clearing (``casework.retention``)."""
    for paper in kept.papers:
        forget_file(tx, paper.digest, as_of)
    tx.run("DELETE FROM draft_paper WHERE draft_id = ?", (kept.id,))
    tx.run("DELETE FROM application_draft WHERE id = ?", (kept.id,))


def forget_file(tx: Transaction, digest: str, as_of: datetime) -> None:
    """Name a file to be removed unless something still refers to it then."""
    path = f"materials/{digest[:2]}/{digest}"
    tx.run("INSERT INTO purged_file (path, at) VALUES (?,?) ON CONFLICT DO NOTHING", (path, as_of))


def _content(cells: Cells) -> str:
    said = {
        "texts": dict(cells.texts),
        "rows": {key: [dict(row) for row in rows] for key, rows in cells.rows.items()},
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def _draft(tx: Transaction, desk: Desk, row: tuple[object, ...]) -> Draft:
    id_, institution_id, case_id, call, track, code, channel, version, content, saved_at, saved_by = row
    said = json.loads(decrypt(str(content)))
    rules = desk.processes.process(desk.processes.key_for(str(call), str(track))).rules
    cells = Cells(said["texts"], {key: tuple(rows) for key, rows in said["rows"].items()})
    papers = [
        DraftPaper(kind, name, digest, size, _at(at))
        for kind, name, digest, size, at in tx.rows(
            "SELECT kind, name, digest, size, at FROM draft_paper WHERE draft_id = ? ORDER BY kind", (id_,)
        )
    ]
    return Draft(
        int(str(id_)), int(str(institution_id)), None if case_id is None else int(str(case_id)), str(call), str(track),
        str(code), find_occupation(str(code), rules.occupations.value).title, OFFICES[str(channel)], int(str(version)),
        cells, _at(saved_at), str(saved_by), tuple(papers), rules,
    )  # fmt: skip


def _at(stored: object) -> datetime:
    found = instant(stored)  # type: ignore[arg-type]
    assert found is not None
    return found

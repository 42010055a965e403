"""Editions: what has changed since the last one is written down before anything is sent (law 4).

Nothing has to be announced from where cases move: what is to be published is worked out from the records, whenever
the audit log has grown, the day has turned, or somebody else is to be told. A run that was missed is made up for
by the next one. Each edition names the hash of the one before it, so that a receiver sees a gap.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.desk import Desk
from casework.publication.contents import Content, directories
from casework.publication.postings import postings
from casework.publication.receivers import Receiver
from records.transaction import Transaction, reading, transaction
from states.calendar import SHANGHAI, day_of
from states.draw.canonical import digest, text
from states.facts import day, instant

FORMAT = "linxuan publication 1"
MARK = "publication"
# What the post and the attempts themselves write down gives nothing to publish.
_NEWEST = (
    "SELECT max(seq) FROM audit WHERE seq > ?"
    " AND kind NOT IN ('publication', 'letter', 'panel_letter', 'incident', 'signing')"
)


@dataclass(frozen=True, slots=True)
class _Mark:
    since: datetime
    audit_seq: int
    day: str
    around: str

    def same_place(self, other: "_Mark") -> bool:
        return (self.audit_seq, self.day, self.around) == (other.audit_seq, other.day, other.around)


def anything_new(desk: Desk, receivers: Sequence[Receiver], *, as_of: datetime) -> bool:
    """Whether the records may hold something that is not published yet; a quick look."""
    with reading(desk.engine) as tx:
        kept = _mark(tx)
        return kept is None or not kept.same_place(_now(tx, desk, receivers, kept, as_of))


def make_editions(desk: Desk, receivers: Sequence[Receiver], *, as_of: datetime) -> int:
    """Write down an edition of whatever has changed, and owe it to every receiver it is for; how many were made.

    Safe to run any time, in several places at once: only one of those that saw the same state writes.
    """
    with reading(desk.engine) as tx:
        kept = _mark(tx)
        now = _now(tx, desk, receivers, kept, as_of)
        if kept is not None and kept.same_place(now):
            return 0
        settled = _settled(tx, receivers)
        found = list(postings(tx, desk, receivers, since=now.since, settled=settled, as_of=as_of))
    found += directories(desk, receivers, day_of(as_of))
    with transaction(desk.engine) as tx:
        if not _move_mark(tx, kept, now, as_of):
            return 0
        made = sum(_edition(tx, content, as_of) for content in found)
        _owe(tx, receivers, as_of)
    return made


def _now(
    tx: Transaction, desk: Desk, receivers: Sequence[Receiver], kept: _Mark | None, as_of: datetime
) -> _Mark:
    seq = kept.audit_seq if kept else 0
    row = tx.one(_NEWEST, (seq,))
    around = digest(text([desk.calendar.edition, *((each.name, each.audience) for each in receivers)]))
    newest = row[0] if row and row[0] is not None else seq
    return _Mark(kept.since if kept else as_of, newest, str(day_of(as_of)), around)


def _mark(tx: Transaction) -> _Mark | None:
    row = tx.one("SELECT since, audit_seq, day, around FROM publication_mark WHERE name = ?", (MARK,))
    if row is None:
        return None
    since = instant(row[0])
    assert since is not None
    return _Mark(since, row[1], str(day(row[2])), row[3])


def _move_mark(tx: Transaction, kept: _Mark | None, now: _Mark, as_of: datetime) -> bool:
    """Whether it is still ours to write: nobody has looked since."""
    values = (now.audit_seq, day_of(as_of), as_of, now.around)
    if kept is None:
        taken: int = tx.run(
            "INSERT INTO publication_mark (audit_seq, day, looked_at, around, name, since) VALUES (?,?,?,?,?,?)"
            " ON CONFLICT DO NOTHING",
            (*values, MARK, now.since),
        ).rowcount
    else:
        taken = tx.run(
            "UPDATE publication_mark SET audit_seq = ?, day = ?, looked_at = ?, around = ?"
            " WHERE name = ? AND audit_seq = ? AND day = ? AND around = ?",
            (*values, MARK, kept.audit_seq, day(kept.day), kept.around),
        ).rowcount
    return taken == 1


def _settled(tx: Transaction, receivers: Iterable[Receiver]) -> set[str]:
    """Lists whose publicity had ended when their newest edition was looked at: they stay as they are."""
    rows = tx.rows(
        "SELECT DISTINCT e.object FROM publication_edition e JOIN publication_mark m ON m.name = ?"
        " WHERE e.until IS NOT NULL AND e.until <= m.looked_at",
        (MARK,),
    )
    return {row[0] for row in rows}


def _edition(tx: Transaction, content: Content, as_of: datetime) -> int:
    """The next edition, when it says something else than the last; one or none."""
    hash_ = digest(text(content.says))
    last = tx.one(
        "SELECT number, sha256, content_sha256 FROM publication_edition WHERE object = ? ORDER BY number DESC LIMIT 1",
        (content.object,),
    )
    if last and last[2] == hash_:
        return 0
    if last is None and not content.says["entries"]:
        return 0  # nothing of this was ever published there
    number = last[0] + 1 if last else 1
    document: dict[str, Any] = {
        "format": FORMAT,
        "object": content.object,
        "kind": content.kind,
        "title": content.title,
        "clause": content.clause,
        "number": number,
        "previous": last[1] if last else None,
        "made_at": as_of.astimezone(SHANGHAI).isoformat(),
        "content": content.says,
    }
    body = text(document)
    tx.run(
        "INSERT INTO publication_edition (object, number, kind, title, clause, content_sha256, sha256, body, made_at,"
        " wanted_by, until) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (
            content.object, number, content.kind, content.title, content.clause, hash_, digest(body), body, as_of,
            content.wanted_by, content.until,
        ),
    )  # fmt: skip
    return 1


def _owe(tx: Transaction, receivers: Iterable[Receiver], as_of: datetime) -> None:
    """The newest edition of everything, to every receiver of its audience; older ones still waiting need not go."""
    for receiver in receivers:
        tx.run(
            "INSERT INTO publication_delivery (edition_id, receiver, object, number, created_at, not_before, state,"
            " attempts) SELECT e.id, ?, e.object, e.number, ?, ?, 'queued', 0 FROM publication_edition e"
            " WHERE e.object LIKE ? AND (e.until IS NULL OR e.until > ? OR e.made_at = ?) AND NOT EXISTS"
            " (SELECT 1 FROM publication_edition n WHERE n.object = e.object AND n.number > e.number)"
            " ON CONFLICT DO NOTHING",
            (receiver.name, as_of, as_of, f"%@{receiver.audience}", as_of, as_of),
        )
    tx.run(
        "UPDATE publication_delivery SET state = 'superseded' WHERE state = 'queued' AND EXISTS"
        " (SELECT 1 FROM publication_delivery n WHERE n.receiver = publication_delivery.receiver"
        " AND n.object = publication_delivery.object AND n.number > publication_delivery.number)"
    )

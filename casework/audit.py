"""The audit log: appended in the transaction of what it tells, chained by SHA-256, verified by anyone.

The hash of an entry is ``sha256(previous hash + canonical entry)``; the canonical entry is the JSON array
``[seq, at, written_at, actor, kind, name, case_id, from, to, version, clause, detail]`` without spaces, where
``detail`` is the stored JSON text itself. The first entry follows sixty-four zeros.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Engine

from records.transaction import Transaction, encode_instant, reading

GENESIS = "0" * 64
_INSERT = (
    "INSERT INTO audit (seq, at, written_at, actor, kind, name, case_id, from_stage, to_stage, version, clause,"
    " detail, hash) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_CHUNK = 10_000
_TOLD = 2_000
_WIDTH = 13
_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_DETAIL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


@dataclass(frozen=True, slots=True)
class Entry:
    """What to write down. Instants are aware; ``detail`` holds names and numbers, never a personal identifier."""

    at: datetime
    written_at: datetime
    actor: str
    kind: str
    name: str
    case_id: int | None = None
    from_stage: str = ""
    to_stage: str = ""
    version: int = 0
    clause: str = ""
    detail: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """How far the chain holds: the number of entries, and the first one that does not fit."""

    entries: int
    head: str
    broken_at: int | None = None
    why: str = ""

    @property
    def ok(self) -> bool:
        """True when every entry fits."""
        return self.broken_at is None


class Chain:
    """The end of the chain within one open transaction; extending it writes nothing until ``write``."""

    def __init__(self, tx: Transaction) -> None:
        if not tx.sqlite:
            tx.run("LOCK TABLE audit IN EXCLUSIVE MODE")
        last = tx.one("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
        self._tx = tx
        self.seq: int = last[0] if last else 0
        self.head: str = last[1] if last else GENESIS
        self._rows: list[tuple[Any, ...]] = []

    def extend(self, like: Entry, cases: Iterable[tuple[int, int]]) -> None:
        """Add one entry per (case id, new version), all alike in everything else."""
        at, written = encode_instant(like.at), encode_instant(like.written_at)
        detail = canonical_detail(like.detail)
        before = _joined(at, written, like.actor, like.kind, like.name)
        between = _joined(like.from_stage, like.to_stage)
        after = _joined(like.clause, detail)
        tx_at, tx_written = self._tx.encode(like.at), self._tx.encode(like.written_at)
        seq, head, rows = self.seq, self.head, self._rows
        for case_id, version in cases:
            seq += 1
            line = f"{head}[{seq},{before},{case_id},{between},{version},{after}]"
            head = sha256(line.encode()).hexdigest()
            rows.append(
                (seq, tx_at, tx_written, like.actor, like.kind, like.name, case_id, like.from_stage,
                 like.to_stage, version, like.clause, detail, head)
            )  # fmt: skip
        self.seq, self.head = seq, head

    def append(self, entry: Entry) -> None:
        """Add one entry."""
        if entry.case_id is not None:
            self.extend(entry, [(entry.case_id, entry.version)])
            return
        self.seq += 1
        detail = canonical_detail(entry.detail)
        row = (
            self.seq, encode_instant(entry.at), encode_instant(entry.written_at), entry.actor, entry.kind,
            entry.name, None, entry.from_stage, entry.to_stage, entry.version, entry.clause, detail,
        )  # fmt: skip
        self.head = entry_hash(self.head, row)
        encode = self._tx.encode
        self._rows.append((row[0], encode(entry.at), encode(entry.written_at), *row[3:], self.head))

    def write(self) -> None:
        """Insert what was added since the last write."""
        if self._rows:
            self._tx.many(_INSERT, self._rows)
            self._rows = []


def append(tx: Transaction, entries: Iterable[Entry]) -> None:
    """Write entries at the end of the chain, within the caller's transaction."""
    chain = Chain(tx)
    for entry in entries:
        chain.append(entry)
    chain.write()


def canonical_detail(detail: Mapping[str, Any] | None) -> str:
    """The detail as stored: JSON with sorted keys, dates and other values as their text."""
    return _DETAIL.encode(detail) if detail else "{}"


def entry_hash(previous: str, row: Iterable[Any]) -> str:
    """The hash of a stored entry (its columns in order, without the hash) after the previous one."""
    return sha256((previous + _LINE.encode(list(row))).encode()).hexdigest()


def verify(engine: Engine, passed: Callable[[int], None] | None = None) -> VerifyReport:
    """Walk the whole chain. Says the first entry that was changed, removed or put in.

    ``passed`` is told now and then how many entries fitted so far.
    """
    head, count, expected = GENESIS, 0, 1
    for row in _stored(engine):
        seq = row[0]
        if seq != expected:
            return VerifyReport(count, head, expected, f"缺少第{expected}条记录")
        if entry_hash(head, row[:12]) != row[12]:
            return VerifyReport(count, head, seq, f"第{seq}条记录与其哈希不符，记录或此前内容被改动过")
        head, count, expected = row[12], count + 1, expected + 1
        if passed is not None and count % _TOLD == 0:
            passed(count)
    return VerifyReport(count, head)


def export(engine: Engine) -> Iterator[str]:
    """The log as JSON lines, each the canonical array with its hash as the last element."""
    for row in _stored(engine):
        yield _LINE.encode(list(row))


def verify_export(lines: Iterable[str]) -> VerifyReport:
    """Verify an exported log with nothing but the file."""
    head, count = GENESIS, 0
    for line in lines:
        if not line.strip():
            continue
        row = _entry_in(line)
        if row is None:
            return VerifyReport(count, head, count + 1, f"第{count + 1}条记录无法识别，不是导出的审计日志")
        if row[0] != count + 1:
            return VerifyReport(count, head, count + 1, f"缺少第{count + 1}条记录")
        if entry_hash(head, row[:12]) != row[12]:
            return VerifyReport(count, head, row[0], f"第{row[0]}条记录与其哈希不符，记录或此前内容被改动过")
        head, count = row[12], count + 1
    return VerifyReport(count, head)


def _entry_in(line: str) -> list[Any] | None:
    """An exported entry with its hash, or None for a line that is none."""
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, list) and len(row) == _WIDTH else None


def _stored(engine: Engine) -> Iterator[tuple[Any, ...]]:
    sql = (
        "SELECT seq, at, written_at, actor, kind, name, case_id, from_stage, to_stage, version, clause, detail,"
        " hash FROM audit WHERE seq > ? ORDER BY seq LIMIT ?"
    )
    last = 0
    while True:
        with reading(engine) as tx:
            rows = tx.rows(sql, (last, _CHUNK))
        for row in rows:
            yield (row[0], _text(row[1]), _text(row[2]), *row[3:])
        if len(rows) < _CHUNK:
            return
        last = rows[-1][0]


def _text(stored: datetime | str) -> str:
    return encode_instant(stored) if isinstance(stored, datetime) else stored


def _joined(*values: Any) -> str:
    return _LINE.encode(values)[1:-1]

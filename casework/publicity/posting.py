"""Putting a list on record in the transaction that posts it: one gate call, one instant, one publicity per publisher."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from casework.actors import Actor
from casework.audit import Chain, Entry
from casework.desk import Desk
from casework.loading import Loaded
from casework.publicity.snapshot import Shown, last_day_in, publisher_of, publishing_office, snapshot
from records.transaction import Transaction
from states.draw.canonical import digest, text

if TYPE_CHECKING:
    from casework.writing import Decided


class _List(NamedTuple):
    """What makes cases stand on one list together."""

    process: str
    office: str
    posted_at: datetime
    clause: str
    corrects: int | None
    correction: str


class Postings:
    """Gathers the cases one gate call posts, and writes their publicities at its end."""

    def __init__(self, tx: Transaction, desk: Desk, chain: Chain) -> None:
        self._tx, self._desk, self._chain = tx, desk, chain
        self._lists: dict[_List, list[Loaded]] = defaultdict(list)

    def add(self, group: "Decided") -> None:
        """Cases that were just posted, or posted anew."""
        rules = group.process.rules
        correction = str(group.inputs.get("correction") or "")
        earlier = self._earlier(group.cases) if group.stage == group.to else {}
        for each in group.cases:
            office = publishing_office(rules, each.facts.province)
            key = _List(
                group.process.key, office, group.effective, rules.publicity.clause, earlier.get(each.facts.id), correction
            )  # fmt: skip
            self._lists[key].append(each)

    def write(self, by: Actor, as_of: datetime) -> None:
        """Write what was gathered, each list with its snapshot and hash."""
        for key, cases in self._lists.items():
            self._write(key, cases, by, as_of)
        self._lists.clear()

    def _write(self, key: _List, cases: list[Loaded], by: Actor, as_of: datetime) -> None:
        tx, rules = self._tx, self._desk.processes.process(key.process).rules
        number = tx.run(
            "INSERT INTO counter (prefix, last) VALUES (?, 1)"
            " ON CONFLICT (prefix) DO UPDATE SET last = counter.last + 1 RETURNING last",
            (f"{rules.code}-GS",),
        ).fetchone()[0]
        no = f"{rules.code}-GS-{number:02d}"
        corrected = tx.one("SELECT no FROM publicity WHERE id = ?", (key.corrects,)) if key.corrects else None
        content = snapshot(
            rules, key.office, no, key.posted_at, self._desk.calendar, self._shown(cases),
            corrects=corrected[0] if corrected else "", correction=key.correction,
        )  # fmt: skip
        written = text(content)
        row = tx.run(
            "INSERT INTO publicity (no, call, track, process, office, publisher, clause, posted_at, posted_by, last_day,"
            " provisional, correction, corrects_id, sha256, snapshot) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING id",
            (
                no,
                rules.code,
                rules.track,
                key.process,
                key.office,
                publisher_of(rules, key.office),
                key.clause,
                key.posted_at,
                by.signature,
                last_day_in(content),
                content["provisional"],
                key.correction,
                key.corrects,
                digest(written),
                written,
            ),
        ).fetchone()
        tx.many(
            "INSERT INTO publicity_case (publicity_id, case_id) VALUES (?,?)",
            [(row[0], each.facts.id) for each in cases],
        )
        detail = {
            "publicity": no,
            "sha256": digest(written),
            "cases": len(cases),
            "corrects": content["corrects"],
        }
        self._chain.append(
            Entry(key.posted_at, as_of, by.signature, "publicity", "posted", clause=key.clause, detail=detail)
        )

    def _earlier(self, cases: Iterable[Loaded]) -> dict[int, int]:
        """The publicity each case stood on so far."""
        return dict(
            self._tx.rows(
                f"SELECT case_id, max(publicity_id) FROM publicity_case WHERE {self._tx.among('case_id')} GROUP BY case_id",
                (self._tx.listed([each.facts.id for each in cases]),),
            )
        )

    def _shown(self, cases: list[Loaded]) -> list[Shown]:
        codes = dict(
            self._tx.rows(
                f"SELECT id, uscc FROM institution WHERE {self._tx.among('id')}",
                (self._tx.listed(sorted({each.facts.institution_id for each in cases})),),
            )
        )
        return [
            Shown(
                each.facts.no, each.facts.occupation, each.levels, each.institution,
                codes[each.facts.institution_id], each.facts.province,
            )
            for each in cases
        ]  # fmt: skip

"""Writing decided moves down: the cases, the audit log, the timers, the terms, the letters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from casework.actors import Actor
from casework.audit import Chain, Entry
from casework.desk import Desk
from casework.duties.following import drop_of_leaving, owe_of_listing
from casework.findings import answer_findings
from casework.loading import Loaded
from casework.objections.following import follow
from casework.owed import Mailbag
from casework.publicity.posting import Postings
from casework.renewals.following import follow_renewals
from casework.supervision.failings import note_failings
from casework.terms import end_terms, open_terms
from casework.timing import anchors_of, lay_timers, rearm_timers
from records.transaction import Transaction
from states.checked import Process
from states.declaration import Move
from states.facts import Facts
from states.timers import Schedule, schedule


class ChangedMeanwhile(RuntimeError):
    """The compare-and-swap found another version than was read under the same lock: never in a sound database."""


@dataclass(slots=True)
class Decided:
    """Cases that make the same move to the same stage with the same changes at the same instant."""

    process: Process
    stage: str
    move: Move
    to: str
    effective: datetime
    changes: Mapping[str, Any]
    inputs: Mapping[str, Any]
    cases: list[Loaded] = field(default_factory=list)


class Writer:
    """Writes groups of decided cases within one transaction."""

    def __init__(self, tx: Transaction, desk: Desk, chain: Chain, mailbag: Mailbag) -> None:
        self._tx, self._desk, self._chain, self._mailbag = tx, desk, chain, mailbag
        self._postings = Postings(tx, desk, chain)

    def write(self, group: Decided, by: Actor, as_of: datetime) -> None:
        """Write one group; raises ChangedMeanwhile when a version does not match."""
        leaves = not group.move.stays
        moved: Mapping[str, Any] = {"stage": group.to, "entered_at": group.effective} if leaves else {}
        fresh = {**group.changes, **moved, "updated_at": group.effective}
        by_schedule: dict[Any, list[tuple[Loaded, Facts]]] = {}
        for each in group.cases:
            after = each.facts._replace(version=each.facts.version + 1, **fresh)
            by_schedule.setdefault(anchors_of(after), []).append((each, after))
        for members in by_schedule.values():
            planned = schedule(group.process, members[0][1], self._desk.calendar)
            self._update(group, members, fresh, planned)
            if leaves:
                ids = [after.id for _, after in members]
                lay_timers(self._tx, ids, planned.timers)
                self._supersede(ids, planned)
            else:
                rearm_timers(self._tx, [after.id for _, after in members], planned.timers)
            self._mailbag.add(group, members, planned)
        detail = {key: value for key, value in group.inputs.items() if value is not None}
        entry = Entry(
            group.effective, as_of, by.signature, "move", group.move.name, from_stage=group.stage,
            to_stage=group.to, clause=group.move.clause, detail=detail,
        )  # fmt: skip
        self._chain.extend(entry, ((each.facts.id, each.facts.version + 1) for each in group.cases))
        if "answer" in group.inputs:
            answer_findings(
                self._tx, [each.facts.id for each in group.cases], group.inputs["answer"],
                by=by, at=group.effective,
            )  # fmt: skip
        follow(self._tx, self._desk, self._chain, group, by, as_of)
        note_failings(self._tx, self._desk, group, by)
        follow_renewals(self._tx, group, by)
        if "posted_at" in group.changes:
            self._postings.add(group)
        if "term_no" in group.changes:
            open_terms(self._tx, group)
            owe_of_listing(self._tx, self._desk, group)
        if group.process.stages[group.to].end and group.process.stages[group.stage].in_directory:
            end_terms(self._tx, group)
            drop_of_leaving(self._tx, group)

    def _supersede(self, ids: list[int], planned: Schedule) -> None:
        """A reminder that has not gone out, of a timer the case no longer has, must not go out (law 6)."""
        of_these, listed = self._tx.is_one_of("case_id", ids)
        waiting = self._tx.rows(
            # The state is looked at here: asked of SQLite, it walks the whole queue instead of the case's letters.
            f"SELECT id, occasion, state FROM letter WHERE {of_these}"
            " AND (occasion LIKE 'remind:%' OR occasion LIKE 'duty%')",
            (listed,),
        )
        kept = {timer.key for timer in planned.timers}
        gone = [
            (id_,)
            for id_, occasion, state in waiting
            if state == "queued" and occasion.rsplit("@", 1)[0] not in kept
        ]
        if gone:
            self._tx.many("UPDATE letter SET state = 'superseded' WHERE id = ?", gone)

    def finish(self) -> int:
        """Write the audit entries and letters gathered; how many letters are owed."""
        self._chain.write()
        return self._mailbag.write()

    def close(self, by: Actor, as_of: datetime) -> None:
        """Write what belongs to the whole call of the gate: one list for all that was posted together."""
        self._postings.write(by, as_of)
        self._chain.write()

    def _update(
        self, group: Decided, members: list[tuple[Loaded, Facts]], fresh: Mapping[str, Any], planned: Schedule
    ) -> None:
        holder = group.process.stages[group.to].holder
        values = {
            **fresh,
            "held_by": str(holder.role) if holder else None,
            "due_at": planned.limit.due if planned.limit else None,
            "due_provisional": bool(planned.limit and planned.limit.provisional),
        }
        encode = self._tx.encode
        fixed = [encode(value) for value in values.values()]
        columns = ", ".join(f"{name} = ?" for name in values)
        sql = f"UPDATE cases SET {columns}, version = version + 1 WHERE id = ? AND version = ?"
        touched = self._tx.many(sql, ((*fixed, each.facts.id, each.facts.version) for each, _ in members))
        if touched != len(members):
            raise ChangedMeanwhile(f"{len(members) - touched} of {len(members)} cases changed under the lock")

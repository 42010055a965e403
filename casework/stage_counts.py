"""How many cases stand in each stage of a process, and how many of them are late: what the process map shows."""

from dataclasses import dataclass
from datetime import datetime

from casework.access.policy import refuse_unless_may
from casework.actors import Actor
from casework.desk import Desk
from casework.selection import Selection
from records.transaction import reading

MOST = 10_000


@dataclass(frozen=True, slots=True)
class StageCount:
    """One stage: key, label, holder's role, cases there, of them late, the clause of the stage. None above ``MOST`` + 1."""

    key: str
    label: str
    held_by: str
    count: int
    overdue: int
    clause: str
    end: bool

    @property
    def heat(self) -> int:
        """How late the stage is as a whole, 0 to 3."""
        if not self.overdue:
            return 0
        share = self.overdue / max(1, self.count)
        return 3 if share > 0.5 else 2 if share > 0.15 else 1


def stage_counts(desk: Desk, call: str, track: str, *, as_of: datetime, actor: Actor) -> list[StageCount]:
    """The stages of a call's process in its order, with what the actor may see there. May be Refused."""
    refuse_unless_may(actor, "process.see")
    process = desk.processes.process(desk.processes.key_for(call, track))
    found = []
    with reading(desk.engine) as tx:
        for stage in process.stages.values():
            where, values = Selection(stage=stage.key).where(actor)
            row = tx.one(
                "SELECT count(*), count(CASE WHEN due_at <= ? THEN 1 END) FROM"
                f" (SELECT c.due_at FROM cases c WHERE {where} AND c.process LIKE ? LIMIT {MOST + 1}) AS some",
                (as_of, *values, f"{call}/{track}@%"),
            )
            assert row
            holder = str(stage.holder.role) if stage.holder else ""
            clause = stage.holder.limit.clause if stage.holder and stage.holder.limit else stage.clause
            found.append(StageCount(stage.key, stage.label, holder, row[0], row[1], clause, bool(stage.end)))
    return found

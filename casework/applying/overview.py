"""An institution's cases at a glance: where each stands, who has it, until when and why then."""

from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.loading import as_loaded, select_cases
from casework.selection import visible
from records.transaction import reading
from states.facts import day, instant
from states.occupations import find_occupation
from states.roles import Role
from states.timers import schedule


@dataclass(frozen=True, slots=True)
class MyCase:
    """One case. ``mine`` says that it waits for the institution; ``tone`` is good, watch, bad or empty."""

    no: str
    title: str
    track: str
    call: str
    stage: str
    stage_label: str
    holder: str
    mine: bool
    due_at: datetime | None
    explained: str
    tone: str
    warnings_open: int
    listed: bool
    term_last_day: object


def my_cases(desk: Desk, actor: Actor, *, as_of: datetime, limit: int = 500) -> list[MyCase]:
    """The cases of the actor's own institution, what waits for it first, then the latest."""
    sql, values = visible(actor)
    with reading(desk.engine) as tx:
        rows = tx.rows(
            f"{select_cases('c.held_by, c.due_at')} WHERE {sql} ORDER BY c.id DESC LIMIT {limit}", values
        )
    found = []
    for row in rows:
        facts = as_loaded(row).facts
        process = desk.processes.process(facts.process)
        stage, due = process.stages[facts.stage], instant(row[-1])
        mine = row[-2] == Role.APPLICANT and facts.stage != "listed"
        planned = schedule(process, facts, desk.calendar).limit if due else None
        listed = facts.term_last_day is not None and not stage.end
        late = due is not None and due <= as_of
        tone = (
            "bad" if mine and late else "watch" if mine or facts.warnings_open else "good" if listed else ""
        )
        found.append(
            MyCase(
                facts.no, find_occupation(facts.occupation, process.rules.occupations.value).title, facts.track,
                facts.call, facts.stage, stage.label, Role(row[-2]).label if row[-2] else "", mine, due,
                planned.explanation() if planned else "", tone, facts.warnings_open, listed,
                day(facts.term_last_day),
            )
        )  # fmt: skip
    return sorted(found, key=lambda each: not each.mine)

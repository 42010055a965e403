"""The moves of all cases as an event log for process mining: XES (IEEE 1849) or a table, naming no person.

A trace is a case by its number, an event is one move with its legal time (D-7). Of who did it only the role is told,
and nothing of what was stated: reasons, findings and names stay here (M24-11.6a).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TextIO
from xml.sax.saxutils import quoteattr

from casework.desk import Desk
from records.transaction import reading
from states.calendar import SHANGHAI
from states.checked import Process
from states.facts import instant

COLUMNS = (
    "case:concept:name", "concept:name", "time:timestamp", "org:role", "lifecycle:transition", "from", "to", "clause",
    "case:call", "case:track", "case:occupation", "case:province",
)  # fmt: skip
"""The columns of the table, under the names process mining tools know."""

_MOVES = (
    "SELECT c.no, a.name, a.at, a.actor, a.from_stage, a.to_stage, a.clause, c.call, c.track, c.occupation, c.province,"
    " c.process FROM audit a JOIN cases c ON c.id = a.case_id WHERE a.kind = 'move' AND (? IS NULL OR c.call = ?)"
    " ORDER BY c.no, a.version, a.seq"
)
_EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
)


@dataclass(frozen=True, slots=True)
class Event:
    """One move of one case; ``at`` is its legal instant (aware UTC), ``role`` who made it, never a name."""

    case: str
    move: str
    at: datetime
    role: str
    before: str
    after: str
    clause: str
    call: str
    track: str
    occupation: str
    province: str

    def row(self) -> tuple[str, ...]:
        """The event under ``COLUMNS``."""
        return (
            self.case, self.move, _told(self.at), self.role, "complete", self.before, self.after, self.clause,
            self.call, self.track, self.occupation, self.province,
        )  # fmt: skip


def events(desk: Desk, *, call: str | None = None) -> list[Event]:
    """Every move of every case, or of those of one call: by case number, then in the order they were made."""
    with reading(desk.engine) as tx:
        rows = tx.rows(_MOVES, (call, call))
    found = []
    for no, name, at, actor, before, after, clause, of_call, track, occupation, province, key in rows:
        process, when = desk.processes.process(key), instant(at)
        assert when is not None
        found.append(
            Event(
                no, _move_label(process, before, name), when, actor.partition(":")[0], _stage_label(process, before),
                _stage_label(process, after), clause, of_call, track, occupation, province,
            )
        )  # fmt: skip
    return found


def write_csv(found: list[Event], out: TextIO) -> None:
    """The events as a table."""
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(each.row() for each in found)


def write_xes(found: list[Event], out: TextIO) -> None:
    """The events as XES, one trace for each case."""
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write('<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">\n')
    out.writelines(
        f'  <extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n' for name, prefix, uri in _EXTENSIONS
    )
    out.write('  <global scope="trace">\n    <string key="concept:name" value=""/>\n  </global>\n')
    out.write('  <global scope="event">\n    <string key="concept:name" value=""/>\n')
    out.write('    <date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>\n  </global>\n')
    out.write('  <classifier name="办理" keys="concept:name"/>\n')
    for case, group in groupby(found, key=lambda each: each.case):
        members = list(group)
        out.write("  <trace>\n")
        first = members[0]
        told = (
            ("concept:name", case), ("call", first.call), ("track", first.track), ("occupation", first.occupation),
            ("province", first.province),
        )  # fmt: skip
        out.writelines(f"    {_string(key, value)}\n" for key, value in told)
        for each in members:
            out.write("    <event>\n")
            out.write(f'      <date key="time:timestamp" value="{_told(each.at)}"/>\n')
            out.writelines(f"      {line}\n" for line in _attributes(each))
            out.write("    </event>\n")
        out.write("  </trace>\n")
    out.write("</log>\n")


def _attributes(event: Event) -> Iterator[str]:
    for key, value in (
        ("concept:name", event.move), ("org:role", event.role), ("lifecycle:transition", "complete"),
        ("from", event.before), ("to", event.after), ("clause", event.clause),
    ):  # fmt: skip
        yield _string(key, value)


def _string(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(value)}/>"


def _told(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="milliseconds")


def _move_label(process: Process, stage: str, name: str) -> str:
    kept = process.stages.get(stage)
    if kept is None:
        return "收到申报" if name == "file" else name
    moves = (*kept.moves, *(clock.move for clock in kept.clock))
    return next((each.label for each in moves if each.name == name), name)


def _stage_label(process: Process, stage: str) -> str:
    kept = process.stages.get(stage)
    return stage if kept is None else kept.label

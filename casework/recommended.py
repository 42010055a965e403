"""What an office recommended and answers for: its institutions, with a year's figures (M24-15, M24-3.3).

A department guides those of its own field and counts their work in the yearly assessment (M24-15).
"""

from dataclasses import dataclass
from datetime import date, datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.duties.figures import figures_of
from casework.duties.listing import duties
from casework.processes import Processes
from casework.selection import Selection
from casework.supervision.failings import failings
from records.transaction import reading
from states.calendar import end_of, start_of
from states.duties.figures import NOTHING, Figures
from states.occupations import find_occupation
from states.refusals import Refused
from states.roles import Role

CLAUSE = "M24-15"


@dataclass(frozen=True, slots=True)
class InstitutionYear:
    """One listing in one calendar year: how often and how many it trained or evaluated, duties overdue at the asked
    instant, and failings the office has not answered yet.
    """

    no: str
    institution: str
    uscc: str
    track: str
    occupation: str
    stage: str
    sessions: int
    figures: Figures
    overdue: int
    unanswered: int


def recommended(
    desk: Desk, channel: str, year: int, *, as_of: datetime, actor: Actor | None = None
) -> list[InstitutionYear]:
    """Every institution of an office (``D01``, ``P50``) that stood in the directory in that year, by number.

    An ``actor`` sees what it may see of them. Raises Refused for another office's account.
    """
    if actor is not None and actor.role is Role.RECOMMENDER and actor.scope != channel:
        raise Refused(f"{actor.name}只能查看本部门推荐的机构。", clause=CLAUSE)
    where, values = Selection(channel=channel).where(actor)
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT DISTINCT c.id, c.no, i.name, i.uscc, c.track, c.occupation, c.stage, c.process FROM term t"
            " JOIN cases c ON c.id = t.case_id JOIN institution i ON i.id = c.institution_id"
            f" WHERE t.starts_at < ? AND t.last_day >= ? AND (t.ended_at IS NULL OR t.ended_at > ?) AND {where}"
            " ORDER BY c.no",
            (end_of(date(year, 12, 31)), date(year, 1, 1), start_of(date(year, 1, 1)), *values),
        )
        told = figures_of(tx, [row[0] for row in rows], year) if rows else {}
    overdue = [each.no for each in duties(desk, as_of=as_of, actor=actor, overdue=True)]
    open_ = [each.no for each in failings(desk, as_of=as_of, actor=actor, waiting=True)]
    processes = Processes(desk.engine)
    found = []
    for id_, no, name, uscc, track, code, stage, key in rows:
        process, of = processes.process(key), told.get(id_, {}).get(year)
        found.append(
            InstitutionYear(
                no, name, uscc, track, find_occupation(code, process.rules.occupations.value).title,
                process.stages[stage].label, of.sessions if of else 0, of.total if of else NOTHING,
                overdue.count(no), open_.count(no),
            )
        )  # fmt: skip
    return found

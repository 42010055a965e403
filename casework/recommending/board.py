"""The cases of a recommending office by what they wait for, and how many of each occupation stand where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from casework.access.policy import cases_within
from casework.actors import Actor
from casework.desk import Desk
from casework.loading import as_loaded, select_cases
from records.transaction import reading
from states.facts import day, instant
from states.occupations import find_occupation

ACTION = "recommend.see"
TABS: dict[str, tuple[str, ...]] = {
    "waiting": ("submitted",),
    "correcting": ("correcting",),
    "recommended": ("recommended", "initial_review"),
}
"""What the board shows, and the stages of each part."""


@dataclass(frozen=True, slots=True)
class Line:
    """One case on the board. ``ready`` says that nothing keeps it from being recommended but the letter;
    ``paper_at`` when the office had its sealed papers (D-9), ``posted_on`` when they were sent.
    """

    id: int
    no: str
    version: int
    institution: str
    occupation: str
    track: str
    call: str
    stage: str
    stage_label: str
    due_at: datetime | None
    warnings_open: int
    materials_missing: int
    priority: int
    letter_no: str
    paper_at: datetime | None
    posted_on: date | None
    parcel: str

    @property
    def ready(self) -> bool:
        """Whether it can be recommended as it stands."""
        return not self.warnings_open and not self.materials_missing


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of one occupation wait, are recommended, and how many seats there are; ``shared`` with the nation."""

    call: str
    track: str
    occupation: str
    waiting: int
    recommended: int
    seats: int
    shared: bool
    clause: str


def lines(
    desk: Desk, actor: Actor, tab: str, *, after: tuple[str, int] | None = None, limit: int = 51
) -> list[Line]:
    """The cases of one part of the board, the first due first; ``after`` is (due, id) of the last one seen.

    Raises KeyError for a part there is none of.
    """
    where, values = cases_within(actor, ACTION)
    stages = TABS[tab]
    due = "COALESCE(c.due_at, '9999')"
    beyond = f" AND ({due}, c.id) > (?, ?)" if after else ""
    with reading(desk.engine) as tx:
        if not tx.sqlite:
            due = "COALESCE(c.due_at, 'infinity'::timestamptz)"
            beyond = f" AND ({due}, c.id) > (?::timestamptz, ?)" if after else ""
        rows = tx.rows(
            f"{select_cases('c.due_at')} WHERE {where} AND c.stage IN ({','.join('?' * len(stages))}){beyond}"
            f" ORDER BY {due}, c.id LIMIT {limit}",
            (*values, *stages, *(after or ())),
        )
        ids = [row[0] for row in rows]
        posted = (
            {
                row[0]: (day(row[1]), " ".join(row[2:]).strip())
                for row in tx.rows(
                    f"SELECT case_id, posted_on, carrier, parcel_no FROM paper_posting WHERE {tx.among('case_id')} ORDER BY id",
                    (tx.listed(ids),),
                )
            }
            if ids
            else {}
        )
    return [_line(desk, row, posted) for row in rows]


def standings(desk: Desk, actor: Actor) -> list[Standing]:
    """Of every open occupation of an office: what waits and what is recommended beside the seats there are."""
    where, values = cases_within(actor, ACTION)
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT c.call, c.track, c.occupation, c.process,"
            " sum(CASE WHEN c.stage IN ('submitted', 'correcting') THEN 1 ELSE 0 END),"
            " sum(CASE WHEN c.stage IN ('recommended', 'initial_review', 'expert_review', 'recheck') THEN 1 ELSE 0 END)"
            f" FROM cases c JOIN call k ON k.code = c.call WHERE {where} AND k.state = 'open'"
            " GROUP BY c.call, c.track, c.occupation, c.process ORDER BY 1, 2, 3",
            values,
        )
    found = []
    for call, track, occupation, key, waiting, recommended in rows:
        rules = desk.processes.process(key).rules
        quota = rules.quota
        title = find_occupation(occupation, rules.occupations.value).title
        found.append(
            Standing(
                call,
                track,
                title,
                waiting,
                recommended,
                quota.of(occupation),
                quota.scope != "province",
                quota.clause,
            )
        )
    return found


def counts(desk: Desk, actor: Actor, most: int = 10_000) -> dict[str, int]:
    """How many cases each part of the board has, counted no further than ``most``."""
    where, values = cases_within(actor, ACTION)
    found = {}
    with reading(desk.engine) as tx:
        for tab, stages in TABS.items():
            row = tx.one(
                f"SELECT count(*) FROM (SELECT 1 FROM cases c WHERE {where} AND c.stage IN"
                f" ({','.join('?' * len(stages))}) LIMIT {most}) AS some",
                (*values, *stages),
            )
            found[tab] = int(row[0]) if row else 0
    return found


def key_of(line: Line) -> tuple[str, int]:
    """What ``lines`` takes as ``after`` to go on behind a line."""
    return (
        line.due_at.replace(tzinfo=None).isoformat(" ", "microseconds") if line.due_at else "9999",
        line.id,
    )


def _line(desk: Desk, row: Sequence[object], posted: dict[int, tuple[date | None, str]]) -> Line:
    each = as_loaded(tuple(row))
    facts = each.facts
    process = desk.processes.process(facts.process)
    on, parcel = posted.get(facts.id, (None, ""))
    return Line(
        facts.id, facts.no, facts.version, each.institution,
        find_occupation(facts.occupation, process.rules.occupations.value).title, facts.track, facts.call, facts.stage,
        process.stages[facts.stage].label, instant(row[-1]), facts.warnings_open,  # type: ignore[arg-type]
        facts.materials_missing, facts.priority, facts.recommendation_no or "", instant(facts.paper_at), on, parcel,
    )  # fmt: skip

"""What an institution may apply for in the calls that are open, and for everything else why not."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.actors import Actor
from casework.calls import kept_calls
from casework.desk import Desk
from records.transaction import Transaction, reading
from states.calendar import day_of
from states.call_rules import TrackRules
from states.eligibility import examine_past
from states.facts import day
from states.labels import TRACKS
from states.places import DEPARTMENTS, OFFICES, Office
from states.refusals import Refused
from states.roles import Role

CLAUSE = "B3-4.3"


@dataclass(frozen=True, slots=True)
class Applying:
    """An institution as it applies: its id, code, name and two-digit province."""

    id: int
    uscc: str
    name: str
    province: str


@dataclass(frozen=True, slots=True)
class Offer:
    """One occupation of one track of an open call. ``why_not`` is empty when it may be applied for, ``clause`` why not.

    ``draft_id`` and ``case_no`` name what the institution already wrote or filed for it.
    """

    call: str
    call_name: str
    track: str
    occupation: str
    title: str
    closes_at: datetime
    why_not: str = ""
    clause: str = ""
    draft_id: int | None = None
    case_no: str = ""


def applying(tx: Transaction, actor: Actor) -> Applying:
    """The institution an applicant's account is for. Raises Refused for any other account."""
    row = None
    if actor.role is Role.APPLICANT and actor.scope.isdigit():
        row = tx.one("SELECT id, uscc, name, province FROM institution WHERE id = ?", (int(actor.scope),))
    if row is None:
        raise Refused("只有申报单位的账号可以在网上填报申报。", clause=CLAUSE)
    return Applying(*row)


def channels(rules: TrackRules, province: str) -> tuple[Office, ...]:
    """The offices an institution of a province may apply through: its own province's, and departments."""
    own = OFFICES.get(f"P{province}")
    return tuple(office for office in (*((own,) if own else ()), *DEPARTMENTS) if rules.takes_from(office))


def offers(desk: Desk, actor: Actor, *, as_of: datetime) -> list[Offer]:
    """Every occupation of every open call, those that may be applied for first. Raises Refused for other accounts."""
    calls = [each for each in kept_calls(desk) if each.state == "open" and each.closes_at > as_of]
    with reading(desk.engine) as tx:
        mine = applying(tx, actor)
        past = Past(tx, mine.id)
    found = []
    for state in calls:
        for track in TRACKS:
            rules = desk.processes.process(desk.processes.key_for(state.code, track)).rules
            if not rules.open.value:
                continue
            for occupation in rules.occupations.value:
                case_no, draft_id = past.filed(state.code, track, occupation.code)
                why, clause = ("", "") if case_no else _why_not(rules, occupation.code, mine, past, as_of)
                found.append(
                    Offer(
                        state.code, state.name, track, occupation.code, occupation.title, state.closes_at, why,
                        clause, draft_id, case_no,
                    )
                )  # fmt: skip
    return sorted(found, key=lambda each: (bool(each.why_not), each.closes_at, each.call))


class Past:
    """What an institution did before, looked up once: cases, drafts, terms and times of cooling off."""

    def __init__(self, tx: Transaction, institution_id: int) -> None:
        at = (institution_id,)
        self._cases = {
            (call, track, occupation): no
            for call, track, occupation, no in tx.rows(
                "SELECT call, track, occupation, no FROM cases WHERE institution_id = ?", at
            )
        }
        self._drafts = {
            (call, track, occupation): id_
            for call, track, occupation, id_ in tx.rows(
                "SELECT call, track, occupation, id FROM application_draft WHERE institution_id = ?", at
            )
        }
        self._cooling = {
            (track, occupation): day(until)
            for track, occupation, until in tx.rows(
                "SELECT track, occupation, max(cooling_until) FROM term WHERE institution_id = ?"
                " GROUP BY track, occupation",
                at,
            )
        }
        self._listed = {
            (track, occupation): day(last)
            for track, occupation, last in tx.rows(
                "SELECT t.track, t.occupation, max(t.last_day) FROM term t JOIN cases c ON c.id = t.case_id"
                " AND c.term_no = t.number WHERE t.institution_id = ? AND t.ended_at IS NULL"
                " GROUP BY t.track, t.occupation",
                at,
            )
        }

    def filed(self, call: str, track: str, occupation: str) -> tuple[str, int | None]:
        """The number of the case for it, and the id of the draft; empty and None without."""
        key = (call, track, occupation)
        return self._cases.get(key, ""), self._drafts.get(key)

    def in_the_way(self, track: str, occupation: str) -> tuple[date | None, date | None]:
        """The last day of cooling off, and the last day of a running term."""
        return self._cooling.get((track, occupation)), self._listed.get((track, occupation))


def _why_not(
    rules: TrackRules, occupation: str, mine: Applying, past: Past, as_of: datetime
) -> tuple[str, str]:
    if not channels(rules, mine.province):
        through = OFFICES.get(f"P{mine.province}")
        named = through.name if through else "贵单位所在地"
        return f"{rules.name}不受理经{named}报送的申报。", rules.channels.clause
    try:
        rules.offered(occupation)
    except Refused as refusal:
        return refusal.sentence, refusal.clause or ""
    cooling, listed = past.in_the_way(rules.track, occupation)
    for finding in examine_past(rules, day_of(as_of), cooling, listed):
        return finding.sentence, finding.clause
    return "", ""

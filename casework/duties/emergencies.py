"""突发事件: reported at once to three offices, acknowledged, followed up until closed (M24-11.6b)."""

from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.duties.examination import running
from casework.duties.letters import owe_staff
from casework.duties.owing import fulfil, of_case, owe
from casework.duties.subject import OVERSEES, REPORTS, Subject, subject, subject_by_id, told
from casework.selection import visible
from casework.wording import spoken
from records.transaction import Transaction, reading, transaction
from states.calendar import SHANGHAI, day_of
from states.duties.deadlines import Deadline
from states.duties.kinds import EMERGENCIES, EMERGENCY
from states.facts import instant
from states.refusals import Refused
from states.roles import Role

CLAUSE = "M24-11.6b"
LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class NewEmergency:
    """What happened: a key of ``EMERGENCIES``, when (aware), whom it concerns, what was done."""

    kind: str
    happened_at: datetime
    scope: str
    measures: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One word about an emergency since it was reported."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class EmergencyView:
    """An emergency as those concerned see it. ``due_at`` is the first instant after the next follow-up's last day."""

    no: str
    case_no: str
    institution: str
    kind: str
    happened_at: datetime
    scope: str
    measures: str
    reported_at: datetime
    acknowledged_at: datetime | None
    closed_at: datetime | None
    outcome: str
    due_at: datetime | None
    follow_ups: tuple[FollowUp, ...]


def report_emergency(desk: Desk, no: str, new: NewEmergency, *, by: Actor, as_of: datetime) -> str:
    """Enter it and owe the letters to the three at once; its number. A follow-up is owed within the limit that is set.

    Raises Refused for a kind that does not exist, an instant to come, and missing words.
    """
    if new.kind not in EMERGENCIES:
        offered = "、".join(f"{key}（{words}）" for key, words in EMERGENCIES.items())
        raise Refused(f"突发事件的类型应为下列之一：{offered}，收到的是“{new.kind}”。", clause=CLAUSE)
    if new.happened_at > as_of:
        raise Refused("突发事件的发生时间晚于现在，请核对。", clause=CLAUSE)
    scope, measures = (
        told(text, what, CLAUSE, longest=LONGEST)
        for text, what in ((new.scope, "影响范围"), (new.measures, "处置措施"))
    )
    with transaction(desk.engine) as tx:
        found = subject(tx, desk, no, by=by, among=REPORTS, clause=CLAUSE)
        if not found.facts.term_no:
            raise Refused(f"申报{found.facts.no}没有列入过目录，不能报告突发事件。", clause=CLAUSE)
        own = running(tx, f"TF-{day_of(as_of).year}", 3)
        tx.run(
            "INSERT INTO emergency (no, case_id, kind, happened_at, scope, measures, reported_at, reported_by, outcome)"
            " VALUES (?,?,?,?,?,?,?,?,'')",
            (own, found.facts.id, new.kind, new.happened_at, scope, measures, as_of, by.signature),
        )
        due = _owe_follow_up(tx, desk, found, own, 1, as_of)
        _note(tx, "reported", found, own, by, as_of, kind=new.kind)
        local = new.happened_at.astimezone(SHANGHAI)
        words = {
            **_words(found, own, new.kind), "happened": f"{spoken(day_of(new.happened_at))}{local:%H:%M}",
            "scope": scope, "measures": measures, "due": spoken(due.last_day),
        }  # fmt: skip
        owe_staff(
            tx,
            desk,
            "emergency_reported",
            the_three(found),
            words,
            own,
            CLAUSE,
            as_of,
            case_id=found.facts.id,
        )
    return own


def acknowledge(desk: Desk, own: str, *, by: Actor, as_of: datetime) -> None:
    """An office says that it knows. Refused the second time."""
    with transaction(desk.engine) as tx:
        id_, found, acknowledged, closed = _emergency(tx, desk, own, by, (*OVERSEES, Role.RECOMMENDER))
        if acknowledged is not None or closed is not None:
            raise Refused(f"突发事件{own}已{'办结' if closed else '确认收到'}。", clause=CLAUSE)
        tx.run(
            "UPDATE emergency SET acknowledged_at = ?, acknowledged_by = ? WHERE id = ?",
            (as_of, by.signature, id_),
        )
        _note(tx, "acknowledged", found, own, by, as_of)


def follow_up(desk: Desk, own: str, text: str, *, by: Actor, as_of: datetime) -> Deadline:
    """What was done since; the next follow-up is owed from now on. Refused once it is closed."""
    with transaction(desk.engine) as tx:
        id_, found, _, closed = _emergency(tx, desk, own, by, REPORTS)
        if closed is not None:
            raise Refused(f"突发事件{own}已办结，不再续报。", clause=CLAUSE)
        said = told(text, "处理进展", CLAUSE, longest=LONGEST)
        tx.run(
            "INSERT INTO emergency_note (emergency_id, text, at, by) VALUES (?,?,?,?)",
            (id_, said, as_of, by.signature),
        )
        turn = _turn(tx, found, own)
        _settle(tx, found, own, turn, by, as_of)
        _note(tx, "followed", found, own, by, as_of)
        return _owe_follow_up(tx, desk, found, own, turn + 1, as_of)


def close_emergency(desk: Desk, own: str, outcome: str, *, by: Actor, as_of: datetime) -> None:
    """An office closes it with what came of it; nothing more is owed. Refused for anybody else, or twice."""
    with transaction(desk.engine) as tx:
        id_, found, _, closed = _emergency(tx, desk, own, by, OVERSEES)
        if closed is not None:
            raise Refused(f"突发事件{own}已办结。", clause=CLAUSE)
        said = told(outcome, "办结结论", CLAUSE, longest=LONGEST)
        tx.run(
            "UPDATE emergency SET closed_at = ?, closed_by = ?, outcome = ? WHERE id = ?",
            (as_of, by.signature, said, id_),
        )
        _settle(tx, found, own, _turn(tx, found, own), by, as_of)
        _note(tx, "closed", found, own, by, as_of)


def emergencies(desk: Desk, *, actor: Actor | None = None, waiting: bool = False) -> list[EmergencyView]:
    """The emergencies the actor may see, the newest first; ``waiting``: only those not closed."""
    seen, values = ("1 = 1", []) if actor is None else visible(actor)
    only = "AND e.closed_at IS NULL" if waiting else ""
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT e.id, e.no, c.no, i.name, e.kind, e.happened_at, e.scope, e.measures, e.reported_at,"
            " e.acknowledged_at, e.closed_at, e.outcome, (SELECT max(d.due_at) FROM duty_owed d WHERE d.kind = 'emergency'"
            " AND d.case_id = e.case_id AND d.about LIKE e.no || '/%' AND d.done_at IS NULL) FROM emergency e"
            " JOIN cases c ON c.id = e.case_id JOIN institution i ON i.id = c.institution_id"
            f" WHERE {seen} {only} ORDER BY e.reported_at DESC, e.id DESC",
            values,
        )
        notes: dict[int, list[FollowUp]] = {}
        for id_, at, by, text in tx.rows(
            f"SELECT emergency_id, at, by, text FROM emergency_note WHERE {tx.among('emergency_id')} ORDER BY at, id",
            (tx.listed([row[0] for row in rows]),),
        ):
            when = instant(at)
            assert when is not None
            notes.setdefault(id_, []).append(FollowUp(when, by, text))
    found = []
    for id_, own, no, name, kind, happened, scope, measures, reported, known, closed, outcome, due in rows:
        since, told_at = instant(happened), instant(reported)
        assert since is not None
        assert told_at is not None
        found.append(
            EmergencyView(
                own, no, name, EMERGENCIES[kind], since, scope, measures, told_at, instant(known), instant(closed),
                outcome, instant(due), tuple(notes.get(id_, ())),
            )
        )  # fmt: skip
    return found


def the_three(found: Subject) -> list[str]:
    """Province, industry department where one recommended it, and the group with its office (M24-11.6b)."""
    department = [found.facts.channel] if found.facts.channel.startswith("D") else []
    return [f"P{found.facts.province}", *department, Role.OFFICE.value, Role.GROUP.value]


def _words(found: Subject, own: str, kind: str) -> dict[str, str]:
    return {
        "emergency_no": own, "emergency": EMERGENCIES[kind], "institution": found.institution, "no": found.facts.no,
    }  # fmt: skip


def _emergency(
    tx: Transaction, desk: Desk, own: str, by: Actor, among: tuple[Role, ...]
) -> tuple[int, Subject, object, object]:
    row = tx.one(
        "SELECT id, case_id, acknowledged_at, closed_at FROM emergency WHERE no = ?", (own.strip().upper(),)
    )
    if row is None:
        raise Refused(f"没有编号为“{own}”的突发事件，可用 linxuan duty emergency list 查看。", clause=CLAUSE)
    return row[0], subject_by_id(tx, desk, row[1], by=by, among=among, clause=CLAUSE), row[2], row[3]


def _turn(tx: Transaction, found: Subject, own: str) -> int:
    """How many follow-ups have been owed so far: the last of them is open."""
    row = tx.one(
        "SELECT count(*) FROM duty_owed WHERE kind = ? AND owner = ? AND about LIKE ?",
        (EMERGENCY, of_case(found.facts.id), f"{own.strip().upper()}/%"),
    )
    return int(row[0]) if row else 0


def _owe_follow_up(
    tx: Transaction, desk: Desk, found: Subject, own: str, turn: int, as_of: datetime
) -> Deadline:
    number = own.strip().upper()
    return owe(
        tx, desk, EMERGENCY, of_case(found.facts.id), f"{number}/{turn}", f"突发事件{number}第{turn}次续报",
        day_of(as_of), found.rules, province=found.facts.province, case_id=found.facts.id, at=as_of,
    )  # fmt: skip


def _settle(tx: Transaction, found: Subject, own: str, turn: int, by: Actor, as_of: datetime) -> None:
    def note(entry: Entry) -> None:
        append(tx, [entry])

    fulfil(
        tx, EMERGENCY, of_case(found.facts.id), f"{own.strip().upper()}/{turn}", by=by, at=as_of, note=note
    )


def _note(
    tx: Transaction, name: str, found: Subject, own: str, by: Actor, as_of: datetime, **more: str
) -> None:
    detail = {"emergency": own.strip().upper(), **more}
    append(
        tx,
        [Entry(as_of, as_of, by.signature, "emergency", name, found.facts.id, clause=CLAUSE, detail=detail)],
    )

"""A call's last day of filing put off: every date that hangs on it moves, and whoever it concerns is told.

The rules kept beside the call change in those two days and nothing else; the call's cases are pinned to the process
of the new number. What it would do is shown by doing it in a transaction that is taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from casework.access.policy import Reach, reach
from casework.actors import Actor
from casework.audit import Entry, append
from casework.calls import CallState, state_in
from casework.desk import Desk
from casework.history import TIMER_LETTERS
from casework.processes import Processes
from casework.rederiving import PORTION, Telling, move_dates
from casework.rule_text import with_day
from casework.wording import spoken
from records.transaction import Transaction, transaction
from states.calendar import end_of
from states.facts import instant
from states.refusals import Refused
from states.rulebook import parse_call

LETTER = "filing_extended"
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Extension:
    """What is asked: the new last days of filing and of paper, and why."""

    closes: date
    paper: date
    reason: str


@dataclass(frozen=True, slots=True)
class MovedTimer:
    """So many timers of one kind that move from one due instant to another; ``new`` is None for those that end."""

    label: str
    old: datetime
    new: datetime | None
    count: int


@dataclass(frozen=True, slots=True)
class Extended:
    """What an extension moves: cases whose limit moves, timers by kind, letters, and one of them as it reads."""

    cases: int
    timers: tuple[MovedTimer, ...]
    letters: int
    sample: tuple[str, str] | None
    incidents: int = 0


class _TakenBack(Exception):
    """Ends a look: the transaction must not be committed."""


def foresee_extension(desk: Desk, code: str, asked: Extension, *, by: Actor, as_of: datetime) -> Extended:
    """What the extension would do; nothing is written. May be Refused as ``extend_call``."""
    found: list[Extended] = []
    try:
        with transaction(desk.engine) as tx:
            found.append(_extend(tx, desk, code, asked, by, as_of, None))
            raise _TakenBack
    except _TakenBack:
        return found[0]


def extend_call(
    desk: Desk, code: str, asked: Extension, *, seen: date, by: Actor, as_of: datetime
) -> Extended:
    """Put off the last day of filing. ``seen`` is the last day as it was shown.

    Raises Refused for a call that is not open or whose last day has passed, a day that is no later, a missing reason,
    a province's hand on a call not its own (M24-8), and when somebody else moved the day meanwhile.
    """
    with transaction(desk.engine) as tx:
        return _extend(tx, desk, code, asked, by, as_of, seen)


def _extend(
    tx: Transaction, desk: Desk, code: str, asked: Extension, by: Actor, as_of: datetime, seen: date | None
) -> Extended:
    call = state_in(tx, code)
    _refuse_unless_extends(call, asked, by, as_of, seen)
    closes, paper = call.rules.filing_closes, call.rules.paper_due
    row = tx.one("SELECT rules FROM call WHERE code = ?", (code,))
    assert row
    text = with_day(with_day(row[0], "filing_closes", asked.closes), "paper_due", asked.paper)
    rules = parse_call(text, f"{code}.toml")
    if (rules.filing_closes.value, rules.paper_due.value) != (asked.closes, asked.paper):
        raise Refused("规则文件中的截止日期未能改成所填日期，未作任何改动，请检查规则文件的写法。")
    before, last = _timers(tx, code), _last(tx)
    tx.run("UPDATE call SET rules = ?, closes_at = ? WHERE code = ?", (text, end_of(asked.closes), code))
    ids = [each[0] for each in tx.rows("SELECT id FROM cases WHERE call = ? ORDER BY id", (code,))]
    tx.run(
        "INSERT INTO call_extension (code, old_day, new_day, old_paper_day, new_paper_day, reason, by, at, cases)"
        " VALUES (?,?,?,?,?,?,?,?,?)",
        (
            code,
            closes.value,
            asked.closes,
            paper.value,
            asked.paper,
            asked.reason,
            by.signature,
            as_of,
            len(ids),
        ),
    )
    number = tx.one("SELECT count(*) FROM call_extension WHERE code = ?", (code,))
    assert number
    fresh = replace(desk, processes=Processes(desk.engine))
    for track in rules.tracks:
        key = f"{code}/{track}@{number[0] + 1}"
        fresh.processes.put(key, rules.track(track))
        tx.run("UPDATE cases SET process = ? WHERE call = ? AND track = ?", (key, code, track))
    words = {"old_due": spoken(closes.value), "new_due": spoken(asked.closes), "reason": asked.reason}
    telling = Telling(LETTER, f"extended@{number[0]}", closes.clause, words)
    moved = 0
    for begin in range(0, len(ids), PORTION):
        moved += len(move_dates(tx, fresh, ids[begin : begin + PORTION], as_of, telling))
    detail = {"call": code, "from": closes.value, "to": asked.closes, "reason": asked.reason, "cases": moved}
    append(tx, [Entry(as_of, as_of, by.signature, "call", "extend", clause=closes.clause, detail=detail)])
    letters = tx.rows("SELECT subject, body FROM letter WHERE id > ? ORDER BY id", (last,))
    return Extended(
        moved,
        _compared(before, _timers(tx, code)),
        len(letters),
        letters[0] if letters else None,
    )


def _refuse_unless_extends(
    call: CallState, asked: Extension, by: Actor, as_of: datetime, seen: date | None
) -> None:
    rule = call.rules.filing_closes
    if reach(by.role, "call.extend") is Reach.NONE:
        raise Refused(f"{by.role.label}不能延长申报时间。", clause=rule.clause)
    if reach(by.role, "call.extend") is Reach.OWN and by.scope != call.rules.province:
        raise Refused(f"{call.name}不是{by.name}所在省份的批次，不能由其延长。", clause="M24-8")
    if call.state != "open" or as_of >= call.closes_at:
        raise Refused(f"{call.name}申报已截止或尚未开放，不能延长；截止之前才能延长。", clause=rule.clause)
    if seen is not None and seen != rule.value:
        raise Refused(f"截止日期已由他人改为{spoken(rule.value)}，请核对后重新办理。", clause=rule.clause)
    if asked.closes <= rule.value:
        raise Refused(f"新的截止日期应晚于现在的{spoken(rule.value)}。", clause=rule.clause)
    if asked.paper < call.rules.paper_due.value:
        raise Refused(
            f"书面材料报送截止日期不能早于现在的{spoken(call.rules.paper_due.value)}。",
            clause=call.rules.paper_due.clause,
        )
    if not asked.reason or len(asked.reason) > LONGEST:
        raise Refused(
            f"请写明延长的原因（{LONGEST}字以内），原因会写进给申报单位的通知。", clause=rule.clause
        )


def _last(tx: Transaction) -> int:
    row = tx.one("SELECT coalesce(max(id), 0) FROM letter")
    return int(row[0]) if row else 0


def _timers(tx: Transaction, code: str) -> Mapping[tuple[int, str], tuple[str, str, str]]:
    """Pending timers of a call: case and key → kind, what it tells or does, when next."""
    rows = tx.rows(
        "SELECT t.case_id, t.key, t.kind, coalesce(nullif(t.letter, ''), t.move), t.fires_at FROM timer t"
        " JOIN cases c ON c.id = t.case_id WHERE c.call = ? AND t.fires_at IS NOT NULL",
        (code,),
    )
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in rows}


def _compared(
    before: Mapping[tuple[int, str], tuple[str, str, str]],
    after: Mapping[tuple[int, str], tuple[str, str, str]],
) -> tuple[MovedTimer, ...]:
    counted: dict[tuple[str, str, str | None], int] = {}
    for key, (kind, name, due) in before.items():
        now = after.get(key)
        if now is None or now[2] != due:
            label = TIMER_LETTERS.get(name, "") if kind != "move" else ""
            alike = (label or ("到期办理" if kind == "move" else name), due, now[2] if now else None)
            counted[alike] = counted.get(alike, 0) + 1
    found = []
    for (label, old, new), count in sorted(counted.items(), key=str):
        was = instant(old)
        assert was is not None
        found.append(MovedTimer(label, was, instant(new), count))
    return tuple(found)

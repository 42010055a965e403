"""Calls: put on record, opened and closed on their days, with the rules pinned as they were."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.wording import spoken
from records.transaction import Transaction, reading, transaction
from states.calendar import end_of, start_of
from states.call_rules import CallRules
from states.facts import instant
from states.refusals import Refused
from states.roles import Role
from states.rulebook import call_rules, call_text, list_calls, load_call, parse_call


@dataclass(frozen=True, slots=True)
class CallState:
    """A call as kept: planned → open → closed."""

    code: str
    name: str
    state: str
    opens_at: datetime
    closes_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    rules: CallRules


def known_calls(desk: Desk, folder: Path | None = None, *, samples: bool = False) -> list[CallState]:
    """Every call kept here, and every rule file or approved plan not opened yet (state ``planned``), oldest first.

    With ``samples`` the plain calls to rehearse with stand among them.
    """
    kept = {state.code: state for state in kept_calls(desk)}
    for rules in list_calls(folder, samples=samples):
        kept.setdefault(rules.code, _planned(rules))
    for rules in _approved(desk):
        kept.setdefault(rules.code, _planned(rules))
    return sorted(kept.values(), key=lambda each: (each.opens_at, each.code))


def planned_calls(folder: Path | None = None, *, samples: bool = False) -> list[CallState]:
    """Every call there is a rule file for, as if none had been opened: for where no data are kept yet."""
    return [_planned(rules) for rules in list_calls(folder, samples=samples)]


def planned_call(file: Path) -> CallState:
    """The call a rule file would make, as if it stood in the folder of calls. BadRules says what is wrong with it."""
    return _planned(load_call(file))


def kept_calls(desk: Desk) -> list[CallState]:
    """The calls on record."""
    with reading(desk.engine) as tx:
        return [_state(row) for row in tx.rows(f"{_SELECT} ORDER BY opens_at, code")]


def call_state(desk: Desk, code: str) -> CallState:
    """One call on record. Raises Refused when it was never opened here."""
    with reading(desk.engine) as tx:
        return state_in(tx, code)


def state_in(tx: Transaction, code: str) -> CallState:
    """One call on record, within a transaction."""
    row = tx.one(f"{_SELECT} WHERE code = ?", (code,))
    if row is None:
        raise Refused(f"批次“{code}”尚未开放，请先用 linxuan call open {code} 开放。")
    return _state(row)


def open_call(
    desk: Desk,
    code: str,
    *,
    by: Actor,
    as_of: datetime,
    folder: Path | None = None,
    rehearsing: bool = False,
) -> CallState:
    """Open a call and pin its rules (M24-7.1). Opening an open call again changes nothing.

    Raises Refused before its first day, after its last, for a closed call, for a province that opens a call not
    its own (M24-8), and for a sample call unless ``rehearsing``.
    """
    rules, text = _rules_to_open(desk, code, folder)
    if rules.sample and not rehearsing:
        raise Refused(
            f"{rules.name}（{rules.code}）是演练用样例，不能正式开放；请用 linxuan rehearse {rules.code} 演练。",
            clause="M24-7.1",
        )
    if by.role is Role.PROVINCE and by.scope != rules.province:
        raise Refused(f"{rules.name}不是{by.name}所在省份的批次，不能由其开放。", clause="M24-8")
    planned = _planned(rules)
    with transaction(desk.engine) as tx:
        row = tx.one(f"{_SELECT} WHERE code = ?", (rules.code,))
        if row is not None:
            kept = _state(row)
            if kept.state == "closed":
                raise Refused(f"{rules.name}申报已截止，不能重新开放。", clause=rules.filing_closes.clause)
            return kept
        refuse_to_open(rules, as_of)
        tx.run(
            "INSERT INTO call (code, name, state, opens_at, closes_at, opened_at, rules) VALUES (?,?,'open',?,?,?,?)",
            (rules.code, rules.name, planned.opens_at, planned.closes_at, as_of, text),
        )
        append(
            tx,
            [
                Entry(
                    as_of, as_of, by.signature, "call", "open", clause="M24-7.1", detail={"call": rules.code}
                )
            ],
        )
        return state_in(tx, rules.code)


def _rules_to_open(desk: Desk, code: str, folder: Path | None) -> tuple[CallRules, str]:
    """The rules a call opens with: an approved plan, else its rule file."""
    with reading(desk.engine) as tx:
        plan = tx.one("SELECT rules, state FROM call_proposal WHERE code = ?", (code.strip().upper(),))
    if plan is None:
        return call_rules(code, folder), call_text(code, folder)
    if plan[1] != "approved":
        raise Refused(f"批次{code}的方案尚未批准，不能开放。", clause="M24-7.1")
    return parse_call(plan[0], f"{code}.toml"), plan[0]


def _approved(desk: Desk) -> list[CallRules]:
    with reading(desk.engine) as tx:
        rows = tx.rows("SELECT code, rules FROM call_proposal WHERE state = 'approved' ORDER BY code")
    return [parse_call(rules, f"{code}.toml") for code, rules in rows]


def refuse_to_open(rules: CallRules, as_of: datetime) -> None:
    """Raises Refused before a call's first day and after its last."""
    planned, opens, closes = _planned(rules), rules.opens, rules.filing_closes
    if as_of < planned.opens_at:
        raise Refused(f"{rules.name}自{opens.value}起受理，现在还不能开放。", clause=opens.clause)
    if as_of >= planned.closes_at:
        raise Refused(f"{rules.name}申报已于{spoken(closes.value)}24时截止，不能开放。", clause=closes.clause)


def close_call(
    desk: Desk, code: str, *, by: Actor, as_of: datetime, effective: datetime | None = None
) -> CallState:
    """Close a call for filing. Closing it again changes nothing; before its last day has passed it is refused."""
    with transaction(desk.engine) as tx:
        kept = state_in(tx, code)
        if kept.state == "closed":
            return kept
        if as_of < kept.closes_at:
            rule = kept.rules.filing_closes
            raise Refused(f"{kept.name}受理至{spoken(rule.value)}24时，尚未截止。", clause=rule.clause)
        tx.run("UPDATE call SET state = 'closed', closed_at = ? WHERE code = ?", (effective or as_of, code))
        entry = Entry(
            effective or as_of, as_of, by.signature, "call", "close", clause=kept.rules.filing_closes.clause,
            detail={"call": code},
        )  # fmt: skip
        append(tx, [entry])
        return state_in(tx, code)


def close_calls_due(desk: Desk, *, by: Actor, as_of: datetime) -> list[str]:
    """Close every open call whose last day has passed, at its legal instant (D-7); their codes."""
    due = [each for each in kept_calls(desk) if each.state == "open" and each.closes_at <= as_of]
    for each in due:
        close_call(desk, each.code, by=by, as_of=as_of, effective=each.closes_at)
    return [each.code for each in due]


def open_calls_due(desk: Desk, *, by: Actor, as_of: datetime, folder: Path | None = None) -> list[str]:
    """Open every call whose first day has come and whose last has not passed (M24-7.1); their codes."""
    due = [
        each
        for each in known_calls(desk, folder)
        if each.state == "planned" and each.opens_at <= as_of < each.closes_at
    ]
    for each in due:
        open_call(desk, each.code, by=by, as_of=as_of, folder=folder)
    return [each.code for each in due]


_SELECT = "SELECT code, name, state, opens_at, closes_at, opened_at, closed_at, rules FROM call"


def _planned(rules: CallRules) -> CallState:
    opens, closes = start_of(rules.opens.value), end_of(rules.filing_closes.value)
    return CallState(rules.code, rules.name, "planned", opens, closes, None, None, rules)


def _state(row: tuple[str, str, str, str, str, str | None, str | None, str]) -> CallState:
    opens, closes = instant(row[3]), instant(row[4])
    assert opens is not None
    assert closes is not None
    return CallState(
        row[0],
        row[1],
        row[2],
        opens,
        closes,
        instant(row[5]),
        instant(row[6]),
        parse_call(row[7], f"{row[0]}.toml"),
    )

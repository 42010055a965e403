"""What must always be true of the records, proved by going through all of them (law 3; run nightly).

Each check reads in portions and names the case and what is wrong. Nothing is mended here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from casework.audit import verify
from casework.desk import Desk
from casework.loading import as_loaded, select_cases
from casework.panels.faults import panel_faults
from casework.publicity.faults import publicity_faults
from records.transaction import Transaction, reading
from states.anchors import publicity_period
from states.calendar import day_of, end_of
from states.checked import Process
from states.facts import Facts, day, instant
from states.timers import Kind, schedule

PORTION = 2000
SHOWN = 50


@dataclass(slots=True)
class InvariantReport:
    """How many cases were gone through, and every fault found (the first fifty of each kind in words)."""

    cases: int = 0
    entries: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """True when nothing is wrong."""
        return not self.faults


def check(desk: Desk, as_of: datetime) -> InvariantReport:
    """Go through every record. ``as_of`` (aware UTC) only decides what should have happened by now."""
    report = InvariantReport()
    chain = verify(desk.engine)
    report.entries = chain.entries
    if not chain.ok:
        report.faults.append(f"审计日志：{chain.why}")
    with reading(desk.engine) as tx:
        for portion in _cases(tx):
            report.cases += len(portion)
            _add(report, _case_faults(tx, desk, portion))
        for faults in (
            _overlapping_terms(tx),
            _over_quota(tx, desk),
            _cooling_off(tx),
            _lost_letters(tx, desk),
            publicity_faults(tx),
            panel_faults(tx),
        ):
            _add(report, faults)
    return report


def _add(report: InvariantReport, faults: Iterator[str]) -> None:
    for count, fault in enumerate(faults):
        if count == SHOWN:
            report.faults.append("……同类问题还有更多")
            return
        report.faults.append(fault)


def _cases(tx: Transaction) -> Iterator[list[tuple[Facts, str | None, datetime | None]]]:
    last = 0
    sql = f"{select_cases('c.held_by, c.due_at')} WHERE c.id > ? ORDER BY c.id LIMIT ?"
    while rows := tx.rows(sql, (last, PORTION)):
        yield [(as_loaded(row).facts, row[-2], instant(row[-1])) for row in rows]
        last = rows[-1][0]


def _case_faults(
    tx: Transaction, desk: Desk, portion: list[tuple[Facts, str | None, datetime | None]]
) -> Iterator[str]:
    ids = [facts.id for facts, _, _ in portion]
    timers: dict[int, dict[str, datetime | None]] = {}
    stopped: dict[int, list[str]] = {}
    for id_, key, due, kind, fires_at in tx.rows(
        f"SELECT case_id, key, due, kind, fires_at FROM timer WHERE {tx.among('case_id')}", (tx.listed(ids),)
    ):
        timers.setdefault(id_, {})[key] = instant(due)
        if kind == Kind.MOVE and fires_at is None:
            stopped.setdefault(id_, []).append(key)
    moves = {
        row[0]: row[1:]
        for row in tx.rows(
            "SELECT a.case_id, count(*), count(DISTINCT a.version), max(a.version) FROM audit a"
            f" WHERE {tx.among('a.case_id')} AND a.kind = 'move' GROUP BY a.case_id",
            (tx.listed(ids),),
        )
    }
    stages = dict(
        tx.rows(
            "SELECT a.case_id, a.to_stage FROM audit a JOIN cases c ON c.id = a.case_id AND c.version = a.version"
            f" WHERE {tx.among('a.case_id')} AND a.kind = 'move'",
            (tx.listed(ids),),
        )
    )
    for facts, held_by, due_at in portion:
        process = desk.processes.process(facts.process)
        stage = process.stages.get(facts.stage)
        if stage is None:
            yield f"{facts.no}：环节“{facts.stage}”不在流程{facts.process}之中"
            continue
        planned = schedule(process, facts, desk.calendar)
        if timers.get(facts.id, {}) != {timer.key: timer.due for timer in planned.timers}:
            yield f"{facts.no}：存储的时限与推算的时限不一致（环节“{stage.label}”）"
        if due_at != (planned.limit.due if planned.limit else None):
            yield f"{facts.no}：办理期限与推算不一致"
        if held_by != (str(stage.holder.role) if stage.holder else None):
            yield f"{facts.no}：承办方与流程不一致"
        for key in stopped.get(facts.id, []):
            yield f"{facts.no}：到期办理“{process.labels.get(key, key)}”永远不会执行"
        if moves.get(facts.id) != (facts.version,) * 3:
            yield f"{facts.no}：版本{facts.version}与审计日志中的办理次数不一致"
        if stages.get(facts.id) != facts.stage:
            yield f"{facts.no}：环节与审计日志最后一次办理不一致"
        yield from _term_faults(tx, desk, process, facts)


def _term_faults(tx: Transaction, desk: Desk, process: Process, facts: Facts) -> Iterator[str]:
    if facts.term_no == 0:
        if process.stages[facts.stage].in_directory:
            yield f"{facts.no}：在目录内却没有有效期"
        return
    terms = tx.rows(
        "SELECT number, starts_at, last_day, ended_at, end_ground, cooling_until FROM term WHERE case_id = ?"
        " ORDER BY number",
        (facts.id,),
    )
    if [row[0] for row in terms] != list(range(1, facts.term_no + 1)):
        yield f"{facts.no}：有效期记录不连续"
        return
    if day(terms[-1][2]) != day(facts.term_last_day):
        yield f"{facts.no}：有效期末日与有效期记录不一致"
    if (terms[-1][4], day(terms[-1][5])) != (facts.exit_ground, day(facts.cooling_until)):
        yield f"{facts.no}：退出事由或限制申报期与有效期记录不一致"
    if facts.exit_ground == "not_applied" and facts.renewal_applied_at and not facts.renewal_refused:
        yield f"{facts.no}：按时提交的续期申请尚无结论即到期退出（D-5）"
    if process.stages[facts.stage].in_directory == (terms[-1][3] is not None):
        yield f"{facts.no}：有效期是否终止与所在环节不一致"
    posted, starts = instant(facts.posted_at), instant(terms[0][1])
    if posted is None or starts is None:
        yield f"{facts.no}：列入目录前没有公示（{process.rules.publicity.clause}）"
    elif starts < publicity_period(posted, process.rules, desk.calendar).due:
        yield f"{facts.no}：公示不足{process.rules.publicity.value.text()}即列入目录（{process.rules.publicity.clause}）"


def _overlapping_terms(tx: Transaction) -> Iterator[str]:
    """Never two terms alive at once for one institution, track and occupation."""
    alive: dict[tuple[str, ...], datetime] = {}
    sql = (
        "SELECT t.institution_id, t.track, t.occupation, t.starts_at, t.last_day, t.ended_at, c.no FROM term t"
        " JOIN cases c ON c.id = t.case_id ORDER BY t.institution_id, t.track, t.occupation, t.starts_at"
    )
    for institution, track, occupation, starts_text, last_text, ended_text, no in tx.rows(sql):
        starts, last, ended = instant(starts_text), day(last_text), instant(ended_text)
        assert starts is not None
        assert last is not None
        key = (str(institution), track, occupation)
        if key in alive and starts < alive[key]:
            yield f"{no}：同一单位同一职业存在两个并存的有效期"
        alive[key] = ended or end_of(last)


def _over_quota(tx: Transaction, desk: Desk) -> Iterator[str]:
    for call, track, process_key in tx.rows("SELECT DISTINCT call, track, process FROM cases"):
        process = desk.processes.process(process_key)
        quota = process.rules.quota
        place = "province" if quota.scope == "province" else "''"
        marks = ",".join("?" * len(process.seat_stages))
        for occupation, where, count in tx.rows(
            f"SELECT occupation, {place}, count(*) FROM cases WHERE call = ? AND track = ? AND stage IN ({marks})"
            f" GROUP BY occupation, {place} HAVING count(*) > ?",
            (call, track, *process.seat_stages, min([quota.value, *quota.by_occupation.values()])),
        ):
            if count > quota.of(occupation):
                yield f"{call} {occupation} {where}：名额{quota.of(occupation)}家，已列{count}家（{quota.clause}）"


def _cooling_off(tx: Transaction) -> Iterator[str]:
    sql = (
        "SELECT c.no, c.filed_at, t.cooling_until FROM cases c JOIN term t ON t.institution_id = c.institution_id"
        " AND t.track = c.track AND t.occupation = c.occupation AND t.case_id <> c.id"
        " WHERE t.cooling_until IS NOT NULL AND c.filed_at IS NOT NULL AND t.ended_at <= c.filed_at"
    )
    for no, filed, until in tx.rows(sql):
        at, last = instant(filed), day(until)
        if at is not None and last is not None and day_of(at) <= last:
            yield f"{no}：在限制申报期内受理（至{last}，M24-9.5）"


def _lost_letters(tx: Transaction, desk: Desk) -> Iterator[str]:
    """Every move that tells somebody left a letter, a digest line or an incident behind (law 4)."""
    told = {
        (process, "", "file", "submitted"): ("received", 1)
        for (process,) in tx.rows("SELECT DISTINCT process FROM cases")
    } | {
        (process, stage.key, move.name, ""): (move.letter, len(move.tells))
        for (process,) in tx.rows("SELECT DISTINCT process FROM cases")
        for stage in desk.processes.process(process).stages.values()
        for move in (*stage.moves, *(clock.move for clock in stage.clock))
        if move.letter
    }
    counts = "+".join(
        f"(SELECT count(*) FROM {table} x WHERE x.case_id = a.case_id AND x.letter = ? AND x.occasion = 'v' || a.version)"
        for table in ("letter", "notice")
    )
    for (process, stage, name, to), (letter, readers) in told.items():
        sql = (
            f"SELECT c.no, {counts} FROM audit a JOIN cases c ON c.id = a.case_id WHERE a.kind = 'move'"
            " AND a.name = ? AND a.from_stage = ? AND c.process = ? AND (? = '' OR a.to_stage = ?)"
        )
        for no, found in tx.rows(sql, (letter, letter, name, stage, process, to, to)):
            if found < readers and not tx.one(
                "SELECT 1 FROM incident i JOIN cases c ON c.id = i.case_id WHERE c.no = ? AND i.kind = 'no_address'",
                (no,),
            ):
                yield f"{no}：办理“{name}”应发的通知不全（{found}/{readers}）"

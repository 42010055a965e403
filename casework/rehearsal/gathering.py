"""Reading the rehearsed records back into a report."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from casework.audit import verify
from casework.directory import entries
from casework.invariants import check
from casework.rehearsal.clauses_at_work import clauses_at_work
from casework.rehearsal.clock import Clock
from casework.rehearsal.letter_titles import title_of
from casework.rehearsal.lives import listings, phases
from casework.rehearsal.panel_gathering import happened, panel_stories
from casework.rehearsal.report import DirectoryDay, Line, Listing, Milestone, Report, SentLetter
from casework.rehearsal.world import World
from records.transaction import Transaction, reading
from states.calendar import day_of, start_of
from states.facts import instant
from states.labels import TRACKS
from states.roles import Role

_BY_MONTH = ("file", "recommend", "receive_paper", "answer_warnings")
"""Moves of the filing period that come one by one; the timeline tells them month by month."""
_QUIET = ("record_activity", "fulfil_duty", "record_result")
_ALL_TOLD = 5
"""Of more occupations than these the untouched ones are left out."""
_STAFF_LETTERS = ("digest", "escalation")


def gather(lines: Sequence[World], clock: Clock) -> Report:
    """The report of a world that has been lived through. Checks every invariant and the whole audit log."""
    world = lines[0]
    invariants, chain = check(world.desk, world.now), verify(world.desk.engine)
    faults = list(invariants.faults)
    if not chain.ok and not any("审计日志" in fault for fault in faults):
        faults.append(f"审计日志：{chain.why}")
    with reading(world.desk.engine) as tx:
        letters = list(_letters(tx, world))
        lived = tuple(listing for line in lines for listing in listings(tx, line))
        unsent = tx.one(
            "SELECT (SELECT count(*) FROM letter WHERE state <> 'sent')"
            " + (SELECT count(*) FROM panel_letter WHERE state NOT IN ('sent', 'superseded'))"
        )
        panels = panel_stories(tx, lines)
        incidents = tuple(
            f"{kind}：{reason}" for kind, reason in tx.rows("SELECT kind, reason FROM incident ORDER BY id")
        )
        return Report(
            world.call.code, world.call.name, world.call.title, sum(line.institutions for line in lines), world.seed,
            world.call.notice, day_of(world.until - timedelta(seconds=1)), clock.jumps,
            _known_until(world), tuple(_line(tx, line) for line in lines), _HEADINGS, tuple(_milestones(tx, world)),
            tuple(world.journal.readings), tuple(world.journal.refusals),
            clauses_at_work(tx, lines, panels), lived, tuple(_directory(world, lived)),
            tuple(each for each in letters if each.letter not in _STAFF_LETTERS),
            tuple(each for each in letters if each.letter in _STAFF_LETTERS),
            int(unsent[0]) if unsent else 0, incidents, invariants.cases, chain.entries, chain.ok, tuple(faults),
            panels, happened(tx, lines, panels), tuple(_to_experts(tx)),
        )  # fmt: skip


def _line(tx: Transaction, world: World) -> Line:
    return Line(
        world.label, world.track, world.province, _stages(tx, world), _funnel(tx, world), phases(tx, world)
    )


def _known_until(world: World) -> int:
    """The last year whose holidays are announced (D-6)."""
    year = day_of(world.now).year
    while not world.desk.calendar.is_announced(year):
        year -= 1
    return year


_MINE = "c.call = ? AND c.track = ? AND ? IN ('', c.province)"
_HEADINGS = ("受理", "推荐", "进入初核", "进入专家评议", "公示", "列入目录", "期末在册")
_WANTED = ("submitted", "recommended", "initial_review", "expert_review", "publicity", "listed")


def _mine(world: World) -> tuple[str, str, str]:
    return world.call.code, world.track, world.province


def _stages(tx: Transaction, world: World) -> tuple[tuple[str, int], ...]:
    counted = dict(tx.rows(f"SELECT stage, count(*) FROM cases c WHERE {_MINE} GROUP BY stage", _mine(world)))
    stages = world.process.stages
    return tuple((stages[key].label, counted[key]) for key in stages if key in counted)


def _funnel(tx: Transaction, world: World) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """By occupation: how many cases ever came into each stage on the way to the directory, and stand there now."""
    reached: Counter[tuple[str, str]] = Counter()
    for occupation, stage, count in tx.rows(
        "SELECT c.occupation, a.to_stage, count(DISTINCT a.case_id) FROM audit a JOIN cases c ON c.id = a.case_id"
        f" WHERE a.kind = 'move' AND {_MINE} GROUP BY c.occupation, a.to_stage",
        _mine(world),
    ):
        reached[occupation, stage] = count
    places = ",".join("?" * len(world.in_directory))
    standing = dict(
        tx.rows(
            f"SELECT occupation, count(*) FROM cases c WHERE {_MINE} AND stage IN ({places}) GROUP BY occupation",
            (*_mine(world), *world.in_directory),
        )
    )
    rows = tuple(
        (each.title, (*(reached[each.code, stage] for stage in _WANTED), standing.get(each.code, 0)))
        for each in world.rules.occupations.value
        if reached[each.code, "submitted"] or len(world.rules.occupations.value) <= _ALL_TOLD
    )
    return (*rows, ("合计", tuple(map(sum, zip(*(counts for _, counts in rows), strict=True)))))


def _milestones(tx: Transaction, world: World) -> Iterator[Milestone]:
    """Calls opened and closed, and every change of stage: by day, those of the filing period by month."""
    found: dict[tuple[date, str, str, str, bool], int] = {}
    rows = tx.rows(
        "SELECT a.at, a.actor, a.kind, a.name, a.from_stage, a.to_stage, a.clause, a.detail, c.call FROM audit a"
        " LEFT JOIN cases c ON c.id = a.case_id WHERE a.kind IN ('move', 'call') ORDER BY a.at, a.seq"
    )
    for at_text, actor, kind, name, _, _, clause, detail, call in rows:
        at = instant(at_text)
        assert at is not None
        if kind == "move" and name in _QUIET:
            continue
        day = day_of(at)
        when = str(day)
        what = (
            {"open": "批次开放申报", "close": "批次申报截止"}.get(name, name)
            if kind == "call"
            else world.move_label(name)
        )
        if name in _BY_MONTH:
            day, when = date(day.year, day.month, 1), f"{day:%Y-%m}"
        elsewhere = call not in (None, world.call.code) or (
            kind == "call" and f'"{world.call.code}"' not in detail
        )
        what = f"{what}（演练后续批次）" if elsewhere else what
        key = (day, when, what, clause, actor.startswith(Role.CLOCK))
        found[key] = found.get(key, 0) + 1
    for (_, when, what, clause, by_clock), count in sorted(found.items(), key=lambda each: each[0][0]):
        yield Milestone(when, what, count, clause, by_clock)


def _letters(tx: Transaction, world: World) -> Iterator[SentLetter]:
    mail = world.installation.settings.mail
    sender = f"{mail.sender_name} <{mail.sender}>"
    rows = tx.rows(
        "SELECT l.sent_at, l.letter, l.role, l.recipient, c.no, l.clause, l.subject, l.body FROM letter l"
        " LEFT JOIN cases c ON c.id = l.case_id WHERE l.state = 'sent' ORDER BY l.sent_at, l.id"
    )
    for at, letter, role, recipient, no, clause, subject, body in rows:
        sent: datetime | None = instant(at)
        assert sent is not None
        yield SentLetter(
            sent, letter, title_of(letter), sender, Role(role).label if role in set(Role) else "工作人员",
            recipient, no or "", clause, subject, body,
        )  # fmt: skip


def _to_experts(tx: Transaction) -> Iterator[tuple[str, int]]:
    rows = tx.rows(
        "SELECT letter, count(*) FROM panel_letter WHERE state = 'sent' GROUP BY letter ORDER BY letter"
    )
    yield from ((title_of(letter), count) for letter, count in rows)


def _directory(world: World, lived: tuple[Listing, ...]) -> Iterator[DirectoryDay]:
    """The directory on the days on which it changed, the day before the first, and the last day."""
    days: dict[date, str] = {}
    firsts = sorted({each.terms[0].first_day for each in lived})
    if firsts:
        days[firsts[0] - timedelta(days=1)] = "列入目录前一日"
    for first in firsts:
        days[first] = "列入目录"
    for each in lived:
        if each.exit_day:
            at_midnight = each.stays[-1].since == start_of(each.exit_day)
            gone = each.exit_day if at_midnight else each.exit_day + timedelta(days=1)
            days.setdefault(gone, "退出目录" if at_midnight else "退出目录次日")
    last = day_of(world.until - timedelta(seconds=1))
    days[last] = "演练最后一日"
    for day in sorted(days):
        if start_of(day) >= world.until:
            continue
        found = entries(world.desk.engine, on=day, processes=world.desk.processes)
        yield DirectoryDay(
            day,
            days[day],
            tuple((TRACKS[e.track], e.occupation.name, e.institution, e.last_day, e.status) for e in found),
        )

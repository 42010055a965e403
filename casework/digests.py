"""The letters of the day to the staff: one digest each, and what is stuck to the head.

Reminders and escalations wait as notices until a working day's digest takes them up. Made twice, or in two
places at once, there is still one letter to each; a day without anything to say has none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from casework.actors import CLOCK, Actor
from casework.audit import Chain, Entry
from casework.desk import Desk
from casework.digest_lines import ROW, Row, line, overdue_notice
from casework.digest_sections import Day, Sections, nothing_to_say, sections, the_day
from casework.processes import Processes
from casework.selection import Selection
from casework.stuck import stuck
from casework.wording import spoken
from notifications.rendering import Rendered, Renderer
from notifications.vocabulary import STAFF_READER
from records.transaction import Transaction, reading, transaction
from states.calendar import Calendar, day_of
from states.facts import instant
from states.labels import DECIDERS
from states.places import OFFICES
from states.roles import STAFF, Role

ESCALATED = 30
"""So many stuck cases an escalation lists at most; its total is always exact."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody with a digest: an account, or the mailbox of an office nobody has an account for."""

    key: str
    name: str
    mail: str
    actor: Actor

    @property
    def office(self) -> str:
        """The name of the office the reader works for."""
        if self.actor.role is Role.RECOMMENDER:
            return OFFICES[self.actor.scope].name
        if self.actor.role is Role.PROVINCE:
            return OFFICES[f"P{self.actor.scope}"].name
        return self.actor.role.label


@dataclass(frozen=True, slots=True)
class _Draft:
    letter: str
    role: str
    reader: Reader
    rendered: Rendered


def queue_digests(
    engine: Engine, *, as_of: datetime, calendar: Calendar, renderer: Renderer, mail_domain: str | None = None
) -> int:
    """Queue the digests and escalations of the day of ``as_of`` (aware UTC); how many letters that is.

    Nothing on a day that is not worked: what waits is told on the next working day.
    """
    desk = Desk(engine, calendar, Processes(engine), renderer)
    if not calendar.is_working_day(day_of(as_of)):
        return 0
    with reading(engine) as tx:
        now = the_day(tx, desk, as_of)
        if nothing_to_say(tx, desk, now):
            return 0
        readers = list(_readers(tx, now))
        told: dict[tuple[Role, str], Sections] = {}
        for reader in readers:
            place = (reader.actor.role, reader.actor.scope)
            if place not in told:
                told[place] = sections(tx, desk, reader.actor, now)
        heads = [reader for reader in readers if reader.actor.role is Role.HEAD]
        escalated = _escalated(tx, now) if heads else []
    drafts = [
        _digest(desk, reader, found, now)
        for reader in readers
        if (found := told[reader.actor.role, reader.actor.scope]).summary
    ]
    drafts += _escalations(desk, heads, escalated, now)
    taken_up = [id_ for found in told.values() for id_ in found.notices] + [id_ for id_, *_ in escalated]
    return _write(desk, drafts, taken_up, now, mail_domain or desk.mail_domain)


def _readers(tx: Transaction, now: Day) -> Iterator[Reader]:
    covered = set()
    for login, name, mail, role, scope in tx.rows(
        "SELECT login, name, mail, role, scope FROM person WHERE digest AND disabled_at IS NULL AND mail <> ''"
        f" AND {tx.among('role')} ORDER BY login",
        (tx.listed(sorted(STAFF)),),
    ):
        covered.add((role, scope))
        yield Reader(login, name, mail, Actor(login, Role(role), scope))
    waiting = tx.rows(
        "SELECT DISTINCT c.channel, m.mail FROM notice n JOIN cases c ON c.id = n.case_id"
        " JOIN office_mailbox m ON m.channel = c.channel"
        " WHERE n.role = ? AND (n.digested_on IS NULL OR n.digested_on = ?) ORDER BY c.channel",
        (str(Role.RECOMMENDER), now.today),
    )
    for channel, mail in waiting:
        if (str(Role.RECOMMENDER), channel) not in covered:
            yield Reader(
                f"@{channel}", OFFICES[channel].name, mail, Actor(channel, Role.RECOMMENDER, channel)
            )


def _digest(desk: Desk, reader: Reader, found: Sections, now: Day) -> _Draft:
    context = _staff_words(reader, now) | {
        "summary": found.summary,
        "overdue": found.overdue,
        "due_soon": found.due_soon,
        "duties": found.duties,
        "reminders": found.reminders,
        "incidents": found.incidents,
        "happened": found.happened,
    }
    rendered = desk.renderer.render("digest", STAFF_READER, context)
    return _Draft("digest", str(reader.actor.role), reader, rendered)


def _escalated(tx: Transaction, now: Day) -> list[tuple[Any, ...]]:
    """The head's notices not told before today, each with its case, the longest overdue first."""
    return tx.rows(
        f"SELECT n.id, {ROW} FROM notice n JOIN cases c ON c.id = n.case_id"
        " JOIN institution i ON i.id = c.institution_id"
        " WHERE n.role = ? AND (n.digested_on IS NULL OR n.digested_on = ?) ORDER BY c.due_at, c.no, n.id",
        (str(Role.HEAD), now.today),
    )


def _escalations(
    desk: Desk, heads: Sequence[Reader], escalated: Sequence[tuple[Any, ...]], now: Day
) -> list[_Draft]:
    """What is stuck, whose move it is, for how long, and what would unblock it; cases settled since are left out."""
    rows = dict.fromkeys(Row._make(rest) for _, *rest in escalated)
    listed = [row for row in rows if row.held_by and (due := instant(row.due_at)) and due <= now.as_of]
    if not heads or not listed:
        return []
    first = tuple(row.no for row in listed[:ESCALATED])
    why = {each.no: each.why for each in stuck(desk, Selection(nos=first), as_of=now.as_of, limit=len(first))}
    parts = []
    for n, row in enumerate(listed[:ESCALATED], 1):
        stage = desk.processes.process(row.process).stages[row.stage]
        parts.append(f"{n}. {line(desk, row, overdue_notice(stage), now.today)}\n　　{why.get(row.no, '')}")
    if len(listed) > ESCALATED:
        parts.append(f"其余{len(listed) - ESCALATED}件未逐件列出，请登录系统查看。")
    drafts = []
    for reader in heads:
        words = _staff_words(reader, now) | {
            "summary": f"{len(listed)}件超期未办结",
            "stuck": "\n".join(parts),
        }
        drafts.append(
            _Draft("escalation", str(Role.HEAD), reader, desk.renderer.render("escalation", "head", words))
        )
    return drafts


def _staff_words(reader: Reader, now: Day) -> dict[str, str]:
    return {
        "reader": reader.name,
        "office": reader.office,
        "today": spoken(now.today),
        "signer": DECIDERS["office"],
    }


def _write(desk: Desk, drafts: Sequence[_Draft], taken_up: Sequence[int], now: Day, domain: str) -> int:
    if not drafts and not taken_up:
        return 0
    with transaction(desk.engine) as tx:
        chain = Chain(tx)  # also keeps a second run away where the database does not lock as a whole
        queued = 0
        for draft in drafts:
            # A letter about no case has no unique key of its own: NULL differs from NULL.
            occasion = f"{now.today}:{draft.reader.key}"
            if tx.one("SELECT 1 FROM letter WHERE letter = ? AND occasion = ?", (draft.letter, occasion)):
                continue
            tx.run(
                "INSERT INTO letter (letter, role, recipient, occasion, clause, subject, body, message_id,"
                " created_at, not_before, state, attempts) VALUES (?,?,?,?,'',?,?,?,?,?,'queued',0)",
                (
                    draft.letter, draft.role, draft.reader.mail, occasion, draft.rendered.subject,
                    draft.rendered.body, f"<{draft.letter}.{now.today}.{draft.reader.key.lstrip('@')}@{domain}>",
                    now.as_of, now.as_of,
                ),
            )  # fmt: skip
            queued += 1
        tx.run(
            f"UPDATE notice SET digested_on = ? WHERE digested_on IS NULL AND {tx.among('id')}",
            (now.today, tx.listed(taken_up)),
        )
        if queued:
            detail = {"letters": queued, "day": now.today}
            chain.append(Entry(now.as_of, now.as_of, CLOCK.signature, "letter", "digests", detail=detail))
            chain.write()
    return queued

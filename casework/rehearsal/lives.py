"""The lives of those that entered the directory, and the phases of the selection, read from the audit log."""

import json
from collections.abc import Iterator
from datetime import date
from operator import itemgetter
from typing import Any

from casework.rehearsal.report import Listing, Stay, Term
from casework.rehearsal.world import World
from records.transaction import Transaction
from states.anchors import publicity_period
from states.calendar import day_of
from states.effects import EXIT_GROUNDS
from states.facts import day, instant
from states.places import OFFICES
from states.terms import last_day_to_apply

_PHASES = ("submitted", "initial_review", "expert_review", "recheck", "audit", "decision", "publicity")
_TOLD = (
    "publicise", "object", "dismiss_objection", "republish", "list", "order_rectification", "report_rectification",
    "accept_rectification", "fail_rectification", "apply_renewal", "approve_renewal", "refuse_renewal", "lapse",
    "exit", "withdraw_listing", "remove", "refuse_rectification",
)  # fmt: skip
_SAID = {
    "departure": "与专家意见不一致，",
    "objection": "",
    "finding": "",
    "correction": "",
    "reason": "",
    "due_on": "期限",
}
"""What is quoted of what was stated with a move, and what stands before it."""


def listings(tx: Transaction, world: World) -> tuple[Listing, ...]:
    """Every institution of a track that entered the directory, by the day it did and its number."""
    rows = tx.rows(
        "SELECT c.id, c.no, i.name, c.occupation, c.channel, c.votes_for, c.votes_cast, c.score, c.stage,"
        " c.exit_ground, c.cooling_until FROM cases c JOIN institution i ON i.id = c.institution_id"
        " WHERE c.call = ? AND c.track = ? AND ? IN ('', c.province) AND c.term_no > 0 ORDER BY c.no",
        (world.call.code, world.track, world.province),
    )
    found = [_listing(tx, world, row) for row in rows]
    return tuple(sorted(found, key=lambda each: (each.terms[0].first_day, each.no)))


def _listing(tx: Transaction, world: World, row: tuple[Any, ...]) -> Listing:
    case_id, no, institution, occupation, channel, votes_for, votes_cast, score, stage, ground, cooling = row
    titles = {each.code: each.title for each in world.rules.occupations.value}
    stays = tuple(_stays(tx, world, case_id))
    terms = []
    for number, starts, last_text in tx.rows(
        "SELECT number, starts_at, last_day FROM term WHERE case_id = ? ORDER BY number", (case_id,)
    ):
        first, last = instant(starts), day(last_text)
        assert first is not None
        assert last is not None
        terms.append(Term(number, day_of(first), last, last_day_to_apply(last)))
    told, clause = EXIT_GROUNDS.get(ground or "", ("", ""))
    notes = sorted((*_notes(tx, world, case_id), *_escalated(tx, case_id)), key=itemgetter(0))
    return Listing(
        no, world.label, institution, titles[occupation], OFFICES[channel].name, f"{votes_for}/{votes_cast}票，{score}分", stays,
        tuple(terms), tuple(notes), day_of(stays[-1].since) if stage == "exited" else None,
        told, clause, day(cooling),
    )  # fmt: skip


def _stays(tx: Transaction, world: World, case_id: int) -> Iterator[Stay]:
    rows = tx.rows(
        "SELECT at, to_stage FROM audit WHERE case_id = ? AND kind = 'move' AND (from_stage <> to_stage"
        " OR name = 'republish') ORDER BY version",
        (case_id,),
    )
    moves = [(instant(at), stage) for at, stage in rows]
    for place, (since, stage) in enumerate(moves):
        assert since is not None
        until = moves[place + 1][0] if place + 1 < len(moves) else None
        yield Stay(stage, world.process.stages[stage].label, since, until)


def _notes(tx: Transaction, world: World, case_id: int) -> Iterator[tuple[date, str, str]]:
    """What happened since publicity: the day, the move with what was said, the clause."""
    rows = tx.rows(
        "SELECT at, name, clause, detail FROM audit WHERE case_id = ? AND kind = 'move' ORDER BY version",
        (case_id,),
    )
    for at_text, name, clause, detail in rows:
        if name not in _TOLD:
            continue
        at = instant(at_text)
        assert at is not None
        stated = json.loads(detail)
        said = "；".join(f"{before}{_ended(stated[key])}" for key, before in _SAID.items() if stated.get(key))
        what = world.move_label(name)
        if name in ("publicise", "republish"):
            shown = publicity_period(at, world.rules, world.desk.calendar)
            what += f"，公示至{shown.day}（{shown.explanation()}）"
        yield day_of(at), f"{what}：{said}" if said else what, clause


def _ended(value: Any) -> str:
    return str(value).removesuffix("。")


def _escalated(tx: Transaction, case_id: int) -> Iterator[tuple[date, str, str]]:
    """How often, from when to when, the head was told that a renewal is still under review (D-5)."""
    rows = tx.rows(
        "SELECT min(at), max(at), count(*), clause FROM notice WHERE case_id = ? AND letter = 'renewal_overdue'"
        " GROUP BY clause ORDER BY clause",
        (case_id,),
    )
    for first_text, last_text, count, clause in rows:
        first, last = instant(first_text), instant(last_text)
        assert first is not None
        assert last is not None
        yield (
            day_of(first),
            f"有效期届满仍在审核，保留在目录内，督办负责人{count}次（至{day_of(last)}）",
            clause,
        )


def phases(tx: Transaction, world: World) -> tuple[Stay, ...]:
    """Each phase of the selection: from the first case that came into it to the last that left it."""
    found = []
    for key in _PHASES:
        if key not in world.process.stages:
            continue
        row = tx.one(
            "SELECT min(CASE WHEN a.to_stage = ? THEN a.at END), max(CASE WHEN a.from_stage = ? AND a.to_stage <> ?"
            " THEN a.at END) FROM audit a JOIN cases c ON c.id = a.case_id WHERE a.kind = 'move' AND c.call = ?"
            " AND c.track = ? AND ? IN ('', c.province)",
            (key, key, key, world.call.code, world.track, world.province),
        )
        since, until = (instant(row[0]), instant(row[1])) if row else (None, None)
        if since is not None:
            found.append(Stay(key, world.process.stages[key].label, since, until))
    return tuple(found)

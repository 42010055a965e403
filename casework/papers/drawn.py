"""The papers of the draw, the two that carry names: the draw record, and each expert's declaration (M24-7.3b, c)."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from casework.ballots.panel import PanelOfCases
from casework.desk import Desk
from casework.panels.panel import panel_by_id, plan_of
from casework.panels.seat import GONE, STATES
from casework.papers.panel_facts import about, institutions, rules_of, written
from casework.pool import availability
from records.transaction import Transaction
from states.panels import announced
from states.recusal import RULES
from states.refusals import Refused


def draw_record(tx: Transaction, _: Desk, panel: PanelOfCases, round_: int) -> Mapping[str, Any]:
    """What the record of one round says. Refused when it was not drawn."""
    row = tx.one(
        "SELECT certificate, committed_at, committed_by, supervisor, drawn_at FROM draw_round"
        " WHERE panel_id = ? AND round = ?",
        (panel.id, round_),
    )
    if row is None or row[0] is None:
        raise Refused(f"专家组{panel.no}第{round_}轮尚未抽取，没有抽取记录。", clause="M24-7.3c")
    certificate = json.loads(row[0])
    rules = rules_of(tx, panel)
    conditions = announced(plan_of(panel_by_id(tx, panel.id), rules), rules)
    return {
        **about(rules, panel),
        "round": round_,
        "seats": certificate["frame"]["seats"],
        "pool_size": len(certificate["pool"]),
        "pool_sha256": certificate["frame"]["pool_sha256"],
        "frame_sha256": certificate["frame_sha256"],
        "commitment": certificate["commitment"],
        "committed_at": written(row[1]),
        "committed_by": row[2],
        "digits": certificate["digits"],
        "source": certificate["source"],
        "supervisor": row[3] or certificate["supervisor"],
        "drawn_at": written(row[4]),
        "seed": certificate["seed"],
        "conditions": [dict(zip(("label", "value", "clause"), each, strict=True)) for each in conditions],
        "exclusions": _exclusions(certificate),
        "members": _members(tx, panel, round_, certificate),
    }


def declaration(tx: Transaction, _: Desk, panel: PanelOfCases, place: int) -> Mapping[str, Any]:
    """What the declaration form of one seat says. Refused when there is no such seat."""
    row = tx.one(
        "SELECT e.name, e.employer FROM seat s JOIN expert e ON e.id = s.expert_id WHERE s.panel_id = ? AND s.place = ?",
        (panel.id, place),
    )
    if row is None:
        raise Refused(f"专家组{panel.no}没有第{place}席。", clause="M24-7.3c")
    rules = rules_of(tx, panel)
    cases = institutions(tx, panel)
    return {
        **about(rules, panel),
        "name": row[0],
        "employer": row[1],
        "years": rules.panel.employment_years.value,
        "cases": [{"no": no, "institution": name} for no, name in cases.items()],
    }


def _exclusions(certificate: Mapping[str, Any]) -> list[dict[str, Any]]:
    counts = Counter(each["rule"] for each in certificate["exclusions"])
    rows = [{"rule": rule, "label": _label(rule), "count": count} for rule, count in sorted(counts.items())]
    return rows or [{"rule": "", "label": "没有排除任何专家。", "count": 0}]


def _label(rule: str) -> str:
    known, _, held = rule.partition(":")
    left = {mark: f"本专家组此前席位：{STATES[state]}" for state, mark in GONE.items()}
    left[availability.RULE] = availability.LABEL
    label = RULES[known].label if known in RULES else left.get(known, known)
    return f"{label}（待人工核定）" if held else label


def _members(
    tx: Transaction, panel: PanelOfCases, round_: int, certificate: Mapping[str, Any]
) -> list[dict[str, Any]]:
    tickets = {each["pseudonym"]: each["ticket"] for each in certificate["tickets"]}
    rows = tx.rows(
        "SELECT s.place, e.name, e.employer, s.pseudonym FROM seat s JOIN expert e ON e.id = s.expert_id"
        " WHERE s.panel_id = ? AND s.round = ? ORDER BY s.place",
        (panel.id, round_),
    )
    return [
        {"place": place, "name": name, "institution": employer, "ticket": tickets.get(pseudonym, "")[:16]}
        for place, name, employer, pseudonym in rows
    ]

"""The candidates a decision chooses from, ranked by what their panels found (B3-5.1, I21-4.3)."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from casework.ballots.counting import exact_scores
from casework.desk import Desk
from casework.loading import load
from casework.seats import Seats
from records.transaction import Transaction
from states.facts import Facts
from states.ranking import NATION, Ranking, rank, standing_of

DECIDING = ("recheck", "decision")
"""The stages in which a case waits to be chosen."""


def candidates(
    tx: Transaction, call: str, track: str, occupation: str | None = None, province: str | None = None
) -> list[Facts]:
    """The cases waiting to be chosen, by number."""
    sql = f"SELECT id FROM cases WHERE call = ? AND track = ? AND {tx.among('stage')}"
    values = [call, track, tx.listed(DECIDING)]
    for column, wanted in (("occupation", occupation), ("province", province)):
        if wanted:
            sql += f" AND {column} = ?"
            values.append(wanted)
    ids = [row[0] for row in tx.rows(sql, values)]
    return sorted((each.facts for each in load(tx, ids)), key=lambda facts: facts.no) if ids else []


def rankings(tx: Transaction, desk: Desk, cases: Sequence[Facts]) -> tuple[Ranking, ...]:
    """The candidates ranked, one ranking for each occupation (and province, where the quota is provincial).

    Seats already taken by cases in publicity or listed are left out; scores are exact where a panel was counted.
    """
    scores = {no: score for panel in panels_of(tx, cases) for no, score in exact_scores(tx, panel).items()}
    seats = Seats(tx)
    found = []
    for (_, area), group in groupby(
        sorted(cases, key=lambda each: _area(desk, each)), key=lambda each: _area(desk, each)
    ):
        members = list(group)
        process = desk.processes.process(members[0].process)
        quota = process.rules.quota
        left = seats.left(process, members[0])
        standings = [replace(standing_of(each), score=scores.get(each.no, each.score)) for each in members]
        most = quota.of(members[0].occupation)
        found.append(rank(standings, most, clause=quota.clause, area=area, taken=most - left))
    return tuple(found)


def panels_of(tx: Transaction, cases: Sequence[Facts]) -> list[int]:
    """The counted panels that judged these cases."""
    rows = tx.rows(
        "SELECT DISTINCT pc.panel_id FROM panel_case pc JOIN opened_set o ON o.panel_id = pc.panel_id"
        f" WHERE o.tally IS NOT NULL AND {tx.among('pc.case_id')} ORDER BY 1",
        (tx.listed([each.id for each in cases]),),
    )
    return [row[0] for row in rows]


def _area(desk: Desk, facts: Facts) -> tuple[str, str]:
    scope = desk.processes.process(facts.process).rules.quota.scope
    return facts.occupation, facts.province if scope == "province" else NATION

"""The directory as of a day over 200,000 terms, against one bare sqlite3 SELECT that gives the same rows.

``ours`` and ``floor`` are seconds: the whole export and the first page of 50, unnarrowed and by track, province and
occupation; of today, and of a past day on which every listing stood elsewhere than now. Aim: ≤ 3.
"""

import gc
import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import Any

from ground import median, tell, timed
from listings import listings

from casework.desk import Desk
from casework.directory import entries

COUNT, ROUNDS, PAGE = 200_000, 3, 50
PAST, TODAY = date(2025, 3, 3), date(2026, 3, 3)
FLOOR = (
    "SELECT t.track, t.occupation, t.levels, i.name, i.uscc, c.province, c.channel, c.call, t.number, t.starts_at,"
    " t.last_day, (SELECT a.to_stage FROM audit a WHERE a.case_id = t.case_id AND a.kind = 'move' AND a.at < ?"
    " ORDER BY a.version DESC LIMIT 1), c.no FROM term t JOIN cases c ON c.id = t.case_id"
    " JOIN institution i ON i.id = t.institution_id"
    " WHERE t.starts_at < ? AND (t.ended_at IS NULL OR t.ended_at > ?) AND t.last_day >= ?"
)
ORDER = " ORDER BY t.track, t.occupation, c.province, c.no"
VARIANTS: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("all", "", {}),
    ("one track", " AND t.track = 'evaluation'", {"track": "evaluation"}),
    ("one occupation", " AND t.occupation = 'SJAQ'", {"occupation": "SJAQ"}),
    ("one province", " AND c.province = '50'", {"province": "50"}),
    (
        "track, occupation and province",
        " AND t.track = 'evaluation' AND t.occupation = 'SJAQ' AND c.province = '50'",
        {"track": "evaluation", "occupation": "SJAQ", "province": "50"},
    ),
)


def compare(desk: Desk, bare: sqlite3.Connection, on: date, when: str) -> None:
    """Ours beside the floor, in turn, for every variant."""
    end = f"{on} 16:00:00.000000"
    start = f"{date.fromordinal(on.toordinal() - 1)} 16:00:00.000000"
    for what, narrowed, chosen in VARIANTS:
        for whole in (True, False):
            sql = FLOOR + narrowed + ORDER + ("" if whole else f" LIMIT {PAGE}")
            limit = None if whole else PAGE
            ours, floor, kept = [], [], (0, 0)
            for _ in range(ROUNDS):
                gc.collect()
                floor.append(timed(lambda sql=sql: bare.execute(sql, (end, end, start, str(on))).fetchall()))
                gc.collect()
                ours.append(
                    timed(
                        lambda chosen=chosen, limit=limit: entries(
                            desk.engine, on=on, limit=limit, processes=desk.processes, **chosen
                        )
                    )
                )
            kept = (
                len(bare.execute(sql, (end, end, start, str(on))).fetchall()),
                len(entries(desk.engine, on=on, limit=limit, processes=desk.processes, **chosen)),
            )
            assert kept[0] == kept[1], kept
            what_of = "whole" if whole else f"first {PAGE}"
            tell(
                f"directory of {when}, {what}, {what_of} ({kept[0]} rows), s",
                median(ours),
                median(floor),
                "≤ 3",
            )


if __name__ == "__main__":
    with listings(COUNT) as (desk, path):
        bare = sqlite3.connect(path)
        compare(desk, bare, TODAY, "today")
        bare.execute("UPDATE cases SET stage = 'lapsing', entered_at = '2025-07-01 00:00:00.000000'")
        bare.commit()
        compare(desk, bare, PAST, "a past day")
        bare.close()

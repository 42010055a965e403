"""10,000 cases advanced one step in one batch, against bare sqlite3 writing the same rows one by one.

``ours`` and ``floor`` are cases a second in one transaction; aim: ≥ 0.30 telling nobody, ≥ 0.10 with two letters
each. Then a batch of 100,000: its peak memory over the memory before it, which must stay flat.
"""

import gc
import tracemalloc

from ground import AUDIT, DAY, GROUP, OFFICE, START, UPDATE, bare, floor_rows, median, populated, tell, timed

from casework.actors import Actor
from casework.gate import advance

ROUNDS, CASES = 3, 10_000


def compare(
    name: str, stage: str, to: str, move: str, inputs: dict[str, str], actor: Actor, aim: str
) -> None:
    with populated(ROUNDS * CASES, stage) as (desk, path):
        floor = bare(path)
        ours, bares = [], []

        def one_by_one(ids: range) -> None:
            floor.execute("BEGIN IMMEDIATE")
            for update, audit in floor_rows(ids, to):
                floor.execute(UPDATE, update)
                floor.execute(AUDIT, audit)
            floor.execute("COMMIT")

        for turn in range(ROUNDS):
            ids = range(turn * CASES + 1, (turn + 1) * CASES + 1)
            ours.append(
                timed(lambda ids=ids: advance(desk, move, ids, by=actor, as_of=START + DAY, inputs=inputs))
            )
            bares.append(timed(lambda ids=ids: one_by_one(ids)))
        tell(name, CASES / median(ours), CASES / median(bares), aim)
        floor.close()


def memory(cases: int) -> float:
    """Peak megabytes a batch adds, measured by tracemalloc."""
    with populated(cases, "expert_review") as (desk, _):
        advance(desk, "conclude_review", [1], by=OFFICE, as_of=START + DAY)
        gc.collect()
        tracemalloc.start()
        advance(desk, "conclude_review", range(2, cases + 1), by=OFFICE, as_of=START + DAY)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak / 1e6


if __name__ == "__main__":
    compare(
        "batch of 10,000 telling nobody", "expert_review", "recheck", "conclude_review", {}, OFFICE, "≥ 0.30"
    )
    compare(
        "batch of 10,000 with two letters", "recheck", "not_selected", "not_select", {"reason": "名额所限"}, GROUP,
        "≥ 0.10",
    )  # fmt: skip
    tell(
        "peak memory of a batch of 100,000 over one of 10,000, MB",
        memory(100_000),
        memory(10_000),
        "flat: ≤ 1.5",
    )

"""One guarded, audited, durable step, against bare sqlite3 doing its UPDATE and its audit INSERT.

``ours`` and ``floor`` are steps a second (medians of rounds that take turns); aim: ≥ 0.40 for a move that tells
nobody, ≥ 0.20 for one that renders and queues two letters.
"""

from ground import AUDIT, DAY, GROUP, OFFICE, START, UPDATE, bare, floor_rows, median, populated, tell, timed

from casework.actors import Actor
from casework.desk import Desk
from casework.gate import advance

ROUNDS, STEPS = 7, 200


def compare(
    name: str, stage: str, to: str, move: str, inputs: dict[str, str], actor: Actor, aim: str
) -> None:
    with populated(ROUNDS * STEPS + 100, stage) as (desk, path):
        floor = bare(path)
        ours_seconds, floor_seconds = [], []
        first = 1

        def our_steps(desk: Desk, ids: range) -> None:
            for i in ids:
                advance(desk, move, [i], by=actor, as_of=START + DAY, inputs=inputs)

        def floor_steps(ids: range) -> None:
            for update, audit in floor_rows(ids, to):
                floor.execute("BEGIN IMMEDIATE")
                floor.execute(UPDATE, update)
                floor.execute(AUDIT, audit)
                floor.execute("COMMIT")

        our_steps(desk, range(1, 51))
        floor_steps(range(1, 51))
        first = 51
        for _ in range(ROUNDS):
            ids = range(first, first + STEPS)
            ours_seconds.append(timed(lambda ids=ids: our_steps(desk, ids)))
            floor_seconds.append(timed(lambda ids=ids: floor_steps(ids)))
            first += STEPS
        tell(name, STEPS / median(ours_seconds), STEPS / median(floor_seconds), aim)
        floor.close()


if __name__ == "__main__":
    compare("step telling nobody", "expert_review", "recheck", "conclude_review", {}, OFFICE, "≥ 0.40")
    compare(
        "step with two letters",
        "recheck",
        "not_selected",
        "not_select",
        {"reason": "名额所限"},
        GROUP,
        "≥ 0.20",
    )

"""Seats in a quota: how many cases of an occupation may still be put forward (B3-1.3, CQ23-1.3a, CQ23-1.3b)."""

from records.transaction import Transaction
from states.checked import Process
from states.facts import Facts


class Seats:
    """Counts once per occupation and transaction, and keeps count of the seats taken within it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._taken: dict[tuple[str, ...], int] = {}

    def left(self, process: Process, facts: Facts) -> int:
        """Seats still free for this case's occupation (and province, where the quota is provincial)."""
        key = self._key(process, facts)
        if key not in self._taken:
            self._taken[key] = self._count(process, facts)
        return process.rules.quota.of(facts.occupation) - self._taken[key]

    def elsewhere(self, process: Process, facts: Facts) -> bool:
        """Whether another case of the institution, of any call, has a seat for this track and occupation."""
        marks = ",".join("?" * len(process.seat_stages))
        return (
            self._tx.one(
                "SELECT 1 FROM cases WHERE institution_id = ? AND occupation = ? AND track = ? AND id <> ?"
                f" AND stage IN ({marks}) LIMIT 1",
                (facts.institution_id, facts.occupation, facts.track, facts.id, *process.seat_stages),
            )
            is not None
        )

    def take(self, process: Process, facts: Facts) -> None:
        """One more seat is taken by this case."""
        key = self._key(process, facts)
        if key in self._taken:
            self._taken[key] += 1

    def _key(self, process: Process, facts: Facts) -> tuple[str, ...]:
        place = facts.province if process.rules.quota.scope == "province" else ""
        return facts.call, facts.track, facts.occupation, place

    def _count(self, process: Process, facts: Facts) -> int:
        stages = process.seat_stages
        marks = ",".join("?" * len(stages))
        sql = f"SELECT count(*) FROM cases WHERE call = ? AND track = ? AND occupation = ? AND stage IN ({marks})"
        values: list[str] = [facts.call, facts.track, facts.occupation, *stages]
        if process.rules.quota.scope == "province":
            sql += " AND province = ?"
            values.append(facts.province)
        row = self._tx.one(sql, values)
        return int(row[0]) if row else 0

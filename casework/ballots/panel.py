"""A panel and its seats as ballots need them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from casework.desk import Desk
from records.transaction import Transaction
from states.facts import instant
from states.panels import PanelPlan, planned
from states.refusals import Refused

CLAUSE = "M24-7.3d"
REVIEWED_IN = ("expert_review", "site_visit")
SITTING = ("confirmed",)
"""The states of a seat whose expert votes, once the declaration is signed."""


@dataclass(frozen=True, slots=True)
class PanelOfCases:
    """A panel with the cases it reads. ``closes_at`` is the first instant at which nobody may vote any more."""

    id: int
    no: str
    call: str
    track: str
    occupation: str
    province: str
    state: str
    size: int
    quorum: int
    recusal: str
    closes_at: datetime | None
    public_key: str | None
    officers: int
    needed: int
    cases: dict[int, str]
    """Case id → case number, in the order of numbers."""
    in_review: frozenset[int]
    """The cases still before the experts: the others were withdrawn or ended meanwhile."""

    @property
    def numbers_in_review(self) -> tuple[str, ...]:
        """The numbers of the cases still before the experts."""
        return tuple(no for id_, no in self.cases.items() if id_ in self.in_review)


@dataclass(frozen=True, slots=True)
class SeatAtPanel:
    """One expert's seat, named by its pseudonym alone."""

    id: int
    panel_id: int
    expert_id: int
    pseudonym: str
    state: str
    declared: bool


_COLUMNS = (
    "id", "no", "call", "track", "occupation", "province", "state", "size", "quorum", "recusal", "closes_at", "public_key",
    "officers", "officers_needed",
)  # fmt: skip


def panel_of(tx: Transaction, panel_id: int) -> PanelOfCases:
    """The panel of an id, locked where the database locks rows. Raises Refused when there is none."""
    suffix = "" if tx.sqlite else " FOR UPDATE"
    row = tx.one(f"SELECT {', '.join(_COLUMNS)} FROM panel WHERE id = ?{suffix}", (panel_id,))
    if row is None:
        raise Refused("没有这个专家组。", clause="M24-7.3c")
    cases = tx.rows(
        "SELECT c.id, c.no, c.stage FROM panel_case p JOIN cases c ON c.id = p.case_id WHERE p.panel_id = ? ORDER BY c.no",
        (panel_id,),
    )
    in_review = frozenset(case[0] for case in cases if case[2] in REVIEWED_IN)
    numbers = {case[0]: case[1] for case in cases}
    found: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    found["closes_at"] = instant(found["closes_at"])
    found["needed"] = found.pop("officers_needed")
    return PanelOfCases(**found, cases=numbers, in_review=in_review)


def plan_of(desk: Desk, panel: PanelOfCases) -> PanelPlan:
    """The panel's parameters: its own, and those of the rules of its call."""
    rules = desk.processes.process(desk.processes.key_for(panel.call, panel.track)).rules
    return planned(rules, size=panel.size, quorum=panel.quorum)


def panel_id_of(tx: Transaction, no: str) -> int:
    """The id of a panel number. Raises Refused when there is none."""
    row = tx.one("SELECT id FROM panel WHERE no = ?", (no.strip(),))
    if row is None:
        raise Refused(f"没有编号为“{no}”的专家组，请核对编号。", clause="M24-7.3c")
    return int(row[0])


def seats_of(tx: Transaction, panel_id: int) -> list[SeatAtPanel]:
    """The seats whose experts sit: they accepted, whether or not they have signed the declaration yet."""
    rows = tx.rows(
        "SELECT id, panel_id, expert_id, pseudonym, state, declared_at IS NOT NULL FROM seat"
        f" WHERE panel_id = ? AND state IN ({_marks()}) ORDER BY id",
        (panel_id, *SITTING),
    )
    return [_seat(row) for row in rows]


def seat_of(tx: Transaction, seat_id: int) -> SeatAtPanel:
    """One seat, whatever its state. Raises Refused when there is none."""
    row = tx.one(
        "SELECT id, panel_id, expert_id, pseudonym, state, declared_at IS NOT NULL FROM seat WHERE id = ?",
        (seat_id,),
    )
    if row is None:
        raise Refused("没有这个专家席位。", clause="M24-7.3c")
    return _seat(row)


def refuse_unless_voting(panel: PanelOfCases, as_of: datetime) -> None:
    """Raises Refused before voting begins and from the close on."""
    if panel.state != "voting":
        said = (
            "表决已经结束" if panel.state in ("closed", "opened", "tallied", "released") else "表决尚未开始"
        )
        raise Refused(f"专家组{panel.no}{said}，不能投票。", clause=CLAUSE)
    if panel.closes_at is not None and as_of >= panel.closes_at:
        raise Refused(f"专家组{panel.no}的表决已于截止时间结束，逾期投票不予受理。", clause=CLAUSE)
    if panel.public_key is None:
        raise Refused(f"专家组{panel.no}尚未准备表决密钥，请先由办公室准备。", clause=CLAUSE)


def _seat(row: tuple[Any, ...]) -> SeatAtPanel:
    return replace(SeatAtPanel(*row), declared=bool(row[5]))


def _marks() -> str:
    return ",".join("?" * len(SITTING))

"""The directory of any day: which institutions stand in it, until when, and what is under way (I21-4.1, I21-6.1, M24-5)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from casework.processes import Processes
from records.transaction import Transaction, reading
from states.calendar import day_of, end_of, start_of
from states.facts import day, instant
from states.labels import TRACKS
from states.occupations import Occupation, find_occupation
from states.places import OFFICES

PORTION = 1000
VALID, UNDER_REVIEW, RECTIFYING = "有效", "续期审核中", "限期整改中"
_STATUS = {"renewal": UNDER_REVIEW, "rectifying": RECTIFYING}
HEADINGS = (
    "机构类别", "职业", "等级", "机构名称", "统一社会信用代码", "所在省份", "推荐单位", "批次", "有效期次",
    "有效期自", "有效期至", "状态", "申报编号",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One institution in the directory for one occupation on one day; nothing of it is personal.

    ``province`` is the two-digit code.
    """

    track: str
    occupation: Occupation
    levels: str
    institution: str
    uscc: str
    province: str
    recommender: str
    call: str
    number: int
    first_day: date
    last_day: date
    status: str
    no: str

    def row(self) -> tuple[str, ...]:
        """The entry as a line under ``HEADINGS``."""
        return (
            TRACKS[self.track], self.occupation.title, self.levels, self.institution, self.uscc,
            OFFICES[f"P{self.province}"].full, self.recommender, self.call, str(self.number), str(self.first_day),
            str(self.last_day), self.status, self.no,
        )  # fmt: skip


def entries(engine: Engine, *, on: date, track: str | None = None) -> list[Entry]:
    """The directory of a Shanghai day, of one track or of both, in the order of track, occupation, place and number.

    A term stands in it when it began, and was granted, on or before that day and did not end before it; of several
    of one case the newest counts. A term whose last day is over stands only while a renewal applied for in time is under review
    (D-5), and says so.
    """
    with reading(engine) as tx:
        found = list(_entries(tx, Processes(engine), on, track))
    return sorted(found, key=lambda each: (each.track, each.occupation.code, each.province, each.no))


def _entries(tx: Transaction, processes: Processes, on: date, track: str | None) -> Iterator[Entry]:
    narrowed, values = ("AND t.track = ?", [track]) if track else ("", [])
    rows = tx.rows(
        "SELECT t.case_id, t.number, t.track, t.occupation, t.levels, t.starts_at, t.last_day,"
        " c.no, c.process, c.channel, c.province, c.call, c.renewal_applied_at, i.name, i.uscc"
        " FROM term t JOIN cases c ON c.id = t.case_id JOIN institution i ON i.id = t.institution_id"
        " WHERE t.starts_at < ? AND coalesce(t.granted_at, t.starts_at) < ?"
        f" AND (t.ended_at IS NULL OR t.ended_at > ?) {narrowed} ORDER BY t.case_id, t.number",
        (end_of(on), end_of(on), start_of(on), *values),
    )
    newest = {row[0]: row for row in rows}
    listing = {key for row in rows for key in processes.process(row[8]).directory_stages}
    stages = _stages_on(tx, list(newest), listing, on)
    for (case_id, number, kind, occupation, levels, starts, last_text, no, process, channel, province, call,
         applied, name, uscc) in newest.values():  # fmt: skip
        first, last = instant(starts), day(last_text)
        assert first is not None
        assert last is not None
        stage = stages.get(case_id, "")
        reviewed = stage == "renewal" or (stage == "rectifying" and applied is not None)
        if on > last and not reviewed:
            continue  # given up: it left at the end of its last day, whether or not the clock got to it yet
        yield Entry(
            kind,
            find_occupation(occupation, processes.process(process).rules.occupations.value),
            levels, name, uscc, province, OFFICES[channel].name, call, number,
            day_of(first), last, UNDER_REVIEW if on > last else _STATUS.get(stage, VALID), no,
        )  # fmt: skip


def _stages_on(tx: Transaction, case_ids: list[int], listing: Collection[str], on: date) -> dict[int, str]:
    """Where in the ``listing`` stages each case last stood by the end of a day, by the legal time of its moves (D-7)."""
    found: dict[int, str] = {}
    for at in range(0, len(case_ids), PORTION):
        rows = tx.rows(
            f"SELECT case_id, to_stage FROM audit WHERE {tx.among('case_id')} AND kind = 'move' AND at < ?"
            " ORDER BY version",
            (tx.listed(case_ids[at : at + PORTION]), end_of(on)),
        )
        found |= {case_id: stage for case_id, stage in rows if stage in listing}
    return found

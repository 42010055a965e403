"""The directory of any day: which institutions stand in it, until when, and what is under way.

What the texts ask of it: I21-4.1, I21-6.1, M24-5, M24-13.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Engine

from casework.particulars.values import values_on
from casework.processes import Processes
from records.transaction import Transaction, reading
from states.calendar import day_of, end_of, start_of
from states.facts import day, instant
from states.labels import TRACKS
from states.occupations import Occupation, find_occupation
from states.particulars import ADDRESS, MAILBOX, NAME, PHONE
from states.places import OFFICES

LISTING = ("listed", "renewal", "lapsing", "rectifying")
"""The stages that stand in the directory, the same in every process."""

VALID, UNDER_REVIEW, RECTIFYING = "有效", "续期审核中", "限期整改中"
_STATUS = {"renewal": UNDER_REVIEW, "rectifying": RECTIFYING}
HEADINGS = (
    "机构类别", "职业", "等级", "机构名称", "统一社会信用代码", "所在省份", "推荐单位", "批次", "有效期次",
    "有效期自", "有效期至", "状态", "申报编号", "单位地址", "联系电话", "电子邮箱",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One institution in the directory for one occupation on one day; nothing of it is personal.

    ``province`` is the two-digit code. Name, address, telephone and mailbox are those of that day (M24-20c).
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
    address: str = ""
    phone: str = ""
    mailbox: str = ""

    def row(self) -> tuple[str, ...]:
        """The entry as a line under ``HEADINGS``."""
        return (
            TRACKS[self.track], self.occupation.title, self.levels, self.institution, self.uscc,
            OFFICES[f"P{self.province}"].full, self.recommender, self.call, str(self.number), str(self.first_day),
            str(self.last_day), self.status, self.no, self.address, self.phone, self.mailbox,
        )  # fmt: skip


def entries(
    engine: Engine,
    *,
    on: date,
    track: str | None = None,
    occupation: str | None = None,
    province: str | None = None,
    who: str = "",
    limit: int | None = None,
    offset: int = 0,
    processes: Processes | None = None,
) -> list[Entry]:
    """The directory of a Shanghai day, in the order of track, occupation, place and number; all of it, or what is asked
    for: one track, one occupation (code), one province (two digits), ``who`` (part of a name it has or had, a credit
    code or a case number), ``limit`` entries after the first ``offset``.

    A term stands in it when it began, and was granted, on or before that day and did not end before it; of several
    of one case the newest counts. A term whose last day is over stands only while a renewal applied for in time is under review
    (D-5), and says so. ``processes`` spares building those of the calls anew.
    """
    with reading(engine) as tx:
        rows = _rows(
            tx,
            on,
            {"t.track": track, "t.occupation": occupation, "c.province": province},
            who.strip(),
            limit,
            offset,
        )
        names, addresses, phones, mailboxes = (
            values_on(tx, field, on) for field in (NAME, ADDRESS, PHONE, MAILBOX)
        )
    known, titles = processes or Processes(engine), dict[tuple[str, str], Occupation]()
    found = []
    for (
        kind, code, levels, name, uscc, place, channel, call, number, starts, last_text, stage, no, process, address,
    ) in rows:  # fmt: skip
        occupation_of = titles.get((process, code))
        if occupation_of is None:
            occupation_of = titles[process, code] = find_occupation(
                code, known.process(process).rules.occupations.value
            )
        last = _last_day(last_text)
        found.append(Entry(
            kind, occupation_of, levels, names.get(uscc, name), uscc, place, OFFICES[channel].name, call, number,
            _first_day(starts),
            last, UNDER_REVIEW if on > last else _STATUS.get(stage, VALID), no,
            addresses.get(uscc, address), phones.get(uscc, ""), mailboxes.get(uscc, ""),
        ))  # fmt: skip
    return found


# A term given up left at the end of its last day, whether or not the clock got to it yet. Where a case stood by the
# end of a day is told by the legal time of its moves (D-7); one that has not moved since stands there still.
_ALIVE = "{0}.starts_at < ? AND coalesce({0}.granted_at, {0}.starts_at) < ? AND ({0}.ended_at IS NULL OR {0}.ended_at > ?)"
_STOOD = (
    "CASE WHEN c.entered_at < ? AND c.stage IN ({0}) THEN c.stage ELSE (SELECT a.to_stage FROM audit a"
    " WHERE a.case_id = t.case_id AND a.kind = 'move' AND a.at < ? AND a.to_stage IN ({0})"
    " ORDER BY a.version DESC LIMIT 1) END"
).format(", ".join(f"'{stage}'" for stage in LISTING))
# Whether a renewal was pending is asked of the moves, too: later ones must not change what a day looked like.
_ASKED = (
    "(SELECT a.name FROM audit a WHERE a.case_id = t.case_id AND a.kind = 'move' AND a.at >= t.starts_at AND a.at < ?"
    " AND a.name IN ('apply_renewal', 'refuse_renewal', 'drop_renewal') ORDER BY a.version DESC LIMIT 1)"
)
_ENTRIES = (
    "SELECT t.track, t.occupation, t.levels, i.name, i.uscc, c.province, c.channel, c.call, t.number, t.starts_at,"
    f" t.last_day, {_STOOD}, c.no, c.process, i.address"
    " FROM term t JOIN cases c ON c.id = t.case_id JOIN institution i ON i.id = t.institution_id"
    f" WHERE {_ALIVE.format('t')}"
    f" AND NOT EXISTS (SELECT 1 FROM term n WHERE n.case_id = t.case_id AND n.number > t.number AND {_ALIVE.format('n')})"
    f" AND (t.last_day >= ? OR {_STOOD} = 'renewal' OR ({_STOOD} = 'rectifying' AND {_ASKED} = 'apply_renewal'))"
    " AND (c.leaving_on IS NULL OR c.leaving_on >= ? OR t.ended_at IS NOT NULL)"
)

_NAMED = (
    " AND (t.institution_id IN (SELECT id FROM institution WHERE name LIKE ? ESCAPE '\\' OR uscc = ?"
    " UNION SELECT institution_id FROM particular WHERE field = 'name' AND (value LIKE ? ESCAPE '\\'"
    " OR old LIKE ? ESCAPE '\\')) OR c.no = ?)"
)


def _rows(
    tx: Transaction, on: date, narrowed: Mapping[str, str | None], who: str, limit: int | None, offset: int
) -> list[tuple[Any, ...]]:
    start, end = start_of(on), end_of(on)
    asked = {column: value for column, value in narrowed.items() if value is not None}
    sql = _ENTRIES + "".join(f" AND {column} = ?" for column in asked)
    values = [end, end, end, end, start, end, end, start, on, end, end, end, end, end, on, *asked.values()]
    if who:
        part = "%" + "".join(f"\\{char}" if char in "%_\\" else char for char in who) + "%"
        sql += _NAMED
        values += [part, who.upper(), part, part, who.upper()]
    if limit is None:
        return sorted(tx.rows(sql, values), key=_ORDER)
    paged = f"{sql} ORDER BY t.track, t.occupation, c.province, c.no LIMIT ? OFFSET ?"
    return tx.rows(paged, (*values, limit, offset))


_ORDER = itemgetter(0, 1, 5, 12)
_FEW_DAYS = 4096


@lru_cache(maxsize=_FEW_DAYS)
def _first_day(stored: datetime | str) -> date:
    at = instant(stored)
    assert at is not None
    return day_of(at)


@lru_cache(maxsize=_FEW_DAYS)
def _last_day(stored: date | str) -> date:
    last = day(stored)
    assert last is not None
    return last

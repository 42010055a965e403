"""The training directory of a province as its “两目录一系统” takes it: who stands in it, and what changed (M24-16a).

What changed is counted from the province's last report of its list (M24-8), or from a day that is asked for.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from casework.desk import Desk
from casework.directory import Entry, entries
from records.transaction import reading
from states.facts import day
from states.places import OFFICES
from states.refusals import Refused

CLAUSE = "M24-16a"
FORMAT = "linxuan training register 1"
ADDED, LEFT, CHANGED = "added", "left", "changed"
KINDS: Mapping[str, str] = MappingProxyType({ADDED: "新增", LEFT: "移出", CHANGED: "变更"})
COMPARED: Mapping[str, str] = MappingProxyType(
    {
        "institution": "机构名称", "levels": "等级", "number": "有效期次", "first_day": "有效期自",
        "last_day": "有效期至", "status": "状态", "address": "单位地址", "phone": "联系电话", "mailbox": "电子邮箱",
    }
)  # fmt: skip
"""What of an entry may change while it stands, and what it is called."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: a kind of ``KINDS``, the entry as it now stands (as it last stood, for one that left), and for a
    change what of it was what and is what now.
    """

    kind: str
    entry: Entry
    what: tuple[tuple[str, str, str], ...] = ()

    @property
    def words(self) -> str:
        """The change in Chinese: 状态：有效→限期整改中; empty for one that came or left."""
        return "；".join(
            f"{COMPARED[key]}：{was or '（空）'}→{now or '（空）'}" for key, was, now in self.what
        )


@dataclass(frozen=True, slots=True)
class Register:
    """The training directory of one province (two digits) at the end of a Shanghai day.

    ``since`` is the day changes are counted from, None when nothing was ever reported: all of it is new then.
    """

    province: str
    on: date
    since: date | None
    entries: tuple[Entry, ...]
    changes: tuple[Change, ...]

    def record(self) -> dict[str, Any]:
        """The register for programs, as documented in docs/training-register.md; days are ISO dates."""
        return {
            "format": FORMAT,
            "province": self.province,
            "office": OFFICES[f"P{self.province}"].name,
            "on": str(self.on),
            "since": str(self.since) if self.since else None,
            "institutions": [_record(each) for each in self.entries],
            "changes": [
                {
                    "kind": each.kind, "no": each.entry.no, "uscc": each.entry.uscc,
                    "institution": each.entry.institution, "occupation": each.entry.occupation.code,
                    "what": [{"field": key, "was": was, "now": now} for key, was, now in each.what],
                }
                for each in self.changes
            ],
        }  # fmt: skip


def training_register(desk: Desk, province: str, *, on: date, since: date | None = None) -> Register:
    """The register of a province (two digits) on a Shanghai day.

    Without ``since`` changes count from the last day before ``on`` whose list the province reported. Raises Refused
    for a province there is none of, and for a ``since`` after ``on``.
    """
    if f"P{province}" not in OFFICES:
        raise Refused(f"没有省份“{province}”，请填写省份名称或两位代码。", clause=CLAUSE)
    if since is not None and since > on:
        raise Refused(f"变更起算日{since}晚于目录日期{on}，请改填以前的日期。", clause=CLAUSE)
    from_day = since or _last_report(desk, province, on)
    now = entries(desk.engine, on=on, track="training", province=province, processes=desk.processes)
    before = (
        []
        if from_day is None
        else entries(desk.engine, on=from_day, track="training", province=province, processes=desk.processes)
    )
    return Register(province, on, from_day, tuple(now), tuple(_changes(before, now)))


def _changes(before: list[Entry], now: list[Entry]) -> list[Change]:
    was, stands = {each.no: each for each in before}, {each.no: each for each in now}
    found = [Change(LEFT, was[no]) for no in was.keys() - stands.keys()]
    for no, each in stands.items():
        if no not in was:
            found.append(Change(ADDED, each))
        elif what := _what(was[no], each):
            found.append(Change(CHANGED, each, what))
    order = list(KINDS)
    return sorted(found, key=lambda each: (order.index(each.kind), each.entry.no))


def _what(was: Entry, now: Entry) -> tuple[tuple[str, str, str], ...]:
    pairs = ((key, str(getattr(was, key)), str(getattr(now, key))) for key in COMPARED)
    return tuple(each for each in pairs if each[1] != each[2])


def _record(each: Entry) -> dict[str, Any]:
    return {
        **{key: str(value) if isinstance(value, date) else value for key, value in asdict(each).items()},
        "occupation": each.occupation.code,
        "occupation_title": each.occupation.title,
    }


def _last_report(desk: Desk, province: str, on: date) -> date | None:
    with reading(desk.engine) as tx:
        row = tx.one(
            "SELECT max(on_day) FROM reported_list WHERE office = ? AND on_day < ?", (f"P{province}", on)
        )
    return None if row is None else day(row[0])

"""The public history of the directory: every change of one institution, when, on which clause, by which decision.

Read from what the records hold anyway: moves, changes of particulars, fee schedules, announced departures. Each line
names the entry of the audit log it rests on, by number and hash; nothing in it is personal (I21-4.1, M24-20c).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.desk import Desk
from casework.directory import LISTING
from casework.history import case_number
from casework.particulars.standing import find_institution
from records.transaction import Transaction, reading
from states.calendar import SHANGHAI, start_of
from states.effects import EXIT_GROUNDS
from states.facts import day, instant
from states.grounds import GROUNDS
from states.labels import TRACKS
from states.occupations import OCCUPATIONS
from states.particulars import PARTICULARS
from states.roles import Role

HEADINGS = (
    "生效时间", "事项", "内容", "机构类别", "职业", "申报编号", "条款", "决定", "审计序号", "审计哈希",
)  # fmt: skip
_QUIET = ("record_activity", "fulfil_duty", "report_rectification")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of what the public sees. ``at`` is its legal instant (aware UTC), ``kind`` what it is about:
    ``listing``, ``particulars``, ``fees`` or ``leaving``. ``by`` is the role that decided, never a name.

    ``no`` is empty for what concerns the whole institution; ``seq`` and ``hash`` are its entry in the audit log.
    """

    at: datetime
    kind: str
    label: str
    says: str
    track: str
    occupation: str
    no: str
    clause: str
    by: str
    seq: int
    hash: str

    def row(self) -> tuple[str, ...]:
        """The change as a line under ``HEADINGS``."""
        title = OCCUPATIONS[self.occupation].title if self.occupation in OCCUPATIONS else self.occupation
        return (
            f"{self.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}", self.label, self.says,
            TRACKS.get(self.track, ""), title, self.no, self.clause, self.by, str(self.seq or ""), self.hash,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Past:
    """An institution as it is called now, and everything that changed about its place in the directory, oldest first."""

    institution: str
    uscc: str
    changes: tuple[Change, ...]


def directory_history(desk: Desk, who: str, *, as_of: datetime) -> Past:
    """The history of an institution (credit code, a name it has or had), or of one listing (a case number).

    Whatever took effect by ``as_of``. Raises Refused for somebody unknown.
    """
    with reading(desk.engine) as tx:
        institution_id, uscc, name = find_institution(tx, who)
        only = case_number(who)
        cases = {
            id_: (no, track, occupation, process)
            for id_, no, track, occupation, process in tx.rows(
                "SELECT id, no, track, occupation, process FROM cases WHERE institution_id = ? AND term_no > 0",
                (institution_id,),
            )
        }
        chosen = {id_: case for id_, case in cases.items() if case[0] == only} or cases
        found = [
            *_moves(tx, desk, chosen),
            *_particulars(tx, institution_id, uscc),
            *_departures(tx, institution_id, {case[0] for case in chosen.values()}),
            *_fees(tx, chosen),
        ]
    found.sort(key=lambda each: (each.at, each.seq))
    return Past(name, uscc, tuple(each for each in found if each.at <= as_of))


def _moves(tx: Transaction, desk: Desk, cases: Mapping[int, tuple[str, str, str, str]]) -> Iterator[Change]:
    """Into the directory, within it, and out of it."""
    terms = {
        (case_id, number): (instant(starts), day(last))
        for case_id, number, starts, last in tx.rows(
            f"SELECT case_id, number, starts_at, last_day FROM term WHERE {tx.among('case_id')}",
            (tx.listed(list(cases)),),
        )
    }
    opened: dict[int, int] = {}
    for seq, at_text, actor, name, case_id, came, went, rests_on, detail, hash_ in tx.rows(
        "SELECT seq, at, actor, name, case_id, from_stage, to_stage, clause, detail, hash FROM audit"
        f" WHERE {tx.among('case_id')} AND kind = 'move' ORDER BY seq",
        (tx.listed(list(cases)),),
    ):
        if (
            name in _QUIET
            or not {came, went} & set(LISTING)
            or (came == went and not name.endswith("_leaving"))
        ):
            continue
        no, track, occupation, process_key = cases[case_id]
        process, at = desk.processes.process(process_key), instant(at_text)
        assert at is not None
        stated = json.loads(detail)
        says, clause = "", rests_on
        if came not in LISTING or name == "approve_renewal":
            number = opened[case_id] = opened.get(case_id, 0) + 1
            starts, last = terms.get((case_id, number), (None, None))
            if starts is not None:
                says = f"第{number}个有效期，自{starts.astimezone(SHANGHAI).date()}至{last}"
        elif went not in LISTING:
            says, clause = _ground(tx, case_id, rests_on)
        elif name == "announce_leaving":
            says = f"最后服务日{stated.get('last_day', '')}"
        elif name == "order_rectification":
            says = f"整改期限{stated.get('due_on', '')}{_rectified(stated)}"
        yield Change(
            at, "leaving" if name.endswith("_leaving") else "listing", process.labels.get(name, name), says, track,
            occupation, no, clause, _role(actor), seq, hash_,
        )  # fmt: skip


def _ground(tx: Transaction, case_id: int, clause: str) -> tuple[str, str]:
    row = tx.one("SELECT exit_ground FROM cases WHERE id = ?", (case_id,))
    ground = str(row[0] or "") if row else ""
    return EXIT_GROUNDS.get(ground, ("", clause))


def _rectified(stated: Mapping[str, Any]) -> str:
    ground = str(stated.get("ground") or "")
    return f"，{GROUNDS[ground].words}" if ground in GROUNDS else ""


def _particulars(tx: Transaction, institution_id: int, uscc: str) -> Iterator[Change]:
    """Changes of what is public, old and new; those of personal particulars are nobody's business."""
    entries = {
        json.loads(detail).get("change"): (seq, hash_)
        for seq, detail, hash_ in tx.rows(
            "SELECT a.seq, a.detail, a.hash FROM audit a JOIN change_request r ON r.case_id = a.case_id"
            " WHERE r.institution_id = ? AND a.kind = 'particulars' AND a.name = 'approved'",
            (institution_id,),
        )
    }
    for field, old, value, change_no, clause, by, effective in tx.rows(
        "SELECT field, old, value, change_no, clause, by, effective_at FROM particular WHERE institution_id = ?"
        " ORDER BY effective_at, id",
        (institution_id,),
    ):
        if not PARTICULARS[field].public:
            continue
        at = instant(effective)
        assert at is not None
        seq, hash_ = entries.get(change_no) or _renamed(tx, uscc, value)
        says = f"由“{old}”变更为“{value}”" if old else f"登记为“{value}”"
        label = f"变更{PARTICULARS[field].label}"
        yield Change(at, "particulars", label, says, "", "", "", clause, _role(by), seq, hash_)


def _renamed(tx: Transaction, uscc: str, name: str) -> tuple[int, str]:
    """The entry of a change of name that the office found by itself."""
    for seq, detail, hash_ in tx.rows(
        "SELECT seq, detail, hash FROM audit WHERE kind = 'institution' AND name = 'rename' ORDER BY seq DESC"
    ):
        told = json.loads(detail)
        if (told.get("uscc"), told.get("to")) == (uscc, name):
            return seq, hash_
    return 0, ""


def _departures(tx: Transaction, institution_id: int, chosen: set[str]) -> Iterator[Change]:
    """What an institution that leaves tells the public."""
    for no, note, by, at_text, case_no, track, occupation in tx.rows(
        "SELECT d.no, d.note, d.by, d.at, c.no, c.track, c.occupation FROM departure d"
        " JOIN departure_case k ON k.departure_id = d.id JOIN cases c ON c.id = k.case_id"
        " WHERE d.institution_id = ? AND d.note <> '' ORDER BY d.id, c.no",
        (institution_id,),
    ):
        at = instant(at_text)
        assert at is not None
        if case_no in chosen:
            yield Change(
                at, "leaving", f"退出公告（{no}）", note, track, occupation, case_no, "M24-20c", _role(by), 0, ""
            )  # fmt: skip


def _fees(tx: Transaction, cases: Mapping[int, tuple[str, str, str, str]]) -> Iterator[Change]:
    """Fee schedules as they came into force (M24-12)."""
    for case_id, number, effective, filed, by in tx.rows(
        "SELECT case_id, number, effective_on, filed_at, filed_by FROM fee_schedule"
        f" WHERE {tx.among('case_id')} ORDER BY case_id, number",
        (tx.listed(list(cases)),),
    ):
        no, track, occupation, _ = cases[case_id]
        from_day, filed_at = day(effective), instant(filed)
        assert from_day is not None
        assert filed_at is not None
        at = max(start_of(from_day), filed_at)
        yield Change(
            at, "fees", "公布收费标准", f"第{number}版", track, occupation, no, "M24-12", _role(by), 0, ""
        )


def _role(actor: str) -> str:
    role = actor.partition(":")[0]
    return Role(role).label if role in set(Role) else "系统"

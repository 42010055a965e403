"""The record of a panel's meeting: when, where, which seats were there, what was said (M24-7.3d).

The minutes are confidential like the panel itself; the audit log learns only that a meeting was recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.panels.access import Act, Matter, refuse_unless_does, refuse_unless_sees
from casework.panels.notes import note
from casework.panels.panel import panel_in
from casework.panels.seat import seats_of
from records.crypt import decrypt, encrypt
from records.transaction import reading, transaction
from states.facts import instant
from states.refusals import Refused

CLAUSE = "M24-7.3d"
LONGEST = 50_000
MEETS = ("confirmed", "voting", "closed", "opened", "tallied")


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as recorded; ``present`` are seat numbers."""

    number: int
    held_at: datetime
    place: str
    present: tuple[int, ...]
    minutes: str
    recorded_by: str


def record_meeting(
    desk: Desk,
    no: str,
    *,
    held_at: datetime,
    place: str,
    present: Sequence[int],
    minutes: str,
    by: Actor,
    as_of: datetime,
) -> int:
    """Write a meeting down; its number within the panel. A correction is recorded as a further one.

    Raises Refused before the panel is confirmed, for a meeting in the future, for fewer present than the quorum,
    for a seat nobody holds, and for minutes that are empty or too long.
    """
    refuse_unless_does(by, Act.DECIDE)
    with transaction(desk.engine) as tx:
        panel = panel_in(tx, no)
        refuse_unless_does(by, Act.DECIDE, panel.province)
        if panel.state not in MEETS:
            raise Refused(f"专家组{panel.no}尚未确认或已结束，不能登记会议。", clause=CLAUSE)
        if held_at > as_of:
            raise Refused("会议时间晚于现在，请在会后登记。", clause=CLAUSE)
        if not place.strip() or not minutes.strip():
            raise Refused("会议记录须写明地点和内容。", clause=CLAUSE)
        if len(minutes) > LONGEST:
            raise Refused(f"会议记录过长（{len(minutes)}字），限{LONGEST}字。", clause=CLAUSE)
        sitting = {seat.place for seat in seats_of(tx, panel.id) if seat.state == "confirmed"}
        strangers = sorted(set(present) - sitting)
        if strangers:
            raise Refused(
                f"第{'、'.join(map(str, strangers))}席没有已确认的专家，请核对出席席位。", clause=CLAUSE
            )
        if len(set(present)) < panel.quorum:
            raise Refused(
                f"出席{len(set(present))}人，不足法定人数{panel.quorum}人，会议无效。", clause=CLAUSE
            )
        row = tx.one("SELECT coalesce(max(number), 0) + 1 FROM panel_meeting WHERE panel_id = ?", (panel.id,))
        assert row is not None
        number = int(row[0])
        tx.run(
            "INSERT INTO panel_meeting (panel_id, number, held_at, place, present, minutes, recorded_by, recorded_at)"
            " VALUES (?,?,?,?,?,?,?,?)",
            (
                panel.id, number, held_at, place.strip(), ",".join(map(str, sorted(set(present)))),
                encrypt(minutes.strip()), by.signature, as_of,
            ),
        )  # fmt: skip
        note(tx, "meeting", panel.no, by, as_of, clause=CLAUSE, number=number, present=len(set(present)))
        return number


def meetings(desk: Desk, no: str, *, actor: Actor) -> list[Meeting]:
    """The meetings of a panel, in order, for those who may know its members. Raises Refused for others."""
    refuse_unless_sees(actor, Matter.MEMBERS)
    with reading(desk.engine) as tx:
        panel = panel_in(tx, no)
        refuse_unless_sees(actor, Matter.MEMBERS, panel.province)
        rows = tx.rows(
            "SELECT number, held_at, place, present, minutes, recorded_by FROM panel_meeting WHERE panel_id = ?"
            " ORDER BY number",
            (panel.id,),
        )
    found = []
    for number, held, place, present, minutes, recorded_by in rows:
        at = instant(held)
        assert at is not None
        seats = tuple(map(int, present.split(",")))
        found.append(Meeting(number, at, place, seats, decrypt(minutes), recorded_by))
    return found

"""What one member finds in a visit: the cases to judge, the score sheet, drafts under the resume code, the cast."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from casework.ballots import casting, sheets
from casework.ballots.content import Sheet
from casework.ballots.envelope import fingerprint
from casework.ballots.panel import PanelOfCases, panel_of, plan_of
from casework.desk import Desk
from casework.panels.entering import SeatSession, seat_in_session
from casework.panels.materials import cases_to_read
from records.transaction import reading, transaction
from states.facts import instant


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the score sheet and its highest mark."""

    key: str
    label: str
    most: int


@dataclass(frozen=True, slots=True)
class Room:
    """The visit as its member sees it.

    ``cases`` are number, institution and whether this member judges it; ``drafts`` how many sheets are saved;
    ``key`` the fingerprint of the panel's public key; ``receipt`` that of a ballot cast already, else empty.
    """

    panel: str
    occupation: str
    pseudonym: str
    place: int
    state: str
    meets_at: datetime | None
    closes_at: datetime | None
    cases: tuple[tuple[str, str, bool], ...]
    criteria: tuple[Criterion, ...]
    key: str
    drafts: int
    receipt: str
    cast_at: datetime | None

    @property
    def votes(self) -> bool:
        """Whether the vote is on and this member has not cast."""
        return self.state == "voting" and not self.receipt


def room(desk: Desk, visit: SeatSession, *, as_of: datetime) -> Room:
    """The room of a visit. Raises Refused as ``entering.seat_in_session``."""
    cases = cases_to_read(desk, visit, as_of=as_of)
    with reading(desk.engine) as tx:
        panel, seat = seat_in_session(tx, visit, as_of)
        plan = plan_of(desk, panel_of(tx, panel.id))
        drafts = tx.one("SELECT count(*) FROM score_sheet WHERE seat_id = ?", (seat.id,))
        cast = tx.one("SELECT receipt, cast_at FROM ballot WHERE seat_id = ?", (seat.id,))
        return Room(
            panel.no, panel.occupation, seat.pseudonym, seat.place, panel.state, panel.meets_at, panel.closes_at,
            tuple(cases), tuple(Criterion(key, plan.labels[key], most) for key, most in plan.criteria.items()),
            fingerprint(panel.public_key) if panel.public_key else "", int(drafts[0]) if drafts else 0,
            cast[0] if cast else "", instant(cast[1]) if cast else None,
        )  # fmt: skip


def resumed(desk: Desk, visit: SeatSession, code: str, *, as_of: datetime) -> Mapping[str, Sheet]:
    """The saved sheets by case number. Raises Refused for a code they were not saved with."""
    with reading(desk.engine) as tx:
        panel, seat = seat_in_session(tx, visit, as_of)
        found = sheets.saved_sheets(tx, seat.id, code)
        return {no: found[id_] for id_, no in panel_of(tx, panel.id).cases.items() if id_ in found}


def save(desk: Desk, visit: SeatSession, said: Mapping[str, Sheet], code: str, *, as_of: datetime) -> int:
    """Save these sheets (by case number), all or none; how many. Raises Refused as ``sheets.save_sheet``."""
    with transaction(desk.engine) as tx:
        panel, seat = seat_in_session(tx, visit, as_of)
        sheets.saved_sheets(tx, seat.id, code)
        wanted = _by_id(panel_of(tx, panel.id), said)
        for id_, sheet in wanted.items():
            sheets.save_sheet(tx, desk, seat.id, id_, sheet, code, as_of=as_of)
    return len(wanted)


def cast(
    desk: Desk, visit: SeatSession, said: Mapping[str, Sheet], signature: str, *, as_of: datetime
) -> casting.Receipt:
    """Cast the ballot. Raises Refused as ``casting.cast``; nothing is cast then, and drafts stay."""
    with transaction(desk.engine) as tx:
        panel, seat = seat_in_session(tx, visit, as_of)
        wanted = _by_id(panel_of(tx, panel.id), said)
        return casting.cast(tx, desk, seat.id, wanted, signature, as_of=as_of)


def begin_again(desk: Desk, visit: SeatSession, *, as_of: datetime) -> int:
    """Throw this member's drafts away, the code being lost; how many there were."""
    with transaction(desk.engine) as tx:
        _, seat = seat_in_session(tx, visit, as_of)
        sheets.refuse_after_cast(tx, seat.id)
        return sheets.discard_sheets(tx, seat.id)


def _by_id(panel: PanelOfCases, said: Mapping[str, Sheet]) -> dict[int, Sheet]:
    ids = {no: id_ for id_, no in panel.cases.items()}
    return {ids[no]: sheet for no, sheet in said.items() if no in ids}

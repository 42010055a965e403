"""How far a panel's vote has come, in numbers: keys, ballots received, officers present, opened, counted (M24-7.3d).

Never what a ballot says, and not who cast it.
"""

from dataclasses import dataclass
from datetime import datetime

from casework.actors import Actor
from casework.ballots.counting import kept_tallies
from casework.ballots.envelope import fingerprint
from casework.ballots.opened_set import TurnedAway, fingerprint_of, opened_set_of, recount
from casework.ballots.panel import panel_id_of, panel_of, plan_of
from casework.ballots.presenting import SharesInHand
from casework.desk import Desk
from casework.panels.access import Matter, may_see, refuse_unless_sees
from records.transaction import reading
from states.facts import instant
from states.tally import CaseTally


@dataclass(frozen=True, slots=True)
class Progress:
    """The vote of one panel. ``officers`` are logins, ``present`` those whose shares are held now."""

    id: int
    key: str
    officers: tuple[str, ...]
    needed: int
    present: tuple[str, ...]
    received: int
    seats: int
    opened_at: datetime | None
    opened_by: str
    opened_set: str
    tallied_at: datetime | None
    tallied_by: str
    tallies: tuple[CaseTally, ...]
    turned: tuple[TurnedAway, ...]


@dataclass(frozen=True, slots=True)
class CountedAgain:
    """A count made again, and whether it says what is on record."""

    tallies: tuple[CaseTally, ...]
    counted: int
    turned: tuple[TurnedAway, ...]
    same: bool


def progress(desk: Desk, no: str, hand: SharesInHand | None, *, actor: Actor, as_of: datetime) -> Progress:
    """The vote of a panel; results only for those who may know its members. Raises Refused for others."""
    with reading(desk.engine) as tx:
        panel = panel_of(tx, panel_id_of(tx, no))
        refuse_unless_sees(actor, Matter.PROGRESS, panel.province)
        officers = tx.rows("SELECT officer FROM key_share WHERE panel_id = ? ORDER BY officer", (panel.id,))
        received = tx.one("SELECT count(*) FROM ballot WHERE panel_id = ?", (panel.id,))
        seats = tx.one("SELECT count(*) FROM seat WHERE panel_id = ? AND state = 'confirmed'", (panel.id,))
        row = tx.one(
            "SELECT opened_at, opened_by, tallied_at, tallied_by FROM opened_set WHERE panel_id = ?",
            (panel.id,),
        )
        text = opened_set_of(tx, panel) if row and may_see(actor, Matter.MEMBERS, panel.province) else ""
        tallies = kept_tallies(tx, panel) if text and row and row[2] else ()
        return Progress(
            panel.id, fingerprint(panel.public_key) if panel.public_key else "", tuple(each[0] for each in officers),
            panel.needed, hand.officers(panel.id, as_of) if hand else (), int(received[0]) if received else 0,
            int(seats[0]) if seats else 0, instant(row[0]) if row else None, row[1] if row else "",
            fingerprint_of(text) if text else "", instant(row[2]) if row else None, (row[3] or "") if row else "",
            tallies, recount(text, plan_of(desk, panel)).turned if text else (),
        )  # fmt: skip


def count_again(desk: Desk, no: str, *, actor: Actor) -> CountedAgain:
    """Count the opened set once more, changing nothing. Raises Refused before the count and for those not let in."""
    with reading(desk.engine) as tx:
        panel = panel_of(tx, panel_id_of(tx, no))
        refuse_unless_sees(actor, Matter.MEMBERS, panel.province)
        kept = kept_tallies(tx, panel)
        again = recount(opened_set_of(tx, panel), plan_of(desk, panel))
        return CountedAgain(again.tallies, again.counted, again.turned, again.tallies == kept)

"""The keys of the ballots, their opening by two officers together, and the count (M24-7.3d)."""

from datetime import timedelta
from functools import partial

from casework.ballots.counting import count_ballots
from casework.ballots.keys import prepare_keys
from casework.ballots.opening import open_ballots
from casework.ballots.passphrases import CHEAP
from casework.ballots.presenting import SharesInHand, present
from casework.panels.extending import extend_vote
from casework.panels.panel import PanelView, panel_in
from casework.rehearsal import words
from casework.rehearsal.world import World
from records.transaction import reading, transaction

_NEEDED = 2
_WEAK = "123456789012"
_EXTENDED_AT_MOST = 2


def hand_out_keys(world: World) -> None:
    """Each panel gets a key, of which every officer keeps a share under a passphrase of its own."""
    for place, no in enumerate(world.panels):
        if place == 0:
            weak = {officer.name: f"{_WEAK}{number}" for number, officer in enumerate(world.staff.officers)}
            world.tries(world.organiser, "准备表决密钥", no, partial(_prepare, world, no, weak))
        own = {officer.name: _passphrase(world, no, officer.name) for officer in world.staff.officers}
        world.tries(world.organiser, "准备表决密钥", no, partial(_prepare, world, no, own))


def unseal(world: World, no: str, aside: timedelta, extended: int = 0) -> None:
    """After the close two officers open the ballots; where the quorum was missed, the vote goes on."""
    panel, hand = _seen(world, no), SharesInHand()
    first, second = world.staff.officers[:_NEEDED]

    def presented(officer: str, passphrase: str) -> object:
        return present(world.desk, panel.id, officer, passphrase, hand, as_of=world.now)

    def opened() -> object:
        return open_ballots(world.desk, panel.id, hand, as_of=world.now)

    for officer in (first, second):
        if world.course.panels[no] == "declined_and_silent" and officer is second:
            world.tries(first, "开启选票", no, opened)
            world.tries(
                second, "出示密钥份额", no, lambda: presented(second.name, _passphrase(world, no, ""))
            )
        own = _passphrase(world, no, officer.name)
        world.tries(officer, "出示密钥份额", no, partial(presented, officer.name, own))
    if world.tries(first, "开启选票", no, opened) is None and extended < _EXTENDED_AT_MOST:
        _extend(world, no, aside, extended)


def count(world: World) -> None:
    """The office counts every panel whose ballots are open; the result goes into the cases."""
    for no in world.panels:
        panel, by = _seen(world, no), world.organiser
        world.tries(by, "计票", no, partial(count_ballots, world.desk, panel.id, by=by, as_of=world.now))


def _extend(world: World, no: str, aside: timedelta, extended: int) -> None:
    closes = world.working_day(world.now, 1, 17)
    world.course.extended.add(no)
    done = world.tries(
        world.organiser, "延长投票", no,
        lambda: extend_vote(world.desk, no, closes_at=closes, because=words.EXTENDED, by=world.organiser, as_of=world.now),
    )  # fmt: skip
    if done is not None:
        again = world.working_day(closes, 1, 9, 30) + aside
        world.agenda.at(again, partial(unseal, world, no, aside, extended + 1))


def _prepare(world: World, no: str, passphrases: dict[str, str]) -> str:
    cost = CHEAP if world.thrifty else None
    with transaction(world.desk.engine) as tx:
        id_ = panel_in(tx, no).id
        return prepare_keys(tx, id_, passphrases, _NEEDED, by=world.organiser, as_of=world.now, cost=cost)


def _passphrase(world: World, no: str, officer: str) -> str:
    return world.hidden(f"passphrase/{no}/{officer}")[:24]


def _seen(world: World, no: str) -> PanelView:
    with reading(world.desk.engine) as tx:
        return panel_in(tx, no)

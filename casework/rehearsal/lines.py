"""Which selections a call consists of: one for each track that is open, or for each province that selects for itself."""

from collections.abc import Iterator

from casework.rehearsal.world import World
from states.places import OFFICES

PROVINCES_AT_MOST = 2
"""Where every province may select, the first so many of them are rehearsed."""


def lines_of(world: World) -> tuple[World, ...]:
    """The world as each selection sees it, evaluation first; the institutions are shared out among them."""
    wanted = [*_selections(world)]
    share, left = divmod(world.institutions, len(wanted))
    first, *others = (
        (track, province, share + (place < left)) for place, (track, province) in enumerate(wanted)
    )
    leading = world.of(*first, leads=True)
    return (leading, *(world.of(*each) for each in others if each[2]))


def _selections(world: World) -> Iterator[tuple[str, str]]:
    for track in ("evaluation", "training"):
        rules = world.call.track(track)
        if not rules.open.value:
            continue
        if rules.decided_by.value != "province":
            yield track, ""
            continue
        taken = [each.region for each in OFFICES.values() if each.region and rules.takes_from(each)]
        yield from ((track, region) for region in (taken if rules.offices else taken[:PROVINCES_AT_MOST]))

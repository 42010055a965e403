"""What the invented experts think of a case: a mark for each criterion, a vote, a word."""

from collections.abc import Mapping, Sequence

from casework.ballots.content import Sheet
from casework.rehearsal import words
from casework.rehearsal.manifold import STANDS_OUT
from casework.rehearsal.world import World
from states.tally import Vote

_RECOMMENDED_FROM = 0.65
_ABSTAINS_IN = 25


def opinions(
    world: World, panel: str, place: int, cases: Sequence[str], criteria: Mapping[str, int]
) -> dict[str, Sheet]:
    """The sheets of the holder of a seat, by case; ``criteria`` gives the highest mark of each.

    Where two cases are meant to tie, everybody thinks the same of both, better of one case less than there are
    seats, and less of the rest.
    """
    tied = [no for no in cases if world.parts.get(no) == "tied"]
    before = [no for no in cases if no not in tied][: world.rules.quota.value - 1] if tied else []
    found = {}
    for no in cases:
        dice = world.dice(f"opinion/{panel}/{place}/{'tied' if no in tied else no}")
        worth = world.dice(f"worth/{no}").uniform(0.45, 1.0)
        if world.parts.get(no) == STANDS_OUT:
            worth, own = 0.98, dice.uniform(-0.02, 0.02)
        elif no in tied:
            worth, own = 0.86, dice.uniform(-0.04, 0.04)
        elif no in before:
            worth, own = 0.97, dice.uniform(-0.03, 0.03)
        else:
            own = dice.gauss(0, 0.08)
            worth = min(worth, 0.78) if tied else worth
        doubts = not tied and world.parts.get(no) != STANDS_OUT
        found[no] = _sheet(worth + own, criteria, abstains=doubts and dice.randrange(_ABSTAINS_IN) == 0)
    return found


def _sheet(share: float, criteria: Mapping[str, int], *, abstains: bool) -> Sheet:
    if abstains:
        return Sheet(Vote.ABSTAIN, {}, words.ABSTAINS)
    share = min(1.0, max(0.2, share))
    marks = {key: round(most * share) for key, most in criteria.items()}
    if share < _RECOMMENDED_FROM:
        return Sheet(Vote.NOT, marks, words.DOUBTS)
    return Sheet(Vote.RECOMMEND, marks, "")

"""What the gate knows of a case's renewal application when a move that rests on one is asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """``complete``: the application stated with the move is the case's own, complete and not handed in yet.

    ``unanswered``: how many contradictions in the application under review nobody has answered in words.
    """

    complete: bool = False
    unanswered: int = 0


NONE = Standing()

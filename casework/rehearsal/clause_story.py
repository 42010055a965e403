"""What a report tells of a clause: everything in the records that rests on it, or why there is nothing."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that happened under a clause: what, how often, when first, and about which case, panel or file.

    ``at`` is None for what holds all the time, such as a rule the cases are pinned to.
    """

    what: str
    count: int
    at: datetime | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class ClauseAtWork:
    """A clause that applies to the rehearsed call; ``silent`` says why nothing happened under it, where nothing did."""

    clause: str
    asks: str
    evidence: tuple[Evidence, ...]
    silent: str = ""

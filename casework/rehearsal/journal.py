"""What was asked and turned down, and what was read in: the parts of a rehearsal that leave no case behind."""

from dataclasses import dataclass, field
from datetime import datetime

from states.refusals import Refused

NO_CLAUSE = "文件"
"""Where a refusal rests on no clause: the file itself cannot be read."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One request turned down: when, who asked for what, about which file or case, why, by which clause."""

    at: datetime
    who: str
    what: str
    about: str
    sentence: str
    clause: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One import: when, through whom, how many forms, how many became cases, were there before, were refused."""

    at: datetime
    who: str
    call: str
    files: int
    good: int
    again: int
    refused: int


@dataclass(frozen=True, slots=True)
class Witnessed:
    """Something that was done and leaves no entry of its own: a question answered, a look taken."""

    clause: str
    what: str
    at: datetime
    about: str


@dataclass(slots=True)
class Journal:
    """Kept while a rehearsal runs."""

    refusals: list[Refusal] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    witnessed: list[Witnessed] = field(default_factory=list)

    def witness(self, clause: str, what: str, at: datetime, about: str) -> None:
        """Write down what leaves no entry of its own."""
        self.witnessed.append(Witnessed(clause, what, at, about))

    def refuse(self, at: datetime, who: str, what: str, about: str, why: Refused) -> None:
        """Write a refusal down."""
        self.add(at, who, what, about, why.sentence, why.clause)

    def add(self, at: datetime, who: str, what: str, about: str, sentence: str, clause: str | None) -> None:
        """Write a refusal down from its parts."""
        self.refusals.append(Refusal(at, who, what, about, sentence, clause or NO_CLAUSE))

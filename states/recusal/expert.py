"""An expert as recusal knows one. None means that nobody knows, which never passes for nothing."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from states.recusal.organisation import Group, Organisation


class TieKind(StrEnum):
    """What an expert may declare about an institution."""

    KINSHIP = "kinship"
    ADVISORY = "advisory"
    DRAFTING = "drafting"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The Chinese name of the tie."""
        return {"kinship": "亲属关系", "advisory": "顾问关系", "drafting": "参与编制", "other": "其他关系"}[
            self
        ]


class Employment(NamedTuple):
    """One row of an employment history: Shanghai days, the last included.

    ``until`` is None when it goes on, or when nobody said that it ended.
    """

    organisation: Organisation
    since: date | None = None
    until: date | None = None


class Tie(NamedTuple):
    """A declared tie, to an organisation (by code or name), to a person, or to a person there.

    ``DRAFTING`` means having taken part in drafting its standard or its application.
    """

    kind: TieKind
    organisation: Organisation | None = None
    person: str = ""
    note: str = ""


class Service(NamedTuple):
    """An earlier vote: on which institution, in which call."""

    uscc: str
    call: str


class OwnRecusal(NamedTuple):
    """A case the expert steps back from, and why."""

    case: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Expert:
    """One expert of the pool.

    ``employer``, ``group`` (of the employer), ``employment``, ``ties`` and ``service`` are None while unknown; an
    empty value says that somebody looked and there is nothing. ``objections`` are the codes of institutions whose
    objection to this expert the office accepted. ``identity`` is only compared, and never shown.
    """

    id: str
    name: str
    employer: Organisation | None
    group: Group | None = None
    province: str = ""
    fields: tuple[str, ...] = ()
    title: str = ""
    employment: tuple[Employment, ...] | None = None
    ties: tuple[Tie, ...] | None = None
    service: tuple[Service, ...] | None = None
    objections: tuple[str, ...] = ()
    recuses: tuple[OwnRecusal, ...] = ()
    identity: str = field(default="", repr=False)

    def worked_for(self, organisation: Organisation) -> bool:
        """Whether the expert works there, or ever did as far as the history says."""
        rows = (row.organisation for row in self.employment or ())
        known = rows if self.employer is None else (self.employer, *rows)
        return any(each.same_as(organisation) for each in known)

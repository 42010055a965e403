"""What an expert declares on accepting a seat, before any material is seen, and what recusal makes of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from states.recusal.applicant import Applicant
from states.recusal.conflict import CLAUSE, Conflict, Decision
from states.recusal.expert import Employment, Expert, OwnRecusal, Service, Tie
from states.recusal.findings import YEARS, findings
from states.recusal.organisation import Group, Organisation
from states.refusals import Refused

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Declaration:
    """An expert's own declaration. None means that it adds nothing to what is on record; an empty tuple says none.

    ``recuses`` are the cases the expert steps back from by choice.
    """

    expert: str
    employer: Organisation | None = None
    group: Group | None = None
    employment: tuple[Employment, ...] | None = None
    ties: tuple[Tie, ...] | None = None
    service: tuple[Service, ...] | None = None
    recuses: tuple[OwnRecusal, ...] = ()


def fresh_conflicts(
    expert: Expert,
    declaration: Declaration,
    applicants: Iterable[Applicant],
    *,
    on: date,
    decisions: Iterable[Decision] = (),
    years: int = YEARS,
) -> list[Conflict]:
    """Every conflict of an expert as record and declaration tell together; as ``findings``, which see."""
    return findings([declared(expert, declaration)], applicants, on=on, decisions=decisions, years=years)


def declared(expert: Expert, declaration: Declaration) -> Expert:
    """The expert as record and declaration tell together: a declaration adds and fills gaps, it removes nothing.

    An employer or a row of the history that comes with its code stands for the same one on record without. A new
    employer leaves the old one in the history, and its group unknown unless that is declared too. Refused for a
    new employer without any history.
    """
    if declaration.expert != expert.id:
        raise ValueError(f"a declaration of {declaration.expert!r} is not one of {expert.id!r}")
    employer, group, employment = expert.employer, expert.group, _history(expert, declaration)
    now = declaration.employer
    if now is not None:
        moved = employer is not None and not now.same_as(employer)
        if employer is not None and moved:
            if employment is None:
                raise Refused("工作单位与专家库登记的不一致，请同时申报近年任职经历。", clause=CLAUSE)
            group = None
            if not any(row.organisation.same_as(employer) for row in employment):
                employment = (*employment, Employment(employer))
        if employer is None or moved or employer.uscc is None:
            employer = now
    return replace(
        expert,
        employer=employer,
        group=group if declaration.group is None else declaration.group,
        employment=employment,
        ties=_both(expert.ties, declaration.ties),
        service=_both(expert.service, declaration.service),
        recuses=(*expert.recuses, *declaration.recuses),
    )


def _history(expert: Expert, declaration: Declaration) -> tuple[Employment, ...] | None:
    named = [row.organisation for row in declaration.employment or () if row.organisation.uscc is not None]
    kept = expert.employment
    if kept is not None:
        kept = tuple(
            row
            for row in kept
            if row.organisation.uscc is not None or not any(row.organisation.same_as(each) for each in named)
        )
    return _both(kept, declaration.employment)


def _both(recorded: tuple[T, ...] | None, added: tuple[T, ...] | None) -> tuple[T, ...] | None:
    if recorded is None or added is None:
        return added if recorded is None else recorded
    return tuple(dict.fromkeys((*recorded, *added)))

"""The printed form cut into parts for a narrow screen: section by section, group by group, in printed order."""

from dataclasses import dataclass
from itertools import groupby

from states.call_rules import TrackRules
from states.forms import CertificateClass, Field, Form, Section, Takes, UnitType

YES_NO = ("是", "否")


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one printed label, or a single field with none."""

    label: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One section of the form: its anchor, its heading, its groups."""

    anchor: str
    title: str
    groups: tuple[Group, ...]
    choices: dict[str, tuple[str, ...]]


def blocks_of(form: Form, rules: TrackRules) -> list[Block]:
    """Every section the applicant fills in; the recommender's own is left to the recommender."""
    found: list[Block] = []
    for section, fields in groupby(form.fields, key=lambda field: field.section):
        if section is Section.RECOMMENDATION:
            continue
        listed = list(fields)
        groups = [
            Group(label or "", tuple(members))
            for label, members in groupby(listed, key=lambda field: field.group)
        ]
        found.append(
            Block(
                f"s-{len(found) + 1}",
                section.value,
                tuple(groups),
                {each.key: _choices(each, rules) for each in listed},
            )
        )
    return found


def _choices(field: Field, rules: TrackRules) -> tuple[str, ...]:
    match field.takes:
        case Takes.LEVELS:
            return tuple(rules.levels.value)
        case Takes.YES_NO:
            return YES_NO
        case Takes.UNIT_TYPE:
            return tuple(UnitType)
        case Takes.CERTIFICATE_CLASSES:
            return tuple(CertificateClass)
    return ()

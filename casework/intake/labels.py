"""The printed labels of a form, and recognising one however it was spaced."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from casework.intake.characters import compact
from casework.intake.ticks import TICKED, UNTICKED
from states.forms import Column, Field, Form, Section, Takes

_NOISE = re.compile(rf"[:：*＊·.\"“”'{TICKED}{UNTICKED}]")


def spelled(text: str) -> str:
    """A label as it is compared: half-width, no white space, no colon or star."""
    return _NOISE.sub("", compact(text))


def spellings(label: str, aliases: Iterable[str] = ()) -> set[str]:
    """Every spelling taken for `label`: as printed, without its bracketed hint, and its aliases."""
    every = {spelled(form) for form in (label, *aliases)}
    every |= {re.sub(r"\(.*?\)", "", form) for form in every}
    return every - {""}


@dataclass(frozen=True)
class Labels:
    """What each spelling stands for on one form.

    `fields`: a label with its value beside it. `groups`: a label over several fields, to their own labels.
    `tables`: a label over a table's rows. `columns`: for every table, its columns with their spellings.
    """

    fields: Mapping[str, Field]
    groups: Mapping[str, Mapping[str, Field]]
    tables: Mapping[str, Field]
    columns: Mapping[str, tuple[tuple[Column, frozenset[str]], ...]]

    def leads(self, text: str) -> bool:
        """Whether `text` is a label that starts something new wherever it stands."""
        label = spelled(text)
        return label in self.fields or label in self.groups or label in self.tables


@cache
def labels_of(form: Form) -> Labels:
    """The labels of the body of `form`; commitment and recommendation are running text, read elsewhere."""
    fields: dict[str, Field] = {}
    groups: dict[str, dict[str, Field]] = {}
    tables: dict[str, Field] = {}
    columns: dict[str, tuple[tuple[Column, frozenset[str]], ...]] = {}
    for field in form.fields:
        if field.section in (Section.COMMITMENT, Section.RECOMMENDATION):
            continue
        if field.takes is Takes.ROWS:
            tables |= dict.fromkeys(spellings(field.label, field.aliases), field)
            columns[field.key] = tuple(
                (column, frozenset(spellings(column.label, column.aliases))) for column in field.columns
            )
        elif field.group:
            for group in spellings(field.group):
                own = groups.setdefault(group, {})
                own |= dict.fromkeys(spellings(field.label, field.aliases), field)
        else:
            fields |= dict.fromkeys(spellings(field.label, field.aliases), field)
    # 法定代表人 is printed as a table of one row: its two fields are columns as well.
    head = tuple(field for field in form.fields if field.group == "法定代表人")
    columns["法定代表人"] = tuple(
        (Column(field.key, field.label), frozenset(spellings(field.label, field.aliases))) for field in head
    )
    return Labels(fields, groups, tables, columns)

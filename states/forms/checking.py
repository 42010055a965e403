"""Judging the values of a filed form: an application when nothing blocks, and every problem in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from states.calendar import day_of
from states.forms.application import (
    Commitment,
    EvaluationApplication,
    Person,
    Recommendation,
    TrainingApplication,
)
from states.forms.closing_section import LEVEL_KEYS
from states.forms.cross_checks import cross_problems
from states.forms.fields import Field, Form, FormKind, Takes
from states.forms.identities import identity_fault, mailbox_fault, phone_fault, uscc_fault
from states.forms.lengths import characters
from states.forms.problems import Problem

Values = Mapping[str, Any]

_FAULTS: Mapping[Takes, Callable[[str], str | None]] = {
    Takes.USCC: uscc_fault,
    Takes.IDENTITY_NUMBER: identity_fault,
    Takes.MAILBOX: mailbox_fault,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a filed form comes to. `application` is there exactly when no problem blocks."""

    application: TrainingApplication | EvaluationApplication | None
    problems: tuple[Problem, ...]


def check(form: Form, values: Values, *, as_of: datetime, already: Iterable[Problem] = ()) -> Outcome:
    """Judge `values` (field key → typed value; an unfilled field is absent) as filed at `as_of`.

    A table's value is a list of dicts by column key. `already` holds the problems found while the values were
    read; their fields are not reported as missing again. Problems come in the printed order of their fields.
    """
    found = list(already)
    reported = {problem.key for problem in found}
    for field in form.fields:
        if field.key not in reported:
            found += _field_problems(form, field, values)
    found += cross_problems(form, values, day_of(as_of), {problem.key for problem in found})
    order = {key: place for place, key in enumerate(form.by_key)}
    found.sort(key=lambda problem: order.get(problem.key, len(order)))
    blocked = any(problem.blocks for problem in found)
    return Outcome(None if blocked else _application(form, values), tuple(found))


def _field_problems(form: Form, field: Field, values: Values) -> list[Problem]:
    value = values.get(field.key)
    if value is None or value in ("", (), []):
        return [_problem(form, field, f"「{field.name}」没有填写，请补填")] if field.required else []
    if field.limit is not None and (count := characters(value)) > field.limit:
        sentence = f"「{field.name}」共 {count} 字，限 {field.limit} 字（空格和换行不计），请压缩后再报"
        return [_problem(form, field, sentence)]
    if field.takes is Takes.PHONE and (fault := phone_fault(value)):
        return [_problem(form, field, f"「{field.name}」填写的“{value}”{fault}，请核对", blocks=False)]
    if (fault_of := _FAULTS.get(field.takes)) and (fault := fault_of(value)):
        shown = "" if field.takes is Takes.IDENTITY_NUMBER else f"“{value}”"
        return [_problem(form, field, f"「{field.name}」填写的{shown or '号码'}{fault}，请核对更正")]
    return []


def _problem(form: Form, field: Field, sentence: str, *, blocks: bool = True) -> Problem:
    return Problem(field.key, field.name, sentence, form.clause, blocks)


def _application(form: Form, values: Values) -> TrainingApplication | EvaluationApplication:
    def part(prefix: str) -> dict[str, Any]:
        return {key.removeprefix(prefix): value for key, value in values.items() if key.startswith(prefix)}

    plain = {
        field.key: values[field.key]
        for field in form.fields
        if field.key in values and not field.key.startswith(_NESTED) and field.takes is not Takes.ROWS
    }
    rows = {
        field.key: tuple(dict(row) for row in values.get(field.key, ()))
        for field in form.fields
        if field.takes is Takes.ROWS
    }
    commitment = {key: values[key] for key in ("sealed_by", "signatory", "signed_on") if key in values}
    recommendation = {
        name: values[key] for name, key in _RECOMMENDATION.items() if values.get(key) is not None
    }
    nested = {
        "responsible": Person(**part("responsible_")),
        "contact": Person(**part("contact_")),
        "planned": _by_level(values, "planned_"),
        "fees": _by_level(values, "fee_"),
        "commitment": Commitment(**commitment),
        "recommendation": Recommendation(**recommendation),
    }
    model = TrainingApplication if form.kind is FormKind.TRAINING else EvaluationApplication
    return model.model_validate({**plain, **rows, **nested})


_RECOMMENDATION = {
    "reason": "recommendation_reason",
    "recommender": "recommender",
    "head": "recommender_head",
    "recommended_on": "recommended_on",
    "contact": "recommender_contact",
    "phone": "recommender_phone",
}
_NESTED = (
    "responsible_",
    "contact_",
    "planned_",
    "fee_",
    "sealed_by",
    "signatory",
    "signed_on",
    "recommend",
)


def _by_level(values: Values, prefix: str) -> dict[Any, Any]:
    chosen = values.get("levels", ())
    return {
        level: values[prefix + key]
        for level, key in LEVEL_KEYS.items()
        if level in chosen and values.get(prefix + key) is not None
    }

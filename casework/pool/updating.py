"""A row about somebody the pool knows already: what changes, and what must not get lost on the way (M24-7.3b)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from casework.pool.columns import BY_KEY
from casework.pool.profile import Profile, known_organisation
from states.recusal import Employment
from states.refusals import Refused

IN_PROFILE = tuple(field.name for field in fields(Profile))
PLAIN = ("name", "employer", "uscc", "province", "title", "fields", "mail", "phone")


@dataclass(frozen=True, slots=True)
class Known:
    """An expert as on record; ``fields`` are occupation codes joined by commas."""

    id: int
    code: str
    name: str
    employer: str
    uscc: str
    province: str
    title: str
    fields: str
    mail: str
    phone: str | None
    profile: Profile


def profile_of(values: Mapping[str, Any]) -> Profile:
    """The profile of somebody new: what the row does not say is unknown."""
    return Profile(**{key: values[key] for key in IN_PROFILE if key in values})


def updated(known: Known, values: Mapping[str, Any], *, on: date) -> Known:
    """The expert after a row of ``values`` read on the Shanghai day ``on``; an empty cell changes nothing.

    Who changes employer keeps the old one in the history, up to ``on``; the marks of the old employer's group go.
    Raises Refused when the history is not known, for the old employer could not be kept.
    """
    plain = {key: values[key] for key in PLAIN if key in values and key != "fields"}
    if "fields" in values:
        plain["fields"] = ",".join(values["fields"])
    told = {key: values[key] for key in IN_PROFILE if key in values}
    profile = replace(known.profile, **told)
    if values.get("uscc", known.uscc) != known.uscc:
        profile = replace(
            _with_old_employer(known, profile, on),
            legal_representative=told.get("legal_representative"),
            shareholders=told.get("shareholders"),
        )
    return replace(known, **plain, profile=profile)


def changes(before: Known, after: Known) -> tuple[str, ...]:
    """The keys of the columns in which the two differ."""
    return tuple(
        key
        for key in BY_KEY
        if (key in PLAIN and getattr(before, key) != getattr(after, key))
        or (key in IN_PROFILE and getattr(before.profile, key) != getattr(after.profile, key))
    )


def _with_old_employer(known: Known, profile: Profile, on: date) -> Profile:
    if profile.employment is None:
        raise Refused(
            f"工作单位与库中登记的“{known.employer}”不同，而工作经历不明；请填写「{BY_KEY['employment'].heading}」后再导入",
            clause="M24-7.3b",
        )
    old = known_organisation(known.employer, known.uscc)
    if any(row.organisation.same_as(old) for row in profile.employment):
        return profile
    return replace(profile, employment=(*profile.employment, Employment(old, None, on)))

"""An application as recusal knows it: the institution, its group, and everyone its own form names (M24-7.3b)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from states.forms import Application, TrainingApplication
from states.recusal.conflict import CLAUSE
from states.recusal.organisation import Group, Organisation
from states.refusals import Refused


class Named(NamedTuple):
    """Somebody the form names: in which part, and of which employer (None when the form leaves it blank)."""

    name: str
    role: str
    employer: Organisation | None
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Applicant:
    """One case before a panel. ``last_call`` is the call in which experts last voted on the institution, if any.

    Refused for an institution without a unified social credit code: nothing could be told of it with certainty.
    """

    case: str
    institution: Organisation
    group: Group = field(default_factory=Group)
    named: tuple[Named, ...] = field(default=(), repr=False)
    last_call: str = ""

    def __post_init__(self) -> None:
        if not self.institution.uscc:
            raise Refused(f"申报{self.case}缺申报单位的统一社会信用代码，不能核对回避。", clause=CLAUSE)

    @property
    def uscc(self) -> str:
        """The institution's unified social credit code."""
        return self.institution.uscc or ""


def applicant_of(
    case: str, form: Application, *, shareholders: frozenset[str] = frozenset(), last_call: str = ""
) -> Applicant:
    """The applicant as its own form tells; the form does not ask for shareholders (codes), so they come along."""
    institution = Organisation(form.institution, form.uscc)
    group = Group(form.legal_representative, form.legal_representative_id, shareholders)
    return Applicant(case, institution, group, tuple(_named(form, institution)), last_call)


def _named(form: Application, institution: Organisation) -> Iterator[Named]:
    yield Named(form.legal_representative, "法定代表人", institution, form.legal_representative_id)
    yield Named(form.responsible.name, "申报负责人", institution)
    yield Named(form.contact.name, "申报联系人", institution)
    yield Named(form.commitment.signatory, "承诺签署人", institution)
    role = "培训教师" if isinstance(form, TrainingApplication) else "命题专家"
    for row in getattr(form, "people", ()):
        yield Named(row.name, role, Organisation(row.employer) if row.employer.strip() else None)

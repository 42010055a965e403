"""An application as filed on a recommendation form: typed, complete, checked in each of its parts.

Money is in 万元 except fees, which are in 元; dates are Shanghai days.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from states.forms.fields import FormKind, Level
from states.forms.identities import identity_fault, mailbox_fault, uscc_fault
from states.forms.notes import CertificateClass, UnitType


def _sound(fault_of: Callable[[str], str | None]) -> AfterValidator:
    def validate(value: str) -> str:
        if fault := fault_of(value):
            raise ValueError(fault)
        return value

    return AfterValidator(validate)


Uscc = Annotated[str, _sound(uscc_fault)]
IdentityNumber = Annotated[str, _sound(identity_fault)]
Mailbox = Annotated[str, _sound(mailbox_fault)]
Filled = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]
Money = Annotated[Decimal, Field(ge=0)]


class Part(BaseModel):
    """A part of an application: strict, closed, never changed once filed."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Person(Part):
    """申报负责人 or 申报联系人."""

    name: Filled
    phone: Filled
    post: Filled
    mailbox: Mailbox


class TaxYear(Part):
    """One row of 近三年纳税情况; `amount` in 万元."""

    year: int
    amount: Money
    dishonest: bool


class Premises(Part):
    """One row of 自有场地及设施设备情况, as written: the form prints no units."""

    address: str
    area: str
    capacity: str
    equipment_sets: str
    equipment_value: str


class TrainingYear(Part):
    """One row of 近5年培训规模, in person-times."""

    year: int
    trained: Count
    alone: Count
    jointly: Count


class EvaluationYear(Part):
    """One row of 近5年开展考核评价规模; `issued` counts certificates. A year may have several rows."""

    year: int
    certificate: str
    nature: str
    issued: Count


class Teacher(Part):
    """One row of 培训教师."""

    name: str
    employer: str
    title: str
    speciality: str
    nature: str
    phone: str


class QuestionSetter(Part):
    """One row of 命题专家: whoever is named here may not judge the application (M24-7.3b)."""

    name: str
    employer: str
    title: str
    phone: str


class Commitment(Part):
    """承诺: who sealed and signed it, as far as the file says, and when."""

    sealed_by: str = ""
    signatory: str = ""
    signed_on: date


class Recommendation(Part):
    """The recommender's block, often still empty when the institution files."""

    reason: str = ""
    recommender: str = ""
    head: str = ""
    recommended_on: date | None = None
    contact: str = ""
    phone: str = ""


class Application(Part):
    """What both forms hold. `total_scale` and `own_scale` are the printed five-year totals."""

    kind: FormKind
    occupation: Filled
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    institution: Filled
    uscc: Uscc
    legal_representative: Filled
    legal_representative_id: IdentityNumber = Field(repr=False)
    address: Filled
    unit_type: UnitType
    industry: Filled
    registered_capital: Money
    staff: Count
    founded: date
    taxes: tuple[TaxYear, ...]
    national_base: bool
    industry_base: bool
    provincial_base: bool
    standard_developer: bool
    responsible: Person
    contact: Person
    profile: Filled
    total_scale: Count
    own_scale: Count
    premises: tuple[Premises, ...]
    platform: Filled
    team: Count
    summary: Filled
    team_building: Filled
    planned: dict[Level, Count]
    fees: dict[Level, Money]
    plan: Filled
    commitment: Commitment
    recommendation: Recommendation = Recommendation()

    @property
    def yearly_scale(self) -> dict[int, int]:
        """Person-times by year, oldest first; only the years the form names."""
        raise NotImplementedError

    @property
    def dishonest_years(self) -> tuple[int, ...]:
        """The years whose tax row owns up to dishonest conduct (I21-4.2.1)."""
        return tuple(sorted(row.year for row in self.taxes if row.dishonest))

    @property
    def people_named(self) -> tuple[str, ...]:
        """Everyone the form names, for recusal: legal representative, responsible, contact, then the rows."""
        first = (self.legal_representative, self.responsible.name, self.contact.name)
        return tuple(dict.fromkeys(first))


def _by_year(rows: list[tuple[int, int]]) -> dict[int, int]:
    totals: dict[int, int] = {}
    for year, count in sorted(rows):
        totals[year] = totals.get(year, 0) + count
    return totals


class TrainingApplication(Application):
    """An application on 附件1."""

    kind: Literal[FormKind.TRAINING] = FormKind.TRAINING
    scale: tuple[TrainingYear, ...]
    full_time: Count
    part_time: Count
    people: tuple[Teacher, ...]

    @property
    def yearly_scale(self) -> dict[int, int]:
        return _by_year([(row.year, row.trained) for row in self.scale])

    @property
    def people_named(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*super().people_named, *(row.name for row in self.people))))


class EvaluationApplication(Application):
    """An application on 附件2. `people` are the question setters."""

    kind: Literal[FormKind.EVALUATION] = FormKind.EVALUATION
    conducts_evaluation: bool
    issues_certificates: bool
    scale: tuple[EvaluationYear, ...]
    certificate_classes: tuple[CertificateClass, ...] = ()
    examiners: Count
    supervisors: Count
    people: tuple[QuestionSetter, ...]

    @property
    def yearly_scale(self) -> dict[int, int]:
        return _by_year([(row.year, row.issued) for row in self.scale])

    @property
    def people_named(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*super().people_named, *(row.name for row in self.people))))


_EITHER: TypeAdapter[TrainingApplication | EvaluationApplication] = TypeAdapter(
    Annotated[TrainingApplication | EvaluationApplication, Field(discriminator="kind")]
)


def application_from_json(text: str | bytes) -> TrainingApplication | EvaluationApplication:
    """The application that `model_dump_json` wrote; pydantic's ValidationError when it is not one."""
    return _EITHER.validate_json(text)

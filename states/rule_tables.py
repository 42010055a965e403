"""What a rule file may contain: the tables of regimes and calls, each value with its clause."""

from datetime import date, time
from typing import Annotated, Self

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from states.labels import CHANNELS, CITES, DECIDERS, FORM_TEXTS, LIMITS, MATERIALS, PRIORITIES, SITES
from states.recusal.scope import Scope
from states.ruled import (
    Count,
    Generally,
    Quota,
    Ruled,
    Share,
    SpanText,
    SpanTexts,
    Strict,
    Words,
    check_clause,
    one_of,
)

FULL_MARKS = 100
LEAST_PUBLICITY = 5
"""Working days; no text knows a shorter publicity (B3-4.5, CQ23-4.4, M24-7.4), and a province may not shorten it."""


def _decider(word: str) -> str:
    return one_of(word, DECIDERS)


def _channels(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one_of(word, CHANNELS) for word in words)


def _sites(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one_of(word, SITES) for word in words)


def _materials(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one_of(word, MATERIALS) for word in words)


def _priorities(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one_of(word, PRIORITIES) for word in words)


def _limit(word: str) -> str:
    return one_of(word, LIMITS)


def _form_text(word: str) -> str:
    return one_of(word, FORM_TEXTS)


def _recusal_scope(word: str) -> str:
    return one_of(word, {scope.value: scope.label for scope in Scope})


def _cite(word: str) -> str:
    return one_of(word, CITES)


def _cited(id_: str, info: ValidationInfo) -> str:
    check_clause(id_, info)
    return id_


CiteName = Annotated[str, AfterValidator(_cite)]
CitedClause = Annotated[str, AfterValidator(_cited)]
Decider = Annotated[str, AfterValidator(_decider)]
Channels = Annotated[Words, AfterValidator(_channels)]
Sites = Annotated[Words, AfterValidator(_sites)]
Materials = Annotated[Words, AfterValidator(_materials)]
Priorities = Annotated[Words, AfterValidator(_priorities)]
LimitName = Annotated[str, AfterValidator(_limit)]
FormText = Annotated[str, AfterValidator(_form_text)]
RecusalScope = Annotated[str, AfterValidator(_recusal_scope)]
MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


class SelectionRules(Strict):
    """How institutions are selected: eligibility, channels, limits, publicity, the term that is granted."""

    levels: Ruled[Words]
    good_credit: Ruled[bool]
    foundation: Ruled[bool]
    commitment: Ruled[bool]
    business_scope: Generally[Words] | None = None
    registered_on_or_before: Generally[date] | None = None
    experience_years: Generally[Count] | None = None
    min_yearly: Generally[Count]
    channels: Ruled[Channels]
    offices: Ruled[Words] | None = None
    recommendation_letter: Ruled[bool]
    recommend_ratio: Ruled[Share]
    correction: Ruled[SpanText]
    limits: dict[LimitName, Ruled[SpanText]]
    cites: dict[CiteName, CitedClause]
    reminders: Ruled[SpanTexts]
    escalate_after: Ruled[SpanText]
    escalate_every: Ruled[SpanText]
    publicity: Ruled[SpanText]
    office_opens: Ruled[time]
    publication: Ruled[Sites]
    term_years: Ruled[Count]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.publicity.value.unit != "working days" or self.publicity.value.count < LEAST_PUBLICITY:
            raise ValueError(
                f"公示期（publicity）应以工作日计且不少于{LEAST_PUBLICITY}个，现为{self.publicity.value.text()}"
                "（M24-7.4）"
            )
        missing = [word for word in LIMITS if word not in self.limits]
        if missing:
            raise ValueError(f"环节时限（limits）缺少：{'、'.join(missing)}")
        uncited = [word for word in CITES if word not in self.cites]
        if uncited:
            raise ValueError(f"依据条款（cites）缺少：{'、'.join(uncited)}")
        return self


class Criterion(Ruled[int]):
    """One criterion of the score sheet: its value is the highest mark it can get."""

    value: Count
    label: Annotated[str, Field(min_length=1)]


class PanelRules(Strict):
    """How a panel of experts is made up, called and counted, unless set otherwise before its draw.

    ``quorum`` and ``of_field`` are shares of the panel's size, rounded up; no ``per_province`` means no limit.
    """

    size: Ruled[Count]
    quorum: Ruled[Share]
    per_employer: Ruled[Count]
    per_province: Ruled[Count] | None = None
    of_field: Ruled[Share]
    invitation: Ruled[SpanText]
    abstentions_count: Ruled[bool]
    employment_years: Ruled[Count]
    recusal: Ruled[RecusalScope]
    criteria: dict[str, Criterion]

    @model_validator(mode="after")
    def _can_sit(self) -> Self:
        if self.size.value % 2 == 0:
            raise ValueError(f"专家组人数（size）应为单数，现为{self.size.value}")
        full = sum(criterion.value for criterion in self.criteria.values())
        if full != FULL_MARKS:
            raise ValueError(f"评分项目（criteria）满分合计应为{FULL_MARKS}，现为{full}")
        return self


class TrackTerms(Strict):
    """What differs between evaluation and training."""

    open: Ruled[bool]
    decided_by: Ruled[Decider]
    publisher: Ruled[Decider]
    review_organiser: Ruled[Decider]
    has_recheck: Ruled[bool]
    has_site_visit: Ruled[bool]
    national_audit: Ruled[bool]
    reports_list: Ruled[bool]
    quota: Quota
    offices: Ruled[Words] | None = None
    closed_occupations: Ruled[Words] | None = None
    priority: Ruled[Priorities]
    materials: Ruled[Materials]
    form: Ruled[str]
    form_limits: Ruled[dict[FormText, Count]]
    panel: PanelRules


class LifeRules(Strict):
    """What holds once an institution is listed: renewal, activity, rectification, records, duties."""

    renewal_apply_months: Ruled[Count]
    renewal_window_months: Ruled[Count]
    renewal_window_reminders: Ruled[SpanTexts]
    renewal_closing_reminders: Ruled[SpanTexts]
    renewal_late_notice: Ruled[SpanText]
    renewal_late_every: Ruled[SpanText]
    renewal_term_years: Ruled[Count]
    min_first_term: Ruled[Count]
    min_renewal_yearly: Ruled[Count]
    cooling_off_years: Ruled[Count]
    rectification: Ruled[SpanText]
    retention_paper_years: Ruled[Count]
    retention_electronic_years: Ruled[Count]
    examination_report: Ruled[SpanText]
    yearly_report_due: Ruled[MonthDay]
    fees_published: Ruled[SpanText]
    list_reported: Ruled[SpanText]
    emergency_followed: Ruled[SpanText]


class Regime(Strict):
    """Standing rules. `life` is absent where another regime took over everything after listing."""

    code: str
    name: str
    in_force_from: date
    in_force_until: date | None = None
    lives_under: Ruled[str]
    selection: SelectionRules
    tracks: dict[str, TrackTerms]
    life: LifeRules | None = None

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.in_force_until is not None and self.in_force_until < self.in_force_from:
            raise ValueError(f"失效日{self.in_force_until}早于生效日{self.in_force_from}")
        return self

"""What a panel is planned to be: set and published before its draw, from the defaults of the rules (M24-7.3c)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from types import MappingProxyType

from states.call_rules import TrackRules
from states.draw.frame import Constraints
from states.recusal.scope import Scope
from states.refusals import Refused
from states.ruled import Ruled
from states.spans import Span

CLAUSE = "M24-7.3c"


@dataclass(frozen=True, slots=True)
class PanelPlan:
    """One panel's parameters, all in heads.

    ``per_province`` 0 means any number. ``quorum`` is how many must vote on a case for the vote to count; those
    recused from it neither count nor lower it. ``ratio`` is the share that recommends, ``abstentions_count``
    whether an abstention counts among those voting; ``criteria`` gives the highest mark of each criterion.
    """

    size: int
    quorum: int
    per_employer: int
    per_province: int
    of_field: int
    ratio: Fraction
    abstentions_count: bool
    criteria: Mapping[str, int]
    labels: Mapping[str, str]
    invitation: Span
    employment_years: int
    recusal: Scope

    def __post_init__(self) -> None:
        self.constraints()
        if not self.size < 2 * self.quorum <= 2 * self.size:
            raise Refused(
                f"法定人数应超过专家组人数的一半且不多于{self.size}人，现为{self.quorum}人。", clause=CLAUSE
            )

    def constraints(self) -> Constraints:
        """What the draw has to keep; Refused for an even size or limits that cannot be."""
        return Constraints(self.size, self.per_employer, self.per_province, self.of_field)


def planned(
    rules: TrackRules,
    *,
    size: int | None = None,
    quorum: int | None = None,
    per_employer: int | None = None,
    per_province: int | None = None,
    of_field: int | None = None,
) -> PanelPlan:
    """The plan of a panel under the rules of a track; what is None takes the rules' default for the size.

    Refused, naming the limit, for a plan that cannot be.
    """
    panel = rules.panel
    seats = panel.size.value if size is None else size
    return PanelPlan(
        size=seats,
        quorum=_share(panel.quorum, seats) if quorum is None else quorum,
        per_employer=panel.per_employer.value if per_employer is None else per_employer,
        per_province=_count(panel.per_province) if per_province is None else per_province,
        of_field=_share(panel.of_field, seats) if of_field is None else of_field,
        ratio=rules.recommend_ratio.value,
        abstentions_count=panel.abstentions_count.value,
        criteria=MappingProxyType({key: each.value for key, each in panel.criteria.items()}),
        labels=MappingProxyType({key: each.label for key, each in panel.criteria.items()}),
        invitation=panel.invitation.value,
        employment_years=panel.employment_years.value,
        recusal=Scope(panel.recusal.value),
    )


def announced(plan: PanelPlan, rules: TrackRules) -> tuple[tuple[str, str, str], ...]:
    """What is published before the draw, in Chinese: what, how much, and the clause it rests on."""
    panel = rules.panel
    province = f"至多{plan.per_province}人" if plan.per_province else "不限"
    province_clause = panel.size.clause if panel.per_province is None else panel.per_province.clause
    abstention = "弃权计入表决人数" if plan.abstentions_count else "弃权不计入表决人数"
    ratio = f"表决人数的{plan.ratio.numerator}/{plan.ratio.denominator}（{abstention}）"
    return (
        ("专家组人数", f"{plan.size}人", panel.size.clause),
        ("法定人数", f"{plan.quorum}人", panel.quorum.clause),
        ("同一单位", f"至多{plan.per_employer}人", panel.per_employer.clause),
        ("同一省份", province, province_clause),
        ("相关领域", f"至少{plan.of_field}人", panel.of_field.clause),
        ("推荐比例", ratio, rules.recommend_ratio.clause),
        ("回避方式", plan.recusal.label, panel.recusal.clause),
        *(
            (f"评分：{plan.labels[key]}", f"满分{full}分", panel.criteria[key].clause)
            for key, full in plan.criteria.items()
        ),
    )


def _share(share: Ruled[Fraction], size: int) -> int:
    return ceil(share.value * size)


def _count(limit: Ruled[int] | None) -> int:
    return 0 if limit is None else limit.value

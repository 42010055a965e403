"""The part both forms share at the end: plan numbers per level, the commitment, the recommendation."""

from states.forms.fields import Field, Level, Section, Takes

LEVEL_KEYS = {Level.JUNIOR: "junior", Level.INTERMEDIATE: "intermediate", Level.SENIOR: "senior"}

COMMITMENT_TEXT = (
    "本单位提交的所有材料均真实、准确、可靠，如有失信或弄虚作假，其责任由本单位自负并愿接受相关处理。"
)


def plan_fields(planned: str, fees: str) -> tuple[Field, ...]:
    """Planned person-times and fees per level, under the two printed group labels."""
    # Which levels must be filled depends on the levels applied for: `cross_checks` asks for those.
    return (
        *(
            Field(f"planned_{key}", level.value, Section.PLAN, Takes.WHOLE, group=planned, required=False)
            for level, key in LEVEL_KEYS.items()
        ),
        *(
            Field(f"fee_{key}", level.value, Section.PLAN, Takes.MONEY, group=fees, required=False)
            for level, key in LEVEL_KEYS.items()
        ),
    )


CLOSING_FIELDS = (
    Field("sealed_by", "申报单位（盖章）", Section.COMMITMENT, group="承诺", required=False),
    Field("signatory", "法定代表人（或委托代理人）", Section.COMMITMENT, group="承诺", required=False),
    Field("signed_on", "签署日期", Section.COMMITMENT, Takes.DATE, group="承诺"),
    Field(
        "recommendation_reason",
        "推荐理由",
        Section.RECOMMENDATION,
        Takes.LONG_TEXT,
        required=False,
        prompt=("（包括申报材料审核意见，申报单位在本地区、本行业专业技术人员继续教育体系中的地位作用等）"),
    ),
    Field("recommender", "推荐单位（盖章）", Section.RECOMMENDATION, required=False),
    Field("recommender_head", "推荐单位负责人签字", Section.RECOMMENDATION, required=False),
    Field("recommended_on", "推荐日期", Section.RECOMMENDATION, Takes.DATE, required=False),
    Field("recommender_contact", "推荐单位联系人", Section.RECOMMENDATION, required=False),
    Field("recommender_phone", "联系电话", Section.RECOMMENDATION, group="推荐单位", required=False),
)

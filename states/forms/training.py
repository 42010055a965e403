"""附件1, 数字技术工程师培育项目培训机构推荐表, as printed with the call CQ23."""

from states.forms.closing_section import CLOSING_FIELDS, plan_fields
from states.forms.fields import Column, Field, Section, Takes
from states.forms.institution_section import INSTITUTION_FIELDS, PREMISES

TITLE = "数字技术工程师培育项目培训机构推荐表"

TRAINING_FIELDS = (
    Field(
        "occupation",
        "拟申报开展培训的职业（仅填一项）",
        Section.SCOPE,
        aliases=("申报职业", "拟申报职业"),
    ),
    Field(
        "levels",
        "拟申报开展培训的专业技术等级",
        Section.SCOPE,
        Takes.LEVELS,
        aliases=("申报等级", "专业技术等级"),
    ),
    *INSTITUTION_FIELDS,
    Field(
        "scale",
        "近5年培训规模（人次）",
        Section.FOUNDATION,
        Takes.ROWS,
        aliases=("近五年培训规模",),
        columns=(
            Column("year", "年度", Takes.YEAR, aliases=("年份",)),
            Column("trained", "培训人数", Takes.WHOLE),
            Column("alone", "独立培训人数", Takes.WHOLE),
            Column("jointly", "合作培训人数", Takes.WHOLE),
        ),
    ),
    Field("total_scale", "培训总规模", Section.FOUNDATION, Takes.WHOLE),
    Field(
        "own_scale",
        "（其中独立培训规模）",
        Section.FOUNDATION,
        Takes.WHOLE,
        aliases=("其中独立培训规模", "独立培训规模"),
    ),
    PREMISES,
    Field(
        "platform",
        "信息化平台建设情况",
        Section.FOUNDATION,
        Takes.LONG_TEXT,
        limit=300,
        prompt="（主要内容：是否有信息化平台支撑线上培训工作，基本情况介绍，具体网址等，300字以内）",
    ),
    Field("team", "师资团队总人数", Section.FOUNDATION, Takes.WHOLE),
    Field("full_time", "专职师资队伍人数", Section.FOUNDATION, Takes.WHOLE),
    Field("part_time", "兼职师资队伍人数", Section.FOUNDATION, Takes.WHOLE),
    Field(
        "people",
        "培训教师",
        Section.FOUNDATION,
        Takes.ROWS,
        columns=(
            Column("name", "培训教师姓名"),
            Column("employer", "工作单位"),
            Column("title", "专业技术职务/职称"),
            Column("speciality", "专业"),
            Column("nature", "人员性质"),
            Column("phone", "联系电话", Takes.PHONE),
        ),
    ),
    Field(
        "summary",
        "已有培训情况简述",
        Section.FOUNDATION,
        Takes.LONG_TEXT,
        limit=500,
        prompt=(
            "（主要包括：近五年来在所申报职业领域组织开展培训的情况，培训课程、课时、人数、形式等，以及"
            "考勤管理、质量评估等相关培训管理规章制度等。具体文本、支撑材料另附。500字以内）"
        ),
    ),
    Field(
        "team_building",
        "师资团队建设机制简述",
        Section.FOUNDATION,
        Takes.LONG_TEXT,
        limit=500,
        prompt=(
            "（建设机制包括：专职与兼职师资队伍结构优化措施、专家聘请方式、师资团队建设激励机制等。500字以内）"
        ),
        aliases=("师资团队建设机制",),
    ),
    *plan_fields("年度计划培训人数（人次）", "培训费用（元/学时）"),
    Field(
        "plan",
        "下步培训工作规划",
        Section.PLAN,
        Takes.LONG_TEXT,
        limit=800,
        prompt=(
            "（主要包括：下一步开展有关职业培训的工作考虑以及有关条件保障等，包括实施方案及质量管控相关制度、"
            "培训规模、师资培训、学习资源开发、培训费用测算等，800字以内）"
        ),
        aliases=("下一步培训工作规划",),
    ),
    *CLOSING_FIELDS,
)

"""附件2, 数字技术工程师培育项目评价机构推荐表, as printed with the calls CQ23 and B3."""

from states.forms.closing_section import CLOSING_FIELDS, plan_fields
from states.forms.fields import Column, Field, Section, Takes
from states.forms.institution_section import INSTITUTION_FIELDS, PREMISES

TITLE = "数字技术工程师培育项目评价机构推荐表"

EVALUATION_FIELDS = (
    Field(
        "occupation",
        "拟申报开展评价的职业（仅填一项）",
        Section.SCOPE,
        aliases=("申报职业", "拟申报职业"),
    ),
    Field(
        "levels",
        "拟申报开展评价的专业技术等级",
        Section.SCOPE,
        Takes.LEVELS,
        aliases=("申报等级", "专业技术等级"),
    ),
    *INSTITUTION_FIELDS,
    Field("conducts_evaluation", "是否开展评价", Section.FOUNDATION, Takes.YES_NO),
    Field("issues_certificates", "是否颁发证书", Section.FOUNDATION, Takes.YES_NO),
    Field(
        "scale",
        "近5年开展考核评价规模（人次）",
        Section.FOUNDATION,
        Takes.ROWS,
        required=False,  # `cross_checks` asks for it unless no evaluation is conducted
        aliases=("近五年开展考核评价规模",),
        columns=(
            Column("year", "年度", Takes.YEAR, aliases=("年份",)),
            Column("certificate", "证书名称"),
            Column("nature", "证书性质（自有证书或其它机构证书）"),
            Column("issued", "颁证数量", Takes.WHOLE),
        ),
    ),
    Field("total_scale", "总规模", Section.FOUNDATION, Takes.WHOLE),
    Field("own_scale", "其中自有证书规模", Section.FOUNDATION, Takes.WHOLE, aliases=("自有证书规模",)),
    Field(
        "certificate_classes",
        "证书类别",
        Section.FOUNDATION,
        Takes.CERTIFICATE_CLASSES,
        required=False,  # nothing to say where no certificate is issued: `cross_checks` asks where one is
    ),
    PREMISES,
    Field(
        "platform",
        "信息化平台建设情况",
        Section.FOUNDATION,
        Takes.LONG_TEXT,
        limit=300,
        prompt="（主要内容：是否有信息化平台支撑考核评价工作，基本情况介绍，具体链接网址等，300字以内）",
    ),
    Field("team", "考评团队总人数", Section.FOUNDATION, Takes.WHOLE),
    Field("examiners", "考评员队伍人数", Section.FOUNDATION, Takes.WHOLE),
    Field("supervisors", "督导员队伍人数", Section.FOUNDATION, Takes.WHOLE),
    Field(
        "people",
        "命题专家",
        Section.FOUNDATION,
        Takes.ROWS,
        columns=(
            Column("name", "命题专家姓名"),
            Column("employer", "工作单位"),
            Column("title", "专业技术职务/职称"),
            Column("phone", "联系电话", Takes.PHONE),
        ),
    ),
    Field(
        "summary",
        "已开展考核评价情况简述",
        Section.FOUNDATION,
        Takes.LONG_TEXT,
        limit=500,
        prompt=(
            "（主要包括：近五年来在所申报职业领域组织开展考核评价的情况，考务管理、考核保密、证书管理等"
            "相关管理规章制度等。具体文本、支撑材料另附。500字以内）"
        ),
    ),
    Field(
        "team_building",
        "考评团队建设机制",
        Section.FOUNDATION,
        Takes.LONG_TEXT,
        limit=500,
        prompt=(
            "（建设机制包括：考评团队建设及队伍优化措施、命题专家团队建设、考评员和督导员培训等。500字以内）"
        ),
    ),
    *plan_fields("年度计划考核人数（人次）", "考核费用（元/次）"),
    Field(
        "plan",
        "下步考核评价工作规划",
        Section.PLAN,
        Takes.LONG_TEXT,
        limit=800,
        prompt=(
            "（主要包括：下一步开展有关职业专业技术等级考核的工作考虑以及有关条件保障等，包括实施方案及"
            "质量管控相关制度、考核规模、师资培训、考核站点建设、考核方案、题库建设、考核费用测算等，800字以内）"
        ),
        aliases=("下一步考核评价工作规划",),
    ),
    *CLOSING_FIELDS,
)

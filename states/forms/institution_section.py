"""The part both forms share: who applies (申报单位基本情况), down to the profile."""

from states.forms.fields import Column, Field, Section, Takes

PEOPLE = (("responsible", "申报负责人"), ("contact", "申报联系人"))


def _person(prefix: str, group: str) -> tuple[Field, ...]:
    institution = Section.INSTITUTION
    return (
        Field(f"{prefix}_name", "姓名", institution, group=group),
        Field(f"{prefix}_phone", "电话", institution, Takes.PHONE, group=group, aliases=("联系电话", "手机")),
        Field(f"{prefix}_post", "职务", institution, group=group),
        Field(
            f"{prefix}_mailbox",
            "邮箱",
            institution,
            Takes.MAILBOX,
            group=group,
            aliases=("电子邮箱", "电子邮件"),
        ),
    )


TAX_COLUMNS = (
    Column("year", "年份", Takes.YEAR, aliases=("年度",)),
    Column("amount", "税额（万元）", Takes.MONEY, aliases=("纳税额",)),
    Column("dishonest", "是否有失信行为（从信用中国平台查询后填）", Takes.YES_NO),
)

INSTITUTION_FIELDS = (
    Field("institution", "单位名称（盖章）", Section.INSTITUTION, aliases=("申报单位名称", "机构名称")),
    Field("uscc", "统一社会信用代码", Section.INSTITUTION, Takes.USCC, aliases=("社会信用代码",)),
    Field("legal_representative", "姓名", Section.INSTITUTION, group="法定代表人"),
    Field(
        "legal_representative_id",
        "身份证号",
        Section.INSTITUTION,
        Takes.IDENTITY_NUMBER,
        group="法定代表人",
        aliases=("身份证号码", "公民身份号码"),
    ),
    Field("address", "单位地址", Section.INSTITUTION),
    Field("unit_type", "单位类型", Section.INSTITUTION, Takes.UNIT_TYPE),
    Field("industry", "所属行业", Section.INSTITUTION),
    Field(
        "registered_capital",
        "注册资金（万元）",
        Section.INSTITUTION,
        Takes.MONEY,
        aliases=("注册资本", "开办资金"),
    ),
    Field("staff", "正式员工数", Section.INSTITUTION, Takes.WHOLE, aliases=("正式员工人数",)),
    Field("founded", "单位成立时间", Section.INSTITUTION, Takes.DATE, aliases=("成立时间",)),
    Field("taxes", "近三年纳税情况", Section.INSTITUTION, Takes.ROWS, columns=TAX_COLUMNS),
    Field("national_base", "国家级专业技术人员继续教育基地", Section.INSTITUTION, Takes.YES_NO),
    Field("industry_base", "行业专业技术人员继续教育基地", Section.INSTITUTION, Takes.YES_NO),
    Field("provincial_base", "省级专业技术人员继续教育基地", Section.INSTITUTION, Takes.YES_NO),
    Field("standard_developer", "申报职业的国家职业标准开发单位", Section.INSTITUTION, Takes.YES_NO),
    *(field for prefix, group in PEOPLE for field in _person(prefix, group)),
    Field(
        "profile",
        "单位基本情况",
        Section.INSTITUTION,
        Takes.LONG_TEXT,
        limit=800,
        prompt="（主要包括：基本情况、行业地位、单位优势，800字以内）",
    ),
)

PREMISES = Field(
    "premises",
    "自有场地及设施设备情况",
    Section.FOUNDATION,
    Takes.ROWS,
    columns=(
        Column("address", "场地地址"),
        Column("area", "场地面积"),
        Column("capacity", "容纳人数"),
        Column("equipment_sets", "设施设备台套"),
        Column("equipment_value", "设施设备总值"),
    ),
)

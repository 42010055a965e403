"""Who may act on a case, and what each is called in pages and letters."""

from enum import StrEnum


class Role(StrEnum):
    """A part somebody plays in a case; the value is stored, the label is shown."""

    APPLICANT = "applicant"
    RECOMMENDER = "recommender"
    OFFICE = "office"
    CENTRE = "centre"
    PANEL = "panel"
    GROUP = "group"
    PROVINCE = "province"
    HEAD = "head"
    AUDITOR = "auditor"
    CLOCK = "clock"

    @property
    def label(self) -> str:
        """The Chinese name of the role."""
        return _LABELS[self]


_LABELS = {
    Role.APPLICANT: "申报单位",
    Role.RECOMMENDER: "推荐单位",
    Role.OFFICE: "工程指导协调小组办公室",
    Role.CENTRE: "中国就业培训技术指导中心",
    Role.PANEL: "专家组",
    Role.GROUP: "工程指导协调小组",
    Role.PROVINCE: "省级人力资源社会保障部门",
    Role.HEAD: "办公室负责人",
    Role.AUDITOR: "审计人员",
    Role.CLOCK: "到期自动办理",
}

STAFF = frozenset(
    {
        Role.RECOMMENDER,
        Role.OFFICE,
        Role.CENTRE,
        Role.PANEL,
        Role.GROUP,
        Role.PROVINCE,
        Role.HEAD,
    }
)
"""Roles whose reminders are gathered into one daily digest per person instead of a letter per case."""

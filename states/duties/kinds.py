"""The duties owed after listing, each with its words, its clause and who owes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

YEARLY, EXAMINATION, SITE, FEES, EMERGENCY, LIST = (
    "yearly", "examination", "site", "fees", "emergency", "list",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DutyKind:
    """One kind of duty. ``asks`` is what is to be done, ``owes`` who does it; ``ends_with_listing``: nobody owes it after."""

    key: str
    asks: str
    clause: str
    owes: str
    ends_with_listing: bool = False


KINDS: Mapping[str, DutyKind] = MappingProxyType(
    {
        each.key: each
        for each in (
            DutyKind(YEARLY, "报送年度材料", "M24-14", "机构", True),
            DutyKind(EXAMINATION, "报送统计和证书数据", "I21-4.6.3", "机构"),
            DutyKind(SITE, "报备考试点", "M24-11.1", "机构", True),
            DutyKind(FEES, "公布收费标准", "M24-12", "机构", True),
            DutyKind(EMERGENCY, "续报突发事件处理情况", "M24-11.6b", "机构"),
            DutyKind(LIST, "报送培训机构目录", "M24-8", "省级人力资源社会保障部门"),
        )
    }
)
"""Every kind of duty, by key."""

EMERGENCIES: Mapping[str, str] = MappingProxyType(
    {"network": "网络安全事件", "data": "数据安全或者个人信息泄露事件", "examination": "考试安全事件"}
)
"""What an emergency may be (M24-11.6b)."""

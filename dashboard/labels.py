"""What the pages call things that have English names inside."""

from collections.abc import Mapping
from types import MappingProxyType

LINES: Mapping[str, str] = MappingProxyType(
    {
        "sweep": "到期处理",
        "panels": "专家组到期处理",
        "calls": "批次启闭",
        "post": "发件",
        "publication": "对外公布",
        "conflicts": "两目录核对",
        "publicity": "公示到期预告",
        "renewals": "续期预告",
        "duties": "年度义务预告",
        "digests": "每日汇总",
        "invariants": "一致性检查",
        "calendar": "工作日历检查",
    }
)
"""The lines of the timetable, in its order."""

CALL_STATES: Mapping[str, str] = MappingProxyType({"planned": "未开放", "open": "受理中", "closed": "已截止"})

PREFECT: Mapping[str, str] = MappingProxyType(
    {
        "ready": "就绪，运行记录可查",
        "starting": "正在启动，时钟照常运行",
        "down": "未就绪，时钟照常运行",
    }
)
"""How the local Prefect is, and what that means."""

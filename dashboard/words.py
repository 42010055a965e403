"""What the pages call things that have English names inside."""

from collections.abc import Mapping
from types import MappingProxyType

LINES: Mapping[str, str] = MappingProxyType(
    {
        "sweep": "到期处理",
        "calls": "批次启闭",
        "post": "发件",
        "publicity": "公示到期预告",
        "renewals": "续期预告",
        "duties": "年度义务预告",
        "digests": "每日汇总",
        "invariants": "一致性检查",
        "calendar": "工作日历检查",
    }
)
"""The lines of the timetable, in its order."""

INCIDENTS: Mapping[str, str] = MappingProxyType(
    {
        "timer_failed": "到期办理失败",
        "timetable_failed": "定时任务失败",
        "letter_refused": "通知被拒收",
        "letter_given_up": "通知多次发送失败",
        "no_address": "缺少收件邮箱",
        "invariant_broken": "记录不一致",
        "calendar_missing": "放假安排未导入",
    }
)
"""The kinds of incidents."""

CALL_STATES: Mapping[str, str] = MappingProxyType({"planned": "未开放", "open": "受理中", "closed": "已截止"})

PREFECT: Mapping[str, str] = MappingProxyType(
    {
        "ready": "就绪，定时任务的运行记录可查",
        "starting": "正在启动，时钟照常运行",
        "down": "未就绪，时钟照常运行",
    }
)
"""How the local Prefect is, and what that means."""

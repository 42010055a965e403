"""What the kinds of incidents are called, on pages and in the terminal."""

from collections.abc import Mapping
from types import MappingProxyType

INCIDENT_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "timer_failed": "到期办理失败",
        "panel_timer_failed": "专家组到期办理失败",
        "panel_never_voted": "专家组到截止时仍未开始表决",
        "letter_refused": "通知被拒收",
        "letter_given_up": "通知未能送达",
        "panel_letter_refused": "专家通知被拒收",
        "panel_letter_given_up": "专家通知未能送达",
        "publication_refused": "公布内容被拒收",
        "publication_given_up": "公布内容未能送达",
        "publication_late": "公示送达过晚",
        "directory_conflict": "两个目录冲突",
        "objection_letter_refused": "异议答复被拒收",
        "objection_letter_given_up": "异议答复未能送达",
        "no_address": "没有邮箱",
        "timetable_failed": "时刻表任务失败",
        "invariant_broken": "记录不一致",
        "calendar_missing": "放假安排未导入",
    }
)

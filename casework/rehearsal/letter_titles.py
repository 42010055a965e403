"""What the report calls each kind of letter."""

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "received": "申报回执",
    "returned_for_correction": "退回补正",
    "correction_received": "补正收到",
    "correction_due": "补正即将到期",
    "correction_lapsed": "逾期未补正",
    "recommended": "已推荐",
    "declined": "不予推荐",
    "unrecommended": "截止未获推荐",
    "filing_closed": "申报截止",
    "filing_closes_soon": "申报即将截止",
    "accepted": "受理，进入初核",
    "paper_received": "纸质材料收到",
    "initial_passed": "初核通过",
    "initial_failed": "初核不通过",
    "site_visit_ordered": "组织考察",
    "publicity_begins": "公示开始",
    "not_selected": "未入选",
    "objection_received": "收到异议",
    "objection_dismissed": "异议不成立",
    "objection_upheld": "异议成立",
    "listed": "列入目录",
    "renewal_window": "可以申请续期",
    "renewal_closing": "续期申请即将截止",
    "renewal_received": "续期申请收到",
    "renewal_approved": "同意续期",
    "renewal_refused": "不同意续期",
    "lapsed": "逾期未申请续期",
    "exited": "退出目录",
    "rectification_ordered": "责令限期整改",
    "rectification_received": "整改报告收到",
    "rectification_due": "整改即将到期",
    "rectification_accepted": "整改验收合格",
    "withdrawn": "撤回申报",
    "disqualified": "取消资格",
    "duty_due": "年度材料即将到期",
    "duty_overdue": "年度材料逾期",
    "date_moved": "日期调整",
    "digest": "每日汇总",
    "escalation": "督办",
}


def title_of(letter: str) -> str:
    """The Chinese name of a kind of letter."""
    return TITLES.get(letter, letter)

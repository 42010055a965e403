"""The rules that cases were pinned to, clause by clause: values, and the conditions that every move was held against."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, time
from fractions import Fraction
from typing import Any

from casework.rehearsal.clause_story import Evidence
from casework.rehearsal.world import World
from records.transaction import Transaction
from states import labels
from states.clauses import SILENT
from states.ruled import Ruled, Strict
from states.spans import Span

RULE_LABELS: Mapping[str, str] = {
    "opens": "受理自", "filing_closes": "申报截止", "paper_due": "纸质材料截止", "occupations": "职业",
    "levels": "等级", "good_credit": "信用良好", "foundation": "基础条件", "commitment": "签署承诺",
    "business_scope": "业务范围", "registered_on_or_before": "成立日期不晚于", "experience_years": "从业年限",
    "min_yearly": "年均人次不少于", "channels": "推荐渠道", "offices": "推荐单位", "recommendation_letter": "推荐函",
    "recommend_ratio": "专家推荐比例", "correction": "补正期限", "publicity": "公示期", "office_opens": "上班时间",
    "publication": "公布网站", "term_years": "有效期（年）", "open": "遴选", "decided_by": "审定",
    "publisher": "发布", "review_organiser": "组织评审", "has_recheck": "复核环节", "has_site_visit": "考察环节",
    "national_audit": "全国审核", "reports_list": "报送名单", "quota": "每个职业名额", "priority": "优先情形",
    "closed_occupations": "不再受理的职业", "materials": "必备材料", "form": "推荐表", "form_limits": "推荐表字数",
    "panel.of_field": "本领域专家比例", "panel.recusal": "回避范围", "renewal_apply_months": "期满前几个月须申请续期",
    "renewal_late_notice": "续期审核将到期提醒", "renewal_late_every": "续期超期督办间隔",
    "min_first_term": "首个有效期至少活动人次",
    "min_renewal_yearly": "后续有效期年均人次不少于", "cooling_off_years": "限制申报年数",
    "retention_paper_years": "纸质档案保存年数", "retention_electronic_years": "电子档案保存年数",
    "examination_report": "考核后报送证书数据期限", "renewal_term_years": "续期后有效期（年）",
}  # fmt: skip
_CHOICES = (
    labels.DECIDERS,
    labels.CHANNELS,
    labels.MATERIALS,
    labels.PRIORITIES,
    labels.SITES,
    labels.TRACKS,
)


def ruled_by(rules: Strict, about: str = "") -> Iterator[tuple[str, Ruled[Any]]]:
    """Every value of a table of rules with its key (``limits.audit``), nested ones too."""
    for name in type(rules).model_fields:
        yield from _within(getattr(rules, name), f"{about}{name}")


def rules_at_work(tx: Transaction, world: World) -> Iterator[tuple[str, Evidence]]:
    """Each value that has a clause, with the number of cases of the track that are pinned to it."""
    counted = tx.one(
        "SELECT count(*) FROM cases WHERE call = ? AND track = ? AND ? IN ('', province)",
        (world.call.code, world.track, world.province),
    )
    cases = counted[0] if counted else 0
    for key, ruled in ruled_by(world.rules):
        if cases and ruled.clause != SILENT:
            yield ruled.clause, Evidence(f"{world.label}适用规则：{_said(key, ruled)}", cases)


def conditions_at_work(tx: Transaction, world: World) -> Iterator[tuple[str, Evidence]]:
    """Each condition that moves of the track were held against before they were made."""
    made: Counter[tuple[str, str]] = Counter()
    label: dict[tuple[str, str], str] = {}
    for name, stage, count in tx.rows(
        "SELECT a.name, a.from_stage, count(*) FROM audit a JOIN cases c ON c.id = a.case_id WHERE a.kind = 'move'"
        " AND c.call = ? AND c.track = ? AND ? IN ('', c.province) GROUP BY a.name, a.from_stage ORDER BY min(a.seq)",
        (world.call.code, world.track, world.province),
    ):
        if not stage or name not in world.process.labels:
            continue
        move = world.process.move(stage, name)
        for condition in dict.fromkeys(each for branch in move.branches for each in branch.provided):
            clause = condition.clause_under(world.rules)
            made[clause, name] += count
            label[clause, name] = move.label
    for (clause, name), count in made.items():
        yield clause, Evidence(f"“{label[clause, name]}”前逐件核对", count)


def _within(value: Any, key: str) -> Iterator[tuple[str, Ruled[Any]]]:
    if isinstance(value, Ruled):
        yield key, value
    elif isinstance(value, Strict):
        yield from ruled_by(value, f"{key}.")
    elif isinstance(value, Mapping):
        for part, each in value.items():
            yield from _within(each, f"{key}.{part}")


def _said(key: str, ruled: Ruled[Any]) -> str:
    label = getattr(ruled, "label", "") or RULE_LABELS.get(key, "")
    if key.startswith("limits."):
        label = f"{labels.LIMITS[key.removeprefix('limits.')]}期限"
    if ruled.value is True:
        return label
    if ruled.value is False:
        return f"没有{label}"
    scope = labels.SCOPES[ruled.scope] if hasattr(ruled, "scope") else ""
    marks = "（最高分）" if ".criteria." in key else ""
    return f"{label}{marks} {scope}{in_words(ruled.value)}"


def in_words(value: Any) -> str:
    """The value of a rule in Chinese."""
    if isinstance(value, tuple):
        return "、".join(map(in_words, value))
    if isinstance(value, Span):
        return value.text()
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, (date, time, int)):
        return str(value)
    if isinstance(value, Mapping):
        return "、".join(f"{labels.FORM_TEXTS.get(key, key)}{in_words(each)}" for key, each in value.items())
    if hasattr(value, "title") and hasattr(value, "code"):
        return str(value.name)
    return next((known[value] for known in _CHOICES if value in known), str(value))

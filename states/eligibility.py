"""Whether an application may be filed: what blocks it, and what falls short of an “一般应” and must be answered.

Each finding is one Chinese sentence with the numbers it rests on and the clause it comes from.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from states.activity import experience_years, yearly_average
from states.calendar import day_of, end_of, start_of
from states.call_rules import TrackRules
from states.forms import Application, EvaluationApplication, TrainingApplication
from states.labels import CHANNELS, MATERIALS
from states.places import OFFICES, Office
from states.refusals import Refused

NOTE = "note."
"""A rule of this beginning only points at something: its finding neither blocks nor waits for an answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. ``blocks`` keeps the application from being filed; any other waits for an answer in words,
    unless it is a mere note.
    """

    rule: str
    clause: str
    sentence: str
    blocks: bool = True

    def __str__(self) -> str:
        return f"{self.sentence}（{self.clause}）"


def examine(
    application: Application,
    rules: TrackRules,
    *,
    as_of: datetime,
    channel: Office,
    materials: Collection[str],
    cooling_until: date | None = None,
    listed_until: date | None = None,
    business_scope: str | None = None,
) -> list[Finding]:
    """Everything that speaks against filing ``application`` through ``channel`` at ``as_of`` (aware).

    ``materials`` are the kinds handed in with the form (keys of ``states.labels.MATERIALS``; the form itself need
    not be named). ``cooling_until`` is the last day of a cooling-off, and ``listed_until`` the last day of a term
    still running, of this institution in this track and occupation. ``business_scope`` is what its certificate
    says it may do, None where only a person can read the certificate. Blocking findings come first.
    """
    found = [
        *examine_round(rules, as_of=as_of, channel=channel, materials=materials),
        *_offer(application, rules, channel),
        *_credit(application, rules),
        *_foundation(application, rules),
        *examine_past(rules, day_of(as_of), cooling_until, listed_until),
        *_registered(application, rules),
        *_experience(application, rules, day_of(as_of)),
        *_scale(application, rules, day_of(as_of)),
        *_scope(rules, business_scope),
    ]
    return sorted(found, key=lambda each: not each.blocks)


def examine_round(
    rules: TrackRules, *, as_of: datetime, channel: Office, materials: Collection[str]
) -> list[Finding]:
    """What blocks whatever the form says: the time of filing, the channel, papers that are missing."""
    return [*_filing_time(rules, as_of), *_channel(rules, channel), *_materials(rules, materials)]


def _filing_time(rules: TrackRules, as_of: datetime) -> Iterator[Finding]:
    opens, closes = rules.opens, rules.filing_closes
    if as_of < start_of(opens.value):
        yield Finding("opens", opens.clause, f"{rules.name}自{_spoken(opens.value)}起受理，现在还不能申报")
    if as_of >= end_of(closes.value):
        sentence = f"{rules.name}申报已于{_spoken(closes.value)}24时截止，逾期不再受理"
        yield Finding("filing_closes", closes.clause, sentence)


def _channel(rules: TrackRules, channel: Office) -> Iterator[Finding]:
    if rules.takes_from(channel):
        return
    if rules.offices is not None:
        through, clause = [OFFICES[code].name for code in rules.offices.value], rules.offices.clause
    else:
        through, clause = [CHANNELS[kind] for kind in rules.channels.value], rules.channels.clause
    sentence = f"{rules.name}不受理{channel.name}报送的申报，请向{'或'.join(through)}申报"
    yield Finding("channel", clause, sentence)


def _offer(application: Application, rules: TrackRules, channel: Office) -> Iterator[Finding]:
    try:
        rules.offered(application.occupation, channel)
    except Refused as refusal:
        yield Finding("occupation", refusal.clause or rules.occupations.clause, refusal.sentence)
    unknown = [level for level in application.levels if level not in rules.levels.value]
    if unknown:
        sentence = f"{rules.name}不设{'、'.join(unknown)}，可申报的等级有{'、'.join(rules.levels.value)}"
        yield Finding("levels", rules.levels.clause, sentence)


def _credit(application: Application, rules: TrackRules) -> Iterator[Finding]:
    years = application.dishonest_years
    if rules.good_credit.value and years:
        sentence = (
            f"「近三年纳税情况」填报{'、'.join(map(str, years))}年有失信行为，"
            "申报单位应社会信用良好、无失信等不良记录，不予受理"
        )
        yield Finding("credit", rules.good_credit.clause, sentence)


def _foundation(application: Application, rules: TrackRules) -> Iterator[Finding]:
    if not rules.foundation.value:
        return
    counts = {"正式员工数": application.staff}
    if isinstance(application, EvaluationApplication):
        counts |= {"考评员队伍人数": application.examiners, "督导员队伍人数": application.supervisors}
    elif isinstance(application, TrainingApplication):
        counts |= {"师资团队总人数": application.team}
    none = [f"「{label}」" for label, count in counts.items() if count == 0]
    if none:
        sentence = f"{'、'.join(none)}填写为0，申报单位应配有专职工作人员和稳定的队伍，请核实后再报"
        yield Finding("foundation", rules.foundation.clause, sentence)


def unsigned(rules: TrackRules) -> Finding:
    """What is said of a form whose commitment nobody signed (B3-2.4): such a form is no application yet."""
    sentence = "「承诺·签署日期」没有填写，承诺未签署的不予受理，请由法定代表人或委托代理人签署后再报"
    return Finding("commitment", rules.commitment.clause, sentence)


def missing_materials(rules: TrackRules, given: Collection[str]) -> tuple[str, ...]:
    """The required kinds that were not handed in, in the order the notice names them (B3-3, CQ23-3)."""
    return tuple(kind for kind in rules.materials.value if kind not in {*given, "recommendation_form"})


def _materials(rules: TrackRules, given: Collection[str]) -> Iterator[Finding]:
    if missing := missing_materials(rules, given):
        named = "、".join(MATERIALS[kind] for kind in missing)
        yield Finding("materials", rules.materials.clause, f"必备材料不齐，缺少{named}，请补齐后再报")


def examine_past(
    rules: TrackRules, today: date, cooling_until: date | None, listed_until: date | None
) -> Iterator[Finding]:
    """What blocks from before: a term still running (M24-9.1), a cooling-off (M24-9.5); their last days, or None."""
    if listed_until is not None:
        sentence = f"申报单位该职业已在目录内，有效期至{_spoken(listed_until)}，期内不再重复申报，继续开展的请申请续期"
        yield Finding("listed", "M24-9.1", sentence)
    if cooling_until is not None and today <= cooling_until:
        again = cooling_until + timedelta(days=1)
        sentence = (
            f"申报单位该职业曾视为主动放弃，到期后{rules.cooling_off_years.value}年内"
            f"（至{_spoken(cooling_until)}）不得再次申报，{_spoken(again)}起可重新申报"
        )
        yield Finding("cooling_off", rules.cooling_off_years.clause, sentence)


def _registered(application: Application, rules: TrackRules) -> Iterator[Finding]:
    rule, founded = rules.registered_on_or_before, application.founded
    if rule is not None and founded > rule.value:
        generally = "一般应" if rule.generally else "应"
        sentence = f"单位成立于{_spoken(founded)}，{generally}在{_spoken(rule.value)}以前注册登记"
        yield Finding("registered", rule.clause, sentence, blocks=not rule.generally)


def _experience(application: Application, rules: TrackRules, today: date) -> Iterator[Finding]:
    rule = rules.experience_years
    if rule is None:
        return
    since, active = experience_years(application, today)
    if since < rule.value or active < min(rule.value, 5):
        generally = "一般应" if rule.generally else "应"
        sentence = f"单位成立满{since}年，近5年中{active}年填有人次，{generally}具有{rule.value}年以上经验"
        yield Finding("experience", rule.clause, sentence, blocks=not rule.generally)


def _scale(application: Application, rules: TrackRules, today: date) -> Iterator[Finding]:
    rule, found = rules.min_yearly, yearly_average(application, today)
    if found.total < rule.value * found.years:
        generally = "一般应" if rule.generally else "应"
        span = f"近{found.years}年（{found.first}—{found.last}年）" if found.years > 1 else f"{found.last}年"
        sentence = f"{span}年均{found.average:,}人次，{generally}达到{rule.value}人次以上"
        yield Finding("yearly_scale", rule.clause, sentence, blocks=not rule.generally)


def _scope(rules: TrackRules, business_scope: str | None) -> Iterator[Finding]:
    rule = rules.business_scope
    if rule is None or business_scope is None or any(word in business_scope for word in rule.value):
        return
    shown = business_scope if len(business_scope) <= 40 else f"{business_scope[:40]}…"
    generally = "一般应" if rule.generally else "应"
    sentence = f"业务范围（经营范围）为“{shown}”，{generally}含{'、'.join(rule.value)}等内容"
    yield Finding("business_scope", rule.clause, sentence, blocks=not rule.generally)


def scope_unread(rules: TrackRules) -> Finding | None:
    """What staff are told where the certificate is a picture: to read the business scope themselves (B3-2.1)."""
    rule = rules.business_scope
    if rule is None:
        return None
    sentence = f"登记证书为扫描件，业务范围（经营范围）须人工核对，一般应含{'、'.join(rule.value)}等内容"
    return Finding(f"{NOTE}business_scope", rule.clause, sentence, blocks=False)


def _spoken(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

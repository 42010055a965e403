"""The conditions of moves. A condition's docstring is the sentence a clerk reads when it does not hold.

A condition takes the facts of one case and the circumstances of the move, and is true when the move may
happen. It never looks at a clock, a database or another case: what it needs to know of others (seats taken in
a quota) is counted by the gate and handed in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from states.anchors import publicity_period
from states.calendar import day_of, end_of, start_of
from states.facts import Facts, day, instant
from states.renewals.averages import MONTHS, Average, average
from states.renewals.standing import NONE, Standing
from states.terms import last_day_to_apply, window_opens

if TYPE_CHECKING:
    from states.calendar import Calendar
    from states.rulebook import TrackRules


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What surrounds one move: when it takes effect, what was stated, the call's rules, the seats left.

    ``as_of`` is the instant at which the move takes effect (aware, UTC). ``seats_left`` is None where no quota
    is asked for; ``seated_elsewhere`` says that another case of the institution has a seat for the occupation.
    ``renewal`` is what is known of the application a renewal rests on.
    """

    as_of: datetime
    rules: "TrackRules"
    calendar: "Calendar"
    inputs: Mapping[str, Any] = field(default_factory=dict)
    seats_left: int | None = None
    seated_elsewhere: bool = False
    renewal: Standing = NONE


@dataclass(frozen=True, slots=True)
class Condition:
    """A named statement about a case that can be true, with its refusal and the clause it comes from."""

    name: str
    clause: "str | Callable[[TrackRules], str]"
    refusal: str
    holds: Callable[[Facts, Circumstances], bool]

    def clause_under(self, rules: "TrackRules") -> str:
        """The clause as the call's own notice or regime rules it."""
        return self.clause if isinstance(self.clause, str) else self.clause(rules)

    def __call__(self, facts: Facts, around: Circumstances) -> bool:
        return self.holds(facts, around)


def condition(
    clause: "str | Callable[[TrackRules], str]",
) -> Callable[[Callable[[Facts, Circumstances], bool]], Condition]:
    """Declare a condition; the docstring of the function is its refusal, ``clause`` its legal ground.

    Where each regime or notice has a clause of its own, it is looked up in the call's rules.
    """

    def declare(holds: Callable[[Facts, Circumstances], bool]) -> Condition:
        refusal = " ".join((holds.__doc__ or "").split())
        if not refusal:
            raise ValueError(f"condition {holds.__name__} needs a docstring: it is the refusal a clerk reads")
        return Condition(holds.__name__, clause, refusal, holds)

    return declare


@condition(lambda rules: rules.cites["materials"])
def materials_complete(facts: Facts, _: Circumstances) -> bool:
    """必备材料不齐，请先补齐推荐表、法人登记证书（或营业执照）复印件、信用报告（或诚信承诺书）。"""
    return facts.materials_missing == 0


@condition(lambda rules: rules.cites["generally"])
def warnings_answered(facts: Facts, _: Circumstances) -> bool:
    """有“一般应”条件不满足且尚未书面说明，请先用“说明情形”逐项作答。"""
    return facts.warnings_open == 0


@condition(lambda rules: rules.filing_closes.clause)
def filing_is_open(facts: Facts, around: Circumstances) -> bool:
    """申报截止日已过，逾期不再受理。"""
    return around.as_of < end_of(around.rules.filing_closes.value)


@condition("D-9")
def paper_received(facts: Facts, _: Circumstances) -> bool:
    """纸质推荐函和推荐表尚未收到（纸质待补），收到并登记后方可进入专家评议。"""
    return facts.paper_at is not None


@condition("D-9")
def paper_outstanding(facts: Facts, _: Circumstances) -> bool:
    """纸质材料已登记收到，无须再次登记。"""
    return facts.paper_at is None


@condition("D-4")
def returned_by_office(facts: Facts, _: Circumstances) -> bool:
    """补正是推荐单位退回的，应回到推荐环节。"""
    return facts.returned_from == "initial_review"


@condition("M24-7.3d")
def votes_add_up(_: Facts, around: Circumstances) -> bool:
    """推荐票数不能多于投票人数，投票人数不能为零，请核对。"""
    votes_for, votes_cast = (int(around.inputs.get(key) or 0) for key in ("votes_for", "votes_cast"))
    return 0 < votes_cast >= votes_for


@condition("M24-7.3d")
def panel_has_voted(facts: Facts, _: Circumstances) -> bool:
    """专家组尚无表决结果，请先登记表决票数。"""
    return bool(facts.votes_cast)


@condition("M24-7.3e")
def panel_recommends_or_departure_stated(facts: Facts, around: Circumstances) -> bool:
    """专家组表决未达推荐比例；复核结论与专家意见不一致的，须书面说明理由（departure）。"""
    return bool(facts.panel_recommends) or bool(str(around.inputs.get("departure") or "").strip())


@condition(lambda rules: rules.quota.clause)
def within_quota(facts: Facts, around: Circumstances) -> bool:
    """该职业的遴选名额已满，不能再列入。"""
    return around.seats_left is None or around.seats_left > 0


@condition("M24-7.2b")
def not_seated_elsewhere(_: Facts, around: Circumstances) -> bool:
    """该单位的同一职业已在公示或已在目录内，同一职业不得重复列入。"""
    return not around.seated_elsewhere


@condition(lambda rules: rules.cites["list"])
def no_open_objection(facts: Facts, _: Circumstances) -> bool:
    """尚有未办结的异议，公示期满后仍须先处理异议，结论作出前不得列入目录。"""
    return facts.objections_open == 0


@condition("D-2")
def objection_is_open(facts: Facts, _: Circumstances) -> bool:
    """没有待处理的异议。"""
    return facts.objections_open > 0


@condition(lambda rules: rules.publicity.clause)
def publicity_is_running(facts: Facts, around: Circumstances) -> bool:
    """公示期已满，不再受理异议。"""
    posted = instant(facts.posted_at)
    if posted is None:
        return False
    return around.as_of < publicity_period(posted, around.rules, around.calendar).due


@condition(lambda rules: rules.publicity.clause)
def publicity_is_over(facts: Facts, around: Circumstances) -> bool:
    """公示期未满，不得列入目录。"""
    return facts.posted_at is not None and not publicity_is_running(facts, around)


@condition("M24-9.1")
def renewal_window_is_open(facts: Facts, around: Circumstances) -> bool:
    """续期申请须在有效期届满前6个月至前3个月之间提出，现在不在申请期内。"""
    last = day(facts.term_last_day)
    if last is None:
        return False
    opens = start_of(window_opens(last, around.rules.renewal_window_months.value))
    return opens <= around.as_of < end_of(_last_day_to_apply(last, around))


@condition("M24-9.1")
def renewal_not_yet_applied(facts: Facts, _: Circumstances) -> bool:
    """续期申请已经提交，无须重复申请。"""
    return facts.renewal_applied_at is None


@condition("M24-9.1")
def application_is_complete(_: Facts, around: Circumstances) -> bool:
    """没有这份材料齐全、尚未提交的续期申请；续期须附近3年报告和行业主管部门的同意意见，请用 linxuan renewal file 提交。"""
    return around.renewal.complete


@condition("M24-9.1")
def contradictions_answered(_: Facts, around: Circumstances) -> bool:
    """续期报告与已报送的数据有出入，尚未逐项书面说明，请先用 linxuan renewal answer 作答。"""
    return around.renewal.unanswered == 0


@condition("D-4")
def renewal_is_complete(facts: Facts, _: Circumstances) -> bool:
    """续期申请已退回补正，补正之前不能办理。"""
    return facts.renewal_correction_due is None


@condition("D-4")
def renewal_was_returned(facts: Facts, _: Circumstances) -> bool:
    """续期申请没有退回补正，无须补正。"""
    return facts.renewal_correction_due is not None


@condition("D-4")
def correction_in_time(facts: Facts, around: Circumstances) -> bool:
    """续期申请的补正期限已过，不再接收补正材料。"""
    due = day(facts.renewal_correction_due)
    return due is None or around.as_of < end_of(due)


@condition("D-4")
def correction_is_overdue(facts: Facts, around: Circumstances) -> bool:
    """续期申请的补正期限尚未届满。"""
    return facts.renewal_correction_due is not None and not correction_in_time(facts, around)


@condition("M24-9.2")
def active_in_first_term(facts: Facts, around: Circumstances) -> bool:
    """第1个有效期内未开展该职业评价（培训）活动，视为主动放弃，不能续期。"""
    return facts.term_no != 1 or facts.activity >= around.rules.min_first_term.value


@condition("M24-9.3")
def active_enough_in_later_terms(facts: Facts, around: Circumstances) -> bool:
    """第2个及以后有效期内，该职业年均少于200人次，视为主动放弃，不能续期。"""
    return (
        facts.term_no <= 1 or yearly_average(facts, around).per_year >= around.rules.min_renewal_yearly.value
    )


def yearly_average(facts: Facts, around: Circumstances) -> Average:
    """Person-times a year in the current term by ``around.as_of`` (M24-9.3); over a whole term where its days are unknown."""
    starts, last = instant(facts.term_starts_at), day(facts.term_last_day)
    today = day_of(around.as_of)
    if starts is None or last is None:
        return Average(facts.activity, today, today, around.rules.term_years.value * MONTHS)
    return average(facts.activity, day_of(starts), last, today)


@condition("M24-9.4")
def no_timely_renewal(facts: Facts, _: Circumstances) -> bool:
    """已按时提交续期申请，审核结论作出前继续保留在目录内（D-5），不得到期自动退出。"""
    return facts.renewal_applied_at is None or facts.renewal_refused is not None


@condition("D-5")
def renewal_is_pending(facts: Facts, _: Circumstances) -> bool:
    """没有按时提交、尚待审核的续期申请。"""
    return facts.renewal_applied_at is not None and facts.renewal_refused is None


@condition("M24-9.4")
def last_day_to_apply_has_passed(facts: Facts, around: Circumstances) -> bool:
    """续期申请期尚未截止。"""
    last = day(facts.term_last_day)
    return last is not None and around.as_of >= end_of(_last_day_to_apply(last, around))


def _last_day_to_apply(last: date, around: Circumstances) -> date:
    return last_day_to_apply(last, around.rules.renewal_apply_months.value)


@condition("M24-9.4")
def renewal_is_out_of_reach(facts: Facts, around: Circumstances) -> bool:
    """续期申请期尚未截止，续期申请也未被驳回。"""
    return facts.renewal_refused is not None or last_day_to_apply_has_passed(facts, around)


@condition("D-3")
def term_is_over(facts: Facts, around: Circumstances) -> bool:
    """有效期尚未届满。"""
    last = day(facts.term_last_day)
    return last is not None and around.as_of >= end_of(last)


@condition("M24-20a")
def limit_lies_ahead(facts: Facts, around: Circumstances) -> bool:
    """整改期限（due_on）须晚于责令整改之日。"""
    due = day(around.inputs.get("due_on"))
    return due is not None and end_of(due) > around.as_of and start_of(due) > around.as_of


@condition("M24-20a")
def rectification_in_time(facts: Facts, around: Circumstances) -> bool:
    """整改期限已过，不再接收整改报告。"""
    due = day(facts.rectification_due)
    return due is not None and around.as_of < end_of(due)


@condition("M24-20b")
def rectification_reported(facts: Facts, _: Circumstances) -> bool:
    """尚未收到整改报告，无从验收。"""
    return facts.rectification_reported_at is not None


@condition("D-11")
def no_report_awaits_judgement(facts: Facts, _: Circumstances) -> bool:
    """整改报告已按时提交、尚未验收，不得因期限届满自动退出，请尽快验收。"""
    return facts.rectification_reported_at is None


@condition("M24-20c")
def no_leaving_announced(facts: Facts, _: Circumstances) -> bool:
    """已登记预定退出的最后服务日，如需更改请先撤销原预告。"""
    return facts.leaving_on is None


@condition("M24-20c")
def leaving_lies_ahead(facts: Facts, around: Circumstances) -> bool:
    """最后服务日（last_day）不得早于今日，也不得晚于有效期末日；有效期已满的请直接办理主动退出。"""
    wanted, last = day(around.inputs.get("last_day")), day(facts.term_last_day)
    return wanted is not None and last is not None and around.as_of < end_of(wanted) and wanted <= last


@condition("M24-20c")
def leaving_is_announced(facts: Facts, _: Circumstances) -> bool:
    """没有登记预定的退出，无从撤销。"""
    return facts.leaving_on is not None


@condition("M24-20c")
def leaving_day_is_over(facts: Facts, around: Circumstances) -> bool:
    """预定的最后服务日尚未过完。"""
    last = day(facts.leaving_on)
    return last is not None and around.as_of >= end_of(last)

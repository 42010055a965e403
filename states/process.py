"""The regulation in Python: every stage, who holds it, for how long, which moves lead where, and the clauses.

One declaration serves both tracks and both regimes; what differs is said where it differs. ``build`` turns it
into a checked ``Process`` for one track of one call.
"""

from datetime import date
from functools import partial

from states.anchors import (
    LEAVING_ENDS,
    RECTIFICATION_DUE,
    RENEWAL_CLOSES,
    RENEWAL_CORRECTION_DUE,
    TERM_ENDS,
    Anchor,
    filing_closes,
    publicity_ends,
    within,
)
from states.checked import Process
from states.conditions import (
    active_enough_in_later_terms,
    active_in_first_term,
    application_is_complete,
    contradictions_answered,
    correction_in_time,
    correction_is_overdue,
    filing_is_open,
    last_day_to_apply_has_passed,
    leaving_day_is_over,
    leaving_is_announced,
    leaving_lies_ahead,
    limit_lies_ahead,
    materials_complete,
    no_leaving_announced,
    no_open_objection,
    no_report_awaits_judgement,
    no_timely_renewal,
    not_seated_elsewhere,
    objection_is_open,
    panel_has_voted,
    panel_recommends_or_departure_stated,
    paper_outstanding,
    paper_received,
    publicity_is_over,
    publicity_is_running,
    rectification_in_time,
    rectification_reported,
    renewal_is_complete,
    renewal_is_out_of_reach,
    renewal_is_pending,
    renewal_not_yet_applied,
    renewal_was_returned,
    renewal_window_is_open,
    returned_by_office,
    term_is_over,
    votes_add_up,
    warnings_answered,
    within_quota,
)
from states.declaration import (
    Ask,
    Branch,
    Part,
    Stage,
    at_deadline,
    duty,
    end,
    escalate,
    held_by,
    move,
    remind,
    stage,
)
from states.effects import (
    add_activity,
    announce_leaving,
    apply_renewal,
    be_removed,
    begin_term,
    close_objection,
    correct_renewal,
    drop_renewal,
    end_rectification,
    leave_at_term_end,
    leave_by_will,
    leave_rectifying,
    note_duty,
    note_recommendation,
    note_result,
    note_return,
    order_rectification,
    post,
    post_again,
    receive_material,
    receive_objection,
    receive_paper,
    refuse_renewal,
    renew_term,
    report_rectification,
    return_renewal,
    settle_warnings,
    submit,
    take_back_leaving,
)
from states.grounds import RECTIFY, REMOVE, choices
from states.roles import Role
from states.rulebook import TrackRules
from states.spans import days, working_days

APPLICANT, RECOMMENDER, PANEL, HEAD = Role.APPLICANT, Role.RECOMMENDER, Role.PANEL, Role.HEAD
HERE = ""
REASON = Ask("reason", "理由")
ANSWER = Ask("answer", "情形说明")
FINDING = Ask("finding", "核查结论")
YEARLY_REPORT = ("yearly_report", "年度工作总结和下一年度计划")


def build(rules: TrackRules, number: int = 1) -> Process:
    """The checked process of one track of one call, as its rules ask for it; ``number`` tells its versions apart."""
    return Process(f"{rules.call}/{rules.track}@{number}", rules, (*_selection(rules), *_after_listing(rules), *_ends(rules)))


def _selection(rules: TrackRules) -> tuple[Stage, ...]:
    office, group = _deciders(rules)
    cites = rules.cites
    closes = filing_closes(rules.filing_closes.clause)
    withdraw = move(
        "withdraw", "撤回申报", to="withdrawn", by=APPLICANT, clause="M24-20c",
        letter="withdrawn", tells=(APPLICANT, RECOMMENDER),
    )
    disqualify = move(
        "disqualify", "认定弄虚作假，终止申报", to="disqualified", by=(RECOMMENDER, office, group),
        clause=cites["false_statement"], asks=(FINDING,), letter="disqualified", tells=(APPLICANT, RECOMMENDER),
    )
    answer = move(
        "answer_warnings", "说明情形", to=HERE, by=(APPLICANT, RECOMMENDER, office), clause=cites["generally"],
        asks=(ANSWER,), effect=settle_warnings,
    )
    material = move(
        "receive_material", "补收材料", to=HERE, by=(APPLICANT, RECOMMENDER), clause=cites["materials"],
        asks=(Ask("material", "材料名称"),), effect=receive_material,
    )
    paper = move(
        "receive_paper", "登记收到纸质材料", to=HERE, by=office, clause=cites["paper"],
        provided=(paper_outstanding,), effect=receive_paper, letter="paper_received", tells=(RECOMMENDER,),
    )
    return_it = move(
        "return_for_correction", "退回补正", to="correcting", by=(RECOMMENDER, office), clause="D-4",
        asks=(Ask("items", "补正事项"),), effect=note_return, letter="returned_for_correction", tells=(APPLICANT,),
    )
    soon = rules.reminders.value

    return (
        stage("draft", "填报", held_by(APPLICANT, until=closes),
            move("submit", "提交申报", to="submitted", by=APPLICANT, clause=rules.filing_closes.clause,
                provided=(filing_is_open, materials_complete), effect=submit, letter="received", tells=(APPLICANT,)),
            material, answer, withdraw,
            at_deadline("close_draft", "申报截止未提交", to="withdrawn", clause=rules.filing_closes.clause,
                letter="filing_closed", tells=(APPLICANT,)),
            remind(APPLICANT, "filing_closes_soon", before=soon, clause=rules.filing_closes.clause),
            clause=cites["apply"]),

        stage("submitted", "待推荐", held_by(RECOMMENDER, until=closes),
            move("recommend", "推荐", to="recommended", by=RECOMMENDER, clause=cites["recommend"],
                provided=(filing_is_open, materials_complete, warnings_answered),
                asks=(Ask("letter_no", "推荐函文号"), Ask("letter_date", "推荐函日期", date)),
                effect=note_recommendation, letter="recommended", tells=(APPLICANT,)),
            move("decline", "不予推荐", to="declined", by=RECOMMENDER, clause=cites["recommend"],
                asks=(REASON,), letter="declined", tells=(APPLICANT,)),
            return_it, material, answer, withdraw, disqualify,
            at_deadline("close_unrecommended", "申报截止未获推荐", to="declined", clause="D-12",
                letter="unrecommended", tells=(APPLICANT, RECOMMENDER)),
            remind(RECOMMENDER, "recommendation_due", before=soon, clause=cites["recommend"]),
            clause=cites["recommend"]),

        stage("correcting", "补正", held_by(APPLICANT, until=within(rules.correction.value, rules.correction.clause)),
            move("resubmit", "提交补正", by=(APPLICANT, RECOMMENDER), clause="D-4", to=(
                    Branch("initial_review", (returned_by_office,)),
                    Branch("submitted", (filing_is_open,)),
                ), letter="correction_received", tells=(APPLICANT,)),
            material, answer, withdraw, disqualify,
            at_deadline("lapse_correction", "逾期未补正", to="declined", clause="D-4",
                letter="correction_lapsed", tells=(APPLICANT, RECOMMENDER)),
            remind(APPLICANT, "correction_due", before=soon, clause="D-4"),
            clause="D-4"),

        stage("recommended", "已推荐", held_by(office, until=closes),
            move("begin_review", "受理", to="initial_review", by=office, clause=cites["review"],
                letter="accepted", tells=(APPLICANT,)),
            paper, withdraw, disqualify,
            at_deadline("accept_at_close", "申报截止，转入初核", to="initial_review", clause="D-9",
                letter="accepted", tells=(APPLICANT,)),
            clause=cites["file"]),

        stage("initial_review", "初核", held_by(office, until=_limit(rules, "initial_review")),
            move("pass_initial", "初核通过", to="expert_review", by=office, clause=cites["review"],
                provided=(paper_received, warnings_answered, materials_complete),
                letter="initial_passed", tells=(APPLICANT,)),
            move("fail_initial", "初核不通过", to="not_selected", by=office, clause=cites["review"],
                asks=(FINDING,), letter="initial_failed", tells=(APPLICANT, RECOMMENDER)),
            return_it, paper, material, answer, withdraw, disqualify,
            remind(office, "stage_due", before=soon, clause=cites["review"]),
            remind(RECOMMENDER, "paper_outstanding", before=(working_days(10),), clause="D-9", provided=(paper_outstanding,)),
            escalate(HEAD, "stage_overdue", after=rules.escalate_after.value, every=rules.escalate_every.value,
                clause=cites["review"]),
            clause=cites["review"]),

        stage("expert_review", "专家评议", held_by(PANEL, until=_limit(rules, "expert_review")),
            *_visit(rules),
            move("record_result", "登记专家组表决", to=HERE, by=(PANEL, _organiser(rules)), clause="M24-7.3d",
                provided=(votes_add_up,), asks=(Ask("votes_for", "推荐票数", int), Ask("votes_cast", "投票人数", int),
                    Ask("score", "评分", int, required=False)), effect=note_result),
            move("conclude_review", "评议结束", to="recheck" if rules.has_recheck.value else "audit",
                by=(PANEL, _organiser(rules)), clause="M24-7.3d", provided=(panel_has_voted,)),
            withdraw, disqualify,
            remind(PANEL, "stage_due", before=soon, clause=cites["review"]),
            escalate(HEAD, "stage_overdue", after=rules.escalate_after.value, every=rules.escalate_every.value,
                clause=cites["review"]),
            clause="M24-7.3c"),

        *_site_visit(rules, withdraw, disqualify),

        *(_recheck(rules, withdraw, disqualify) if rules.has_recheck.value else _audit(rules, withdraw, disqualify)),

        stage("publicity", "公示", held_by(office, until=publicity_ends(rules.publicity.clause)),
            move("object", "登记异议", to=HERE, by=office, clause="D-2", provided=(publicity_is_running,),
                asks=(Ask("objection", "异议内容"),), effect=receive_objection,
                letter="objection_received", tells=(APPLICANT,)),
            move("dismiss_objection", "异议不成立", to=HERE, by=(office, group), clause="D-2",
                provided=(objection_is_open,), asks=(FINDING,), effect=close_objection,
                letter="objection_dismissed", tells=(APPLICANT,)),
            move("uphold_objection", "异议成立", to="not_selected", by=(office, group), clause=cites["list"],
                provided=(objection_is_open,), asks=(FINDING,), effect=close_objection,
                letter="objection_upheld", tells=(APPLICANT, RECOMMENDER)),
            move("republish", "更正后重新公示", to="publicity", by=office, clause="D-2",
                asks=(Ask("correction", "更正内容"),), effect=post_again,
                letter="publicity_begins", tells=(APPLICANT, RECOMMENDER)),
            withdraw, disqualify,
            at_deadline("list", "列入目录", to="listed", clause=cites["list"], provided=(publicity_is_over, no_open_objection),
                effect=begin_term, letter="listed", tells=(APPLICANT, RECOMMENDER)),
            remind(office, "publicity_ends_soon", before=(working_days(1),), clause=rules.publicity.clause),
            escalate(HEAD, "publicity_unresolved", after=rules.escalate_after.value, every=rules.escalate_every.value,
                clause="D-2"),
            clause=rules.publicity.clause, takes_seat=True),
    )


def _visit(rules: TrackRules) -> tuple[Part, ...]:
    if not rules.has_site_visit.value:
        return ()
    return (
        move("order_site_visit", "组织考察", to="site_visit", by=_organiser(rules), clause=rules.has_site_visit.clause,
            asks=(Ask("visit_on", "考察日期", date),), letter="site_visit_ordered", tells=(APPLICANT, RECOMMENDER)),
    )


def _site_visit(rules: TrackRules, *anywhere: Part) -> tuple[Stage, ...]:
    """B3-4.4 and CQ23-4.3: a visit where it is needed. The standing rules know none."""
    if not rules.has_site_visit.value:
        return ()
    clause = rules.has_site_visit.clause
    return (
        stage("site_visit", "考察", held_by(_organiser(rules), until=_limit(rules, "site_visit")),
            move("report_visit", "提交考察报告", to="expert_review", by=_organiser(rules), clause=clause,
                asks=(Ask("report", "考察报告"),)),
            *anywhere,
            remind(_organiser(rules), "stage_due", before=rules.reminders.value, clause=clause),
            escalate(HEAD, "stage_overdue", after=rules.escalate_after.value, every=rules.escalate_every.value,
                clause=clause),
            clause=clause),
    )


def _recheck(rules: TrackRules, *anywhere: Part) -> tuple[Stage, ...]:
    """M24-7.4 and B3-4.4: the experts' result is rechecked, approved, and only then publicised."""
    _, group = _deciders(rules)
    return (_decision("recheck", "复核", rules, group, "M24-7.4", *anywhere),)


def _audit(rules: TrackRules, *anywhere: Part) -> tuple[Stage, ...]:
    """I21-4.4 knows no recheck: the office audits the experts' result, and the group decides.

    Where a province selects, national experts and the national office audit all the same, and what they found is
    fed back to the province, which decides and publishes (CQ23-4.3, CQ23-1.4).
    """
    office, group = _deciders(rules)
    auditor = Role.OFFICE if rules.national_audit.value else office
    clause = rules.national_audit.clause
    if auditor is group or group is not Role.PROVINCE:
        approve = move("approve_result", "审核通过，报请审定", to="decision", by=auditor, clause=clause)
    else:
        approve = move("approve_result", "审核通过，反馈省级审定", to="decision", by=auditor, clause=clause,
            letter="audit_passed", tells=(RECOMMENDER,))
    return (
        stage("audit", "审核", held_by(auditor, until=_limit(rules, "audit")),
            approve,
            _turn_down(auditor, clause),
            *anywhere,
            remind(auditor, "stage_due", before=rules.reminders.value, clause=clause),
            escalate(HEAD, "stage_overdue", after=rules.escalate_after.value, every=rules.escalate_every.value,
                clause=clause),
            clause=clause),
        _decision("decision", "审定", rules, group, rules.decided_by.clause, *anywhere),
    )


def _decision(key: str, label: str, rules: TrackRules, group: Role, clause: str, *anywhere: Part) -> Stage:
    return stage(key, label, held_by(group, until=_limit(rules, key)),
        move("publicise", "列入拟公示名单", to="publicity", by=group, clause=rules.publicity.clause,
            provided=(panel_recommends_or_departure_stated, not_seated_elsewhere, within_quota),
            asks=(Ask("departure", "与专家意见不一致的理由", required=False),),
            effect=post, takes_seat=True, letter="publicity_begins", tells=(APPLICANT, RECOMMENDER)),
        _turn_down(group, clause),
        *anywhere,
        remind(group, "stage_due", before=rules.reminders.value, clause=clause),
        escalate(HEAD, "stage_overdue", after=rules.escalate_after.value, every=rules.escalate_every.value,
                clause=clause),
        clause=clause)


def _turn_down(by: Role, clause: str) -> Part:
    return move("not_select", "不予列入", to="not_selected", by=by, clause=clause,
        asks=(REASON,), letter="not_selected", tells=(APPLICANT, RECOMMENDER))


def _after_listing(rules: TrackRules) -> tuple[Stage, ...]:
    """M24 governs the life of every listing alive on 2024-08-22, whichever call listed it (M24-23).

    So the provinces look after training institutions, those too that the nation selected (M24-3.2).
    """
    office, group = (Role.PROVINCE, Role.PROVINCE) if rules.kept_by_province else (Role.OFFICE, Role.GROUP)
    soon = rules.reminders.value
    removal = move(
        "remove", "移出目录", to="exited", by=(group, office), clause="M24-21",
        asks=(Ask("ground", "退出事由", choices=choices(rules.track, REMOVE)), FINDING), effect=be_removed,
        letter="exited", tells=(APPLICANT, RECOMMENDER),
    )
    leave = move(
        "withdraw_listing", "主动退出目录", to="exited", by=APPLICANT, clause="M24-20c",
        asks=(REASON,), effect=leave_by_will, letter="exited", tells=(APPLICANT, RECOMMENDER),
    )
    leave_later = (
        move("announce_leaving", "预告主动退出", to=HERE, by=APPLICANT, clause="M24-20c",
            provided=(no_leaving_announced, leaving_lies_ahead), asks=(REASON, Ask("last_day", "最后服务日", date)),
            effect=announce_leaving, letter="leaving_announced", tells=(APPLICANT, RECOMMENDER)),
        move("take_back_leaving", "撤销预告的退出", to=HERE, by=APPLICANT, clause="M24-20c",
            provided=(leaving_is_announced,), asks=(REASON,), effect=take_back_leaving,
            letter="leaving_taken_back", tells=(APPLICANT, RECOMMENDER)),
        at_deadline("leave_as_announced", "最后服务日届满，按预告退出", to="exited", clause="M24-20c", when=LEAVING_ENDS,
            provided=(leaving_day_is_over,), effect=leave_by_will, letter="exited", tells=(APPLICANT, RECOMMENDER)),
    )
    activity = move(
        "record_activity", "登记活动人次", to=HERE, by=(APPLICANT, RECOMMENDER, office), clause="M24-14",
        asks=(Ask("person_times", "人次", int), Ask("less", "核减人次", int, required=False),
            Ask("reason", "核减理由", required=False)), effect=add_activity,
    )
    rectify = move(
        "order_rectification", "责令限期整改", to="rectifying", by=(RECOMMENDER, office), clause="M24-20a",
        provided=(limit_lies_ahead,), asks=(FINDING, Ask("due_on", "整改期限", date),
            Ask("ground", "违规情形", required=False, choices=choices(rules.track, RECTIFY))), effect=order_rectification,
        letter="rectification_ordered", tells=(APPLICANT, RECOMMENDER),
    )
    report_year = move(
        "fulfil_duty", "报送年度材料", to=HERE, by=(APPLICANT, RECOMMENDER, office), clause="M24-14",
        asks=(Ask("duty", "义务", choices=(YEARLY_REPORT,)), Ask("year", "年度", int)), effect=note_duty,
    )
    yearly = (
        duty(*YEARLY_REPORT, due=_month_day(rules.yearly_report_due.value), before=soon,
            clause="M24-14"),
    )
    apply_for_renewal = partial(
        move, "apply_renewal", "申请续期", by=(APPLICANT, RECOMMENDER), clause="M24-9.1",
        provided=(renewal_window_is_open, renewal_not_yet_applied, application_is_complete),
        asks=(Ask("application", "续期申请编号"),),
        effect=apply_renewal, letter="renewal_received", tells=(APPLICANT,),
    )
    correct = move(
        "correct_renewal", "补正续期申请", to=HERE, by=(APPLICANT, RECOMMENDER), clause="D-4",
        provided=(renewal_was_returned, correction_in_time, application_is_complete),
        asks=(Ask("application", "续期申请编号"),), effect=correct_renewal, letter="renewal_corrected", tells=(APPLICANT,),
    )
    window = remind(APPLICANT, "renewal_window", before=rules.renewal_window_reminders.value, of=TERM_ENDS,
        clause="M24-9.1", provided=(renewal_window_is_open, renewal_not_yet_applied))
    closing = remind(APPLICANT, "renewal_closing", before=rules.renewal_closing_reminders.value, of=RENEWAL_CLOSES,
        clause="M24-9.4", provided=(renewal_not_yet_applied,))

    return (
        stage("listed", "在册", held_by(APPLICANT, until=RENEWAL_CLOSES),
            apply_for_renewal(to="renewal"),
            rectify, removal, leave, *leave_later, activity, report_year,
            at_deadline("lapse", "逾期未申请续期", to="lapsing", clause="M24-9.4", provided=(last_day_to_apply_has_passed,),
                letter="lapsed", tells=(APPLICANT, RECOMMENDER)),
            window, closing, *yearly,
            clause="M24-5", in_directory=True, takes_seat=True),

        stage("renewal", "续期审核", held_by(group, until=TERM_ENDS),
            move("approve_renewal", "同意续期", to="listed", by=(group, office), clause="M24-9.1",
                provided=(renewal_is_complete, active_in_first_term, active_enough_in_later_terms, contradictions_answered),
                effect=renew_term, letter="renewal_approved", tells=(APPLICANT, RECOMMENDER)),
            move("refuse_renewal", "不同意续期", by=(group, office), clause="M24-9.1", asks=(REASON,), to=(
                    Branch("exited", (term_is_over,)),
                    Branch("lapsing"),
                ), effect=refuse_renewal, letter="renewal_refused", tells=(APPLICANT, RECOMMENDER)),
            move("return_renewal", "退回补正续期申请", to=HERE, by=(group, office), clause="D-4",
                provided=(renewal_is_complete,), asks=(Ask("items", "须补正的内容"),), effect=return_renewal,
                letter="renewal_returned", tells=(APPLICANT, RECOMMENDER)),
            correct,
            at_deadline("drop_renewal", "逾期未补正，视为未申请续期", to="listed", clause="D-4", when=RENEWAL_CORRECTION_DUE,
                provided=(correction_is_overdue,), effect=drop_renewal,
                letter="renewal_dropped", tells=(APPLICANT, RECOMMENDER)),
            remind(APPLICANT, "renewal_correction_due", before=soon, of=RENEWAL_CORRECTION_DUE, clause="D-4",
                provided=(renewal_was_returned,)),
            rectify, removal, leave, *leave_later, activity, report_year,
            remind(group, "renewal_review_due", before=(rules.renewal_late_notice.value, *soon), clause="D-5"),
            escalate(HEAD, "renewal_overdue", after=days(1), every=rules.renewal_late_every.value, clause="D-5"),
            *yearly,
            clause="M24-9.1", in_directory=True, takes_seat=True),

        stage("lapsing", "待退出", held_by(Role.CLOCK, until=TERM_ENDS),
            # Always refused here, in the words an applicant needs: the time to apply is over.
            apply_for_renewal(to="renewal"),
            rectify, removal, leave, *leave_later, activity, report_year,
            at_deadline("exit", "有效期届满，自动退出", to="exited", clause="M24-9.4", provided=(term_is_over,),
                effect=leave_at_term_end, letter="exited", tells=(APPLICANT, RECOMMENDER)),
            *yearly,
            clause="M24-9.4", in_directory=True, takes_seat=True),

        stage("rectifying", "限期整改", held_by(APPLICANT, until=RECTIFICATION_DUE),
            move("report_rectification", "提交整改报告", to=HERE, by=APPLICANT, clause="M24-20a",
                provided=(rectification_in_time,), asks=(Ask("report", "整改报告"),), effect=report_rectification,
                letter="rectification_received", tells=(RECOMMENDER,)),
            move("accept_rectification", "整改验收合格", by=(RECOMMENDER, office), clause="M24-20a",
                provided=(rectification_reported,), asks=(FINDING,), to=(
                    Branch("renewal", (renewal_is_pending,)),
                    Branch("lapsing", (renewal_is_out_of_reach,)),
                    Branch("listed"),
                ), effect=end_rectification, letter="rectification_accepted", tells=(APPLICANT, RECOMMENDER)),
            move("refuse_rectification", "整改不合格，退出目录", to="exited", by=(RECOMMENDER, office), clause="M24-20b",
                asks=(FINDING,), effect=leave_rectifying, letter="exited", tells=(APPLICANT, RECOMMENDER)),
            apply_for_renewal(to=HERE),
            correct,
            removal, leave, *leave_later, activity, report_year,
            at_deadline("fail_rectification", "整改期满未提交报告", to="exited", clause="M24-20b",
                provided=(no_report_awaits_judgement,), effect=leave_rectifying,
                letter="exited", tells=(APPLICANT, RECOMMENDER)),
            at_deadline("exit", "有效期届满，自动退出", to="exited", clause="M24-9.4", when=TERM_ENDS,
                provided=(term_is_over, no_timely_renewal), effect=leave_at_term_end,
                letter="exited", tells=(APPLICANT, RECOMMENDER)),
            remind(APPLICANT, "rectification_due", before=soon, clause="M24-20a"),
            escalate(HEAD, "stage_overdue", after=rules.escalate_after.value, every=rules.escalate_every.value,
                clause="D-11"),
            window, closing, *yearly,
            clause="M24-20a", in_directory=True, takes_seat=True),
    )


def _ends(rules: TrackRules) -> tuple[Stage, ...]:
    cites = rules.cites
    return (
        end("declined", "未获推荐", clause=cites["recommend"]),
        end("not_selected", "未入选", clause=cites["list"]),
        end("withdrawn", "已撤回", clause="M24-20c"),
        end("disqualified", "取消资格", clause=cites["false_statement"]),
        end("exited", "已退出", clause="M24-20b"),
    )


def _deciders(rules: TrackRules) -> tuple[Role, Role]:
    """Who runs and who decides: nationally the office and the group (M24-3.1), else the province (M24-3.2)."""
    if rules.decided_by.value == "province":
        return Role.PROVINCE, Role.PROVINCE
    return Role.OFFICE, Role.GROUP


def _organiser(rules: TrackRules) -> Role:
    """Who organises the experts: under I21 the training-guidance centre (I21-4.4)."""
    return Role(rules.review_organiser.value)


def _limit(rules: TrackRules, stage_key: str) -> Anchor:
    limit = rules.limits[stage_key]
    return within(limit.value, limit.clause)


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)

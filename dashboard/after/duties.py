"""What a listed institution owes and reports: yearly report, examinations, certificates, sites, fees, incidents."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import Response

from casework.duties.certificates import file_certificates, read_certificates
from casework.duties.emergencies import NewEmergency, emergencies, follow_up, report_emergency
from casework.duties.examinations import NewExamination, announce, cancel, examinations, report
from casework.duties.fees import history_of, set_fees
from casework.duties.listing import duties
from casework.duties.sites import NewSite, close_site, report_site, sites
from casework.duties.yearly import NewPlan, NewReport, file_report
from casework.history import CaseView
from casework.objections.evidence import check_evidence
from casework.renewals.reading import renewals
from casework.selection import Selection
from dashboard.after.site import area, day, listed, moment, typed, whole
from dashboard.apply.papers import sent_file
from dashboard.area import Here
from dashboard.refusing import NotThere
from dashboard.visit import Visit
from states.calendar import day_of
from states.duties.fees import Fee
from states.duties.figures import Figures
from states.duties.kinds import EMERGENCIES
from states.places import PROVINCES
from states.refusals import Refused


@area.get("/{no}", action="duty.report")
def show_after(visit: Here, no: str) -> Response:
    """Everything owed and reported for one listing."""
    return _page(visit, listed(visit, no))


@area.post("/{no}/report/{what}", action="duty.report")
def report_it(visit: Here, no: str, what: str) -> Response:
    """Report one thing; what was typed stands there still when it is refused."""
    case = listed(visit, no)
    if what not in ACTS:
        raise NotThere
    try:
        ACTS[what](visit, case)
    except NotThere:
        raise
    except Refused as refusal:
        return _page(visit, case, 422, refusal, what)
    return visit.go(f"/after/{case.no}#{what}", visit.say("after.kept"))


def _yearly(visit: Visit, case: CaseView) -> None:
    figures = {}
    for level in _levels(case):
        person_times, passed, certificates = (
            whole(visit, f"{key}.{level}", label)
            for key, label in (("person_times", "人次"), ("passed", "合格人数"), ("certificates", "发证数"))
        )
        figures[level] = Figures(person_times, passed, certificates)
    plan = NewPlan(
        whole(visit, "plan_sessions", "计划场次"), whole(visit, "plan_person_times", "计划人次"),
        visit.field("plan_places"), visit.field("plan_text"),
    )  # fmt: skip
    new = NewReport(
        whole(visit, "year", "年度"), figures, visit.field("summary"), plan, visit.field("reason")
    )
    file_report(visit.desk, case.no, new, by=visit.actor, as_of=visit.as_of)


def _examination(visit: Visit, case: CaseView) -> None:
    new = NewExamination(
        visit.field("level"), day(visit, "starts_on", "开始日期"), day(visit, "ends_on", "结束日期"),
        visit.field("place"), whole(visit, "expected", "预计人数"),
    )  # fmt: skip
    announce(visit.desk, case.no, new, by=visit.actor, as_of=visit.as_of)


def _counts(visit: Visit, case: CaseView) -> None:
    report(
        visit.desk, _own_exam(visit, case), person_times=whole(visit, "person_times", "人次"),
        passed=whole(visit, "passed", "合格人数"), by=visit.actor, as_of=visit.as_of, reason=visit.field("reason"),
    )  # fmt: skip


def _cancel(visit: Visit, case: CaseView) -> None:
    cancel(visit.desk, _own_exam(visit, case), visit.field("why"), by=visit.actor, as_of=visit.as_of)


def _certificates(visit: Visit, case: CaseView) -> None:
    exam = _own_exam(visit, case)
    file = check_evidence([sent_file(visit, "sheet")], what="证书清单", clause="M24-13")[0]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"sheet.{'csv' if file.kind == 'txt' else file.kind}"
        path.write_bytes(file.content)
        try:
            rows = read_certificates(path)
        except Refused as refusal:
            raise Refused(refusal.sentence.replace(path.name, file.name), clause=refusal.clause) from None
    file_certificates(visit.desk, exam, rows, by=visit.actor, as_of=visit.as_of)


def _site(visit: Visit, case: CaseView) -> None:
    new = NewSite(
        visit.field("name"), visit.field("address"), visit.field("province"), whole(visit, "capacity", "容纳人数"),
        visit.field("supervisor"),
    )  # fmt: skip
    report_site(visit.desk, case.no, new, by=visit.actor, as_of=visit.as_of)


def _close_site(visit: Visit, case: CaseView) -> None:
    id_ = whole(visit, "site", "站点")
    if id_ not in {each.id for each in sites(visit.desk, actor=visit.actor)}:
        raise NotThere
    close_site(visit.desk, id_, by=visit.actor, as_of=visit.as_of)


def _fees(visit: Visit, case: CaseView) -> None:
    items = []
    for name, unit, yuan in zip(
        visit.fields("item"), visit.fields("unit"), visit.fields("yuan"), strict=False
    ):
        if not name.strip() and not yuan.strip():
            continue
        try:
            amount = Decimal(yuan.strip())
            fen = (
                int(amount * 100) if amount.is_finite() and amount == amount.quantize(Decimal("0.01")) else -1
            )
        except InvalidOperation:
            fen = -1
        if fen < 0:
            raise Refused(f"“{name.strip()}”的金额应以元计，至多两位小数，请改正。", clause="M24-12")
        items.append(Fee(name.strip(), unit.strip(), fen))
    set_fees(
        visit.desk, case.no, items, effective_on=day(visit, "effective_on", "执行日期"), refund=visit.field("refund"),
        basis=visit.field("basis"), by=visit.actor, as_of=visit.as_of,
    )  # fmt: skip


def _emergency(visit: Visit, case: CaseView) -> None:
    new = NewEmergency(
        visit.field("kind"),
        moment(visit, "happened_at", "发生时间"),
        visit.field("scope"),
        visit.field("measures"),
    )
    report_emergency(visit.desk, case.no, new, by=visit.actor, as_of=visit.as_of)


def _follow_up(visit: Visit, case: CaseView) -> None:
    own = visit.field("emergency")
    if own not in {each.no for each in emergencies(visit.desk, actor=visit.actor)}:
        raise NotThere
    follow_up(visit.desk, own, visit.field("text"), by=visit.actor, as_of=visit.as_of)


ACTS: dict[str, Callable[[Visit, CaseView], None]] = {
    "yearly": _yearly,
    "examination": _examination,
    "counts": _counts,
    "cancel": _cancel,
    "certificates": _certificates,
    "site": _site,
    "close-site": _close_site,
    "fees": _fees,
    "emergency": _emergency,
    "follow-up": _follow_up,
}
"""What can be reported, by the name in its address."""


def _own_exam(visit: Visit, case: CaseView) -> str:
    wanted = visit.field("exam")
    if wanted not in {each.no for each in examinations(visit.desk, actor=visit.actor, no=case.no)}:
        raise NotThere
    return wanted


def _levels(case: CaseView) -> list[str]:
    return list(case.process.rules.levels.value)


def _page(
    visit: Visit, case: CaseView, status: int = 200, refusal: Refused | None = None, what: str = ""
) -> Response:
    desk, actor, as_of = visit.desk, visit.actor, visit.as_of
    mine = renewals(desk, Selection(nos=(case.no,)), as_of=as_of, actor=actor)
    return visit.page(
        "after/duties.html.j2", status, case=case, refusal=refusal, what=what, said=typed(visit),
        window=mine[0].window if mine else None, levels=_levels(case), today=day_of(as_of),
        duties=duties(desk, as_of=as_of, actor=actor, no=case.no), exams=examinations(desk, actor=actor, no=case.no),
        sites=[each for each in sites(desk, actor=actor) if each.closed_at is None],
        fees=history_of(desk, case.no), kinds=EMERGENCIES, provinces=PROVINCES,
        emergencies=[each for each in emergencies(desk, actor=actor) if each.case_no == case.no],
    )  # fmt: skip

"""A renewal application as an institution would hand it in: plainly invented, and true to what is registered of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from casework.desk import Desk
from casework.objections.evidence import Evidence
from casework.renewals.about import listed_case
from casework.renewals.filing import NewApplication
from casework.renewals.keeping import asked_of, known_figures
from records.transaction import reading
from states.duties.figures import YearFigures
from states.renewals.checking import Asked
from states.renewals.report import LEVELS, TEXTS, Consent, Filled, figures_of

_TEXTS = {
    "work": "按照国家职业标准组织实施，题库和课程每年更新，过程资料完整，未发生质量事故。（示例）",
    "effect": "服务企业和高校若干家，用人单位评价良好。（示例）",
    "problems": "监督检查指出收费标准更新不及时，已整改到位；其余没有。（示例）",
    "plan": "下一有效期保持规模，增加高级别场次，完善质量督导。（示例）",
}


def sample_application(
    desk: Desk, case_no: str, *, as_of: datetime, consented: bool = True
) -> NewApplication:
    """An application for the running term of a listing, in agreement with what was reported; without consent if asked."""
    with reading(desk.engine) as tx:
        each = listed_case(tx, case_no, None)
        asked = asked_of(each, as_of)
        known = known_figures(tx, each.facts.id, asked.term)
    filled = sample_report(asked, each.facts.activity, known)
    if not consented:
        return NewApplication(filled)
    consent = Consent("示例行业主管部门", f"示例函〔{asked.today.year}〕1号", asked.today)
    letter = f"{consent.number}\n经研究，同意{each.institution}申请续期。\n（示例，非真实文件）\n"
    return NewApplication(filled, None, consent, Evidence("同意意见.txt", letter.encode()))


def sample_report(asked: Asked, activity: int, known: Mapping[int, YearFigures]) -> Filled:
    """A report of ``activity`` person-times in all: as ``known`` by year, the rest evenly over the other years."""
    years = asked.term.years(asked.today)
    told = {
        year: known[year] for year in years if year in known and (asked.term.number <= 1 or year > years[0])
    }
    others = [year for year in years if year not in told]
    rest = max(0, activity - sum(each.activity for each in told.values()))
    shares = dict.fromkeys(others, rest // len(others)) if others else {}
    if others:
        shares[others[0]] += rest - sum(shares.values())
    figures = {
        year: _of_known(told[year], asked) if year in told else _of_share(shares[year], asked)
        for year in years
    }
    signed = max(asked.term.first, asked.today - timedelta(days=1))
    return Filled(figures, {each.key: _TEXTS[each.key] for each in TEXTS}, "示例负责人", signed)


def _of_share(times: int, asked: Asked) -> Mapping[str, int | Decimal | str]:
    first = next(each.key for each in figures_of(asked.levels) if each.key in LEVELS.values())
    passed = times * 4 // 5
    return _row({first: times}, -(-times // 40), passed, passed, asked)


def _of_known(known: YearFigures, asked: Asked) -> Mapping[str, int | Decimal | str]:
    times = {LEVELS[level]: each.person_times for level, each in known.by_level.items() if level in LEVELS}
    total = known.total
    sessions = min(max(known.sessions, 1 if total.person_times else 0), total.person_times)
    return _row(times, sessions, total.passed, total.certificates, asked)


def _row(
    times: Mapping[str, int], sessions: int, passed: int, certificates: int, asked: Asked
) -> Mapping[str, int | Decimal | str]:
    row: dict[str, int | Decimal | str] = {
        "sessions": sessions, "passed": passed, "certificates": certificates, "staff": 12, "experts": 20, "complaints": 0,
        "fees": Decimal(600 * sum(times.values())),
    }  # fmt: skip
    return {each.key: row.get(each.key, times.get(each.key, 0)) for each in figures_of(asked.levels)}

"""A report held against what was reported before: contradictions to answer in words, and the activity (M24-9.2, M24-9.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from states.conditions import (
    Circumstances,
    active_enough_in_later_terms,
    active_in_first_term,
    yearly_average,
)
from states.duties.figures import YearFigures
from states.facts import Facts
from states.renewals.report import Report, Term


@dataclass(frozen=True, slots=True)
class Warned:
    """A contradiction: which rule saw it, its clause, and the sentence a reviewer answers."""

    rule: str
    clause: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ActivityCheck:
    """Whether the activity of the term suffices, with the clause and the arithmetic in words."""

    holds: bool
    clause: str
    words: str


def contradictions(
    report: Report, term: Term, activity: int, known: Mapping[int, YearFigures], track: str
) -> tuple[Warned, ...]:
    """What the report says otherwise than the activity registered in the term and the ``known`` figures by year."""
    return tuple(_contradictions(report, term, activity, known, "评价" if track == "evaluation" else "培训"))


def _contradictions(
    report: Report, term: Term, activity: int, known: Mapping[int, YearFigures], what: str
) -> Iterator[Warned]:
    if report.total != activity:
        yield Warned(
            "total", "M24-14",
            f"报告所列有效期内{what}合计{report.total}人次，已登记的为{activity}人次，相差{abs(report.total - activity)}人次。",
        )  # fmt: skip
    for year in sorted(report.figures):
        if (fees := report.figures[year]["fees"]) and not report.person_times(year):
            yield Warned("fees", "M24-12", f"{year}年没有{what}人次而收费总额为{fees}元。")
        if year not in known or not _wholly_ours(year, term):
            continue
        counted = known[year].total
        for name, said, kept, clause in (
            (f"{what}人次", report.person_times(year), counted.person_times, "M24-14"),
            ("合格人次", int(report.figures[year]["passed"]), counted.passed, "M24-14"),
            ("证书数", int(report.figures[year]["certificates"]), counted.certificates, "I21-4.6.3"),
        ):
            if said != kept:
                yield Warned(
                    f"year_{year}",
                    clause,
                    f"{year}年{name}，报告为{said}，年度和逐场报送的为{kept}，相差{abs(said - kept)}。",
                )


def _wholly_ours(year: int, term: Term) -> bool:
    """The year in which a later term begins belongs to the term before as well: its figures cannot be told apart."""
    return term.number <= 1 or year > term.first.year


def activity_check(facts: Facts, around: Circumstances) -> ActivityCheck:
    """The activity of the running term as of ``around.as_of``: at all in the first (M24-9.2), enough in a later one (M24-9.3)."""
    if facts.term_no <= 1:
        least = around.rules.min_first_term.value
        verdict = "已开展活动" if active_in_first_term(facts, around) else "视为主动放弃，不能续期"
        words = f"第1个有效期内登记{facts.activity}人次（至少{least}人次），{verdict}"
        return ActivityCheck(active_in_first_term(facts, around), "M24-9.2", words)
    holds = active_enough_in_later_terms(facts, around)
    words = (
        f"第{facts.term_no}个{yearly_average(facts, around).explained(around.rules.min_renewal_yearly.value)}"
    )
    return ActivityCheck(holds, "M24-9.3", words if holds else f"{words}，视为主动放弃，不能续期")

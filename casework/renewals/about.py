"""Whose report a Word form is for: what is printed on it beforehand, and what it is read against."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from casework.actors import Actor
from casework.desk import Desk
from casework.history import find_case
from casework.loading import Loaded
from casework.renewals.keeping import asked_of, known_figures
from records.transaction import Transaction, reading
from states.conditions import Circumstances
from states.duties.figures import YearFigures
from states.refusals import Refused
from states.renewals.checking import CLAUSE, Asked
from states.renewals.report import LEVELS, Filled
from states.renewals.windows import Window, window


@dataclass(frozen=True, slots=True)
class About:
    """The listing a report is about. ``known`` are the figures reported before, by year, of the years wholly its own."""

    case_no: str
    institution: str
    uscc: str
    occupation: str
    levels: str
    asked: Asked
    window: Window
    known: Mapping[int, YearFigures]

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years the report speaks of."""
        return self.asked.term.years(self.asked.today)

    def prefilled(self) -> Filled:
        """What is known already of the years, for the form."""
        return Filled({year: _row(self.known[year]) for year in self.years if year in self.known})


def about(desk: Desk, case_no: str, *, as_of: datetime, actor: Actor | None = None) -> About:
    """Everything printed on the report form of a listing. Refused for one not listed, or out of the actor's sight."""
    with reading(desk.engine) as tx:
        each = listed_case(tx, case_no, actor)
        row = tx.one("SELECT uscc FROM institution WHERE id = ?", (each.facts.institution_id,))
        asked = asked_of(each, as_of)
        known = known_figures(tx, each.facts.id, asked.term)
    facts = each.facts
    rules = desk.processes.process(facts.process).rules
    found = window(facts, Circumstances(as_of, rules, desk.calendar))
    assert found is not None
    title = next(each.title for each in rules.occupations.value if each.code == facts.occupation)
    own = {year: known[year] for year in known if asked.term.number <= 1 or year > asked.term.first.year}
    return About(facts.no, each.institution, row[0] if row else "", title, each.levels, asked, found, own)


def listed_case(tx: Transaction, case_no: str, actor: Actor | None) -> Loaded:
    """A case that stands or stood in the directory, within what the actor may see. May be Refused."""
    each = find_case(tx, case_no, actor)[0]
    if each.facts.term_last_day is None:
        raise Refused(f"申报{each.facts.no}没有列入目录，没有续期事项。", clause=CLAUSE)
    return each


def _row(known: YearFigures) -> dict[str, int]:
    by_level = known.by_level
    row = {key: by_level[level].person_times for level, key in LEVELS.items() if level in by_level}
    return {
        **row,
        "passed": known.total.passed,
        "certificates": known.total.certificates,
        "sessions": known.sessions,
    }


def spoken_day(value: date) -> str:
    """A day as the form prints it."""
    return f"{value.year}年{value.month}月{value.day}日"

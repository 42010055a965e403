"""Person-times, passes and certificates of a year, from examinations and from the yearly report (M24-14, I21-4.6.1).

The reports of single examinations are the source; a yearly report repeats them and adds what was not reported singly.
What counts as activity is therefore the greater of the two, level by level: nothing is ever counted twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from states.refusals import Refused

MOST = 10_000_000
_LABELS = (("person_times", "人次"), ("passed", "合格人数"), ("certificates", "发证数"))


@dataclass(frozen=True, slots=True)
class Figures:
    """Person-times trained or evaluated, how many of them passed, how many certificates were issued."""

    person_times: int = 0
    passed: int = 0
    certificates: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.person_times + other.person_times,
            self.passed + other.passed,
            self.certificates + other.certificates,
        )

    def at_least(self, other: "Figures") -> "Figures":
        """The greater of each figure."""
        return Figures(
            max(self.person_times, other.person_times),
            max(self.passed, other.passed),
            max(self.certificates, other.certificates),
        )

    def fault(self) -> str:
        """What is impossible about these figures, in Chinese; empty when they agree with each other."""
        for key, label in _LABELS:
            value = getattr(self, key)
            if not 0 <= value <= MOST:
                return f"{label}应为0至{MOST}的整数，收到的是{value}"
        if self.passed > self.person_times:
            return f"合格人数{self.passed}多于人次{self.person_times}"
        if self.certificates > self.passed:
            return f"发证数{self.certificates}多于合格人数{self.passed}"
        return ""


NOTHING = Figures()
ByLevel = Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One calendar year of one listing.

    ``examined`` adds up the examinations (or courses) reported, ``sessions`` of them; ``reported`` is the yearly
    report in force, None while there is none.
    """

    year: int
    sessions: int = 0
    examined: ByLevel = field(default_factory=lambda: MappingProxyType({}))
    reported: ByLevel | None = None

    @property
    def by_level(self) -> dict[str, Figures]:
        """What counts, by level: the greater of examinations and yearly report, figure by figure."""
        reported = self.reported or {}
        return {
            level: self.examined.get(level, NOTHING).at_least(reported.get(level, NOTHING))
            for level in sorted(self.examined.keys() | reported.keys())
        }

    @property
    def total(self) -> Figures:
        """What counts, over all levels."""
        return total(self.by_level)

    @property
    def activity(self) -> int:
        """The person-times that count as activity of this year (M24-9.2, M24-9.3)."""
        return self.total.person_times


def total(by_level: ByLevel) -> Figures:
    """The sum over all levels."""
    return sum(by_level.values(), NOTHING)


def check_yearly(reported: ByLevel, examined: ByLevel, levels: Iterable[str], clause: str) -> None:
    """Refuse, in words, a yearly report that is impossible in itself or says less than the examinations reported."""
    known = tuple(levels)
    for level, figures in reported.items():
        if level not in known:
            raise Refused(f"没有等级“{level}”，本申报的等级为{'、'.join(known)}。", clause=clause)
        if fault := figures.fault():
            raise Refused(f"{level}的数据有误：{fault}，请核对后重新报送。", clause=clause)
    for level, figures in examined.items():
        said = reported.get(level, NOTHING)
        for key, label in _LABELS:
            least, told = getattr(figures, key), getattr(said, key)
            if told < least:
                raise Refused(
                    f"{level}的{label}为{told}，少于已逐场报告的合计{least}，年度数据应包含各场数据，请核对。",
                    clause=clause,
                )

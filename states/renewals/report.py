"""The report on the years of a term, as a declared form: figures by calendar year, texts, commitment, consent (M24-9.1).

The measures ask for “近3年工作成效报告” and lay down no form. This one asks for what they hold an institution to: what
was done and how much of it (M24-9.2, M24-9.3, M24-14), certificates (I21-4.6.3), staff (M24-6.2), fees (M24-12) and
complaints.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from states.calendar import day_of
from states.facts import Facts, day, instant

LEVELS: Mapping[str, str] = MappingProxyType({"初级": "junior", "中级": "middle", "高级": "senior"})
"""Level → the key of its person-times."""

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a year: its key, its name as printed by track, its unit and the most that is believed.

    ``money`` figures may have two decimals, all others are whole.
    """

    key: str
    labels: Mapping[str, str]
    unit: str
    most: int
    money: bool = False

    def label(self, track: str) -> str:
        """As printed on the form of a track."""
        return self.labels[track]

    def heading(self, track: str) -> str:
        """The label with its unit."""
        return f"{self.labels[track]}（{self.unit}）"


def _figure(key: str, evaluation: str, training: str, unit: str, most: int, *, money: bool = False) -> Figure:
    return Figure(key, MappingProxyType({"evaluation": evaluation, "training": training}), unit, most, money)


FIGURES = (
    _figure("junior", "初级评价人次", "初级培训人次", "人次", MILLION),
    _figure("middle", "中级评价人次", "中级培训人次", "人次", MILLION),
    _figure("senior", "高级评价人次", "高级培训人次", "人次", MILLION),
    _figure("sessions", "组织考核场次", "举办培训班次", "次", 100_000),
    _figure("passed", "考核合格人次", "考核结业人次", "人次", MILLION),
    _figure("certificates", "发放评价证书数", "发放培训合格证书数", "本", MILLION),
    _figure("staff", "年末专职工作人员数", "年末专职工作人员数", "人", 100_000),
    _figure("experts", "年末考评员和督导员数", "年末授课师资数", "人", 100_000),
    _figure("complaints", "收到投诉举报件数", "收到投诉举报件数", "件", 100_000),
    _figure("fees", "收费总额", "收费总额", "元", 10_000 * MILLION, money=True),
)
"""Every figure of a year, in the order printed."""

PERSON_TIMES = tuple(LEVELS.values())


@dataclass(frozen=True, slots=True)
class Text:
    """One text part: its key, its name as printed, and how many characters it may have."""

    key: str
    label: str
    most: int
    hint: str


TEXTS = (
    Text("work", "有效期内工作开展情况", 2000, "组织实施、质量管理、题库（课程）建设、队伍建设等"),
    Text("effect", "工作成效", 1500, "服务对象、人才培养效果、社会反映等"),
    Text("problems", "存在的问题和整改情况", 1000, "包括监督检查、投诉举报指出的问题；没有的写明没有"),
    Text("plan", "下一有效期工作计划", 1500, "规模、质量、保障措施等"),
)

COMMITMENT = "本单位承诺：本申请及报告内容真实、准确、完整，自觉遵守管理办法，接受监督检查，并承担相应责任。"
LONGEST_NAME, LONGEST_NO = 50, 60
LONGEST_OFFICE = 100


def figures_of(levels: str) -> tuple[Figure, ...]:
    """The figures asked of an institution listed for these levels (初级、中级): other levels are not."""
    asked = {LEVELS[level] for level in levels.split("、") if level in LEVELS} or set(PERSON_TIMES)
    return tuple(each for each in FIGURES if each.key not in PERSON_TIMES or each.key in asked)


@dataclass(frozen=True, slots=True)
class Term:
    """The term a report is about, and the calendar years it must speak of. Shanghai days, both included."""

    number: int
    first: date
    last: date

    def years(self, today: date) -> tuple[int, ...]:
        """The calendar years of the term that have begun by ``today``, oldest first; at least its first."""
        return tuple(range(self.first.year, max(self.first.year, min(self.last, today).year) + 1))


def term_of(facts: Facts) -> Term:
    """The running term of a case. ValueError for one that has none."""
    starts, last = instant(facts.term_starts_at), day(facts.term_last_day)
    if starts is None or last is None:
        raise ValueError(f"case {facts.no} has no term")
    return Term(facts.term_no, day_of(starts), last)


@dataclass(frozen=True, slots=True)
class Consent:
    """The consent of the industry department: who gave it, under which number, on which day."""

    office: str = ""
    number: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A report as filled in: nothing of it is believed yet.

    ``figures``: year → figure key → a number, or the text that was none. Unfilled is absent.
    """

    figures: Mapping[int, Mapping[str, int | Decimal | str]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    signatory: str = field(default="", repr=False)
    signed_on: date | str | None = None
    consent: Consent = Consent()
    consent_day: str = ""
    """What stands for the day of the consent where it is none."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report that was checked: every figure a whole number (``fees`` in yuan with two decimals) and believable."""

    figures: Mapping[int, Mapping[str, int | Decimal]]
    texts: Mapping[str, str] = field(repr=False)
    signatory: str = field(repr=False)
    signed_on: date

    def person_times(self, year: int) -> int:
        """All person-times of a year, over the levels."""
        return sum(int(self.figures[year].get(key, 0)) for key in PERSON_TIMES)

    @property
    def total(self) -> int:
        """All person-times of the term reported."""
        return sum(map(self.person_times, self.figures))

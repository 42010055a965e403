"""Sample applications for a call: clearly invented, of every quality, each with the fate it is meant for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from casework.intake.cells import Cells
from casework.intake.defects import DEFECTS, Defect, Fate
from casework.intake.sample_institutions import invented_application
from casework.intake.styles import Style, some_style
from casework.intake.wording import cells_of
from casework.intake.writing import document_of
from states.calendar import at_time
from states.call_rules import CallRules, TrackRules
from states.forms import Application, FormKind, form_of
from states.occupations import OCCUPATIONS, Occupation
from states.places import DEPARTMENTS, PROVINCES, Office

_EVERY_NTH_SPOILT = 3
_OF_THE_INSTITUTION = (
    "institution", "uscc", "legal_representative", "legal_representative_id", "address", "unit_type", "industry",
    "registered_capital", "staff", "founded", "responsible", "contact",
)  # fmt: skip
_SCOPE = "示例领域技术服务；职业技能培训、继续教育、考试与评审鉴定服务。"
_NARROW_SCOPE = "示例设备的销售与租赁。"


@dataclass(frozen=True, slots=True)
class SampleApplication:
    """One sample.

    `application` is what the institution means; `cells` is what its form says, spoilt where `defect` says so.
    `files_at` is when it files (aware UTC). `papers` are the accompanying papers' texts by file-name ending.
    """

    number: int
    kind: FormKind
    call: str
    application: Application = field(repr=False)
    cells: Cells = field(repr=False)
    office: Office
    occupation: Occupation
    style: Style = field(repr=False)
    files_at: datetime
    papers: tuple[tuple[str, str], ...] = field(repr=False)
    defect: Defect | None = None

    @property
    def fate(self) -> Fate:
        return self.defect.fate if self.defect else Fate.FILED

    @property
    def stem(self) -> str:
        """The name of its form's file without suffix; its papers' names begin with it."""
        return f"{self.number:03d}_{self.application.institution}_{self.occupation.name}"


def sample_applications(
    n: int,
    *,
    call_rules: CallRules,
    seed: int,
    track: str = "evaluation",
    province: str = "",
    occupations: int | None = None,
    worst_first: bool = False,
) -> list[SampleApplication]:
    """`n` samples for a track of a call, the same for the same arguments.

    Only through the offices of `province` where one is given, and for no more than the first `occupations` on offer;
    `worst_first` begins with the faults that keep a form out altogether.

    They go round the occupations and offices the track takes from; every third has the next fault of
    `defects.DEFECTS`. Institutions with `second_channel` are earlier ones filing again elsewhere.
    """
    rules = call_rules.track(track)
    offered = _offered(rules)[:occupations]
    offices = [office for office in _offices(rules) if province in ("", office.region)]
    kind = FormKind(rules.track)
    spoilt = _faults(rules, len(offices), worst_first=worst_first)
    samples: list[SampleApplication] = []
    for number in range(1, n + 1):
        random = Random(f"{rules.code}/{track}{province}/{seed}/{number}")
        defect = next(spoilt) if number % _EVERY_NTH_SPOILT == 0 else None
        day = _filing_day(random, rules)
        earlier = _to_repeat(samples, defect)
        office = offices[(number - 1 + seed) % len(offices)]
        if earlier is not None:
            office = next(other for other in (office, *offices) if other != earlier.office)
            occupation, application = earlier.occupation, earlier.application
            # Repeated later than the first, or the first would be the one refused.
            day = max(day, earlier.files_at.date())
        else:
            occupation = _occupation(offered, number, defect, rules)
            application = invented_application(
                random, kind, number=number, occupation=occupation, office=office, day=day
            )
        if defect and defect.alters:
            application = defect.alters(application)
        style = some_style(random)
        cells = cells_of(application, style)
        if defect and defect.spoils:
            cells = defect.spoils(cells_of(application), random)
        samples.append(
            SampleApplication(
                number,
                kind,
                rules.code,
                application,
                cells,
                office,
                occupation,
                style,
                _files_at(random, rules, day, defect, later=earlier is not None),
                _papers(application, defect),
                defect,
            )
        )
    return samples


def filed_by(sample: SampleApplication, other: SampleApplication) -> SampleApplication:
    """The same application, filed by the institution of another sample, through that one's office."""
    same = {key: getattr(other.application, key) for key in _OF_THE_INSTITUTION}
    application = sample.application.model_copy(update=same)
    return replace(
        sample, application=application, cells=cells_of(application, sample.style), office=other.office,
        papers=_papers(application, None), defect=None,
    )  # fmt: skip


def write_samples(folder: Path, samples: Sequence[SampleApplication]) -> list[Path]:
    """Write every sample's form and papers under `folder`, a folder for each office; the forms' paths in order.

    Papers are named as `casework.intake.materials` says. The same samples give the same bytes.
    """
    forms = []
    for sample in samples:
        place = folder / f"{sample.office.code}_{sample.office.short}"
        place.mkdir(parents=True, exist_ok=True)
        form = place / f"{sample.stem}.docx"
        form.write_bytes(document_of(form_of(sample.kind, sample.call), sample.cells, sample.style))
        for paper, text in sample.papers:
            (place / f"{sample.stem}_{paper}.txt").write_text(text, encoding="utf-8", newline="\n")
        forms.append(form)
    return forms


def _faults(rules: TrackRules, offices: int, *, worst_first: bool) -> Iterator[Defect]:
    # A call with a single office knows no second channel.
    kept = [defect for defect in DEFECTS.values() if offices > 1 or defect.name != "second_channel"]
    if rules.business_scope is None:
        kept = [defect for defect in kept if defect.name != "narrow_business_scope"]
    while True:
        yield from reversed(kept) if worst_first else kept


def _offered(rules: TrackRules) -> list[Occupation]:
    closed = rules.closed_occupations.value if rules.closed_occupations else ()
    return [occupation for occupation in rules.occupations.value if occupation.code not in closed]


def _offices(rules: TrackRules) -> list[Office]:
    """The provinces, with a department after every fifth; only those the call takes from."""
    departments = iter(DEPARTMENTS)
    mixed: list[Office] = []
    for place, province in enumerate(PROVINCES, start=1):
        mixed.append(province)
        if place % 5 == 0 and (department := next(departments, None)):
            mixed.append(department)
    return [office for office in mixed if rules.takes_from(office)]


def _occupation(
    offered: Sequence[Occupation], number: int, defect: Defect | None, rules: TrackRules
) -> Occupation:
    if defect and defect.name == "occupation_not_offered":
        return next(other for other in OCCUPATIONS.values() if other not in rules.occupations.value)
    return offered[(number - 1) % len(offered)]


def _to_repeat(samples: Sequence[SampleApplication], defect: Defect | None) -> SampleApplication | None:
    if defect is None or defect.name != "second_channel":
        return None
    repeated = {
        sample.application.uscc for sample in samples if sample.defect and sample.defect.name == defect.name
    }
    return next(
        sample for sample in samples if sample.fate is Fate.FILED and sample.application.uscc not in repeated
    )


def _filing_day(random: Random, rules: TrackRules) -> date:
    """A day in the second half of the filing period."""
    opens, closes = rules.opens.value, rules.filing_closes.value
    return closes - timedelta(days=random.randrange((closes - opens).days // 2 + 1))


def _files_at(
    random: Random, rules: TrackRules, day: date, defect: Defect | None, *, later: bool
) -> datetime:
    if defect and defect.name == "filed_late":
        return at_time(rules.filing_closes.value + timedelta(days=random.randrange(1, 4)), 9, 30)
    # First filings before six in the evening, repeated ones after it on the same day or later.
    return at_time(day, random.randrange(18, 23) if later else random.randrange(9, 18), random.randrange(60))


def _papers(application: Application, defect: Defect | None) -> tuple[tuple[str, str], ...]:
    name = defect.name if defect else ""
    scope = _NARROW_SCOPE if name == "narrow_business_scope" else _SCOPE
    certificate = (
        f"法人登记证书（示例，非真实证书）\n单位名称：{application.institution}\n"
        f"统一社会信用代码：{application.uscc}\n成立日期：{application.founded}\n业务范围：{scope}\n"
    )
    credit = f"信用报告（示例，非真实报告）\n{application.institution}\n未发现违法失信记录。\n"
    papers = (("法人登记证书", certificate), ("信用报告", credit))
    return papers[1:] if name == "certificate_missing" else papers

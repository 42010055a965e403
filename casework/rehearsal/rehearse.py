"""One rehearsal from the notice to its last day, on a throw-away installation or in a folder that is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

from casework.channels import open_channel
from casework.installation import Installation, open_installation, scratch_installation
from casework.intake.samples import SampleApplication
from casework.office_hours import OfficeHours
from casework.rehearsal import intake, review
from casework.rehearsal.cast import enlist
from casework.rehearsal.certificates import keep_certificates
from casework.rehearsal.clock import Clock
from casework.rehearsal.gathering import gather
from casework.rehearsal.lines import lines_of
from casework.rehearsal.manifold import apply_manifold
from casework.rehearsal.pigeonhole import Pigeonhole
from casework.rehearsal.report import Report
from casework.rehearsal.samples import open_accounts
from casework.rehearsal.world import Course, World
from casework.settings import Settings
from states.calendar import at_time, end_of
from states.call_rules import CallRules
from states.refusals import Refused
from states.roles import Role
from states.rulebook import call_rules

INSTITUTIONS = 60
MOST_INSTITUTIONS = 2000
LETTERS_LEAVE = (time(8, 30), time(18))
"""The office hours in which a rehearsal's letters leave."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to rehearse: a call's code, the last simulated day (None: three months after the first terms end),
    how many institutions file, the seed of all chance, and the folder of calls that are not in the package.
    """

    call: str
    until: date | None = None
    institutions: int = INSTITUTIONS
    seed: int = 1
    calls: Path | None = None

    @property
    def rules(self) -> CallRules:
        """The rules of the call. Refused when there is no such call."""
        return call_rules(self.call, self.calls)


Progress = Callable[[int, int], None]
"""Told how many simulated days have been lived through, and of how many."""


def rehearse(wanted: Wanted, *, keep: Path | None = None, progress: Progress | None = None) -> Report:
    """Live a call through; what came of it.

    ``keep`` is an empty folder in which the rehearsed installation stays, with the public certificate of every draw
    under ``certificates/``. Raises Refused for a call that cannot
    be rehearsed, days that do not fit, and a folder that is not empty.
    """
    refuse_unless_sound(wanted)
    with TemporaryDirectory(prefix="linxuan-") as scratch:
        rules = wanted.rules
        begins = at_time(rules.notice, 8)
        if keep is not None:
            installation = _kept(keep, begins)
            channel = Pigeonhole(open_channel(installation))
        else:
            data = Path(scratch) / "data"
            data.mkdir()
            installation = scratch_installation(data, as_of=begins)
            channel = Pigeonhole()
        try:
            report = _live(
                wanted,
                installation,
                channel,
                Path(scratch) / "papers",
                begins,
                progress,
                thrifty=keep is None,
            )
            if keep is not None:
                open_accounts(installation, as_of=end_of(last_day(wanted)))
                keep_certificates(installation.desk(), wanted.call, keep / "certificates", as_of=begins)
            return report
        finally:
            installation.close()


def refuse_unless_sound(wanted: Wanted) -> None:
    """Raises Refused, in words, for what cannot be rehearsed."""
    rules = wanted.rules
    if not 1 <= wanted.institutions <= MOST_INSTITUTIONS:
        raise Refused(f"申报单位数应为1至{MOST_INSTITUTIONS}的整数，收到的是{wanted.institutions}。")
    if wanted.until is not None and wanted.until < rules.opens.value:
        raise Refused(
            f"演练截止日{wanted.until}早于{rules.name}的受理起始日{rules.opens.value}，请改填以后的日期。"
        )


def last_day(wanted: Wanted) -> date:
    """The last simulated day: the one wanted, else the end of the year in which the first terms end."""
    rules = wanted.rules
    return wanted.until or date(rules.filing_closes.value.year + rules.term_years.value, 12, 31)


def _live(
    wanted: Wanted,
    installation: Installation,
    channel: Pigeonhole,
    papers: Path,
    begins: datetime,
    progress: Progress | None,
    *,
    thrifty: bool,
) -> Report:
    desk = installation.desk()
    until = end_of(last_day(wanted))
    world = World(
        installation,
        desk,
        wanted.rules,
        wanted.calls,
        wanted.institutions,
        wanted.seed,
        papers,
        Course(begins),
        until,
        channel,
        thrifty=thrifty,
    )
    lines = lines_of(world)
    invented = [intake.invent(line) for line in lines]
    standing_out = apply_manifold(lines, invented)
    _enlist(lines, invented)
    intake.open_and_close(lines[0], invented[0][0])
    for place, (line, samples) in enumerate(zip(lines, invented, strict=True)):
        intake.plan(line, samples, {number for at, number in standing_out if at == place})
        review.plan(line)
    hours = OfficeHours(*LETTERS_LEAVE, desk.calendar)
    clock = Clock(world, channel, hours)
    days = (until - begins).days
    clock.run(None if progress is None else lambda now: progress((now - begins).days, days))
    return gather(lines, clock)


def _enlist(lines: Sequence[World], invented: Sequence[Sequence[SampleApplication]]) -> None:
    first = lines[0]
    enlist(
        first.desk, sorted({sample.office.code for samples in invented for sample in samples}),
        sorted({line.province for line in lines} - {""}), _keeping(lines, invented),
        with_centre=any(line.rules.review_organiser.value == Role.CENTRE for line in lines), as_of=first.now,
    )  # fmt: skip


def _keeping(lines: Sequence[World], invented: Sequence[Sequence[SampleApplication]]) -> list[str]:
    """The provinces that will look after trainers whom the nation selects (M24-3.2)."""
    return sorted(
        {
            sample.office.region or "11"
            for line, samples in zip(lines, invented, strict=True)
            if line.rules.kept_by_province and not line.province
            for sample in samples
        }
    )


def _kept(folder: Path, begins: datetime) -> Installation:
    """A lasting installation in an empty folder, in a hurry until it is closed."""
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"文件夹{folder}不是空的，演练数据只能保存到空文件夹，请换一个。")
    return open_installation(Settings(data=folder), as_of=begins)

"""How applications come in: the forms of the samples, some of them faulty, some twice, some too late."""

import re
from collections.abc import Iterable, Sequence, Set
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from casework.actors import CLOCK
from casework.calls import close_calls_due, open_call
from casework.import_report import ImportLine, Status
from casework.importing import import_paths
from casework.intake.defects import Fate
from casework.intake.samples import SampleApplication, sample_applications, write_samples
from casework.rehearsal import recommending
from casework.rehearsal.cast import OFFICE, called, recommender
from casework.rehearsal.faulty_files import write_faulty_files, write_mended
from casework.rehearsal.journal import Reading
from casework.rehearsal.manifold import STANDS_OUT
from casework.rehearsal.world import World
from states.calendar import at_time, end_of, start_of
from states.places import OFFICES
from states.priority import priority_mark
from states.refusals import Refused

_CITED = re.compile(r"（([A-Z][A-Z0-9]*-[A-Za-z0-9.]+)）$")
_MOST_OCCUPATIONS, _CONTESTED = 5, 8
KEEPS_RUNNING = 4
"""So many candidates of each occupation go through without anything special, as far as there are that many."""


def invent(world: World) -> list[SampleApplication]:
    """The applications of a track. Of many occupations only so many are applied for that each is contested."""
    offered = len(world.rules.occupations.value)
    contested = offered if offered <= _MOST_OCCUPATIONS else max(1, world.institutions // _CONTESTED)
    return sample_applications(
        world.institutions, call_rules=world.call, seed=world.seed, track=world.track, province=world.province,
        occupations=min(contested, _MOST_OCCUPATIONS), worst_first=not world.leads,
    )  # fmt: skip


def open_and_close(world: World, first: SampleApplication) -> None:
    """Put the opening and the close of the call on the agenda; somebody files an hour too soon."""
    opens, closes = world.rules.opens.value, end_of(world.rules.filing_closes.value)
    (early,) = write_samples(world.papers / "early", [first])
    world.agenda.at(at_time(opens, 9), lambda: bring(world, [early], first.office.code))
    world.agenda.at(at_time(opens, 10), lambda: _open(world))
    world.agenda.at(closes, lambda: _close(world))


def plan(world: World, samples: Sequence[SampleApplication], standing_out: Set[int] = frozenset()) -> None:
    """Put the filing period of a track on the agenda: every form's day, and what else is handed in.

    The samples whose numbers stand out go through, and the experts like them best.
    """
    folder = world.papers / f"forms{world.track}{world.province}"
    forms = dict(zip([s.number for s in samples], write_samples(folder, samples), strict=True))
    agenda = world.agenda
    parts = _parts(world, samples, standing_out) | dict.fromkeys(standing_out, STANDS_OUT)
    tied = _tied(world, samples, parts) if world.leads else ()
    together = max((s.files_at for s in tied), default=None)
    for sample in samples:
        part = "tied" if sample in tied else parts.get(sample.number, "")
        files_at = together if sample in tied and together else sample.files_at
        agenda.at(files_at, partial(_file, world, sample, forms[sample.number], part))
    _more_forms(world, samples, forms)


def bring(world: World, paths: Iterable[Path], channel: str, part: str = "", call: str = "") -> None:
    """One office hands in files now; what becomes a case goes on to recommending, the rest is written down."""
    actor, code = recommender(channel), call or world.call.code
    try:
        report = import_paths(
            world.desk, paths, call=code, channel=OFFICES[channel], by=actor, as_of=world.now,
            store=world.installation.store_material,
        )  # fmt: skip
    except Refused as refusal:
        world.refused(actor, "申报", "、".join(path.name for path in paths), refusal)
        return
    counts = report.counts
    world.journal.readings.append(
        Reading(
            world.now, called(actor), code, len(report.lines), counts[Status.FILED], counts[Status.AGAIN],
            counts[Status.REFUSED] + counts[Status.UNREAD],
        )
    )  # fmt: skip
    for line in report.lines:
        for sentence in line.problems if line.status in (Status.REFUSED, Status.UNREAD) else ():
            cited = _CITED.search(sentence)
            world.journal.add(
                world.now, called(actor), "申报", _about(line), sentence.removesuffix(cited[0]) if cited else sentence,
                cited[1] if cited else None,
            )  # fmt: skip
        if line.status is Status.FILED:
            world.parts[line.no] = part
            recommending.take_up(world, line.no, channel, part, doubted=bool(line.warnings))


def _about(line: ImportLine) -> str:
    return Path(line.file).name


def _open(world: World) -> None:
    open_call(world.desk, world.call.code, by=OFFICE, as_of=world.now, folder=world.calls, rehearsing=True)


def _close(world: World) -> None:
    close_calls_due(world.desk, by=CLOCK, as_of=world.now)


def _file(world: World, sample: SampleApplication, form: Path, part: str) -> None:
    bring(world, [form], sample.office.code, part)
    if sample.fate is Fate.BLOCKED:
        again = world.working_day(world.now, 2, 11)
        if again < end_of(world.rules.filing_closes.value):
            world.agenda.at(again, lambda: bring(world, [write_mended(world, sample)], sample.office.code))


def _more_forms(world: World, samples: Sequence[SampleApplication], forms: dict[int, Path]) -> None:
    """The same folder once more, and a folder of files that are no sound forms."""
    first = _first(samples)
    if first is None:
        return
    again = first.files_at + timedelta(hours=2)
    world.agenda.at(again, lambda: bring(world, [forms[first.number]], first.office.code))
    faulty = write_faulty_files(world, first, forms[first.number])
    world.agenda.at(max(again, faulty.ready_at), lambda: bring(world, [faulty.folder], first.office.code))


_GOES_ON = ("returned", "sent_back", "late_paper", "visited")
_LEAVES = (
    "lapses_correction", "declined", "declined", "declined", "unrecommended", "withdrawn", "fails_initial",
    "fails_initial", "false_statement",
)  # fmt: skip


def _parts(world: World, samples: Sequence[SampleApplication], standing_out: Set[int]) -> dict[int, str]:
    """Which part each sound sample plays; the others simply go through. Each occupation keeps enough of these."""
    free = [s for s in samples if s.fate is Fate.FILED and s.number not in standing_out]
    twice = {s.application.uscc for s in samples if s.defect and s.defect.name == "second_channel"}
    free = [s for s in free if s.application.uscc not in twice]
    world.dice("parts").shuffle(free)
    left: dict[str, int] = {}
    for sample in free:
        left[sample.occupation.code] = left.get(sample.occupation.code, 0) + 1
    given: dict[int, str] = {}
    for part in (*_GOES_ON, *_LEAVES):
        for sample in free:
            roomy = part in _GOES_ON or left[sample.occupation.code] > KEEPS_RUNNING
            if sample.number not in given and roomy and _fits(world, sample.files_at, part):
                given[sample.number] = part
                left[sample.occupation.code] -= part in _LEAVES
                break
    return given


def _tied(
    world: World, samples: Sequence[SampleApplication], parts: dict[int, str]
) -> tuple[SampleApplication, ...]:
    """Two of one occupation that nothing but the experts could tell apart, and those will not: the last such pair."""
    free = [s for s in samples if s.fate is Fate.FILED and s.number not in parts]
    twice = {s.application.uscc for s in samples if s.defect and s.defect.name == "second_channel"}
    first = _first(samples)
    found: dict[tuple[str, int], list[SampleApplication]] = {}
    for each in free:
        if each is not first and each.application.uscc not in twice:
            alike = each.occupation.code, priority_mark(each.application, world.rules)
            found.setdefault(alike, []).append(each)
    enough = [group for group in found.values() if len(group) > 1]
    return tuple(enough[-1][-2:]) if enough else ()


def _first(samples: Sequence[SampleApplication]) -> SampleApplication | None:
    """The sound sample that files first."""
    sound = [s for s in samples if s.fate is Fate.FILED]
    return min(sound, key=lambda s: (s.files_at, s.number), default=None)


def _fits(world: World, files_at: datetime, part: str) -> bool:
    early = part in ("returned", "lapses_correction")
    return not early or files_at < start_of(world.rules.filing_closes.value) - timedelta(days=8)

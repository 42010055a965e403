"""The pool of a rehearsal: invented experts in a real sheet, among them everyone recusal looks for (M24-7.3b).

Which panel gets which experts follows its part (``PARTS``): enough of the field, too few, or many who are tied to
single cases.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import cycle, islice
from pathlib import Path

from casework.filed_forms import filed_form
from casework.pool.importing import import_pool
from casework.pool.samples import sample_experts
from casework.pool.writing import Texts, write_pool_sheet
from casework.rehearsal.cast import OFFICE, called
from casework.rehearsal.experts import Experts
from casework.rehearsal.world import World
from records.transaction import reading
from states.calendar import day_of
from states.forms import Application
from states.occupations import OCCUPATIONS

CLAUSE = "M24-7.3c"
PARTS = (
    "declined_and_silent",
    "conflict_at_acceptance",
    "small_field",
    "recusal_per_case",
    "short_of_quorum",
)
"""Handed to the panels in the order of their occupations; panels after the last play none."""
_OF_FIELD = {"small_field": 6, "recusal_per_case": 14}
_USUALLY = 30
_OBJECTED = 2
_TIED_TO_A_CASE = 9
_FEWEST_CASES = 5
"""So many cases keep two recused experts for each, and the quorum of all, apart."""


def parts(world: World) -> dict[str, str]:
    """The part of each occupation that has cases under review, by its code."""
    under = {each.facts.occupation for each in world.mine(stage="expert_review")}
    codes = [each.code for each in world.rules.occupations.value if each.code in under]
    special = PARTS if world.leads else ()
    return dict(zip(codes, (*special, *[""] * len(codes)), strict=False))


def gather_pool(world: World, experts: Experts) -> None:
    """The office imports the sheet of experts: refused whole for one wrong number, taken once it is put right."""
    if not (given := parts(world)):
        return
    people = [*_people(world, given)]
    world.course.fields.update(given)
    world.course.experts += len(people)
    folder = world.papers / f"pool{world.track}{world.province}"
    folder.mkdir(parents=True, exist_ok=True)
    misprinted = {**people[0], "identity": _misprinted(people[0]["identity"])}
    _import(world, folder / "专家名册.xlsx", [misprinted, *people[1:]])
    codes = _import(world, folder / "专家名册（更正）.xlsx", people)
    for texts in people:
        experts.join(texts["mail"], texts["name"])
    world.objected = codes[_OBJECTED]


def _import(world: World, path: Path, people: Sequence[Texts]) -> list[str]:
    """The codes the experts were given, in their order; empty when the sheet was refused."""
    write_pool_sheet(path, people)
    nonces = (world.hidden(f"expert/{number}")[:32] for number in range(len(people)))
    report = import_pool(world.desk, path, by=OFFICE, as_of=world.now, nonce=nonces.__next__)
    for line in report.lines:
        for sentence in line.problems:
            said = sentence.removesuffix(f"（{CLAUSE}）")
            world.journal.add(world.now, called(OFFICE), "导入专家名册", path.name, said, CLAUSE)
    return [line.code for line in report.lines]


def _people(world: World, given: dict[str, str]) -> Iterator[Texts]:
    """Every expert's cells: those of each field, and after them those something speaks against."""
    filed = {code: _filed(world, code) for code in given}
    first, before = next(iter(given)), world.course.experts
    fields = [
        code
        for code, part in given.items()
        if code not in world.course.fields
        for _ in range(_OF_FIELD.get(part, _USUALLY))
    ]
    conflicts = [*_conflicts(filed[first])]
    codes = [*fields, *[first] * len(conflicts)]
    people = sample_experts(
        before + len(codes), seed=world.seed, occupations=tuple(given), day=day_of(world.now)
    )[before:]
    ties = {
        code: [_tie("顾问", form) for form in islice(cycle(filed[code]), _TIED_TO_A_CASE)]
        for code, part in given.items()
        if part == "recusal_per_case" and len(filed[code]) >= _FEWEST_CASES
    }
    for place, (texts, code) in enumerate(zip(people, codes, strict=True)):
        own: dict[str, str] = {**texts, "fields": OCCUPATIONS[code].name}
        if place >= len(fields):
            own |= {**_NOTHING_ELSE, **conflicts[place - len(fields)]}
        elif ties.get(code):
            own |= {**_NOTHING_ELSE, "ties": ties[code].pop()}
        yield own


_NOTHING_ELSE = {"employment": "无", "ties": "无", "service": "无", "shareholders": "无"}


def _conflicts(cases: Sequence[Application]) -> Iterator[dict[str, str]]:
    """One expert for each rule that a sheet can carry, each against another case as far as there are that many."""
    each = cycle(cases)
    for make in _RULES:
        found = make(next(each))
        if found is not None:
            yield found


def _same_employer(form: Application) -> dict[str, str]:
    return {
        "employer": form.institution,
        "uscc": form.uscc,
        "legal_representative": form.legal_representative,
    }


def _same_group(form: Application) -> dict[str, str]:
    return {"shareholders": form.uscc}


def _named(form: Application) -> dict[str, str]:
    return {"name": form.legal_representative, "identity": form.legal_representative_id}


def _namesake(form: Application) -> dict[str, str] | None:
    people = getattr(form, "people", ())
    return {"name": people[0].name} if people else None


def _advises(form: Application) -> dict[str, str]:
    return {"ties": _tie("顾问", form)}


def _worked_there(form: Application) -> dict[str, str]:
    left = form.commitment.signed_on
    assert left is not None
    return {"employment": f"{form.institution}｜{form.uscc}｜{left.year - 6}｜{date(left.year - 1, 12, 31)}"}


def _drafted(form: Application) -> dict[str, str]:
    return {"ties": _tie("参与编制", form)}


def _judged_before(form: Application) -> dict[str, str]:
    signed = form.commitment.signed_on
    assert signed is not None
    return {"service": f"{form.uscc}｜{signed.year - 1}"}


def _silent_about_ties(_: Application) -> dict[str, str]:
    return {"ties": ""}


_RULES: tuple[Callable[[Application], dict[str, str] | None], ...] = (
    _same_employer, _same_group, _named, _namesake, _namesake, _advises, _worked_there, _drafted, _judged_before,
    _silent_about_ties, _silent_about_ties,
)  # fmt: skip


def _tie(kind: str, form: Application) -> str:
    return f"{kind}｜{form.institution}｜{form.uscc}｜｜示例"


def _filed(world: World, occupation: str) -> list[Application]:
    """The forms of the cases under review, by number."""
    found = world.mine(stage="expert_review", occupation=occupation)
    with reading(world.desk.engine) as tx:
        forms = [filed_form(tx, each.facts.id) for each in found]
    return [form for form in forms if form is not None]


def _misprinted(identity: str) -> str:
    """The same number with a check digit that is not its own."""
    return identity[:-1] + ("0" if identity[-1] != "0" else "1")

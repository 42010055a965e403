"""What is deliberately wrong with some of the samples, and what must come of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from random import Random

from casework.intake.cells import Cells
from casework.intake.sample_texts import too_long_answer
from states.forms import Application, EvaluationApplication, TrainingApplication


class Fate(StrEnum):
    """What must become of a sample: filed without a word; filed with something to answer; kept out."""

    FILED = "filed"
    WARNED = "warned"
    BLOCKED = "blocked"  # the form itself: its reader says which field
    REFUSED = "refused"  # the form is sound, the call's rules, its papers or its day keep it out


@dataclass(frozen=True, slots=True)
class Defect:
    """One intended fault.

    `fields`: the keys of the form's fields whose reader must speak up. `clause`: the clause of the rule that must
    speak under B3, for a fault of eligibility. `spoils` changes the written texts, `alters` the application itself.
    """

    name: str
    fate: Fate
    fields: tuple[str, ...] = ()
    clause: str = ""
    spoils: Callable[[Cells, Random], Cells] | None = None
    alters: Callable[[Application], Application] | None = None


def _texts(**changes: str) -> Callable[[Cells, Random], Cells]:
    return lambda cells, _: Cells({**cells.texts, **changes}, cells.rows)


def _wrong_digit(key: str) -> Callable[[Cells, Random], Cells]:
    def spoil(cells: Cells, random: Random) -> Cells:
        text = cells.texts[key]
        place = random.choice([place for place in range(9, len(text) - 1) if text[place].isdecimal()])
        other = str((int(text[place]) + random.randrange(1, 9)) % 10)
        return Cells({**cells.texts, key: text[:place] + other + text[place + 1 :]}, cells.rows)

    return spoil


def _without_plan(cells: Cells, _: Random) -> Cells:
    return Cells({k: t for k, t in cells.texts.items() if not k.startswith("planned_")}, cells.rows)


def _without_setter_titles(cells: Cells, _: Random) -> Cells:
    people = tuple({**row, "title": ""} for row in cells.rows["people"])
    return Cells(cells.texts, {**cells.rows, "people": people})


def _dishonest(application: Application) -> Application:
    *others, last = application.taxes
    return application.model_copy(update={"taxes": (*others, last.model_copy(update={"dishonest": True}))})


def _small(application: Application) -> Application:
    if isinstance(application, TrainingApplication):
        years = tuple(
            row.model_copy(update={"trained": row.trained // 10, "alone": row.trained // 10, "jointly": 0})
            for row in application.scale
        )
        total = sum(row.trained for row in years)
        return application.model_copy(update={"scale": years, "total_scale": total, "own_scale": total})
    assert isinstance(application, EvaluationApplication)
    issued = tuple(row.model_copy(update={"issued": row.issued // 10}) for row in application.scale)
    total = sum(row.issued for row in issued)
    own = total if application.own_scale else 0
    return application.model_copy(update={"scale": issued, "total_scale": total, "own_scale": own})


DEFECTS: Mapping[str, Defect] = {
    defect.name: defect
    for defect in (
        Defect("wrong_credit_code", Fate.BLOCKED, ("uscc",), spoils=_wrong_digit("uscc")),
        Defect(
            "wrong_identity_number",
            Fate.BLOCKED,
            ("legal_representative_id",),
            spoils=_wrong_digit("legal_representative_id"),
        ),
        Defect(
            "profile_too_long",
            Fate.BLOCKED,
            ("profile",),
            spoils=_texts(profile=too_long_answer("profile", "示例", 800)),
        ),
        Defect(
            "two_occupations",
            Fate.BLOCKED,
            ("occupation",),
            spoils=_texts(occupation="数据安全工程技术人员、密码工程技术人员"),
        ),
        Defect("no_plan_numbers", Fate.BLOCKED, ("planned",), spoils=_without_plan),
        Defect("bad_mailbox", Fate.BLOCKED, ("contact_mailbox",), spoils=_texts(contact_mailbox="见附件")),
        Defect("founded_tomorrow", Fate.BLOCKED, ("founded",), spoils=_texts(founded="2099年1月1日")),
        Defect(
            "capital_in_words",
            Fate.BLOCKED,
            ("registered_capital",),
            spoils=_texts(registered_capital="详见营业执照"),
        ),
        Defect("people_without_title", Fate.BLOCKED, ("people",), spoils=_without_setter_titles),
        Defect("totals_differ", Fate.WARNED, ("total_scale",), spoils=_texts(total_scale="99999")),
        Defect(
            "registered_late",
            Fate.WARNED,
            clause="B3-2.3",
            alters=lambda application: application.model_copy(update={"founded": date(2020, 6, 1)}),
        ),
        Defect("small_scale", Fate.WARNED, clause="B3-2.3", alters=_small),
        Defect("narrow_business_scope", Fate.WARNED, clause="B3-2.1"),
        Defect("dishonest", Fate.REFUSED, clause="B3-2.1", alters=_dishonest),
        Defect("occupation_not_offered", Fate.REFUSED, clause="B3-1.1"),
        Defect("second_channel", Fate.REFUSED, clause="M24-7.2b"),
        Defect("certificate_missing", Fate.REFUSED, clause="B3-3"),
        Defect("filed_late", Fate.REFUSED, clause="B3-5.4"),
    )
}
"""Every intended fault by name, in the order samples take them."""

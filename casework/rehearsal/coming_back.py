"""A later call, and those who left the directory asking to be let in again (M24-9.5, D-13)."""

from datetime import date, timedelta
from pathlib import Path

from casework.actors import CLOCK
from casework.calls import close_calls_due, open_call
from casework.filed_forms import filed_form
from casework.intake.wording import cells_of
from casework.intake.writing import document_of
from casework.rehearsal import intake
from casework.rehearsal.cast import OFFICE
from casework.rehearsal.papers import lay_beside
from casework.rehearsal.world import World
from records.transaction import reading
from states.calendar import at_time, day_of, end_of
from states.forms import Application, EvaluationApplication, form_of
from states.refusals import Refused

LATER = "YL2"
_TEXT = """# A later call under M24, invented for a rehearsal.
code = "{code}"
name = "演练后续批次"
title = "关于开展数字技术工程师培育项目评价机构遴选工作的通知（演练用，非真实通知）"
regime = "M24"
notice = {opens}

opens = {{ value = {opens}, setting = true, note = "演练" }}
filing_closes = {{ value = {closes}, setting = true, note = "演练" }}
paper_due = {{ value = {closes}, setting = true, note = "演练" }}
occupations = {{ value = [{occupations}], setting = true, note = "演练" }}
"""


def expect(world: World, no: str, last: date) -> None:
    """An institution whose term runs to ``last`` will ask again in the later call, which is opened once."""
    opens = _first_of_month(last, 2)
    if not world.course.later_opens:
        world.course.later_opens = opens
        closes = _first_of_month(opens, 1) - timedelta(days=1)
        folder = _write_call(world, opens, closes)
        world.agenda.at(at_time(opens, 9), lambda: _open(world, folder))
        world.agenda.at(end_of(closes), lambda: close_calls_due(world.desk, by=CLOCK, as_of=world.now))
    asks = world.working_day(world.course.later_opens, 3 + world.dice(f"again/{no}").randrange(8), 10, 30)
    world.agenda.at(asks, lambda: _ask(world, no))


def _write_call(world: World, opens: date, closes: date) -> Path:
    folder = world.installation.data / "calls"
    folder.mkdir(parents=True, exist_ok=True)
    codes = ", ".join(f'"{occupation.code}"' for occupation in world.rules.occupations.value)
    text = _TEXT.format(code=LATER, opens=opens, closes=closes, occupations=codes)
    (folder / f"{LATER}.toml").write_text(text, encoding="utf-8")
    return folder


def _open(world: World, folder: Path) -> None:
    try:
        open_call(world.desk, LATER, by=OFFICE, as_of=world.now, folder=folder)
    except Refused as refusal:
        world.refused(OFFICE, "开放批次", LATER, refusal)


def _ask(world: World, no: str) -> None:
    """The institution files the form it filed before, brought up to date."""
    case = world.case(no)
    if case.exit_ground is None:
        return
    with reading(world.desk.engine) as tx:
        before = filed_form(tx, case.id)
    assert before is not None
    form = _renewed(before, day_of(world.now))
    place = world.papers / "later" / f"{no}_{form.institution}.docx"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(document_of(form_of(form.kind, LATER), cells_of(form)))
    lay_beside(place, form)
    intake.bring(world, [place], case.channel, part="declined", call=LATER)


def _renewed(form: Application, today: date) -> Application:
    """The same form with its years moved up, signed yesterday."""
    by = today.year - 1 - max(row.year for row in form.taxes)
    changes: dict[str, object] = {
        "taxes": tuple(row.model_copy(update={"year": row.year + by}) for row in form.taxes),
        "commitment": form.commitment.model_copy(update={"signed_on": today}),
        "recommendation": type(form.recommendation)(),
    }
    if isinstance(form, EvaluationApplication):
        changes["scale"] = tuple(row.model_copy(update={"year": row.year + by}) for row in form.scale)
    return form.model_copy(update=changes)


def _first_of_month(day: date, later: int) -> date:
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)

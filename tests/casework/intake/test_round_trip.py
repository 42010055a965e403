"""Whatever the hand that filled it in, the form says what was meant."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.intake.sample_institutions import invented_application
from casework.intake.sheet_writing import sheet_of
from casework.intake.sheets import read_sheet
from casework.intake.styles import Style, some_style
from casework.intake.wording import cells_of
from casework.intake.writing import document_of, write_form
from states.calendar import day_of
from states.forms import FormKind, form_of
from states.occupations import OCCUPATIONS
from states.places import OFFICES

KINDS = list(FormKind)


def invented(seed, kind, filed):
    random = Random(seed)
    return invented_application(
        random,
        kind,
        number=seed % 10_000,
        occupation=random.choice(list(OCCUPATIONS.values())),
        office=random.choice(list(OFFICES.values())),
        day=day_of(filed),
    )


@pytest.mark.clause("B3-A", "CQ23-A1", "CQ23-A2")
@given(seed=st.integers(0, 2**32), kind=st.sampled_from(KINDS))
@settings(max_examples=60)
def test_written_in_any_style_and_read_it_is_the_same(tmp_path_factory, filed, seed, kind):
    from casework.intake.reading import read_docx

    application = invented(seed, kind, filed)
    path = tmp_path_factory.mktemp("round") / "表.docx"
    write_form(kind, application, path, some_style(Random(seed)))
    form = read_docx(path, as_of=filed)
    assert (form.problems, form.application) == ((), application)


HABITS = [
    *(Style(tick=tick) for tick in "☑√✓✔■☒"),
    *(Style(tick_made=made) for made in ("control", "symbol", "wingdings", "legacy", "overlaid")),
    *(Style(tick_place=place) for place in ("before", "word")),
    *(Style(dates=dates) for dates in ("dotted", "dashed", "slashed", "packed", "numerals", "spaced")),
    Style(keep_prompts=True),
    Style(wide_digits=True),
    Style(grouped_numbers=True, units=True),
    Style(spaced_codes=True, lower_codes=True),
    Style(extra_rows=4),
    Style(spaced_labels=True),
    Style(broken_table=True),
    Style(tracked=True),
    Style(text_boxes=True, keep_prompts=True),
]


@pytest.mark.parametrize("style", HABITS, ids=lambda style: style and repr(style)[6:60])
def test_each_habit_by_itself_is_understood(read, evaluation, style):
    form = read(document_of(form_of(FormKind.EVALUATION), cells_of(evaluation, style), style))
    assert (form.problems, form.application) == ((), evaluation)


@pytest.mark.clause("B3-A", "CQ23-A1")
@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_of_many_is_read_as_it_was_written(tmp_path, filed, kind):
    applications = [invented(seed, kind, filed) for seed in range(12)]
    path = tmp_path / "名单.xlsx"
    path.write_bytes(sheet_of(form_of(kind), applications))
    read = read_sheet(path, as_of=filed)
    assert [(form.problems, form.application) for form in read] == [((), made) for made in applications]

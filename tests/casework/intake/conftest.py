"""A sound application of each kind, and forms to spoil by hand."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from casework.intake.reading import ReadForm, read_docx
from casework.intake.sample_institutions import invented_application
from casework.intake.styles import NEAT, Style
from casework.intake.wording import cells_of
from casework.intake.writing import document_of
from states.calendar import day_of
from states.forms import Application, FormKind, form_of
from states.occupations import OCCUPATIONS
from states.places import OFFICES

FILED = datetime(2024, 6, 10, 2, tzinfo=UTC)


@pytest.fixture(scope="session")
def filed() -> datetime:
    """When the forms of these tests are filed."""
    return FILED


def _invented(kind: FormKind, number: int) -> Application:
    return invented_application(
        Random(number),
        kind,
        number=number,
        occupation=OCCUPATIONS["SJAQ"],
        office=OFFICES["P50"],
        day=day_of(FILED),
    )


@pytest.fixture(scope="session")
def evaluation() -> Application:
    return _invented(FormKind.EVALUATION, 1)


@pytest.fixture(scope="session")
def training() -> Application:
    return _invented(FormKind.TRAINING, 2)


@pytest.fixture(scope="session")
def neat(evaluation: Application) -> bytes:
    """The evaluation form, filled in neatly."""
    return document_of(form_of(FormKind.EVALUATION), cells_of(evaluation))


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., ReadForm]:
    """Read a form's bytes as the file `推荐表.docx`."""

    def reading(data: bytes, **how: object) -> ReadForm:
        path = tmp_path / "推荐表.docx"
        path.write_bytes(data)
        return read_docx(path, as_of=FILED, **how)  # type: ignore[arg-type]

    return reading


@pytest.fixture
def spoilt() -> Callable[..., bytes]:
    """A form's bytes with one part rewritten, by default the document's body."""

    def spoiling(data: bytes, rewrite: Callable[[str], str], part: str = "word/document.xml") -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w") as target:
            for entry in source.infolist():
                content = source.read(entry)
                if entry.filename == part:
                    content = rewrite(content.decode()).encode()
                target.writestr(entry, content)
        return packed.getvalue()

    return spoiling


@pytest.fixture
def written_as(evaluation: Application) -> Callable[..., bytes]:
    """The evaluation form with some texts put in by hand, in a style."""

    def writing(style: Style = NEAT, **texts: str) -> bytes:
        cells = cells_of(evaluation, style)
        return document_of(
            form_of(FormKind.EVALUATION), type(cells)({**cells.texts, **texts}, cells.rows), style
        )

    return writing

"""Reading one filled recommendation form (.docx)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lxml import etree

from casework.intake.cells import Cells
from casework.intake.characters import NOTHING, compact
from casework.intake.grids import Row, stories
from casework.intake.locating import LabelTwice, located
from casework.intake.packages import Package, open_package
from casework.intake.understanding import understand
from casework.intake.word_text import attribute, child
from states.forms import EvaluationApplication, FormKind, Problem, TrainingApplication, form_of
from states.refusals import Refused

_FEWEST_LABELS = 8


@dataclass(frozen=True, slots=True)
class ReadForm:
    """One form as read. `application` is there exactly when no problem blocks.

    `source` names the file, and the row of a sheet, to people; `digest` is the SHA-256 of the file in hex.
    `cells` are the raw texts; they hold identity numbers, so they never appear in a repr or a log.
    """

    source: str
    digest: str
    kind: FormKind
    cells: Cells = field(repr=False)
    application: TrainingApplication | EvaluationApplication | None = field(repr=False)
    problems: tuple[Problem, ...]


def read_docx(path: Path, *, as_of: datetime, call: str = "B3", occupations: Sequence[str] = ()) -> ReadForm:
    """The form filled in at `path`, judged as filed at `as_of` (aware) in the call `call`.

    `occupations` are the full occupation names the call knows, so that short ones are understood. Raises
    Refused, in one sentence, for a file that is no single, sound, filled recommendation form.
    """
    package = open_package(path)
    told = list(stories(body_of(package)))
    kind = _kind_of(told, package.name)
    form = form_of(kind, call)
    try:
        cells = located(form, told)
    except LabelTwice:
        raise _two_forms(package.name) from None
    if len(cells.texts) < _FEWEST_LABELS:
        raise Refused(f"“{package.name}”缺少推荐表的大部分栏目，请用原表填写后再导入", clause=form.clause)
    if _is_blank(cells):
        raise Refused(f"“{package.name}”是没有填写的空白推荐表，请填写后再导入", clause=form.clause)
    outcome = understand(form, cells, as_of=as_of, occupations=occupations)
    return ReadForm(package.name, package.digest, kind, cells, outcome.application, outcome.problems)


def body_of(package: Package) -> etree._Element:
    """The body of a Word document. Refused when it has none."""
    relations = package.xml("_rels/.rels")
    target = next(
        (
            attribute(relation, "Target") or ""
            for relation in relations
            if (attribute(relation, "Type") or "").endswith("/officeDocument")
        ),
        "word/document.xml",
    )
    body = child(package.xml(target.lstrip("/")), "body")
    if body is None:
        raise Refused(f"“{package.name}”里没有正文，请重新取得原件后再导入")
    return body


def _kind_of(told: Sequence[Row | str], name: str) -> FormKind:
    texts = [compact(story) for story in told if isinstance(story, str)]
    texts += [compact(cell.text) for story in told if not isinstance(story, str) for cell in story]
    asked = {
        FormKind.TRAINING: sum(text.startswith("拟申报开展培训的职业") for text in texts),
        FormKind.EVALUATION: sum(text.startswith("拟申报开展评价的职业") for text in texts),
    }
    if sum(asked.values()) > 1:
        raise _two_forms(name)
    titled = {
        FormKind.TRAINING: any("培训机构推荐表" in text for text in texts),
        FormKind.EVALUATION: any("评价机构推荐表" in text for text in texts),
    }
    for signs in (asked, titled):
        found = [kind for kind, there in signs.items() if there]
        if len(found) == 1:
            return found[0]
    raise Refused(f"“{name}”不是推荐表，请导入填写好的《数字技术工程师培育项目评价（培训）机构推荐表》")


def _is_blank(cells: Cells) -> bool:
    filled = [cells.texts.get(key, "") for key in ("occupation", "institution", "uscc", "address")]
    return all(compact(text) in NOTHING for text in filled) and not cells.rows


def _two_forms(name: str) -> Refused:
    return Refused(f"“{name}”里有两张推荐表，请每个文件只放一张，按职业分别填报")

"""Reading what an import finds: every form with the papers that accompany it, or why it could not be read."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

from casework.faults import os_fault
from casework.handed_in import FORM, Paper
from casework.intake.folders import Found, Sort
from casework.intake.materials import papers_in, stem_of
from casework.intake.packages import contents_of
from casework.intake.reading import ReadForm, read_docx
from casework.intake.sheets import read_sheet
from states.refusals import Refused


@dataclass(frozen=True, slots=True)
class Read:
    """One form with its papers. ``refused`` says why there is none, or why its papers cannot be used.

    ``beside`` are the files that accompany it by their names, also when they or the form were refused.
    """

    path: Path
    form: ReadForm | None = None
    papers: tuple[Paper, ...] = ()
    refused: Refused | None = None
    beside: frozenset[Path] = frozenset()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what is found as filed at ``as_of`` in ``call``. It looks into each folder once."""

    call: str
    as_of: datetime
    occupations: Sequence[str]
    _folders: dict[Path, dict[str, dict[str, Path]]] = field(default_factory=dict)

    def read(self, found: Found) -> Iterator[Read]:
        """The form in a file, or each row of a sheet."""
        path = found.path
        if found.sort is Sort.FORM:
            yield self._with_papers(
                path,
                path.stem,
                lambda: read_docx(path, as_of=self.as_of, call=self.call, occupations=self.occupations),
                _original,
            )
            return
        try:
            forms = read_sheet(path, as_of=self.as_of, call=self.call, occupations=self.occupations)
        except Refused as refused:
            yield Read(path, refused=refused)
            return
        for form in forms:
            code = form.application.uscc if form.application else form.cells.texts.get("uscc", "")
            yield self._with_papers(path, code, partial(_itself, form), _row_alone)

    def _with_papers(
        self,
        path: Path,
        stem: str,
        read: Callable[[], ReadForm],
        original: Callable[[Path, ReadForm], Paper],
    ) -> Read:
        form: ReadForm | None = None
        beside: dict[str, Path] = {}
        try:
            beside = self._beside(path, stem)
            form = read()
            papers = [original(path, form)]
            for kind, paper in beside.items():
                contents_of(paper)  # refuses an empty, unreadable or enormous paper in words
                papers.append(Paper(kind, paper.name, paper))
        except Refused as refused:
            return Read(path, form, refused=refused, beside=frozenset(beside.values()))
        return Read(path, form, tuple(papers), beside=frozenset(beside.values()))

    def _beside(self, path: Path, stem: str) -> dict[str, Path]:
        folder = path.parent
        try:
            if folder not in self._folders:
                self._folders[folder] = papers_in(folder)
        except OSError as error:
            raise Refused(f"无法查看“{folder.name}”文件夹中的证明材料（{os_fault(error)}）") from None
        return self._folders[folder].get(stem_of(stem), {}) if stem else {}


def _itself(form: ReadForm) -> ReadForm:
    return form


def _original(path: Path, form: ReadForm) -> Paper:
    content = contents_of(path)
    if sha256(content).hexdigest() != form.digest:
        raise Refused(f"“{path.name}”在导入过程中被改动，请关闭正在编辑它的程序后重新导入")
    return Paper(FORM, path.name, content)


def _row_alone(path: Path, form: ReadForm) -> Paper:
    """Of a sheet only the institution's own row is kept: the others are not its business."""
    said = {"source": form.source, "texts": dict(form.cells.texts), "rows": dict(form.cells.rows)}
    content = json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1)
    return Paper(FORM, f"{path.stem}_{form.digest[:8]}.json", content.encode())

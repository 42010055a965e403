"""Importing: forms, sheets and folders become cases; every file or row ends as one line, good or refused.

Each application is all or nothing by itself. A form is accompanied by the papers beside it, told by their names
(``casework.intake.materials``). Importing the same files again adds nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from casework.actors import Actor
from casework.calls import call_state
from casework.desk import Desk
from casework.filing import Filed, FilingRefused, file_application, file_in, track_rules
from casework.handed_in import Store
from casework.import_reading import Read, Reader
from casework.import_report import ImportLine, ImportReport, Status
from casework.intake.folders import Found, Sort, gather
from records.transaction import Transaction, transaction
from states.call_rules import CallRules
from states.places import Office
from states.refusals import Refused

Progress = Callable[[int, int, str], None]
"""Told after each file: how many are done, of how many, and its name."""


@dataclass(frozen=True, slots=True)
class Importing:
    """One import under way: into which call, through which channel, by whom, as of when."""

    desk: Desk
    rules: CallRules
    channel: Office
    by: Actor
    as_of: datetime
    store: Store
    progress: Progress | None = None
    used: set[Path] = field(default_factory=set)

    def read(self, found: list[Found]) -> Iterator[Read | Found]:
        """Every form among the files, and every file that is none."""
        occupations = [occupation.title for occupation in self.rules.occupations.value]
        reader = Reader(self.rules.code, self.as_of, occupations)
        for done, each in enumerate(found, start=1):
            if each.sort in (Sort.FORM, Sort.SHEET):
                for one in reader.read(each):
                    self.used.update(one.beside)
                    yield one
            elif each.sort is not Sort.PAPER:
                yield each
            if self.progress is not None:
                self.progress(done, len(found), each.path.name)

    def file(self, one: Read | Found) -> ImportLine:
        """One line, committed."""
        return self._line(one, None)

    def try_out(self, everything: Iterable[Read | Found]) -> list[ImportLine]:
        """The lines there would be, one after the other in one transaction that is taken back."""
        kept = list(everything)
        for one in kept:
            if isinstance(one, Read) and one.form is not None:
                track_rules(self.desk, self.rules.code, one.form)
        with _taken_back(self.desk) as tx:
            return [self._line(one, tx) for one in kept]

    def _line(self, one: Read | Found, tx: Transaction | None) -> ImportLine:
        if isinstance(one, Found):
            status = Status.SKIPPED if one.sort is Sort.SKIPPED else Status.UNREAD
            return ImportLine(str(one.path), status, problems=(one.note,))
        try:
            filed = self._attempt(one, tx)
        except FilingRefused as refused:
            return _refused(one, tuple(map(str, refused.problems)))
        except Refused as refused:
            return _refused(one, (str(refused),))
        return ImportLine(
            str(one.path),
            Status.AGAIN if filed.again else Status.MENDED if filed.mended else Status.FILED,
            _row(one),
            "" if tx is not None and not filed.again and not filed.mended else filed.no,
            filed.institution,
            filed.occupation,
            filed.paper_outstanding,
            tuple(map(str, filed.warnings)),
            tuple(map(str, filed.notes)),
        )

    def _attempt(self, one: Read, tx: Transaction | None) -> Filed:
        if one.refused is not None or one.form is None:
            raise one.refused or Refused(f"“{one.path.name}”没有读出推荐表")
        if tx is None:
            return file_application(
                self.desk, one.form, one.papers,
                call=self.rules.code, channel=self.channel, by=self.by, as_of=self.as_of, store=self.store,
            )  # fmt: skip
        with tx.connection.begin_nested():
            return file_in(
                tx, self.desk, one.form, one.papers,
                call=self.rules.code, channel=self.channel, by=self.by, as_of=self.as_of, store=_digest,
            )  # fmt: skip


def import_paths(
    desk: Desk,
    paths: Iterable[Path],
    *,
    call: str,
    channel: Office,
    by: Actor,
    as_of: datetime,
    store: Store,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """File every form found under ``paths`` through ``channel``; one line for each, in the order found.

    ``dry_run`` goes through all of it and leaves nothing behind: no case, no number, no file. Raises Refused only
    for what concerns the whole import: a call that never opened here.
    """
    rules = call_state(desk, call).rules
    importing = Importing(desk, rules, channel, by, as_of, store, progress)
    found = list(gather(paths))
    read = importing.read(found)
    lines = importing.try_out(read) if dry_run else [importing.file(one) for one in read]
    alone = [each.path for each in found if each.sort is Sort.PAPER and each.path not in importing.used]
    lines += [
        ImportLine(str(path), Status.UNREAD, problems=(f"“{path.name}”旁边没有对应的推荐表，没有导入",))
        for path in alone
    ]
    return ImportReport(rules.code, channel.code, dry_run, tuple(lines))


class _TakenBack(Exception):
    """Ends a dry run: the transaction must not be committed."""


@contextmanager
def _taken_back(desk: Desk) -> Iterator[Transaction]:
    try:
        with transaction(desk.engine) as tx:
            yield tx
            raise _TakenBack
    except _TakenBack:
        pass


def _refused(one: Read, problems: tuple[str, ...]) -> ImportLine:
    institution = occupation = ""
    if one.form is not None:
        texts = one.form.cells.texts
        institution, occupation = (
            " ".join(texts.get(key, "").split()) for key in ("institution", "occupation")
        )
    return ImportLine(
        str(one.path), Status.REFUSED, _row(one), "", institution, occupation, problems=problems
    )


def _row(one: Read) -> int | None:
    found = re.search(r"第(\d+)行$", one.form.source) if one.form is not None else None
    return int(found[1]) if found else None


def _digest(content: Path | bytes) -> str:
    return sha256(content if isinstance(content, bytes) else content.read_bytes()).hexdigest()

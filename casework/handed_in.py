"""The papers handed in with a form: kept by content in the data folder, listed with the case."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casework.faults import os_fault
from casework.intake.packages import contents_of
from records.transaction import Transaction
from states.refusals import Refused

Store = Callable[[Path | bytes], str]
"""Keeps a paper in the data folder and gives its digest; may raise Refused (a full disk)."""

FORM = "recommendation_form"
CERTIFICATE = "registration_certificate"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as handed in: its kind (a key of ``states.labels.MATERIALS``), its file name, its content."""

    kind: str
    name: str
    content: Path | bytes


def keep_papers(
    tx: Transaction,
    case_id: int,
    papers: Sequence[Paper],
    *,
    at: datetime,
    store: Store,
) -> dict[str, str]:
    """Store the papers and list them with the case; kind → digest.

    They are stored before the transaction commits: a crash leaves a file too many, never a row without its file.
    Like every document they lie there encrypted (M24-11.6a).
    """
    kept: dict[str, str] = {}
    for paper in papers:
        digest = store(paper.content)
        tx.run(
            "INSERT INTO material (case_id, kind, name, digest, size, at) VALUES (?,?,?,?,?,?)"
            " ON CONFLICT DO NOTHING",
            (case_id, paper.kind, paper.name, digest, _size(paper), at),
        )
        kept[paper.kind] = digest
    return kept


def _size(paper: Paper) -> int:
    if isinstance(paper.content, bytes):
        return len(paper.content)
    try:
        return paper.content.stat().st_size
    except OSError as error:
        raise Refused(f"“{paper.name}”在导入过程中不见了（{os_fault(error)}），请放回后重新导入") from None


def business_scope_in(papers: Sequence[Paper]) -> str | None:
    """The business scope the registration certificate names, where it is a text; None for a picture or a scan."""
    for paper in papers:
        if paper.kind == CERTIFICATE and paper.name.lower().endswith(".txt"):
            data = paper.content if isinstance(paper.content, bytes) else contents_of(paper.content)
            if found := re.search(r"(?:业务范围|经营范围)\s*[:：]\s*(\S.*)", _text(data)):
                return found[1].strip()
    return None


def form_file(tx: Transaction, case_id: int, read: Callable[[str], bytes]) -> tuple[str, bytes] | None:
    """Name and content of the form as it was handed in, through ``read`` (digest → bytes); None without one."""
    row = tx.one(
        "SELECT name, digest FROM material WHERE case_id = ? AND kind = ? ORDER BY id DESC LIMIT 1",
        (case_id, FORM),
    )
    return None if row is None else (row[0], read(row[1]))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")

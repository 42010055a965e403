"""A paper issued: its number, its file, and a word in the audit log. The same paper again is the same bytes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from casework.actors import Actor
from casework.audit import Entry, append
from casework.ballots.panel import PanelOfCases, panel_id_of, panel_of
from casework.desk import Desk
from casework.panels.access import Matter, refuse_unless_sees
from casework.papers.drawn import declaration, draw_record
from casework.papers.met import minutes
from casework.papers.numbering import document_number
from casework.papers.rendering import rendered
from casework.papers.voted import ballot_summary, recheck_submission, review_report
from casework.papers.wording import PAPERS
from records.transaction import Transaction, transaction
from states.refusals import Refused

Content = Callable[[Transaction, Desk, PanelOfCases, int], Mapping[str, Any]]
CONTENT: Mapping[str, Content] = MappingProxyType(
    {
        "draw_record": draw_record, "declaration": declaration, "minutes": minutes,
        "ballot_summary": ballot_summary, "review_report": review_report, "recheck_submission": recheck_submission,
    }
)  # fmt: skip
"""Kind → what it says."""
COUNTED: Mapping[str, str] = MappingProxyType(
    {"draw_record": "第{}轮", "declaration": "第{}席", "minutes": "第{}次会议"}
)
"""Kinds of which a panel has several, and how each is told from the others."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper: its number, the name of its file (which names no person), and the Word file."""

    number: str
    file_name: str
    data: bytes


def issue(
    desk: Desk,
    kind: str,
    panel_no: str,
    *,
    by: Actor,
    as_of: datetime,
    which: int = 1,
    folder: Path | None = None,
) -> Issued:
    """Issue a paper about a panel; ``which`` is the round of a draw record, the seat of a declaration or the
    number of a meeting.

    ``folder`` may hold the office's own templates. Raises Refused for an unknown kind, for who may not see
    members, and when there is nothing to write yet.
    """
    if kind not in CONTENT:
        offered = "、".join(f"{key}（{paper.title}）" for key, paper in PAPERS.items())
        raise Refused(f"没有“{kind}”这种文书，可用的有：{offered}。")
    refuse_unless_sees(by, Matter.MEMBERS)
    paper = PAPERS[kind]
    with transaction(desk.engine) as tx:
        panel = panel_of(tx, panel_id_of(tx, panel_no))
        refuse_unless_sees(by, Matter.MEMBERS, panel.province)
        content = dict(CONTENT[kind](tx, desk, panel, which))
        told_apart = COUNTED[kind].format(which) if kind in COUNTED else ""
        subject = f"{panel.no}{told_apart}"
        number = document_number(tx, kind, paper.character, subject, clause=paper.clause, by=by, as_of=as_of)
        if kind == "recheck_submission":
            report = PAPERS["review_report"]
            content["report"] = document_number(
                tx, "review_report", report.character, panel.no, clause=report.clause, by=by, as_of=as_of
            )
        data = rendered(kind, {**content, "number": number}, folder)
        detail = {"paper": kind, "about": subject, "number": number}
        append(tx, [Entry(as_of, as_of, by.signature, "paper", "issued", clause=paper.clause, detail=detail)])
    return Issued(number, f"{paper.title}_{subject}.docx", data)

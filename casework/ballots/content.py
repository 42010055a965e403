"""What a ballot says, as text: the votes, marks and comments of one expert on every case it judges."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from states.draw import canonical
from states.panels import PanelPlan
from states.refusals import Refused
from states.tally import CLAUSE, Ballot, Vote

FORMAT = "linxuan ballot 1"
LONGEST_COMMENT = 500
_STEP = 1024


@dataclass(frozen=True, slots=True)
class Sheet:
    """An expert's view of one case. A draft may lack the vote and some marks."""

    vote: Vote | None = None
    marks: Mapping[str, int] = field(default_factory=dict)
    comment: str = ""

    def record(self) -> dict[str, Any]:
        """As it is written down."""
        return {"vote": self.vote, "marks": dict(self.marks), "comment": self.comment}


def sheet_from(record: Mapping[str, Any]) -> Sheet:
    """The sheet of its record."""
    vote = record["vote"]
    return Sheet(None if vote is None else Vote(vote), dict(record["marks"]), str(record["comment"]))


def refuse_unreadable(sheet: Sheet, case: str) -> None:
    """Raises Refused for a comment that is too long or holds what cannot be printed."""
    if len(sheet.comment) > LONGEST_COMMENT:
        raise Refused(
            f"对申报{case}的评语共{len(sheet.comment)}字，限{LONGEST_COMMENT}字，请精简。", clause=CLAUSE
        )
    if not all(mark.isprintable() for mark in sheet.comment if mark != "\n"):
        raise Refused(f"对申报{case}的评语中有不能显示的字符，请删去。", clause=CLAUSE)


def ballot_text(panel_no: str, tracker: str, sheets: Mapping[str, Sheet], recused: Collection[str]) -> str:
    """The ballot as it is sealed; ``sheets`` by case number, ``recused`` the cases its voter does not judge."""
    votes = [{"case": case, **sheet.record()} for case, sheet in sorted(sheets.items())]
    return canonical.text(
        {"format": FORMAT, "panel": panel_no, "tracker": tracker, "votes": votes, "recused": sorted(recused)}
    )


def ballots_in(record: Mapping[str, Any]) -> list[Ballot]:
    """The votes of a ballot's record, as they are counted. Raises ValueError, KeyError or TypeError when malformed."""
    return [
        Ballot(
            str(record["tracker"]),
            str(each["case"]),
            Vote(each["vote"]),
            _marks(each["marks"]),
            str(each["comment"]),
        )
        for each in record["votes"]
    ]


def read_ballot(text: str, panel_no: str) -> dict[str, Any]:
    """The record of a ballot's text. Raises ValueError when it is none, or one of another panel."""
    record: Any = json.loads(text)
    if not isinstance(record, dict) or record.get("format") != FORMAT or record.get("panel") != panel_no:
        raise ValueError("not a ballot of this panel")
    return record


def sealed_length(panel_no: str, cases: Collection[str], plan: PanelPlan) -> int:
    """The one length of all ballots of a panel: that of the longest there can be.

    A character takes at most four bytes, however it is escaped.
    """
    marks = sum(len(key) + 8 for key in plan.criteria)
    each = sum(2 * len(case.encode()) + 80 + marks + 4 * LONGEST_COMMENT for case in cases)
    longest = 200 + len(panel_no.encode()) + each
    return -(-longest // _STEP) * _STEP


def _marks(found: Any) -> dict[str, int]:
    marks = dict(found)
    if not all(isinstance(key, str) and type(mark) is int for key, mark in marks.items()):
        raise TypeError("marks are whole numbers")
    return marks

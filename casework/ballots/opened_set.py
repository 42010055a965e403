"""What came out of the envelopes: no names, in an order that says nothing of the voters, and counted by anybody.

An opened set is one JSON text. ``receipts`` are the envelopes that were opened, ``ballots`` what was in them, and
nothing says which belongs to which; ``turned`` names the envelopes that were not counted, and why. The SHA-256 of
the text stands in the audit log, so a set that was touched later is found out.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.ballots.content import FORMAT as BALLOT_FORMAT
from casework.ballots.content import ballots_in
from casework.ballots.panel import CLAUSE, PanelOfCases
from records.crypt import decrypt
from records.transaction import Transaction
from states.draw import canonical
from states.panels import PanelPlan
from states.refusals import Refused
from states.tally import Ballot, CaseTally, tally

FORMAT = "linxuan opened 1"


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A ballot that is not counted: its receipt (or tracker, once opened) and the reason in a word and a sentence."""

    ballot: str
    why: str

    @property
    def sentence(self) -> str:
        """The reason in Chinese."""
        return f"选票{self.ballot[:16]}…{REASONS[self.why]}，不予计入。"


REASONS = {
    "late": "在表决截止后才出现",
    "duplicate": "重复",
    "foreign": "没有对应的投票记录，或不属于本专家组",
    "altered": "被改动过，无法以本专家组的密钥开启",
    "barred": "的投票人经复查应予回避",
    "missing": "有投票记录而不在库中",
    "unreadable": "内容不符合评分表",
}


@dataclass(frozen=True, slots=True)
class Recount:
    """A count made again from an opened set: the tallies, and the ballots in it that cannot be counted."""

    tallies: tuple[CaseTally, ...]
    counted: int
    turned: tuple[TurnedAway, ...]


def opened_text(
    panel: PanelOfCases,
    ballots: Iterable[Mapping[str, Any]],
    receipts: Iterable[str],
    turned: Iterable[TurnedAway],
) -> str:
    """The canonical text of an opened set. The order of the ballots follows their own hashes."""
    ordered = sorted(ballots, key=lambda each: canonical.digest(canonical.text(each)))
    return canonical.text(
        {
            "format": FORMAT,
            "panel": panel.no,
            "cases": sorted(panel.numbers_in_review),
            "ballots": ordered,
            "receipts": sorted(receipts),
            "turned": sorted([each.ballot, each.why] for each in turned),
        }
    )


def recount(text: str, plan: PanelPlan) -> Recount:
    """Count an opened set again, with nothing but the set and the published parameters.

    Ballots that are foreign, duplicate or unreadable are named and left out. Raises Refused when the text is no
    opened set.
    """
    opened = _read(text)
    panel_no, cases = opened["panel"], set(opened["cases"])
    turned = [TurnedAway(*each) for each in opened["turned"]]
    counted: list[Ballot] = []
    recused: dict[str, list[str]] = defaultdict(list)
    seen: set[str] = set()
    for record in opened["ballots"]:
        tracker = str(record.get("tracker", ""))
        why = _fault(record, panel_no, tracker, seen)
        votes = [] if why else _votes(record, cases, plan)
        if why or votes is None:
            turned.append(TurnedAway(tracker, why or "unreadable"))
            continue
        seen.add(tracker)
        counted += votes
        for case in record.get("recused", ()):
            recused[case].append(tracker)
    return Recount(tally(counted, sorted(cases), plan, recused), len(seen), tuple(turned))


def opened_set_of(tx: Transaction, panel: PanelOfCases) -> str:
    """The text of a panel's opened set. Raises Refused when there is none, or it is not the one that was opened."""
    row = tx.one("SELECT ballots FROM opened_set WHERE panel_id = ?", (panel.id,))
    if row is None:
        raise Refused(f"专家组{panel.no}的选票尚未开启。", clause=CLAUSE)
    text = decrypt(row[0])
    if fingerprint_of(text) not in noted(tx, panel, "open_ballots", "opened_set"):
        raise Refused(
            f"专家组{panel.no}的开票结果与开启时记入审计日志的指纹不符，可能被改动过，请停止计票并核查。",
            clause=CLAUSE,
        )
    return text


def fingerprint_of(text: str) -> str:
    """The SHA-256 of an opened set, as the audit log keeps it."""
    return hashlib.sha256(text.encode()).hexdigest()


def noted(tx: Transaction, panel: PanelOfCases, name: str, key: str) -> list[str]:
    """What the audit log says under a key of every entry of this name about the panel, oldest first."""
    rows = tx.rows(
        "SELECT detail FROM audit WHERE kind = 'ballot' AND name = ? AND detail LIKE ? ORDER BY seq",
        (name, f"%{panel.no}%"),
    )
    details = (json.loads(row[0]) for row in rows)
    return [str(each[key]) for each in details if each.get("panel") == panel.no]


def _read(text: str) -> dict[str, Any]:
    try:
        opened = json.loads(text)
        if opened["format"] == FORMAT and isinstance(opened["ballots"], list):
            found: dict[str, Any] = opened
            return found
    except (ValueError, KeyError, TypeError):
        pass
    raise Refused("这不是开票结果文件，请核对。", clause=CLAUSE)


def _fault(record: Mapping[str, Any], panel_no: str, tracker: str, seen: set[str]) -> str:
    if record.get("format") != BALLOT_FORMAT or record.get("panel") != panel_no or not tracker:
        return "foreign"
    return "duplicate" if tracker in seen else ""


def _votes(record: Mapping[str, Any], cases: set[str], plan: PanelPlan) -> Sequence[Ballot] | None:
    """The votes that count, those on cases that left the review since left out; None when they cannot be read."""
    try:
        votes = [each for each in ballots_in(record) if each.case in cases]
        recused = {str(case): [str(record["tracker"])] for case in record["recused"]}
        tally(votes, cases, plan, recused)
    except (Refused, ValueError, KeyError, TypeError):
        return None
    return votes

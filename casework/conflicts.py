"""Institutions that stand in both directories for one occupation (M24-18): who evaluates may not train for it.

Found by the unified social credit code, or by a declared branch or technical supporter. It is shown to the office
when a case is looked at, and becomes an incident once both stand in the directory. It never blocks: the law forbids
the conduct, not the listing, and whether there is any is for a person to establish.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from stdnum.cn import uscc as codes
from stdnum.exceptions import ValidationError

from casework.actors import CLOCK, Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.directory import Entry as Listed
from casework.directory import entries
from casework.findings import KeptFinding
from casework.incidents import close_incident, open_incident
from casework.loading import case_id
from records.transaction import Transaction, reading, transaction
from states.calendar import day_of
from states.eligibility import NOTE, Finding
from states.facts import Facts
from states.occupations import OCCUPATIONS
from states.refusals import Refused
from states.roles import Role

CLAUSE = "M24-18"
KIND = "directory_conflict"
ITSELF = "itself"
TIES = {ITSELF: "同一机构", "branch": "分支机构", "supporter": "技术支持单位"}
_MAY_DECLARE = (Role.OFFICE, Role.HEAD)


@dataclass(frozen=True, slots=True)
class Conflict:
    """An evaluation institution, and who trains for the same occupation: itself, its branch, its supporter."""

    evaluation: Listed
    training: Listed
    tie: str

    @property
    def sentence(self) -> str:
        """What was found, in Chinese."""
        who = "" if self.tie == ITSELF else f"的{TIES[self.tie]}{self.training.institution}"
        return (
            f"{self.evaluation.institution}在评价机构目录（{self.evaluation.no}），{who or '又'}"
            f"在培训机构目录（{self.training.no}），职业同为{self.evaluation.occupation.title}，"
            "评价机构及其分支机构、技术支持单位不得开展同一职业的培训"
        )

    @property
    def subject(self) -> str:
        """By which its incident is recognised."""
        return f"{self.evaluation.no}+{self.training.no}"


def directory_conflicts(desk: Desk, *, on: date) -> list[Conflict]:
    """Every conflict between the two directories of a Shanghai day, in the order of the evaluation directory."""
    listed = entries(desk.engine, on=on, processes=desk.processes)
    with reading(desk.engine) as tx:
        ties = _ties(tx)
    training: dict[tuple[str, str], list[Listed]] = {}
    for each in listed:
        if each.track == "training":
            training.setdefault((each.uscc, each.occupation.code), []).append(each)
    return [
        Conflict(each, other, tie)
        for each in listed
        if each.track == "evaluation"
        for uscc, tie in ((each.uscc, ITSELF), *ties.get(each.uscc, ()))
        for other in training.get((uscc, each.occupation.code), ())
    ]


def watch_conflicts(desk: Desk, *, as_of: datetime) -> int:
    """Keep an incident for every conflict of today; how many there are.

    One that a person closed stays closed; one that is gone closes by itself.
    """
    found = {each.subject: each for each in directory_conflicts(desk, on=day_of(as_of))}
    with transaction(desk.engine) as tx:
        known = dict(tx.rows("SELECT subject, closed_at FROM incident WHERE kind = ? ORDER BY id", (KIND,)))
        for subject, conflict in found.items():
            if subject not in known:
                about = case_id(tx, conflict.evaluation.no)
                open_incident(tx, KIND, about, subject, f"{conflict.sentence}（{CLAUSE}）。", as_of)
        gone = [subject for subject, closed in known.items() if closed is None and subject not in found]
        for subject in gone:
            for (id_,) in tx.rows(
                "SELECT id FROM incident WHERE kind = ? AND subject = ? AND closed_at IS NULL",
                (KIND, subject),
            ):
                close_incident(tx, id_, CLOCK, "已不再同时在两个目录", as_of)
    return len(found)


def conflict_findings(tx: Transaction, facts: Facts) -> Iterator[KeptFinding]:
    """What a case would run into, or has: entries of the other directory for its occupation, as notes to the office."""
    other, word = (
        ("training", "培训机构目录") if facts.track == "evaluation" else ("evaluation", "评价机构目录")
    )
    mine, theirs = (
        ("me.id", "t.institution_id") if facts.track == "evaluation" else ("t.institution_id", "me.id")
    )
    rows = tx.rows(
        "SELECT i.name, c.no, tie.kind FROM institution me JOIN term t ON t.track = ? AND t.occupation = ?"
        " AND t.ended_at IS NULL JOIN institution i ON i.id = t.institution_id JOIN cases c ON c.id = t.case_id"
        f" LEFT JOIN institution_tie tie ON tie.institution_id = {mine} AND tie.uscc ="
        f" (SELECT x.uscc FROM institution x WHERE x.id = {theirs})"
        " WHERE me.id = ? AND (i.id = me.id OR tie.id IS NOT NULL) ORDER BY c.no, tie.kind",
        (other, facts.occupation, facts.institution_id),
    )
    seen = set()
    for name, no, kind in rows:
        if (no, kind) in seen:
            continue
        seen.add((no, kind))
        tie = TIES[kind or ITSELF]
        occupation = OCCUPATIONS.get(facts.occupation)
        title = occupation.title if occupation else facts.occupation
        sentence = (
            f"{name}（{tie}）现已列入{word}（{no}），职业同为{title}，评价机构及其分支机构、技术支持单位"
            "不得开展同一职业的培训，请核实"
        )
        yield KeptFinding(Finding(f"{NOTE}{KIND}", CLAUSE, sentence, blocks=False), None, None)


def declare_tie(
    desk: Desk, institution: str, other: str, kind: str, *, source: str, by: Actor, as_of: datetime
) -> None:
    """Record that ``other`` (a credit code) is a branch or technical supporter of ``institution`` (likewise).

    Said twice it stands once. Raises Refused for an unknown institution, a wrong code or kind, or nobody's word.
    """
    if by.role not in _MAY_DECLARE:
        raise Refused(f"机构关系只能由{'、'.join(role.label for role in _MAY_DECLARE)}登记。", clause=CLAUSE)
    if kind not in TIES or kind == ITSELF:
        raise Refused(f"没有“{kind}”这种关系，可用的有：branch（分支机构）、supporter（技术支持单位）。")
    if not source.strip():
        raise Refused("登记机构关系须写明依据，请用 --source 填写。", clause=CLAUSE)
    code = _code(other)
    with transaction(desk.engine) as tx:
        row = tx.one("SELECT id, uscc FROM institution WHERE uscc = ?", (institution.strip().upper(),))
        if row is None:
            raise Refused(f"没有统一社会信用代码为“{institution}”的机构，请核对。")
        if row[1] == code:
            raise Refused("两个统一社会信用代码相同，不必登记。")
        added = tx.run(
            "INSERT INTO institution_tie (institution_id, uscc, kind, source, by, at) VALUES (?,?,?,?,?,?)"
            " ON CONFLICT DO NOTHING",
            (row[0], code, kind, source.strip(), by.signature, as_of),
        ).rowcount
        if added:
            detail = {"uscc": row[1], "other": code, "tie": kind, "source": source.strip()}
            append(
                tx,
                [Entry(as_of, as_of, by.signature, "institution", "tie", clause=CLAUSE, detail=detail)],
            )


def _ties(tx: Transaction) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for mine, other, kind in tx.rows(
        "SELECT i.uscc, t.uscc, t.kind FROM institution_tie t JOIN institution i ON i.id = t.institution_id"
        " ORDER BY i.uscc, t.uscc, t.kind"
    ):
        found.setdefault(mine, []).append((other, kind))
    return found


def _code(text: str) -> str:
    try:
        return str(codes.validate(text.strip().upper()))
    except ValidationError:
        raise Refused(f"“{text}”不是有效的统一社会信用代码，请核对。") from None

"""Receiving an objection: the row, its evidence and the move ``object``, all in one transaction (D-2, M24-7.4)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from casework.actors import Actor
from casework.audit import append
from casework.desk import Desk
from casework.gate import BatchRefused, Wanted, advance_in
from casework.history import case_number
from casework.inputs import checked
from casework.loading import case_id, load
from casework.objections.evidence import Evidence, Store, check_evidence, keep_evidence
from casework.objections.keeping import Person, enter
from casework.objections.letters import owe_acknowledgement
from records.crypt import decrypt
from records.transaction import Transaction, transaction
from states.anchors import publicity_period
from states.draw.canonical import digest
from states.facts import Facts, instant
from states.refusals import Refused

LONGEST_NAME, LONGEST_CONTACT = 50, 200
_MAIL = re.compile(r"[^\s@<>,;:\"]{1,64}@[^\s@<>,;:\"]{1,190}")


@dataclass(frozen=True, slots=True)
class NewObjection:
    """What somebody objects. An anonymous objection has no name; one under a name has a contact or a mailbox."""

    text: str
    name: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)
    mail: str = field(default="", repr=False)
    evidence: Sequence[Evidence] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Lodged:
    """The number of the objection; ``absorbed`` when the same person had said the same before."""

    no: str
    absorbed: bool
    acknowledged: bool
    added: int = 0
    """Of an absorbed one: how many files of evidence were new and lie with it now."""


def lodge(
    desk: Desk,
    case_no: str,
    objection: NewObjection,
    *,
    by: Actor,
    as_of: datetime,
    store: Store | None = None,
) -> Lodged:
    """Receive an objection to a publicised case; ``store`` keeps its evidence.

    Said again by the same person, or anonymously in the same words, it is one objection. Raises Refused, changing
    nothing, after the end of the publicity, for who may not receive it, and for what is wrong with text, person or files.
    """
    person = _person(objection)
    files = check_evidence(objection.evidence)
    with transaction(desk.engine) as tx:
        facts = _publicised(tx, desk, case_no, as_of)
        process = desk.processes.process(facts.process)
        move = process.move(facts.stage, "object")
        text = checked(move, {"objection": objection.text})["objection"]
        same = _same(tx, facts.id, text, person)
        if same is not None:
            added = keep_evidence(tx, same[0], files, store, as_of) if files and store and not same[2] else 0
            return Lodged(same[1], True, False, added)
        id_ = enter(
            tx, desk, process, facts.id, facts.no, text, by=by, at=as_of, as_of=as_of, person=person,
            note=lambda entry: append(tx, [entry]),
        )  # fmt: skip
        if files:
            if store is None:
                raise ValueError("evidence needs somewhere to be kept")
            keep_evidence(tx, id_, files, store, as_of)
        try:
            advance_in(tx, desk, "object", [Wanted(facts.id)], by=by, as_of=as_of, inputs={"objection": text})
        except BatchRefused as refused:
            raise Refused(refused.turned[0].sentence, clause=refused.turned[0].clause) from None
        told = owe_acknowledgement(tx, desk, id_, as_of)
        tx.run("UPDATE objection SET acknowledged_at = ? WHERE id = ?", (as_of if told else None, id_))
        row = tx.one("SELECT no FROM objection WHERE id = ?", (id_,))
        assert row is not None
        return Lodged(row[0], False, told)


def _person(objection: NewObjection) -> Person:
    name, contact, mail = (
        " ".join(part.split()) for part in (objection.name, objection.contact, objection.mail)
    )
    if not name and (contact or mail):
        raise Refused("实名异议须写明姓名；匿名异议不填写联系方式和邮箱。", clause="D-2")
    if name and not (contact or mail):
        raise Refused("实名异议须留联系方式或邮箱，以便核实和答复。", clause="D-2")
    if len(name) > LONGEST_NAME or len(contact) > LONGEST_CONTACT:
        raise Refused(f"姓名限{LONGEST_NAME}字，联系方式限{LONGEST_CONTACT}字，请核对。", clause="D-2")
    if mail and not _MAIL.fullmatch(mail):
        raise Refused("异议人的邮箱写法不对，应如 wang@example.cn，请核对。", clause="D-2")
    return Person(name, contact, mail)


def _publicised(tx: Transaction, desk: Desk, case_no: str, as_of: datetime) -> Facts:
    found = case_id(tx, case_number(case_no))
    if found is None:
        raise Refused(f"没有编号为“{case_no}”的申报，请核对编号。")
    facts = load(tx, [found])[0].facts
    process = desk.processes.process(facts.process)
    posted, clause = instant(facts.posted_at), process.rules.publicity.clause
    if posted is not None:
        period = publicity_period(posted, process.rules, desk.calendar)
        if period.due <= as_of:
            raise Refused(f"申报{facts.no}的公示期已于{period.day}届满，不再受理异议。", clause=clause)
    if facts.stage != "publicity":
        label = process.stages[facts.stage].label
        raise Refused(f"申报{facts.no}不在公示环节（现为“{label}”），不能提出异议。", clause=clause)
    return facts


def _same(tx: Transaction, case: int, text: str, person: Person) -> tuple[int, str, bool] | None:
    """The same said by the same person to the list the case now stands on: id, number, whether it is closed."""
    rows = tx.rows(
        "SELECT id, no, outcome, name, contact, mail FROM objection WHERE case_id = ? AND text_sha256 = ?"
        " AND publicity_id = (SELECT max(publicity_id) FROM publicity_case WHERE case_id = ?) ORDER BY number",
        (case, digest(text), case),
    )
    for id_, no, outcome, *sealed in rows:
        name, contact, mail = map(decrypt, sealed)
        if name == person.name and (not name or contact == person.contact or mail == person.mail):
            return id_, no, bool(outcome)
    return None

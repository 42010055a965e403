"""What a reviewer does with an application before deciding it: answer its contradictions, return it for correction."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.actors import Actor, refuse_unless_allowed
from casework.audit import Entry, append
from casework.desk import Desk
from casework.gate import BatchRefused, Wanted, advance_in
from casework.inputs import checked
from casework.renewals.about import listed_case
from casework.renewals.keeping import newest
from records.transaction import transaction
from states.facts import day
from states.refusals import Refused
from states.renewals.checking import CLAUSE


@dataclass(frozen=True, slots=True)
class Returned:
    """An application that was returned: its number, and the last day to correct it."""

    no: str
    due: date


def answer_contradiction(
    desk: Desk, case_no: str, number: int, words: str, *, by: Actor, as_of: datetime
) -> int:
    """Answer one contradiction of the application under review, again in place of an earlier answer; how many stay open.

    Raises Refused for whoever may not decide the renewal, an empty answer, and a number there is not.
    """
    with transaction(desk.engine) as tx:
        facts = listed_case(tx, case_no, None).facts
        pending = newest(tx, facts.id, ("filed", "returned"))
        if pending is None:
            raise Refused(f"申报{facts.no}没有正在审核的续期申请。", clause=CLAUSE)
        process = desk.processes.process(facts.process)
        refuse_unless_allowed(by, process.move("renewal", "approve_renewal"), facts)
        said = checked(process.move("renewal", "refuse_renewal"), {"reason": words})["reason"]
        done = tx.run(
            "UPDATE renewal_warning SET answer = ?, answered_by = ?, answered_at = ? WHERE application_id = ? AND number = ?",
            (said, by.signature, as_of, pending.id, number),
        ).rowcount
        if not done:
            raise Refused(
                f"续期申请{pending.no}没有第{number}处出入，可用 linxuan renewal show {facts.no} 查看。",
                clause=CLAUSE,
            )
        detail = {"application": pending.no, "number": number, "answer": said}
        append(
            tx,
            [
                Entry(
                    as_of, as_of, by.signature, "renewal", "answered", facts.id, clause=CLAUSE, detail=detail
                )
            ],
        )
        row = tx.one(
            "SELECT count(*) FROM renewal_warning WHERE application_id = ? AND answer = ''", (pending.id,)
        )
        return int(row[0]) if row else 0


def return_application(desk: Desk, case_no: str, items: str, *, by: Actor, as_of: datetime) -> Returned:
    """Return the application under review for correction, with a limit of its own (D-4). May be Refused."""
    with transaction(desk.engine) as tx:
        facts = listed_case(tx, case_no, None).facts
        try:
            advance_in(
                tx, desk, "return_renewal", [Wanted(facts.id)], by=by, as_of=as_of, inputs={"items": items}
            )
        except BatchRefused as refused:
            raise Refused(refused.turned[0].sentence, clause=refused.turned[0].clause) from None
        pending = newest(tx, facts.id, ("returned",))
        due = day(listed_case(tx, case_no, None).facts.renewal_correction_due)
        assert due is not None
        return Returned(pending.no if pending else "", due)

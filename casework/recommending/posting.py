"""The sealed papers an office sends after its recommendation (B3-5.4, D-9): noted when posted, told when received."""

from collections.abc import Sequence
from datetime import date, datetime

from casework.access.policy import cases_within, refuse_unless_may
from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from records.transaction import transaction
from states.calendar import day_of
from states.refusals import Refused

CLAUSE = "D-9"


def note_posted(
    desk: Desk,
    nos: Sequence[str],
    *,
    posted_on: date,
    carrier: str,
    parcel_no: str,
    by: Actor,
    as_of: datetime,
) -> int:
    """Note that the papers of these cases were sent; how many were noted (the same again is not).

    Raises Refused, changing nothing, for a case outside the scope, one not recommended, or a day to come.
    """
    refuse_unless_may(by, "paper.track")
    carrier, parcel_no = " ".join(carrier.split()), " ".join(parcel_no.split())
    if not nos:
        raise Refused("没有选择申报，请先勾选。", clause=CLAUSE)
    if posted_on > day_of(as_of):
        raise Refused("寄出日期晚于今天，请核对。", clause=CLAUSE)
    if not carrier or len(carrier) > 40 or len(parcel_no) > 60:
        raise Refused("请写明报送方式（如“邮寄”“专人送达”，至多40字）；单号至多60字。", clause=CLAUSE)
    where, values = cases_within(by, "paper.track")
    noted = 0
    with transaction(desk.engine) as tx:
        found = {
            no: (id_, recommended)
            for id_, no, recommended in tx.rows(
                f"SELECT c.id, c.no, c.recommended_on FROM cases c WHERE {where} AND {tx.among('c.no')}",
                (*values, tx.listed(list(nos))),
            )
        }
        for no in dict.fromkeys(nos):
            if no not in found:
                raise Refused(f"没有编号为“{no}”的申报，或不在办理范围内。", clause=CLAUSE)
            id_, recommended = found[no]
            if recommended is None:
                raise Refused(f"申报{no}还没有推荐，推荐后才报送纸质材料。", clause=CLAUSE)
            known = tx.one(
                "SELECT 1 FROM paper_posting WHERE case_id = ? AND posted_on = ? AND carrier = ? AND parcel_no = ?",
                (id_, posted_on, carrier, parcel_no),
            )
            if known:
                continue
            tx.run(
                "INSERT INTO paper_posting (case_id, posted_on, carrier, parcel_no, at, by) VALUES (?,?,?,?,?,?)",
                (id_, posted_on, carrier, parcel_no, as_of, by.signature),
            )
            detail = {"posted_on": str(posted_on), "carrier": carrier, "parcel_no": parcel_no}
            append(
                tx, [Entry(as_of, as_of, by.signature, "paper", "posted", id_, clause=CLAUSE, detail=detail)]
            )
            noted += 1
    return noted

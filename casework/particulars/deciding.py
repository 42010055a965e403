"""Deciding on a change of particulars: returned, approved (effective at once) or refused, each once (M24-20c)."""

from datetime import date, datetime

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.particulars.keeping import (
    REQUESTED,
    RETURNED,
    Kept,
    limit,
    note,
    open_request,
    said,
    settle,
)
from casework.particulars.letters import lines_of
from casework.particulars.values import current_values, write_change
from records.transaction import Transaction, transaction
from states.particulars import CLAUSE, CONTACT_MAIL, PARTICULARS, alike
from states.refusals import Refused
from states.roles import Role


def approve_change(desk: Desk, no: str, *, by: Actor, as_of: datetime, words: str = "") -> list[str]:
    """Make the change, effective now; the Chinese labels of what changed.

    All listings of the institution show it from today on, past days as they were. Case numbers stay. Letters owed
    before say what they said. Raises Refused, changing nothing, for who may not decide, a request that was
    returned or is settled, and an institution that has left the directory meanwhile.
    """
    with transaction(desk.engine) as tx:
        kept = _decidable(tx, desk, no, by, "批准变更")
        current = _current(tx, kept)
        stale = [key for key, value in kept.values.items() if alike(value, current[key])]
        if stale:
            labels = "、".join(PARTICULARS[key].label for key in stale)
            raise Refused(f"“{labels}”现已与申请的内容相同，请退回申请单位改正。", clause=CLAUSE)
        before = kept.standing.mailboxes
        for field, value in kept.values.items():
            write_change(
                tx, kept.standing.institution_id, field, current[field], value, by=by.signature, at=as_of,
                case_id=kept.case_id, change_no=kept.no,
            )  # fmt: skip
        settle(tx, kept, "approved", words.strip(), by=by, at=as_of, as_of=as_of)
        _note_on_cases(tx, kept, current, by, as_of)
        new = kept.values.get(CONTACT_MAIL)
        # Both mailboxes hear of it: a change nobody at the old one knows of should be noticed there.
        mailboxes = tuple(dict.fromkeys((*before, new))) if new else before
        kept.pen(tx, desk, as_of, version=kept.version + 1).tell(
            "change_approved", (Role.APPLICANT, Role.RECOMMENDER), changes=lines_of(kept.values, current),
            reason=kept.reason, due=kept.due_at, mailboxes=mailboxes,
        )  # fmt: skip
        return [PARTICULARS[key].label for key in PARTICULARS if key in kept.values]


def refuse_change(desk: Desk, no: str, *, words: str, by: Actor, as_of: datetime) -> None:
    """Refuse the change, with the reason. Raises Refused as ``approve_change`` does, and without a reason."""
    why = said(words, "不予批准的理由")
    with transaction(desk.engine) as tx:
        kept = _decidable(tx, desk, no, by, "不予批准变更")
        settle(tx, kept, "refused", why, by=by, at=as_of, as_of=as_of)
        kept.pen(tx, desk, as_of, version=kept.version + 1).tell(
            "change_refused", (Role.APPLICANT, Role.RECOMMENDER), changes=lines_of(kept.values, _current(tx, kept)),
            reason=why, due=kept.due_at,
        )  # fmt: skip


def return_change(desk: Desk, no: str, *, words: str, by: Actor, as_of: datetime) -> date:
    """Send the request back to be mended, saying what is missing; the last day for that.

    Raises Refused as ``refuse_change`` does.
    """
    why = said(words, "补正事项")
    with transaction(desk.engine) as tx:
        kept = _decidable(tx, desk, no, by, "退回变更申请")
        due = limit(desk, as_of)
        tx.run(
            "UPDATE change_request SET state = ?, version = version + 1, words = ?, due_at = ?, due_explained = ?,"
            " next_at = ? WHERE id = ?",
            (RETURNED, why, due.due, f"{due.explanation()}（D-4，期限由设置规定）", due.due, kept.id),
        )
        note(tx, kept, "returned", by, as_of, as_of, due=str(due.day))
        kept.pen(tx, desk, as_of, version=kept.version + 1).tell(
            "change_returned", (Role.APPLICANT,), changes=lines_of(kept.values, _current(tx, kept)), reason=why,
            due=due.due,
        )  # fmt: skip
        return due.day


def give_opinion(desk: Desk, no: str, words: str, *, by: Actor, as_of: datetime) -> None:
    """What a recommender thinks of it (M24-3.3); a later opinion takes the place of an earlier one.

    Raises Refused for anybody who did not recommend the institution, and once the request is settled.
    """
    text = said(words, "推荐单位意见")
    with transaction(desk.engine) as tx:
        kept = open_request(tx, desk, no)
        if by.role is not Role.RECOMMENDER or by.scope not in kept.standing.channels:
            raise Refused("变更申请的意见只能由推荐该机构的单位提出。", clause="M24-3.3")
        tx.run(
            "UPDATE change_request SET opinion = ?, opinion_by = ?, opinion_at = ? WHERE id = ?",
            (text, by.signature, as_of, kept.id),
        )
        note(tx, kept, "opinion", by, as_of, as_of)


def _decidable(tx: Transaction, desk: Desk, no: str, by: Actor, what: str) -> Kept:
    kept = open_request(tx, desk, no)
    if not kept.standing.listings:
        raise Refused(f"{kept.standing.name}已不在目录内，变更申请{kept.no}无须办理。", clause=CLAUSE)
    kept.standing.refuse_unless_decides(by, what)
    if kept.state != REQUESTED:
        raise Refused(f"变更申请{kept.no}已退回补正，申请单位重新提交后方可审定。", clause=CLAUSE)
    return kept


def _current(tx: Transaction, kept: Kept) -> dict[str, str]:
    return current_values(tx, kept.standing.institution_id, [each.id for each in kept.standing.listings])


def _note_on_cases(tx: Transaction, kept: Kept, old: dict[str, str], by: Actor, as_of: datetime) -> None:
    """The history of every listing shows what became of the institution; public values alone are spelled out."""
    public = {
        key: {"from": old[key], "to": value} for key, value in kept.values.items() if PARTICULARS[key].public
    }
    append(
        tx,
        [
            Entry(
                as_of, as_of, by.signature, "particulars", "changed", each.id, clause=CLAUSE,
                detail={"change": kept.no, "fields": sorted(kept.values), "public": public},
            )
            for each in kept.standing.listings
        ],
    )  # fmt: skip

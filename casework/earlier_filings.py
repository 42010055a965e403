"""What stands in the way of filing from before: an application for the occupation, a term, a cooling-off."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.filed_forms import content_digest, identity_of
from records.transaction import Transaction
from states.calendar import day_of
from states.facts import day, instant
from states.forms import Application
from states.occupations import Occupation
from states.places import OFFICES, Office
from states.refusals import Refused
from states.rulebook import TrackRules


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """The one case an institution may have for an occupation in a call, over all channels (M24-7.2b)."""

    id: int
    no: str
    channel: str
    begun_at: datetime
    paper_outstanding: bool
    stage: str
    version: int

    def refusal(self, application: Application, occupation: Occupation, channel: Office) -> Refused:
        """The sentence for a second application: it names the first."""
        on = day_of(self.begun_at)
        first = (
            f"{application.institution}的{occupation.title}已于{on.year}年{on.month}月{on.day}日"
            f"经{OFFICES[self.channel].name}申报，编号{self.no}"
        )
        if self.channel == channel.code:
            again = "不能再报一份内容不同的；需要更正的请先由受理单位退回补正，再重新导入"
        else:
            again = "同一职业不得多渠道重复申报"
        return Refused(f"{first}，{again}", clause="M24-7.2b")


def earlier_case(
    tx: Transaction, rules: TrackRules, occupation: Occupation, institution_id: int
) -> EarlierCase | None:
    """The case of this institution for this occupation in this call and track, whatever became of it.

    Its cases for other occupations do not stand in the way (CQ23-5.2).
    """
    row = tx.one(
        "SELECT id, no, channel, coalesce(filed_at, entered_at), paper_at, stage, version"
        " FROM cases"
        " WHERE call = ? AND track = ? AND occupation = ? AND institution_id = ?",
        (rules.code, rules.track, occupation.code, institution_id),
    )
    if row is None:
        return None
    begun_at = instant(row[3])
    assert begun_at is not None
    return EarlierCase(row[0], row[1], row[2], begun_at, row[4] is None, row[5], row[6])


def says_the_same(tx: Transaction, case_id: int, application: Application) -> bool:
    """Whether the case already holds this form: the same content and the same identity number."""
    wanted = content_digest(application)
    return any(
        digest == wanted and identity_of(identity) == application.legal_representative_id
        for digest, identity in tx.rows("SELECT digest, identity FROM filing WHERE case_id = ?", (case_id,))
    )


def cooling_off(
    tx: Transaction, rules: TrackRules, occupation: Occupation, institution_id: int
) -> date | None:
    """The last day of the latest cooling-off for the track and occupation (M24-9.5), past or not."""
    row = tx.one(
        "SELECT max(cooling_until) FROM term WHERE institution_id = ? AND track = ? AND occupation = ?",
        (institution_id, rules.track, occupation.code),
    )
    return day(row[0]) if row else None


def running_term(
    tx: Transaction, rules: TrackRules, occupation: Occupation, institution_id: int
) -> date | None:
    """The last day of the term in which the institution stands in the directory for the track and occupation."""
    row = tx.one(
        "SELECT max(t.last_day) FROM term t JOIN cases c ON c.id = t.case_id AND c.term_no = t.number"
        " WHERE t.institution_id = ? AND t.track = ? AND t.occupation = ? AND t.ended_at IS NULL",
        (institution_id, rules.track, occupation.code),
    )
    return day(row[0]) if row else None

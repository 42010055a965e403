"""Where an institution stands in the directory, and who therefore decides about it (M24-3.1, M24-3.2, M24-20c)."""

from dataclasses import dataclass
from datetime import date

from casework.actors import Actor
from casework.desk import Desk
from casework.history import case_number
from records.transaction import Transaction
from states.facts import day
from states.labels import DECIDERS, TRACKS
from states.particulars import CLAUSE
from states.places import OFFICES
from states.refusals import Refused
from states.roles import Role


@dataclass(frozen=True, slots=True)
class Listing:
    """One occupation for which the institution now stands in the directory; ``national``: decided nationally."""

    id: int
    no: str
    version: int
    track: str
    occupation: str
    title: str
    province: str
    channel: str
    stage: str
    stage_label: str
    national: bool
    last_day: date
    leaving_on: date | None
    mail: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An institution and all its listings, in the order of their cases."""

    institution_id: int
    uscc: str
    name: str
    listings: tuple[Listing, ...]

    @property
    def national(self) -> bool:
        """Whether the nation decides: it does as soon as one listing is the nation's, for all of them."""
        return any(each.national for each in self.listings)

    @property
    def deciders(self) -> tuple[Role, ...]:
        """The roles that may decide; a province decides for its own."""
        return (Role.OFFICE, Role.GROUP) if self.national else (Role.PROVINCE,)

    @property
    def signer(self) -> str:
        """Who signs letters about the institution."""
        if self.national:
            return DECIDERS["office"]
        return OFFICES[f"P{self.listings[0].province}"].name

    @property
    def words(self) -> str:
        """Where it stands, in words."""
        return "、".join(f"{TRACKS[each.track]}机构目录（{each.title}）" for each in self.listings)

    @property
    def anchor(self) -> int:
        """The case its letters and requests hang on: one of those whose office decides."""
        return next((each.id for each in self.listings if each.national == self.national), 0)

    @property
    def channels(self) -> tuple[str, ...]:
        """Who recommended it, each once."""
        return tuple(dict.fromkeys(each.channel for each in self.listings))

    @property
    def mailboxes(self) -> tuple[str, ...]:
        """Where letters to it go, each once."""
        return tuple(dict.fromkeys(each.mail for each in self.listings if each.mail))

    def refuse_unless_own(self, by: Actor, what: str) -> None:
        """Raises Refused for anybody but the institution itself and those who recommended it."""
        if by.role not in (Role.APPLICANT, Role.RECOMMENDER):
            raise Refused(f"“{what}”由机构本身或其推荐单位办理，当前身份为{by.role.label}。", clause=CLAUSE)
        own = (str(self.institution_id),) if by.role is Role.APPLICANT else self.channels
        if by.scope not in own:
            raise Refused(f"{self.name}不在{by.name}的办理范围内。", clause=CLAUSE)

    def refuse_unless_decides(self, by: Actor, what: str) -> None:
        """Raises Refused for whoever may not decide about this institution."""
        if by.role not in self.deciders:
            may = "、".join(role.label for role in self.deciders)
            raise Refused(f"“{what}”由{may}办理，当前身份为{by.role.label}。", clause=CLAUSE)
        if by.role is Role.PROVINCE and by.scope not in {each.province for each in self.listings}:
            raise Refused(f"{self.name}不在{by.name}的办理范围内。", clause=CLAUSE)


def find_institution(tx: Transaction, who: str) -> tuple[int, str, str]:
    """An institution's id, credit code and name, by its code, its full name (also a former one) or a case number.

    Raises Refused when none or several fit.
    """
    plain = who.strip()
    rows = tx.rows(
        "SELECT DISTINCT i.id, i.uscc, i.name FROM institution i LEFT JOIN cases c ON c.institution_id = i.id"
        " WHERE i.uscc = ? OR i.name = ? OR c.no = ?",
        (plain.upper(), plain, case_number(plain)),
    ) or tx.rows(
        "SELECT DISTINCT i.id, i.uscc, i.name FROM particular p JOIN institution i ON i.id = p.institution_id"
        " WHERE p.field = 'name' AND p.old = ?",
        (plain,),
    )
    if not rows:
        raise Refused(
            f"没有名称、统一社会信用代码或申报编号为“{who}”的机构，请写全称或18位统一社会信用代码。",
            clause=CLAUSE,
        )
    if len(rows) > 1:
        raise Refused(f"名称为“{who}”的机构有{len(rows)}家，请改用统一社会信用代码。", clause=CLAUSE)
    found: tuple[int, str, str] = rows[0]
    return found


def standing_of(tx: Transaction, desk: Desk, institution_id: int, *, lock: bool = True) -> Standing:
    """Where an institution now stands; with ``lock`` its row is locked until the transaction ends. May stand nowhere."""
    locked = " FOR UPDATE" if lock and not tx.sqlite else ""
    row = tx.one(f"SELECT uscc, name FROM institution WHERE id = ?{locked}", (institution_id,))
    assert row is not None
    found = []
    for id_, no, version, process_key, occupation, province, channel, stage, last, leaving, mail in tx.rows(
        "SELECT id, no, version, process, occupation, province, channel, stage, term_last_day, leaving_on, contact_mail"
        " FROM cases WHERE institution_id = ? AND term_no > 0 ORDER BY id",
        (institution_id,),
    ):
        process = desk.processes.process(process_key)
        if not process.stages[stage].in_directory:
            continue
        rules = process.rules
        last_day = day(last)
        assert last_day is not None
        title = next(each.title for each in rules.occupations.value if each.code == occupation)
        found.append(
            Listing(
                id_, no, version, rules.track, occupation, title, province, channel, stage,
                process.stages[stage].label, not rules.kept_by_province, last_day, day(leaving), mail,
            )
        )  # fmt: skip
    return Standing(institution_id, row[0], row[1], tuple(found))


def listed_standing(tx: Transaction, desk: Desk, who: str) -> Standing:
    """``standing_of`` somebody who stands in the directory. Raises Refused for who does not."""
    found = standing_of(tx, desk, find_institution(tx, who)[0])
    if not found.listings:
        raise Refused(
            f"{found.name}现不在目录内，没有可以办理的变更或退出；申报过程中需要更正的，请由承办方退回补正后办理。",
            clause=CLAUSE,
        )
    return found

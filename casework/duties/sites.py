"""Examination sites, reported to the local office before they are used (M24-11.1)."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.duties.letters import owe_staff
from casework.duties.owing import fulfil, of_case
from casework.duties.subject import LONGEST_LINE, REPORTS, refuse_unless_listed, subject, told, whole
from casework.selection import visible
from records.crypt import encrypt
from records.transaction import Transaction, reading, transaction
from states.duties.kinds import SITE
from states.facts import instant
from states.places import OFFICES
from states.refusals import Refused
from states.roles import Role

CLAUSE = "M24-11.1"


@dataclass(frozen=True, slots=True)
class NewSite:
    """A site as reported; ``province`` is the two-digit code of where it lies, ``supervisor`` who answers for it there."""

    name: str
    address: str
    province: str
    capacity: int
    supervisor: str


@dataclass(frozen=True, slots=True)
class SiteView:
    """A site as staff see it, without its supervisor."""

    id: int
    institution: str
    name: str
    address: str
    province: str
    capacity: int
    reported_at: datetime
    closed_at: datetime | None


def report_site(desk: Desk, no: str, new: NewSite, *, by: Actor, as_of: datetime) -> int:
    """Enter a site, tell the office of the province where it lies, and settle what was owed for it; its id.

    Raises Refused for a training institution, a province that does not exist, and a site of that name reported already.
    """
    with transaction(desk.engine) as tx:
        found = subject(tx, desk, no, by=by, among=REPORTS, clause=CLAUSE)
        refuse_unless_listed(found, CLAUSE)
        if found.facts.track != "evaluation":
            raise Refused("考试点由评价机构报备，培训机构无须报备。", clause=CLAUSE)
        office = OFFICES.get(f"P{new.province}")
        if office is None:
            raise Refused(f"没有省份代码“{new.province}”，请填写两位代码，如50。", clause=CLAUSE)
        name = told(new.name, "考试点名称", CLAUSE, longest=LONGEST_LINE)
        address = told(new.address, "考试点地址", CLAUSE, longest=LONGEST_LINE)
        supervisor = told(new.supervisor, "现场负责人", CLAUSE, longest=50)
        capacity = whole(new.capacity, "可容纳人数", CLAUSE, most=100_000)
        if capacity == 0:
            raise Refused("可容纳人数应大于0。", clause=CLAUSE)
        institution_id = found.facts.institution_id
        if known_site(tx, institution_id, name) is not None:
            raise Refused(f"考试点“{name}”已报备，无须重复报备。", clause=CLAUSE)
        row = tx.run(
            "INSERT INTO exam_site (case_id, institution_id, province, name, address, capacity, supervisor, reported_at,"
            " reported_by) VALUES (?,?,?,?,?,?,?,?,?) RETURNING id",
            (
                found.facts.id,
                institution_id,
                new.province,
                name,
                address,
                capacity,
                encrypt(supervisor),
                as_of,
                by.signature,
            ),
        ).fetchone()
        id_ = int(row[0])
        detail = {"site": id_, "province": new.province, "capacity": capacity}
        append(
            tx,
            [Entry(as_of, as_of, by.signature, "duty", "site", found.facts.id, clause=CLAUSE, detail=detail)],
        )
        _settle(tx, found.facts.institution_id, name, id_, by, as_of)
        words = {
            "institution": found.institution, "site": name, "address": address, "capacity": str(capacity),
        }  # fmt: skip
        owe_staff(
            tx, desk, "site_reported", [f"P{new.province}"], words, f"site{id_}", CLAUSE, as_of,
            case_id=found.facts.id,
        )  # fmt: skip
    return id_


def known_site(tx: Transaction, institution_id: int, name: str) -> int | None:
    """The id of an institution's site by its name, or None when it was not reported, or closed."""
    row = tx.one(
        "SELECT id FROM exam_site WHERE institution_id = ? AND name = ? AND closed_at IS NULL",
        (institution_id, name),
    )
    return None if row is None else int(row[0])


def close_site(desk: Desk, id_: int, *, by: Actor, as_of: datetime) -> None:
    """A site is used no more. Refused for one that does not exist or is closed."""
    with transaction(desk.engine) as tx:
        row = tx.one("SELECT case_id, closed_at FROM exam_site WHERE id = ?", (id_,))
        if row is None:
            raise Refused(f"没有序号为{id_}的考试点，可用 linxuan duty site list 查看。", clause=CLAUSE)
        subject_no = tx.one("SELECT no FROM cases WHERE id = ?", (row[0],))
        assert subject_no is not None
        found = subject(tx, desk, subject_no[0], by=by, among=REPORTS, clause=CLAUSE)
        if row[1] is not None:
            raise Refused(f"考试点{id_}已经停用。", clause=CLAUSE)
        tx.run("UPDATE exam_site SET closed_at = ? WHERE id = ?", (as_of, id_))
        detail = {"site": id_}
        append(
            tx,
            [
                Entry(
                    as_of,
                    as_of,
                    by.signature,
                    "duty",
                    "site_closed",
                    found.facts.id,
                    clause=CLAUSE,
                    detail=detail,
                )
            ],
        )


def sites(desk: Desk, *, actor: Actor | None = None, province: str | None = None) -> list[SiteView]:
    """The sites the actor may see, by province: a province sees those that lie in it, whoever runs them."""
    seen, values = ("1 = 1", []) if actor is None else visible(actor)
    if actor is not None and actor.role is Role.PROVINCE:
        seen, values = f"({seen} OR s.province = ?)", [*values, actor.scope]
    elif actor is not None and actor.role is Role.RECOMMENDER and actor.scope.startswith("P"):
        seen, values = f"({seen} OR s.province = ?)", [*values, actor.scope[1:]]
    narrowed = "AND s.province = ?" if province else ""
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT s.id, i.name, s.name, s.address, s.province, s.capacity, s.reported_at, s.closed_at FROM exam_site s"
            " JOIN cases c ON c.id = s.case_id JOIN institution i ON i.id = s.institution_id"
            f" WHERE {seen} {narrowed} ORDER BY s.province, i.name, s.id",
            (*values, *([province] if province else [])),
        )
    found = []
    for id_, institution, name, address, lies_in, capacity, reported, closed in rows:
        at = instant(reported)
        assert at is not None
        found.append(SiteView(id_, institution, name, address, lies_in, capacity, at, instant(closed)))
    return found


def _settle(
    tx: Transaction, institution_id: int, name: str, site_id: int, by: Actor, as_of: datetime
) -> None:
    """Examinations announced at this place now have their site; nothing is owed for them any more."""
    note = partial(_note, tx)
    for case_id, no in tx.rows(
        "SELECT e.case_id, e.no FROM examination e JOIN cases c ON c.id = e.case_id WHERE c.institution_id = ?"
        " AND e.place = ? AND e.site_id IS NULL ORDER BY e.id",
        (institution_id, name),
    ):
        fulfil(tx, SITE, of_case(case_id), no, by=by, at=as_of, note=note)
    tx.run(
        "UPDATE examination SET site_id = ? WHERE site_id IS NULL AND place = ? AND cancelled_at IS NULL"
        " AND case_id IN (SELECT id FROM cases WHERE institution_id = ?)",
        (site_id, name, institution_id),
    )


def _note(tx: Transaction, entry: Entry) -> None:
    append(tx, [entry])

"""What the public, auditors and the office ask of the records: an extract, the conflicts of two directories, a purge too soon."""

from datetime import date

from casework.actors import Actor
from casework.conflicts import KIND, declare_tie
from casework.extract_proof import prove_extract
from casework.extracts import make_extract
from casework.incidents import close_incident
from casework.rehearsal import words
from casework.rehearsal.cast import HEAD, OFFICE, applicant
from casework.rehearsal.world import World
from casework.retention import purge
from casework.signing import signer
from casework.training_register import training_register
from records.transaction import reading, transaction
from states.calendar import day_of
from states.roles import Role

EXTRACT, QUERY, KEPT, REGISTER = "I21-6.1", "M24-13", "I21-4.6.5", "M24-16a"
CITIZEN = Actor("public", Role.APPLICANT)


def plan(world: World, listed: date) -> None:
    """Put the questions on the agenda, counted from the first listing."""
    if world.track == "training":
        world.agenda.at(world.working_day(listed, 60, 9), lambda: _hand_over_register(world))
    if not world.leads:
        return
    world.agenda.at(world.working_day(listed, 20, 9), lambda: _ask_for_extract(world))
    world.agenda.at(world.working_day(listed, 40, 9), lambda: _look_into_conflicts(world))
    world.agenda.at(world.working_day(date(listed.year + 1, 12, 1), 1, 10), lambda: _purge_too_soon(world))


def _ask_for_extract(world: World) -> None:
    """Somebody asks for an extract of today, checks it with the public key alone, and asks for tomorrow's."""
    found = [each for each in world.mine() if each.facts.stage == "listed"]
    if not found:
        return
    seal, about = signer(world.desk.engine, as_of=world.now), found[0].facts.no
    today = day_of(world.now)
    file = make_extract(world.desk, about, on=today, signer=seal, as_of=world.now)
    prove_extract(file, seal.public)
    world.journal.witness(EXTRACT, "出具目录摘录并脱机验证签名", world.now, about)
    world.journal.witness(QUERY, "按编号查询机构及有效期", world.now, about)
    later = date(today.year + 1, 1, 1)
    world.tries(
        CITIZEN, "申请目录摘录", about,
        lambda: make_extract(world.desk, about, on=later, signer=seal, as_of=world.now),
    )  # fmt: skip


def _look_into_conflicts(world: World) -> None:
    """Who stands in both directories is looked into; a tie is declared by the office alone (M24-18)."""
    with transaction(world.desk.engine) as tx:
        open_ = tx.rows(
            "SELECT n.id, c.institution_id FROM incident n JOIN cases c ON c.id = n.case_id WHERE n.kind = ?"
            " AND n.closed_at IS NULL ORDER BY n.id",
            (KIND,),
        )
        for id_, _ in open_:
            close_incident(tx, id_, OFFICE, words.LOOKED_INTO, world.now)
    with reading(world.desk.engine) as tx:
        codes = [row[0] for row in tx.rows("SELECT uscc FROM institution ORDER BY id LIMIT 2")]
    if len(codes) > 1:
        for by in (applicant(1), OFFICE):
            world.tries(
                by, "登记机构关系", codes[0],
                lambda by=by: declare_tie(  # type: ignore[misc]
                    world.desk, codes[0], codes[1], "supporter", source=words.DECLARED, by=by, as_of=world.now
                ),
            )  # fmt: skip


def _purge_too_soon(world: World) -> None:
    """The office wants to clear old cases: every one must be kept still; and an applicant may not ask at all."""
    data, before = world.installation.data, day_of(world.now)
    world.tries(
        applicant(1), "清除档案", world.call.code,
        lambda: purge(world.desk, data, before=before, by=applicant(1), as_of=world.now),
    )  # fmt: skip
    report = purge(world.desk, data, before=before, by=HEAD, as_of=world.now)
    for each in report.kept[:1]:
        what = f"请求清除{len(report.kept)}件办结申报，均{each.why}以后，未清除"
        world.journal.witness(KEPT, what, world.now, each.no)


def _hand_over_register(world: World) -> None:
    """A province writes its training directory for the two directories and one system, with what changed (M24-16a)."""
    there = sorted({each.facts.province for each in world.mine() if each.facts.stage == "listed"})
    for province in there[:1]:
        found = training_register(world.desk, province, on=day_of(world.now))
        told = f"导出培训机构目录纳入“两目录一系统”（{len(found.entries)}家，变更{len(found.changes)}项）"
        world.journal.witness(REGISTER, told, world.now, f"P{province}")

"""Random lives of a few institutions: whatever people and the clock do, what must be true stays true."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import event

from casework.actors import Actor
from casework.calls import open_call
from casework.desk import Desk
from casework.filing import file_application
from casework.gate import advance
from casework.handed_in import Paper
from casework.intake.reading import ReadForm
from casework.intake.sample_institutions import invented_application
from casework.intake.wording import cells_of
from casework.invariants import check
from casework.loading import load
from casework.renewals.filing import draft
from casework.renewals.samples import sample_application
from casework.sweep import sweep
from notifications.rendering import Renderer
from records.crypt import make_key, use_key
from records.engine import open_engine, sqlite_url
from records.tables import METADATA
from records.transaction import reading, transaction
from states.calendar import Calendar, at_time, day_of, end_of, start_of
from states.checked import clock_moves
from states.declaration import Ask, Move
from states.facts import Facts, day, instant
from states.forms import FormKind
from states.occupations import OCCUPATIONS
from states.places import OFFICES
from states.refusals import Refused
from states.roles import Role
from states.rulebook import call_text
from states.terms import window_opens

FILED = at_time(date(2024, 6, 3), 10)
LATER_CALL_OPENS = date(2027, 10, 15)
APPLICANTS = range(1, 5)
OFFICE = Actor("示例经办人", Role.OFFICE)
PAPERS = (
    Paper("registration_certificate", "证书.txt", "业务范围：职业技能培训。".encode()),
    Paper("credit_record", "信用报告.pdf", b"%PDF-1.7 sample"),
)
USUAL = {
    "submitted": "recommend", "correcting": "resubmit", "recommended": "begin_review",
    "initial_review": "pass_initial", "expert_review": "conclude_review", "site_visit": "report_visit",
    "recheck": "publicise", "listed": "apply_renewal", "renewal": "approve_renewal",
    "rectifying": "accept_rectification",
}  # fmt: skip
FIRST = {
    "recommended": "receive_paper", "initial_review": "receive_paper", "expert_review": "record_result",
    "listed": "record_activity", "rectifying": "report_rectification",
}  # fmt: skip


# How all four come to the recheck, the first two of them into the directory, and close to the end of their terms.
LETTER = {"letter_no": "示例函1号", "letter_date": date(2024, 6, 11)}
WAY: tuple[tuple[str, str, Role, datetime, dict[str, Any]], ...] = (
    ("warned", "answer_warnings", Role.OFFICE, at_time(date(2024, 6, 11), 10), {"answer": "示例"}),
    ("recommended", "recommend", Role.RECOMMENDER, at_time(date(2024, 6, 12), 10), LETTER),
    ("received", "receive_paper", Role.OFFICE, at_time(date(2024, 6, 14), 10), {}),
    ("initial_review", "begin_review", Role.OFFICE, at_time(date(2024, 6, 17), 10), {}),
    ("expert_review", "pass_initial", Role.OFFICE, at_time(date(2024, 7, 1), 10), {}),
    ("voted", "record_result", Role.OFFICE, at_time(date(2024, 7, 2), 10), {"votes_for": 5, "votes_cast": 7}),
    ("recheck", "conclude_review", Role.OFFICE, at_time(date(2024, 8, 13), 10), {}),
    ("publicity", "publicise", Role.GROUP, at_time(date(2024, 9, 26), 17), {}),
    ("listed", "", Role.CLOCK, at_time(date(2024, 10, 10), 0), {}),
    ("near its end", "", Role.CLOCK, at_time(date(2027, 4, 9), 0), {}),
)


def form(number: int, signed: date) -> ReadForm:
    """The sound form of one institution, signed on a day."""
    made = invented_application(
        Random(number), FormKind.EVALUATION, number=number, occupation=OCCUPATIONS["SJAQ"],
        office=OFFICES["P50"], day=day_of(FILED),
    )  # fmt: skip
    made = made.model_copy(update={"commitment": made.commitment.model_copy(update={"signed_on": signed})})
    return ReadForm(f"{number}.docx", f"{number:064d}", FormKind.EVALUATION, cells_of(made), made, ())  # type: ignore[arg-type]


def file(desk: Desk, call: str, number: int, as_of: datetime) -> int:
    filed = file_application(
        desk, form(number, day_of(as_of)), PAPERS, call=call, channel=OFFICES["P50"], by=OFFICE, as_of=as_of,
        store=lambda _: "0" * 64,
    )  # fmt: skip
    return filed.case_id


@cache
def renderer() -> Renderer:
    return Renderer()


@cache
def later_calls() -> Path:
    """A folder with a later call for the same occupations, open from the end of the first terms on."""
    later = call_text("B3").replace('code = "B3"', 'code = "B4"').replace("第三批", "第四批")
    later = later.replace("2024-05-15", str(LATER_CALL_OPENS)).replace("2024-06-21", "2035-12-31")
    (folder() / "B4.toml").write_text(later, encoding="utf-8")
    return folder()


@cache
def folder() -> Path:
    made = tempfile.TemporaryDirectory()
    atexit.register(made.cleanup)
    return Path(made.name)


@cache
def begun(start: str) -> tuple[Path, datetime]:
    """A database in which four institutions have come as far as ``start``, and the instant."""
    path = folder() / f"{start}.db"
    engine = open_engine(sqlite_url(path))
    METADATA.create_all(engine)
    use_key(make_key())
    desk = Desk.on(engine, renderer=renderer())
    open_call(desk, "B3", by=OFFICE, as_of=at_time(date(2024, 5, 15), 9))
    with transaction(engine) as tx:
        tx.run("INSERT INTO office_mailbox (channel, name, mail) VALUES ('P50', '示例厅', 'p50@example.cn')")
    ids = [file(desk, "B3", number, FILED) for number in APPLICANTS]
    now = FILED
    for stage, move, role, when, inputs in WAY if start != "filed" else ():
        now = when
        if move:
            moving = ids[:2] if move == "publicise" else ids
            scope = "P50" if role is Role.RECOMMENDER else ""
            advance(desk, move, moving, by=Actor("示例", role, scope), as_of=when, inputs=inputs)
        else:
            sweep(desk, as_of=when)
        if stage == start:
            break
    engine.dispose()
    return path, now


class Lives(RuleBasedStateMachine):
    """Three years and more of four institutions that compete for two seats."""

    @initialize(start=st.sampled_from(["filed", "recheck", "publicity", "listed", "near its end"]))
    def begin(self, start: str) -> None:
        path, now = begun(start)
        self.folder = tempfile.TemporaryDirectory()
        shutil.copyfile(path, Path(self.folder.name) / "linxuan.db")
        self.engine = open_engine(sqlite_url(Path(self.folder.name) / "linxuan.db"))
        event.listen(self.engine, "connect", _without_syncing)
        self.desk = Desk.on(self.engine, renderer=renderer())
        self.now = now + timedelta(hours=1)

    @rule(days=st.sampled_from([1, 3, 15, 60, 400]), swept=st.booleans())
    def time_passes(self, days: int, swept: bool) -> None:
        self.now += timedelta(days=days)
        if swept:
            sweep(self.desk, as_of=self.now)

    @rule(off=st.sampled_from([-1, 0, 1]), swept=st.booleans())
    def the_next_limit_comes(self, off: int, swept: bool) -> None:
        ((due,),) = self.rows("SELECT min(fires_at) FROM timer WHERE kind = 'move' AND fires_at < '9999'")
        when = instant(due)
        if when is not None:
            self.now = max(self.now, when + timedelta(seconds=off))
        if swept:
            sweep(self.desk, as_of=self.now)

    @rule()
    def the_clock_catches_up(self) -> None:
        report = sweep(self.desk, as_of=self.now)
        assert report.incidents == 0
        assert sweep(self.desk, as_of=self.now).fired == 0

    @rule(pick=st.integers(0, 9), steps=st.integers(1, 8), hours=st.sampled_from([1, 30]))
    def it_goes_its_usual_way(self, pick: int, steps: int, hours: int) -> None:
        for _ in range(steps):
            facts = self.pick(pick)
            for name in (FIRST.get(facts.stage), USUAL.get(facts.stage)):
                if (name and name != "record_activity") or (facts.activity == 0 and name):
                    self.attempt(name, self.pick(pick))
            self.now += timedelta(hours=hours)

    @rule(
        pick=st.integers(0, 9),
        active=st.booleans(),
        days=st.sampled_from([1, 100, 200]),
        decision=st.sampled_from(["approve_renewal", "refuse_renewal", ""]),
    )
    def a_term_nears_its_end(self, pick: int, active: bool, days: int, decision: str) -> None:
        facts = self.pick(pick)
        last = day(facts.term_last_day)
        if facts.stage != "listed" or last is None:
            return
        self.now = max(self.now, start_of(window_opens(last)))
        sweep(self.desk, as_of=self.now)
        for name in ("record_activity", "apply_renewal") if active else ("apply_renewal",):
            if self.case(facts.id).stage == "listed":
                self.attempt(name, self.case(facts.id))
        self.now += timedelta(days=days)
        sweep(self.desk, as_of=self.now)
        if decision and self.case(facts.id).stage == "renewal":
            self.attempt(decision, self.case(facts.id))

    @rule(pick=st.integers(0, 9), which=st.integers(0, 19), stranger=st.booleans(), soon=st.booleans())
    def somebody_does_something(self, pick: int, which: int, stranger: bool, soon: bool) -> None:
        facts = self.pick(pick)
        stage = self.desk.processes.process(facts.process).stages[facts.stage]
        moves = [*stage.moves, *clock_moves(stage)]
        if moves:
            self.attempt(moves[which % len(moves)].name, facts, stranger=stranger, soon=soon)

    @rule(
        name=st.sampled_from(sorted({*USUAL.values(), "object", "order_rectification", "withdraw", "remove"}))
    )
    def a_whole_batch_is_tried(self, name: str) -> None:
        with reading(self.engine) as tx:
            ids = [row[0] for row in tx.rows("SELECT id FROM cases ORDER BY id")]
        move = next(
            move
            for stage in self.desk.processes.process("B3/evaluation@1").stages.values()
            for move in stage.moves
            if move.name == name
        )
        actor = self.actor(move, self.pick(0))
        advance(
            self.desk, name, ids, by=actor, as_of=self.now, inputs=self.stated(move, soon=True), partial=True
        )

    @rule(number=st.sampled_from(APPLICANTS), year=st.sampled_from([2027, 2030, 2031]))
    def it_applies_again_in_a_later_call(self, number: int, year: int) -> None:
        if not self.rows("SELECT 1 FROM cases WHERE stage = 'exited'"):
            return
        self.now = max(self.now, at_time(date(year, 10, 20), 10))
        sweep(self.desk, as_of=self.now)
        open_call(self.desk, "B4", by=OFFICE, as_of=self.now, folder=later_calls())
        barred = self.barred_until(number)
        try:
            file(self.desk, "B4", number, self.now)
        except Refused:
            return
        else:
            assert barred is None or day_of(self.now) > barred

    @invariant()
    def everything_hangs_together(self) -> None:
        assert check(self.desk, self.now).faults == []

    @invariant()
    def nobody_was_listed_before_full_publicity(self) -> None:
        for posted, starts in self.rows(
            "SELECT c.posted_at, t.starts_at FROM cases c JOIN term t ON t.case_id = c.id AND t.number = 1"
        ):
            assert full_working_days(instant(posted), instant(starts)) >= 5

    @invariant()
    def no_occupation_is_over_its_quota(self) -> None:
        seats = "'publicity', 'listed', 'renewal', 'lapsing', 'rectifying'"
        for _, _, count in self.rows(
            f"SELECT call, occupation, count(*) FROM cases WHERE stage IN ({seats}) GROUP BY call, occupation"
        ):
            assert count <= 2

    @invariant()
    def nobody_left_by_the_clock_with_a_timely_renewal_undecided(self) -> None:
        assert (
            self.rows(
                "SELECT c.no FROM cases c JOIN audit a ON a.case_id = c.id AND a.version = c.version"
                " WHERE a.name = 'exit' AND c.renewal_applied_at IS NOT NULL AND c.renewal_refused IS NULL"
            )
            == []
        )

    @invariant()
    def nobody_has_two_live_terms(self) -> None:
        assert (
            self.rows(
                "SELECT a.id, b.id FROM term a JOIN term b ON a.id < b.id AND a.institution_id = b.institution_id"
                " AND a.occupation = b.occupation AND a.track = b.track"
                " WHERE a.starts_at < coalesce(b.ended_at, date(b.last_day, '+1 day'))"
                " AND b.starts_at < coalesce(a.ended_at, datetime(a.last_day, '+16 hours'))"
                " AND coalesce(a.ended_at, '9') > a.starts_at AND coalesce(b.ended_at, '9') > b.starts_at"
            )
            == []
        )

    @invariant()
    def nobody_filed_within_a_cooling_off(self) -> None:
        for filed, until, ended in self.rows(
            "SELECT c.filed_at, t.cooling_until, t.ended_at FROM term t JOIN cases c ON"
            " c.institution_id = t.institution_id AND c.id <> t.case_id WHERE t.cooling_until IS NOT NULL"
        ):
            when, last = instant(filed), day(until)
            assert when is not None
            assert last is not None
            if filed > ended:
                assert when >= end_of(last)

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.engine.dispose()
            self.folder.cleanup()

    def attempt(self, name: str, facts: Facts, *, stranger: bool = False, soon: bool = True) -> None:
        """Try a move; it happens, or it is refused in words and nothing changed."""
        move = self.desk.processes.process(facts.process).move(facts.stage, name)
        actor = Actor("外人", Role.APPLICANT, "0") if stranger else self.actor(move, facts)
        stated = self.stated(move, soon=soon)
        if "application" in stated and soon:
            stated["application"] = self.drafted(facts, self.actor(move, facts))
        try:
            advance(self.desk, name, [facts.id], by=actor, as_of=self.now, inputs=stated)
        except Refused as refusal:
            assert str(refusal).startswith("整批未办理：")  # noqa: PT017
            assert self.case(facts.id) == facts
        else:
            assert not stranger
            assert self.case(facts.id).version == facts.version + 1

    def drafted(self, facts: Facts, by: Actor) -> str:
        """A renewal application ready to be handed in, its number; none where the case may not have one."""
        new = sample_application(self.desk, facts.no, as_of=self.now)
        try:
            return draft(self.desk, facts.no, new, by=by, as_of=self.now, store=lambda _: "0" * 64).no
        except Refused:
            return "示例"

    def actor(self, move: Move, facts: Facts) -> Actor:
        role = min(move.by, key=list(Role).index)
        if role is Role.CLOCK:
            return OFFICE  # nobody can be the clock
        own = {Role.APPLICANT: str(facts.institution_id), Role.RECOMMENDER: facts.channel}
        return Actor(f"示例{role.label}", role, own.get(role, ""))

    def stated(self, move: Move, *, soon: bool) -> dict[str, Any]:
        return {ask.key: self._state(ask, soon) for ask in move.asks}

    def _state(self, ask: Ask, soon: bool) -> Any:
        if ask.choices:
            return ask.choices[0][0]
        if ask.kind is date:
            return day_of(self.now) + timedelta(days=30 if soon else -1)
        if ask.kind is int:
            return {"votes_for": 5 if soon else 2, "votes_cast": 7, "year": self.now.year}.get(ask.key, 300)
        return "示例" if ask.required else None

    def pick(self, number: int) -> Facts:
        ids = [row[0] for row in self.rows("SELECT id FROM cases ORDER BY id")]
        return self.case(ids[number % len(ids)])

    def case(self, id_: int) -> Facts:
        with reading(self.engine) as tx:
            return load(tx, [id_])[0].facts

    def barred_until(self, number: int) -> date | None:
        ((until,),) = self.rows("SELECT max(cooling_until) FROM term WHERE institution_id = ?", number)
        return day(until)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with reading(self.engine) as tx:
            return tx.rows(sql, values)


def full_working_days(posted: datetime | None, listed: datetime | None) -> int:
    """Working days on which the notice stood from before the office opened to the end of the day."""
    assert posted is not None
    assert listed is not None
    return sum(
        1
        for each in _days(day_of(posted), day_of(listed))
        if Calendar.builtin().is_working_day(each) and posted < at_time(each, 9) and end_of(each) <= listed
    )


def _days(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(each) for each in range(first.toordinal(), last.toordinal() + 1))


def _without_syncing(connection: Any, _: Any) -> None:
    """These lives end with the test: no need to survive a power cut."""
    connection.execute("PRAGMA synchronous=OFF").close()


@pytest.mark.clause(
    "B3-1.3", "B3-4.5", "B3-4.6", "D-1", "D-5", "D-7", "M24-9.1", "M24-9.2", "M24-9.3", "M24-9.4", "M24-9.5",
    "M24-20a", "M24-20b", "M24-20c",
)  # fmt: skip
def test_whatever_happens_what_must_be_true_stays_true() -> None:
    run_state_machine_as_test(Lives, settings=settings(max_examples=45, stateful_step_count=40))

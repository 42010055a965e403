"""Random lives of a few institutions: whatever people and the clock do, what must be true stays true.

Five lives are led: one call of each text, both tracks, with quotas of the nation and of the province. What must be true
is reckoned here from the rows and the audit log alone, on the days of the typed notices, not by the rules under test.
"""

import atexit
import shutil
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
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
from states.calendar import at_time, day_of, start_of
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

OFFICE = Actor("示例经办人", Role.OFFICE)
PAPERS = (
    Paper("registration_certificate", "证书.txt", "业务范围：职业技能培训。".encode()),
    Paper("credit_record", "信用报告.pdf", b"%PDF-1.7 sample"),
)
USUAL = {
    "submitted": "recommend", "correcting": "resubmit", "recommended": "begin_review",
    "initial_review": "pass_initial", "expert_review": "conclude_review", "site_visit": "report_visit",
    "recheck": "publicise", "audit": "approve_result", "decision": "publicise", "listed": "apply_renewal",
    "renewal": "approve_renewal", "rectifying": "accept_rectification",
}  # fmt: skip
FIRST = {
    "submitted": "answer_warnings", "recommended": "receive_paper", "initial_review": "receive_paper",
    "expert_review": "record_result",
    "listed": "record_activity", "rectifying": "report_rectification",
}  # fmt: skip
SEATS = ("publicity", "listed", "renewal", "lapsing", "rectifying")
GIVEN_UP = ("not_applied", "inactive_first_term", "below_200")
LATER, LATER_FROM = "LATER", date(2025, 9, 1)


@dataclass(frozen=True)
class Kind:
    """A call and track to live through: what its rules say, and where its four applicants are at home."""

    call: str
    track: str
    occupation: str
    filed: datetime
    publicity: int
    seats: int
    by_province: bool = False
    offices: tuple[str, ...] = ("P50",)
    written: tuple[tuple[str, str], ...] = ()

    def office(self, number: int) -> str:
        return self.offices[number % len(self.offices)]

    def text(self) -> str:
        """The rule file of the call, its quota narrowed so that four applicants compete."""
        text = call_text(self.call)
        for old, new in self.written:
            assert old in text
            text = text.replace(old, new)
        return text


KINDS = {
    "B3": Kind("B3", "evaluation", "SJAQ", at_time(date(2024, 6, 3), 10), 5, 2),
    "CQ23 evaluation": Kind("CQ23", "evaluation", "RGZN", at_time(date(2023, 6, 5), 10), 5, 2),
    "CQ23 training": Kind(
        "CQ23", "training", "RGZN", at_time(date(2023, 6, 5), 10), 5, 2, by_province=True,
        written=(("value = 5, scope", "value = 2, scope"),),
    ),
    "I21": Kind("I21", "evaluation", "ZNZZ", at_time(date(2022, 4, 4), 10), 15, 2),
    "M24 training": Kind(
        "M24", "training", "SJAQ", at_time(date(2025, 3, 31), 10), 5, 1, by_province=True, offices=("P50", "P66"),
        written=(("value = 3, scope", "value = 1, scope"),),
    ),
}  # fmt: skip
APPLICANTS = range(1, 5)
STARTS = ("filed", "decision", "publicity", "listed", "near its end")

# How all four come to the decision, in the days after filing: which move, on which day, with what.
WAY: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("answer_warnings", 8, {"answer": "示例"}),
    ("recommend", 9, {"letter_no": "示例函1号", "letter_date": date(2022, 4, 1)}),
    ("receive_paper", 11, {}),
    ("begin_review", 14, {}),
    ("pass_initial", 28, {}),
    ("record_result", 29, {"votes_for": 5, "votes_cast": 7}),
    ("conclude_review", 71, {}),
    ("approve_result", 72, {}),
)


# The oracle: days counted one by one on the notices as they were typed.

NOTICES = tomllib.loads(
    (Path(__file__).parents[1] / "states" / "holiday_notices.toml").read_text(encoding="utf-8")
)
WORKED = frozenset(date.fromisoformat(each) for notice in NOTICES.values() for each in notice["worked"])
OFF = frozenset(
    date.fromordinal(each)
    for notice in NOTICES.values()
    for first, last in notice["off"]
    for each in range(date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal() + 1)
)


def is_worked(day: date) -> bool:
    return day in WORKED or (day.weekday() not in (5, 6) and day not in OFF)


def midnight_after(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 16, tzinfo=UTC)


def three_years_on(day: date) -> date:
    return date(day.year + 3, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def full_working_days(posted: datetime, listed: datetime) -> int:
    """Working days on which the notice stood from before the office opened (9:00, 1:00 UTC) to the end of the day."""
    first, last = posted.date(), listed.date()
    days = (date.fromordinal(each) for each in range(first.toordinal(), last.toordinal() + 2))
    return sum(
        is_worked(each)
        and posted < datetime(each.year, each.month, each.day, 1, tzinfo=UTC)
        and midnight_after(each) <= listed
        for each in days
    )


# The ground: a database in which four institutions have come so far, made once for each kind and start.


def form(kind: Kind, number: int, signed: date) -> ReadForm:
    """The sound form of one institution, signed on a day."""
    of = FormKind(kind.track)
    made = invented_application(
        Random(number), of, number=number, occupation=OCCUPATIONS[kind.occupation],
        office=OFFICES[kind.office(number)], day=day_of(kind.filed),
    )  # fmt: skip
    made = made.model_copy(update={"commitment": made.commitment.model_copy(update={"signed_on": signed})})
    return ReadForm(f"{number}.docx", f"{number:064d}", of, cells_of(made), made, ())  # type: ignore[arg-type]


def file(desk: Desk, kind: Kind, call: str, number: int, as_of: datetime) -> int:
    filed = file_application(
        desk, form(kind, number, day_of(as_of)), PAPERS, call=call, channel=OFFICES[kind.office(number)],
        by=OFFICE, as_of=as_of, store=lambda _: "0" * 64,
    )  # fmt: skip
    return filed.case_id


@cache
def renderer() -> Renderer:
    return Renderer()


@cache
def folder() -> Path:
    made = tempfile.TemporaryDirectory()
    atexit.register(made.cleanup)
    return Path(made.name)


@cache
def later_calls() -> Path:
    """A folder with a later call under the measures of 2024, for every kind to come back in."""
    text = call_text("M24").replace('code = "M24"', f'code = "{LATER}"').replace("sample = true\n", "")
    text = text.replace("2025-03-03", str(LATER_FROM)).replace("2025-04-11", "2040-12-31")
    text = text.replace('["RGZN", "SJAQ", "SZGL"]', '["RGZN", "SJAQ", "ZNZZ"]')
    (folder() / f"{LATER}.toml").write_text(text, encoding="utf-8")
    return folder()


@cache
def begun(name: str, start: str) -> tuple[Path, datetime]:
    """A database in which the four have come as far as ``start``, and the instant."""
    kind, path = KINDS[name], folder() / f"{name} {start}.db"
    at = STARTS.index(start)
    if at:
        before, now = begun(name, STARTS[at - 1])
        shutil.copyfile(before, path)
    engine = open_engine(sqlite_url(path))
    use_key(make_key())
    desk = Desk.on(engine, renderer=renderer())
    now = _opened(desk, kind) if not at else _one_further(desk, kind, start, now)
    engine.dispose()
    return path, now


def _opened(desk: Desk, kind: Kind) -> datetime:
    METADATA.create_all(desk.engine)
    open_call(desk, kind.call, by=OFFICE, as_of=kind.filed - timedelta(hours=1), rehearsing=True)
    with transaction(desk.engine) as tx:
        tx.run("UPDATE call SET rules = ?", (kind.text(),))
        for channel in kind.offices:
            tx.run(
                "INSERT INTO office_mailbox (channel, name, mail) VALUES (?, '示例厅', 'office@example.cn')",
                (channel,),
            )
    for number in APPLICANTS:
        file(desk, kind, kind.call, number, kind.filed)
    return kind.filed


def _one_further(desk: Desk, kind: Kind, start: str, now: datetime) -> datetime:
    if start == "decision":
        for name, days, inputs in WAY:
            now = kind.filed + timedelta(days=days)
            sweep(desk, as_of=now)
            for facts in every_case(desk):
                make(desk, name, facts, now, inputs)
    elif start == "publicity":
        now += timedelta(days=44, hours=7)
        for facts in every_case(desk)[:2]:
            make(desk, "publicise", facts, now, {})
    else:
        (due,) = {due for due in dues(desk, "list" if start == "listed" else "lapse") if due}
        now = due if start == "listed" else due - timedelta(days=93)
        sweep(desk, as_of=now)
    return now


def every_case(desk: Desk) -> Sequence[Facts]:
    with reading(desk.engine) as tx:
        return [
            each.facts for each in load(tx, [row[0] for row in tx.rows("SELECT id FROM cases ORDER BY id")])
        ]


def dues(desk: Desk, key: str) -> list[datetime | None]:
    with reading(desk.engine) as tx:
        return [instant(row[0]) for row in tx.rows("SELECT due FROM timer WHERE key = ?", (key,))]


def make(desk: Desk, name: str, facts: Facts, as_of: datetime, inputs: dict[str, Any]) -> None:
    """A move on the way, where the case's process knows it."""
    stage = desk.processes.process(facts.process).stages[facts.stage]
    move = next((each for each in stage.moves if each.name == name), None)
    if move is not None:
        advance(desk, name, [facts.id], by=who_may(move, facts), as_of=as_of, inputs=inputs)


def who_may(move: Move, facts: Facts) -> Actor:
    role = min(move.by, key=list(Role).index)
    if role is Role.CLOCK:
        return OFFICE  # nobody can be the clock
    own = {
        Role.APPLICANT: str(facts.institution_id), Role.RECOMMENDER: facts.channel, Role.PROVINCE: facts.province,
    }  # fmt: skip
    return Actor(f"示例{role.label}", role, own.get(role, ""))


class Lives(RuleBasedStateMachine):
    """Three years and more of four institutions that compete for the seats of one kind."""

    name = "B3"

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start: str) -> None:
        path, now = begun(self.name, start)
        self.kind = KINDS[self.name]
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

    @rule(pick=st.integers(0, 9), steps=st.integers(1, 12), hours=st.sampled_from([1, 30]))
    def it_goes_its_usual_way(self, pick: int, steps: int, hours: int) -> None:
        for _ in range(steps):
            self.usual_step(self.pick(pick).id)
            self.now += timedelta(hours=hours)

    @rule(
        pick=st.integers(0, 9),
        answer=st.sampled_from(["dismiss_objection", "uphold_objection", "republish", ""]),
    )
    def somebody_objects(self, pick: int, answer: str) -> None:
        """During publicity; answered at once or when the days are over already (D-2)."""
        shown = [facts for facts in every_case(self.desk) if facts.stage == "publicity"]
        if not shown:
            return
        facts = shown[pick % len(shown)]
        self.attempt("object", facts)
        if pick % 2:
            self.wait_for("list")
        if answer and self.case(facts.id).stage == "publicity":
            self.attempt(answer, self.case(facts.id))

    @rule(pick=st.integers(0, 9))
    def it_leaves_by_its_own_will(self, pick: int) -> None:
        facts = self.pick(pick)
        if pick < 2 and facts.term_no and facts.stage != "exited":
            self.attempt("withdraw_listing", facts)

    @rule(
        pick=st.integers(0, 9),
        active=st.booleans(),
        days=st.sampled_from([1, 100, 200]),
        decision=st.sampled_from(["approve_renewal", "refuse_renewal", ""]),
        to_the_end=st.booleans(),
    )
    def a_term_nears_its_end(
        self, pick: int, active: bool, days: int, decision: str, to_the_end: bool
    ) -> None:
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
        if to_the_end:
            self.now = max(self.now, midnight_after(last))
            sweep(self.desk, as_of=self.now)

    @rule(pick=st.integers(0, 9), days=st.sampled_from([1, 100, 200]), judged=st.booleans())
    def something_is_mended_while_a_renewal_waits(self, pick: int, days: int, judged: bool) -> None:
        """The clock must leave it alone: reported and not judged, or judged and back under review (D-5, D-11)."""
        facts = self.pick(pick)
        last = day(facts.term_last_day)
        if facts.stage != "listed" or last is None:
            return
        self.now = max(self.now, start_of(window_opens(last)))
        for name in (
            "record_activity", "apply_renewal", "order_rectification", "report_rectification",
            *(("accept_rectification",) if judged else ()),
        ):  # fmt: skip
            stage = self.desk.processes.process(facts.process).stages[self.case(facts.id).stage]
            if any(move.name == name for move in stage.moves):
                self.attempt(name, self.case(facts.id))
        self.now += timedelta(days=days)
        sweep(self.desk, as_of=self.now)

    @rule(pick=st.integers(0, 9), which=st.integers(0, 19), stranger=st.booleans(), soon=st.booleans())
    def somebody_does_something(self, pick: int, which: int, stranger: bool, soon: bool) -> None:
        facts = self.pick(pick)
        stage = self.desk.processes.process(facts.process).stages[facts.stage]
        moves = [*stage.moves, *clock_moves(stage)]
        if moves:
            self.attempt(moves[which % len(moves)].name, facts, stranger=stranger, soon=soon)

    @rule(
        name=st.sampled_from(
            sorted({*USUAL.values(), "object", "order_rectification", "withdraw", "remove"})
        ),
        pick=st.integers(0, 9),
    )
    def a_whole_batch_is_tried(self, name: str, pick: int) -> None:
        like = self.pick(pick)
        process = self.desk.processes.process(like.process)
        found = [move for stage in process.stages.values() for move in stage.moves if move.name == name]
        if not found:
            return
        ids = [facts.id for facts in every_case(self.desk) if facts.process == like.process]
        advance(
            self.desk, name, ids, by=who_may(found[0], like), as_of=self.now,
            inputs=self.stated(found[0], soon=True), partial=True,
        )  # fmt: skip

    @rule(number=st.sampled_from(APPLICANTS), off=st.sampled_from([-1, 0, 400]), onward=st.booleans())
    def it_applies_again_in_a_later_call(self, number: int, off: int, onward: bool) -> None:
        """About when its cooling-off ends, where there is one: the last second of it, the first after, long after."""
        barred = self.barred_until(number)
        if not self.rows("SELECT 1 FROM term"):
            return
        opens = at_time(LATER_FROM, 10)
        when = midnight_after(barred) + timedelta(seconds=min(off, 0), days=max(off, 0)) if barred else opens
        self.now = max(self.now, when, opens)
        sweep(self.desk, as_of=self.now)
        open_call(self.desk, LATER, by=OFFICE, as_of=self.now, folder=later_calls())
        barred = self.barred_until(number)
        try:
            filed = file(self.desk, self.kind, LATER, number, self.now)
        except Refused as refusal:
            if "M24-9.5" in str(refusal):
                assert barred is not None
                assert self.now < midnight_after(barred)
            return
        assert barred is None or self.now >= midnight_after(barred)
        for _ in range(9 if onward else 0):
            self.now += timedelta(hours=26)
            self.usual_step(filed)

    @invariant()
    def everything_hangs_together(self) -> None:
        assert check(self.desk, self.now).faults == []

    @invariant()
    def nobody_was_listed_before_full_publicity(self) -> None:
        """The last posting counts: after a republication the days run anew (D-2)."""
        for call, id_, starts in self.rows(
            "SELECT c.call, c.id, t.starts_at FROM cases c JOIN term t ON t.case_id = c.id AND t.number = 1"
        ):
            postings = [at for name, at in self.moves(id_) if name in ("publicise", "republish")]
            listed = instant(starts)
            assert listed is not None
            asked = self.kind.publicity if call == self.kind.call else 5
            assert full_working_days(postings[-1], listed) >= asked

    @invariant()
    def no_occupation_is_over_its_quota(self) -> None:
        marks = ", ".join(f"'{stage}'" for stage in SEATS)
        place = "province" if self.kind.by_province else "''"
        for _, count in self.rows(
            f"SELECT {place}, count(*) FROM cases WHERE call = ? AND stage IN ({marks}) GROUP BY occupation, {place}",
            self.kind.call,
        ):
            assert count <= self.kind.seats

    @invariant()
    def nobody_left_by_the_clock_with_a_timely_renewal_undecided(self) -> None:
        """By the log alone: whoever the clock let lapse or exit had not applied, or had been answered (D-5, D-4)."""
        for (id_,) in self.rows("SELECT id FROM cases WHERE term_no > 0"):
            pending = False
            for name, _ in self.moves(id_):
                assert not (pending and name in ("lapse", "exit"))
                if name == "apply_renewal":
                    pending = True
                elif name in ("approve_renewal", "refuse_renewal", "drop_renewal"):
                    pending = False

    @invariant()
    def nobody_has_two_live_terms(self) -> None:
        alive: dict[tuple[Any, ...], datetime] = {}
        for institution, track, occupation, starts, last, ended, renewing in self.rows(
            "SELECT t.institution_id, t.track, t.occupation, t.starts_at, t.last_day, t.ended_at,"
            " c.stage IN ('renewal', 'rectifying') AND c.term_no = t.number FROM term t JOIN cases c ON c.id = t.case_id"
            " ORDER BY t.starts_at, t.number"
        ):
            began, ends, left = instant(starts), day(last), instant(ended)
            assert began is not None
            assert ends is not None
            key = (institution, track, occupation)
            over = midnight_after(ends)
            end = left or (max(over, self.now) if renewing else over)
            if end > began:
                assert began >= alive.get(key, began)
                alive[key] = end

    @invariant()
    def who_gave_up_is_barred_for_three_years_and_nobody_else_is(self) -> None:
        for id_, ground, until, last in self.rows(
            "SELECT case_id, end_ground, cooling_until, last_day FROM term WHERE ended_at IS NOT NULL AND end_ground IS NOT NULL"
        ):
            ends = day(last)
            assert ends is not None
            if ground in GIVEN_UP:
                assert day(until) == three_years_on(ends)
            elif until is not None:
                # It had given up before it left in another way: the clock had let it lapse, or the day was past.
                assert day(until) == three_years_on(ends)
                assert self.had_given_up(id_, ends)

    @invariant()
    def nobody_filed_within_a_cooling_off(self) -> None:
        for institution, track, occupation, ended, last in self.rows(
            "SELECT institution_id, track, occupation, ended_at, last_day FROM term WHERE end_ground IN (?, ?, ?)",
            *GIVEN_UP,
        ):
            left, ends = instant(ended), day(last)
            assert left is not None
            assert ends is not None
            for (filed,) in self.rows(
                "SELECT filed_at FROM cases WHERE institution_id = ? AND track = ? AND occupation = ? AND filed_at IS NOT NULL",
                institution, track, occupation,
            ):  # fmt: skip
                when = instant(filed)
                assert when is not None
                assert when < left or when >= midnight_after(three_years_on(ends))

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.engine.dispose()
            self.folder.cleanup()

    def attempt(self, name: str, facts: Facts, *, stranger: bool = False, soon: bool = True) -> None:
        """Try a move; it happens, or it is refused in words and nothing changed."""
        move = self.desk.processes.process(facts.process).move(facts.stage, name)
        actor = Actor("外人", Role.APPLICANT, "0") if stranger else who_may(move, facts)
        stated = self.stated(move, soon=soon)
        if "application" in stated and soon:
            stated["application"] = self.drafted(facts, who_may(move, facts))
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

    def stated(self, move: Move, *, soon: bool) -> dict[str, Any]:
        return {ask.key: self._state(ask, soon) for ask in move.asks}

    def _state(self, ask: Ask, soon: bool) -> Any:
        if ask.choices:
            return ask.choices[0][0]
        if ask.kind is date:
            return day_of(self.now) + timedelta(days=30 if soon else -1)
        if ask.kind is int and ask.required:
            return {"votes_for": 5 if soon else 2, "votes_cast": 7, "year": self.now.year}.get(ask.key, 300)
        return "示例" if ask.required else None

    def usual_step(self, id_: int) -> None:
        """What usually happens next to a case; in publicity, to wait for its end."""
        facts = self.case(id_)
        for name in (FIRST.get(facts.stage), USUAL.get(facts.stage)):
            if (name and name != "record_activity") or (facts.activity == 0 and name):
                self.attempt(name, self.case(id_))
        if facts.stage == "publicity":
            self.wait_for("list")

    def wait_for(self, key: str) -> None:
        """Until the next timer of that name is due, and the clock has come by."""
        self.now = max([self.now, *(due for due in dues(self.desk, key) if due)][:2])
        sweep(self.desk, as_of=self.now)

    def pick(self, number: int) -> Facts:
        cases = every_case(self.desk)
        return cases[number % len(cases)]

    def case(self, id_: int) -> Facts:
        with reading(self.engine) as tx:
            return load(tx, [id_])[0].facts

    def moves(self, id_: int) -> list[tuple[str, datetime]]:
        """What moved a case, and when it took effect, in order."""
        found = self.rows(
            "SELECT name, at FROM audit WHERE case_id = ? AND kind = 'move' ORDER BY version", id_
        )
        return [(name, when) for name, at in found if (when := instant(at)) is not None]

    def had_given_up(self, id_: int, ends: date) -> bool:
        """Whether its time to apply was over when it left, without an application that waited."""
        names = [name for name, _ in self.moves(id_)]
        return "lapse" in names or "refuse_renewal" in names or self.left_late(id_, ends)

    def left_late(self, id_: int, ends: date) -> bool:
        (_, left) = self.moves(id_)[-1]
        months_before = (ends.year * 12 + ends.month - 1) - 3
        return left >= datetime(months_before // 12, months_before % 12 + 1, 1, tzinfo=UTC)

    def barred_until(self, number: int) -> date | None:
        """The last day on which the institution may not file, reckoned from how its terms ended."""
        found = self.rows(
            "SELECT last_day FROM term WHERE institution_id = ? AND cooling_until IS NOT NULL", number
        )
        return max((three_years_on(last) for (text,) in found if (last := day(text))), default=None)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with reading(self.engine) as tx:
            return tx.rows(sql, values)


def _without_syncing(connection: Any, _: Any) -> None:
    """These lives end with the test: no need to survive a power cut."""
    connection.execute("PRAGMA synchronous=OFF").close()


@pytest.mark.clause(
    "B3-1.3", "CQ23-1.3a", "CQ23-1.3b", "I21-4.5", "CQ23-4.4", "B3-4.5", "B3-4.6", "M24-7.4", "M24-8", "D-1", "D-2", "D-5",
    "D-7", "D-13", "D-14", "M24-9.1", "M24-9.2", "M24-9.3", "M24-9.4", "M24-9.5", "M24-20a", "M24-20b", "M24-20c", "M24-23",
)  # fmt: skip
@pytest.mark.parametrize("name", sorted(KINDS))
def test_whatever_happens_what_must_be_true_stays_true(name: str) -> None:
    lives = type(f"Lives of {name}", (Lives,), {"name": name})  # a name of its own: chances of its own
    run_state_machine_as_test(lives, settings=settings(max_examples=40, stateful_step_count=40))

"""The invented experts: they read their letters, answer by link and code, read, mark and vote.

Each knows what stands in its own letters and no more; what it is going to do follows the part its panel plays.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from casework.actors import Actor
from casework.ballots.casting import cast
from casework.ballots.content import Sheet
from casework.ballots.sheets import new_resume_code, save_sheet, saved_sheets
from casework.panels.answering import answer, look_at_invitation
from casework.panels.entering import SeatSession, ask_for_link, enter
from casework.panels.links import INVITATION, REVIEW
from casework.panels.materials import cases_to_read, materials
from casework.panels.panel import panel_in, plan_of, rules_of
from casework.panels.statement import Statement
from casework.rehearsal import words
from casework.rehearsal.opinions import opinions
from casework.rehearsal.world import World
from notifications.mail import OutgoingMail
from records.transaction import reading, transaction
from states.calendar import SHANGHAI, at_time, day_of
from states.recusal import Organisation, OwnRecusal, Tie, TieKind
from states.roles import Role

EXPERT = Actor("expert", Role.PANEL)
"""Whom the report names when an expert is turned away: nobody."""
_LINK = re.compile(r"/expert/(?P<purpose>\w+)/(?P<token>[\w-]+)")
_CODE = re.compile(r"验证码是 (\d{6})")
_ABOUT = re.compile(r"<(?P<panel>[\w-]+)\.(?P<place>\d+)\.(?P<letter>\w+)\.(?P<occasion>.+)@")
_ROUND = re.compile(r"round(\d+)$")
_DECLINES, _KEEPS_SILENT = 2, 5
_ADVISES, _SAME_SOCIETY = 3, 4
"""The seats whose first holders do so, on the panel whose part it is."""
_WAKES, _SLEEPS = 8, 22


@dataclass(slots=True)
class _Seat:
    """What an expert knows of a seat: the last link and its code, and what it has done."""

    panel: str
    place: int
    round: int = 1
    purpose: str = ""
    token: str = ""
    code: str = ""
    resume: str = ""
    mistyped: bool = False
    meets: datetime | None = None
    voted: bool = False


@dataclass(slots=True)
class _Expert:
    mail: str
    name: str
    seats: dict[str, _Seat] = field(default_factory=dict)


class Experts:
    """Everybody in the pool, by mailbox."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._people: dict[str, _Expert] = {}

    def join(self, mail: str, name: str) -> None:
        """Somebody of this mailbox and name is in the pool now, and reads letters."""
        self._people[mail] = _Expert(mail, name)
        self._world.pigeonhole.readers[mail] = self._read

    def _read(self, letter: OutgoingMail) -> None:
        about = _ABOUT.match(letter.message_id)
        expert = self._people[letter.recipient]
        if about is None:
            return
        seat = expert.seats.setdefault(about["panel"], _Seat(about["panel"], int(about["place"])))
        if round_ := _ROUND.search(about["occasion"]):
            seat.round = int(round_[1])
        if link := _LINK.search(letter.body):
            seat.purpose, seat.token = link["purpose"], link["token"]
        if code := _CODE.search(letter.body):
            seat.code = code[1]
            self._act_on(expert, seat, about["occasion"].partition(".")[0])

    def _act_on(self, expert: _Expert, seat: _Seat, letter: str) -> None:
        """Link and code are both there: put down what this expert will do with them."""
        dice = self._world.dice(f"{letter}/{seat.panel}/{seat.place}")
        match letter:
            case "expert_invited":
                self._in(dice.randrange(3, 26), lambda: self._answer(expert, seat))
            case "expert_confirmed":
                self._in(dice.randrange(1, 5), lambda: self._look_through(seat))
                self._at_the_meeting(expert, seat)
            case "expert_ballot_due" | "expert_link":
                if self._votes_now(seat):
                    self._in(dice.randrange(1, 3) / 4, lambda: self._vote(expert, seat))

    def _at_the_meeting(self, expert: _Expert, seat: _Seat) -> None:
        """Most ask for a link when the panel meets; every third waits for the reminder."""
        seat.meets = self._meets(seat)
        if seat.meets is not None and seat.place % 3 and not self._reluctant(seat):
            asks, desk = seat.meets + timedelta(minutes=7 * seat.place), self._world.desk
            self._world.agenda.at(asks, lambda: ask_for_link(desk, expert.mail, as_of=self._world.now))

    def _meets(self, seat: _Seat) -> datetime | None:
        with reading(self._world.desk.engine) as tx:
            return panel_in(tx, seat.panel).meets_at

    def _votes_now(self, seat: _Seat) -> bool:
        """Whether a link is used to vote: a link asked for opens every panel the expert sits on, met or not."""
        begun = seat.meets is not None and seat.meets <= self._world.now
        return begun and not seat.voted and not self._reluctant(seat)

    def _reluctant(self, seat: _Seat) -> bool:
        """Whether this expert votes only when the vote goes on: so many that the quorum is missed at first."""
        world = self._world
        return (
            world.course.panels.get(seat.panel) == "short_of_quorum"
            and seat.panel not in world.course.extended
            and seat.place % 2 == 0
        )

    def _in(self, hours: float, act: Callable[[], object]) -> None:
        self._world.agenda.at(_awake(self._world.now + timedelta(hours=hours)), act)

    def _tried(self, seat: _Seat, what: str, act: Callable[[], object]) -> bool:
        return self._world.tries(EXPERT, what, f"{seat.panel}第{seat.place}席", act) is not None

    def _answer(self, expert: _Expert, seat: _Seat) -> None:
        """Accept, decline or keep silent, as the part has it; one mistypes the code first."""
        world, part = self._world, self._world.course.panels.get(seat.panel, "")
        desk, first = world.desk, seat.round == 1
        if part == "declined_and_silent" and first and seat.place == _KEEPS_SILENT:
            return
        if part == "conflict_at_acceptance" and first and seat.place == 1 and not seat.mistyped:
            seat.mistyped, wrong = True, f"{(int(seat.code) + 1) % 10**6:06d}"
            self._tried(
                seat, "打开邀请", lambda: look_at_invitation(desk, seat.token, wrong, as_of=world.now)
            )
            self._in(0.1, lambda: self._answer(expert, seat))
            return

        def given() -> object:
            if part == "declined_and_silent" and first and seat.place == _DECLINES:
                return answer(desk, seat.token, seat.code, "decline", as_of=world.now, reason=words.DECLINES)
            shown = look_at_invitation(desk, seat.token, seat.code, as_of=world.now)
            signed = _statement(expert, seat, part, shown.institutions)
            return answer(desk, seat.token, seat.code, "accept", signed, as_of=world.now)

        self._tried(seat, "答复邀请", given)

    def _enter(self, seat: _Seat) -> SeatSession | None:
        world = self._world
        return world.tries(
            EXPERT, "进入评审", f"{seat.panel}第{seat.place}席",
            lambda: enter(world.desk, seat.token, seat.code, as_of=world.now),
        )  # fmt: skip

    def _look_through(self, seat: _Seat) -> None:
        """Read every case there is to judge."""
        desk, now = self._world.desk, self._world.now
        if seat.purpose != REVIEW or (session := self._enter(seat)) is None:
            return
        for no, _, judged in cases_to_read(desk, session, as_of=now):
            if judged:
                self._tried(seat, "查阅材料", partial(materials, desk, session, no, as_of=now))

    def _vote(self, expert: _Expert, seat: _Seat) -> None:
        """Mark every case, sign, and cast; some put it off half-way, forget one, or try twice."""
        world = self._world
        if seat.purpose == INVITATION or seat.voted or (session := self._enter(seat)) is None:
            return
        desk, now = world.desk, world.now
        judged = [no for no, _, mine in cases_to_read(desk, session, as_of=now) if mine]
        with reading(desk.engine) as tx:
            panel = panel_in(tx, seat.panel)
            criteria = plan_of(panel, rules_of(tx, panel)).criteria
        waiting = {each.facts.no: each.facts for each in world.cases(nos=tuple(judged))}
        said = opinions(world, seat.panel, seat.place, judged, criteria)
        sheets = {
            waiting[no].id: sheet
            for no, sheet in said.items()
            if waiting[no].stage in ("expert_review", "site_visit")
        }
        if seat.place == 1 and not seat.resume:
            self._put_off(expert, seat, session, sheets)
            return
        if seat.resume:
            with reading(desk.engine) as tx:
                sheets |= saved_sheets(tx, session.seat_id, seat.resume)
        if seat.place == 3 and len(sheets) > 1:
            self._tried(seat, "投票", lambda: self._cast(expert, session, dict([*sheets.items()][1:])))
        seat.voted = self._tried(seat, "投票", lambda: self._cast(expert, session, sheets))
        if seat.voted and seat.place == 2:
            self._tried(seat, "再次投票", lambda: self._cast(expert, session, sheets))

    def _put_off(self, expert: _Expert, seat: _Seat, session: SeatSession, sheets: dict[int, Sheet]) -> None:
        """Save one sheet under a code only this expert has, and come back by another link an hour later."""
        world, (case, sheet) = self._world, next(iter(sheets.items()))
        seat.resume = new_resume_code()

        def saved() -> object:
            with transaction(world.desk.engine) as tx:
                save_sheet(tx, world.desk, session.seat_id, case, sheet, seat.resume, as_of=world.now)
            return seat

        self._tried(seat, "保存评分表", saved)
        self._in(1, lambda: ask_for_link(world.desk, expert.mail, as_of=world.now))

    def _cast(self, expert: _Expert, session: SeatSession, sheets: dict[int, Sheet]) -> object:
        with transaction(self._world.desk.engine) as tx:
            return cast(tx, self._world.desk, session.seat_id, sheets, expert.name, as_of=self._world.now)


def _statement(expert: _Expert, seat: _Seat, part: str, cases: tuple[tuple[str, str], ...]) -> Statement:
    """What the expert signs: in some parts, something the record does not know."""
    signed = Statement(expert.name, keeps_confidence=True)
    no, institution = cases[0]
    there = Organisation(institution)
    if part == "conflict_at_acceptance" and seat.round == 1:
        if seat.place == _ADVISES:
            return replace(signed, ties=(Tie(TieKind.ADVISORY, there, "", words.FRESH_TIE),))
        if seat.place == _SAME_SOCIETY:
            return replace(signed, ties=(Tie(TieKind.OTHER, there, "", words.SAME_SOCIETY),))
    if part == "recusal_per_case" and seat.place == 1 and len(cases) > 1:
        return replace(signed, recuses=(OwnRecusal(no, words.STEPS_BACK),))
    return signed


def _awake(at: datetime) -> datetime:
    """The instant itself, or half past eight when it falls into the night (Shanghai)."""
    hour = at.astimezone(SHANGHAI).hour
    if _WAKES <= hour < _SLEEPS:
        return at
    day = day_of(at) + timedelta(days=hour >= _SLEEPS)
    return at_time(day, _WAKES, 30)

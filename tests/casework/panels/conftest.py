"""A call under expert review, a pool of invented experts, and people who plan, commit, supervise and answer."""

import json
import re
from datetime import datetime
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from casework.actors import Actor
from casework.desk import Desk
from casework.filed_forms import keep_form
from casework.intake.sample_institutions import invented_application
from casework.panels.answering import Answered, answer
from casework.panels.committing import Committed, commit
from casework.panels.drawing import Drew, draw
from casework.panels.planning import plan_panels
from casework.panels.statement import Statement
from casework.pool.profile import Profile
from records.crypt import make_key, use_key
from records.tables import Expert, Panel, PanelLetter, Seat
from records.transaction import transaction
from states.calendar import SHANGHAI
from states.forms import FormKind
from states.occupations import OCCUPATIONS
from states.places import OFFICES, PROVINCES
from states.roles import Role

DIGITS, SOURCE = "0713223142705", "示例彩票第2024089期"
NOTHING = Profile(employment=(), ties=(), legal_representative="", shareholders=(), service=())
FAMILIES, GIVEN = "赵钱孙李周吴郑王冯陈", "一二三四五六七八九十"


def shanghai(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


PLANNED = shanghai(2024, 7, 2, 9)
COMMITTED = shanghai(2024, 7, 3, 9)
DRAWN = shanghai(2024, 7, 3, 15)


class Ground:
    """The third batch with cases under review, and a pool to draw from."""

    def __init__(self, desk: Desk, programme: Any) -> None:
        self.desk, self.programme = desk, programme
        self.office = Actor("示例经办人", Role.OFFICE)
        self.supervisor = Actor("示例监督员", Role.AUDITOR)
        self.cases: list[int] = []

    def under_review(self, count: int = 2, occupation: str = "SJAQ") -> list[int]:
        """Cases with filed forms, brought to expert review on 1 July 2024."""
        begun = self.programme.begin(count, occupation=occupation)
        with transaction(self.desk.engine) as tx:
            for id_ in begun:
                form = invented_application(
                    Random(id_), FormKind.EVALUATION, number=id_, occupation=OCCUPATIONS[occupation],
                    office=OFFICES["P50"], day=shanghai(2024, 6, 3).date(),
                )  # fmt: skip
                keep_form(tx, id_, form, at=shanghai(2024, 6, 3, 10), source="test")
        self.cases += self.programme.bring(begun, "expert_review")
        return begun

    def experts(self, count: int, *, first: int = 1, profile: Profile = NOTHING, **values: Any) -> None:
        """Experts E-0001 and on, each of an employer of its own, spread over the provinces, all of the field."""
        with Session(self.desk.engine) as session:
            for n in range(first, first + count):
                row: dict[str, Any] = {
                    "code": f"E-{n:04d}",
                    "name": f"{FAMILIES[n % 10]}示例{GIVEN[n // 10 % 10]}{GIVEN[n % 7]}",
                    "identity_mark": f"mark-{n}", "employer": f"示例研究院{n}号", "uscc": f"91500000MA5U{n:05d}X",
                    "province": PROVINCES[n % 31].region, "fields": "SJAQ", "mail": f"expert{n}@pool.example.cn",
                    "nonce": f"{n:064x}", "profile": profile.to_json(), "added_at": PLANNED, "updated_at": PLANNED,
                }  # fmt: skip
                session.add(Expert(**{**row, **values}))
            session.commit()

    def plan(self, **overrides: Any) -> str:
        """A panel of five on data security; its number."""
        asked = {"size": 5, **overrides}
        return plan_panels(self.desk, "B3", by=self.office, as_of=PLANNED, overrides=asked)[0].no

    def commit(self, no: str, **given: Any) -> Committed:
        return commit(self.desk, no, **{"by": self.office, "as_of": COMMITTED, "secret": "5e" * 32, **given})

    def draw(self, no: str, **given: Any) -> Drew:
        asked = {"digits": DIGITS, "source": SOURCE, "supervisor": self.supervisor, "as_of": DRAWN, **given}
        return draw(self.desk, no, **asked)

    def seated(self, **overrides: Any) -> str:
        """A panel that was planned, committed to and drawn on 3 July 2024; its number."""
        no = self.plan(**overrides)
        self.commit(no)
        self.draw(no)
        return no

    def panel(self, no: str) -> Panel:
        with Session(self.desk.engine) as session:
            return session.exec(select(Panel).where(Panel.no == no)).one()

    def seats(self, no: str) -> list[Seat]:
        """Every seat of a panel, by number."""
        with Session(self.desk.engine) as session:
            asked = select(Seat).where(Seat.panel_id == self.panel(no).id).order_by(col(Seat.place))
            return list(session.exec(asked))

    def states(self, no: str) -> list[str]:
        return [seat.state for seat in self.seats(no)]

    def expert_at(self, seat: Seat) -> Expert:
        with Session(self.desk.engine) as session:
            return session.get_one(Expert, seat.expert_id)

    def letters(self, seat: Seat) -> list[PanelLetter]:
        """The letters to the holder of a seat, in order."""
        with Session(self.desk.engine) as session:
            asked = select(PanelLetter).where(PanelLetter.seat_id == seat.id).order_by(col(PanelLetter.id))
            return list(session.exec(asked))

    def link(self, seat: Seat) -> tuple[str, str]:
        """The token and the code of the last link a seat was sent, as its holder reads them in two letters."""
        bodies = [letter.body for letter in self.letters(seat)]
        tokens = [found[1] for body in bodies if (found := re.search(r"/expert/\w+/([\w-]+)", body))]
        codes = [found[1] for body in bodies if (found := re.search(r"验证码是 (\d{6})", body))]
        return tokens[-1], codes[-1]

    def answer(self, seat: Seat, choice: str = "accept", *, as_of: datetime, **declared: Any) -> Answered:
        """The holder of a seat answers by the link, signing with the name on record."""
        token, code = self.link(seat)
        statement = Statement(self.expert_at(seat).name, keeps_confidence=True, **declared)
        return answer(self.desk, token, code, choice, statement, as_of=as_of)  # type: ignore[arg-type]

    def confirmed(self, **overrides: Any) -> str:
        """A panel all of whose members accepted the day after the draw; its number."""
        no = self.seated(**overrides)
        for seat in self.seats(no):
            self.answer(seat, as_of=shanghai(2024, 7, 4, 10))
        return no

    def staff(self, login: str, role: Role, scope: str = "") -> Actor:
        """An account that gets letters."""
        self.programme.spoil(
            "INSERT INTO person (login, name, mail, role, scope, digest, created_at) VALUES (?,?,?,?,?,1,?)",
            login, f"示例{login}", f"{login}@office.example.cn", str(role), scope, PLANNED,
        )  # fmt: skip
        return Actor(login, role, scope)

    def told(self, letter: str) -> list[str]:
        """The subjects of letters of a kind to staff."""
        rows = self.programme.rows("SELECT subject FROM letter WHERE letter = ? ORDER BY id", letter)
        return [row[0] for row in rows]

    def noted(self, name: str) -> list[dict[str, Any]]:
        """The details of the audit entries of a name about panels."""
        rows = self.programme.rows(
            "SELECT detail FROM audit WHERE kind = 'panel' AND name = ? ORDER BY seq", name
        )
        return [json.loads(row[0]) for row in rows]


@pytest.fixture
def key() -> str:
    """The key of this test's database, for another process that opens it."""
    return make_key()


@pytest.fixture
def engine(engine: Engine, key: str) -> Engine:
    """The empty database, with the key above."""
    use_key(key)
    return engine


@pytest.fixture
def ground(desk: Desk, programme: Any) -> Ground:
    """Two cases on data security under review, and forty experts of the field."""
    made = Ground(desk, programme)
    made.under_review()
    made.experts(40)
    return made

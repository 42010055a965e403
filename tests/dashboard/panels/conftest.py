"""A call under expert review with a pool to draw from, experts who read their letters, and a vote to open."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlmodel import Session

from casework.actors import Actor
from casework.ballots.casting import cast
from casework.ballots.content import Sheet
from casework.ballots.counting import count_ballots
from casework.ballots.keys import prepare_keys
from casework.ballots.opening import open_ballots
from casework.ballots.panel import panel_of, plan_of
from casework.ballots.passphrases import CHEAP
from casework.ballots.presenting import SharesInHand, present
from casework.desk import Desk
from casework.filed_forms import keep_form
from casework.intake.sample_institutions import invented_application
from casework.panels.answering import answer
from casework.panels.committing import commit
from casework.panels.drawing import draw
from casework.panels.letters import owe_entry
from casework.panels.panel import panel_in
from casework.panels.planning import plan_panels
from casework.panels.seat import seats_of
from casework.panels.statement import Statement
from casework.panels.sweep import sweep_panels
from casework.pool.profile import Profile
from records.crypt import decrypt
from records.tables import Expert
from records.transaction import reading, transaction
from states.forms import FormKind
from states.occupations import OCCUPATIONS
from states.places import OFFICES, PROVINCES
from states.roles import Role
from states.tally import Vote

NOTHING = Profile(employment=(), ties=(), legal_representative="", shareholders=(), service=())
OFFICE = Actor("office.x", Role.OFFICE)
AUDITOR = Actor("auditor.x", Role.AUDITOR)
PASSPHRASES = {"office.x": "杏花 春雨 江南 驿路 石桥 灯火", "head.x": "青瓷 远山 渡口 秋霜 书简 木鱼"}


class Panels:
    """What the tests do about a panel behind the pages' back."""

    def __init__(self, desk: Desk, now: Any) -> None:
        self.desk, self.now = desk, now

    def plan(self, **given: Any) -> str:
        return plan_panels(
            self.desk, "B3", by=OFFICE, as_of=self.now(), overrides={"size": 3, "quorum": 2, **given}
        )[0].no

    def seated(self, **given: Any) -> str:
        no = self.plan(**given)
        commit(self.desk, no, by=OFFICE, as_of=self.now(), secret="5e" * 32)
        draw(self.desk, no, digits="0713223142705", source="示例彩票", supervisor=AUDITOR, as_of=self.now())
        return no

    def letters(self, no: str) -> dict[int, dict[str, str]]:
        """Of each seat: the last link and code it was sent, and the holder's name."""
        found: dict[int, dict[str, str]] = {}
        with reading(self.desk.engine) as tx:
            rows = tx.rows(
                "SELECT s.place, e.name, l.body FROM panel_letter l JOIN seat s ON s.id = l.seat_id JOIN panel p"
                " ON p.id = s.panel_id JOIN expert e ON e.id = s.expert_id WHERE p.no = ? ORDER BY l.id",
                (no,),
            )
        for place, name, sealed in rows:
            body, one = decrypt(sealed), found.setdefault(place, {"name": name})
            if link := re.search(r"/expert/\w+/[\w-]+", body):
                one["link"] = link[0]
            if code := re.search(r"验证码是 (\d{6})", body):
                one["code"] = code[1]
        return found

    def voting(self) -> str:
        """A panel that votes, everybody confirmed, until the next day but one."""
        meets = self.now() + timedelta(hours=1)
        no = self.seated(meets_at=meets, closes_at=meets + timedelta(hours=30))
        for one in self.letters(no).values():
            token = one["link"].rpartition("/")[2]
            signed = Statement(one["name"], keeps_confidence=True)
            answer(self.desk, token, one["code"], "accept", signed, as_of=self.now())
        with transaction(self.desk.engine) as tx:
            id_ = panel_in(tx, no).id
            prepare_keys(tx, id_, PASSPHRASES, 2, by=OFFICE, as_of=self.now(), cost=CHEAP)
        self.now.at = meets
        sweep_panels(self.desk, as_of=self.now())
        return no

    def tallied(self, by: Actor = OFFICE) -> str:
        """A panel that recommended every case, opened by two officers and counted."""
        no, hand = self.voting(), SharesInHand()
        with transaction(self.desk.engine) as tx:
            panel = panel_of(tx, panel_in(tx, no).id)
            marks = dict.fromkeys(plan_of(self.desk, panel).criteria, 5)
            names = {place: one["name"] for place, one in self.letters(no).items()}
            for seat in seats_of(tx, panel.id):
                sheets = {id_: Sheet(Vote.RECOMMEND, marks) for id_ in panel.cases}
                cast(tx, self.desk, seat.id, sheets, names[seat.place], as_of=self.now())
        self.now.at += timedelta(hours=31)
        for login, passphrase in PASSPHRASES.items():
            present(self.desk, panel.id, login, passphrase, hand, as_of=self.now())
        open_ballots(self.desk, panel.id, hand, as_of=self.now())
        count_ballots(self.desk, panel.id, by=by, as_of=self.now())
        return no

    def new_links(self, no: str) -> dict[int, dict[str, str]]:
        self.now.at += timedelta(minutes=1)
        with transaction(self.desk.engine) as tx:
            panel = panel_in(tx, no)
            for seat in seats_of(tx, panel.id):
                owe_entry(
                    tx, self.desk, panel, seat, "expert_link", "review", self.now().isoformat(), self.now()
                )
        return self.letters(no)


@pytest.fixture
def panels(desk: Desk, filed: Callable[[int], list[int]], now: Any, account: Callable[..., int]) -> Panels:
    """Two cases on data security under review, forty experts of the field, and the accounts of officers."""
    day = date(2024, 6, 3)
    ids = filed(2)
    with transaction(desk.engine) as tx:
        for id_ in ids:
            form = invented_application(
                Random(id_), FormKind.EVALUATION, number=id_, occupation=OCCUPATIONS["SJAQ"], office=OFFICES["P50"],
                day=day,
            )  # fmt: skip
            keep_form(tx, id_, form, at=now(), source="test")
            tx.run(
                "UPDATE institution SET name = ?, uscc = ? WHERE id = (SELECT institution_id FROM cases WHERE id = ?)",
                (form.institution, form.uscc, id_),
            )
        tx.run("UPDATE cases SET stage = 'expert_review'")
    with Session(desk.engine) as session:
        for n in range(1, 41):
            session.add(
                Expert(
                    code=f"ZJ{n:06d}",
                    name=f"示例专家{n}",
                    identity_mark=f"mark-{n}",
                    employer=f"示例研究院{n}号",
                    uscc=f"91500000MA5U{n:05d}X",
                    province=PROVINCES[n % 31].region,
                    fields="SJAQ",
                    mail=f"expert{n}@pool.example.cn",
                    nonce=f"{n:064x}",
                    profile=NOTHING.to_json(),
                    added_at=now(),
                    updated_at=now(),
                )
            )
        session.commit()
    account(Role.OFFICE, "", "office.x")
    account(Role.HEAD, "", "head.x")
    return Panels(desk, now)

"""A panel of seven that votes on three cases, its three officers, and what each of them does."""

from collections.abc import Mapping
from datetime import date as calendar_date
from datetime import datetime
from random import Random
from typing import Any

import pytest

from casework.actors import Actor
from casework.ballots.casting import Receipt, cast
from casework.ballots.content import Sheet
from casework.ballots.counting import Counted, count_ballots
from casework.ballots.keys import prepare_keys
from casework.ballots.opening import Opened, open_ballots
from casework.ballots.panel import PanelOfCases, panel_of, plan_of
from casework.ballots.passphrases import CHEAP
from casework.ballots.presenting import Presented, SharesInHand, present
from casework.ballots.rechecking import Recheck, Rechecked
from casework.desk import Desk
from casework.filing import file_application
from casework.handed_in import Paper
from casework.intake.reading import ReadForm
from casework.intake.sample_institutions import invented_application
from casework.intake.wording import cells_of
from casework.people import add_user
from casework.pool.profile import Profile
from records.crypt import encrypt
from records.transaction import Transaction, reading, transaction
from states.calendar import at_time
from states.forms import FormKind
from states.occupations import OCCUPATIONS
from states.places import OFFICES
from states.roles import Role
from states.tally import Vote

PASSPHRASES = {
    "office.jia": "青瓦 Lotus 七只 kettle 远山 42",
    "office.yi": "Harbour 白鹭 lantern 三更 river 7",
    "head.bing": "旧书 velvet 竹影 compass 北窗 19",
}
KNOWN = Profile((), (), "示例院长", (), ()).to_json()
"""Everything is known of these experts, and nothing speaks against them."""
CLERK = Actor("office.ding", Role.OFFICE)


def day(month: int, date: int, hour: int = 10) -> datetime:
    return at_time(calendar_date(2024, month, date), hour)


KEYED, VOTES, CLOSES, OPENED = day(7, 2), day(7, 8), day(7, 10, 18), day(7, 11)


def nothing_new(_: Transaction, __: PanelOfCases, ___: datetime) -> Rechecked:
    return Rechecked()


class Board:
    """A panel and everything that is done at it."""

    def __init__(self, desk: Desk, cases: list[int], no: str = "B3-SJAQ-Z01", size: int = 7) -> None:
        self.desk, self.case_ids, self.no, self.size = desk, cases, no, size
        self.hand = SharesInHand()
        with transaction(desk.engine) as tx:
            self.panel_id = self._panel(tx)
            self.seats = [self._seat(tx, place) for place in range(1, size + 1)]

    @property
    def panel(self) -> PanelOfCases:
        """The panel as it now stands."""
        with reading(self.desk.engine) as tx:
            return panel_of(tx, self.panel_id)

    def keys(
        self, needed: int = 2, passphrases: Mapping[str, str] = PASSPHRASES, as_of: datetime = KEYED
    ) -> str:
        """The office prepares the keys."""
        with transaction(self.desk.engine) as tx:
            return prepare_keys(tx, self.panel_id, passphrases, needed, by=CLERK, as_of=as_of, cost=CHEAP)

    def begin_voting(self) -> None:
        """The panel meets."""
        self.spoil("UPDATE panel SET state = 'voting' WHERE id = ?", self.panel_id)

    def sheet(self, vote: Vote = Vote.RECOMMEND, share: float = 0.8, comment: str = "") -> Sheet:
        """A complete sheet with marks at about this share of the full ones."""
        full = plan_of(self.desk, self.panel).criteria
        marks = {} if vote is Vote.ABSTAIN else {key: round(most * share) for key, most in full.items()}
        return Sheet(vote, marks, comment)

    def vote(
        self,
        seat: int,
        *votes: Vote,
        as_of: datetime = VOTES,
        signature: str | None = None,
        comment: str = "",
    ) -> Receipt:
        """The expert of a seat votes on the cases in order; the last vote stands for those after it."""
        given = list(votes or [Vote.RECOMMEND])
        given += [given[-1]] * (len(self.case_ids) - len(given))
        sheets = {
            id_: self.sheet(vote, comment=comment) for id_, vote in zip(self.case_ids, given, strict=True)
        }
        return self.cast(seat, sheets, as_of=as_of, signature=signature)

    def cast(
        self, seat: int, sheets: Mapping[int, Sheet], as_of: datetime = VOTES, signature: str | None = None
    ) -> Receipt:
        """The expert of a seat casts these sheets."""
        name = f"示例专家{self.seats.index(seat) + 1}" if signature is None else signature
        with transaction(self.desk.engine) as tx:
            return cast(tx, self.desk, seat, sheets, name, as_of=as_of)

    def present(self, officer: str, passphrase: str | None = None, as_of: datetime = OPENED) -> Presented:
        """An officer presents the share."""
        said = PASSPHRASES[officer] if passphrase is None else passphrase
        return present(self.desk, self.panel_id, officer, said, self.hand, as_of=as_of)

    def open(self, *officers: str, as_of: datetime = OPENED, recheck: Recheck = nothing_new) -> Opened:
        """These officers open the ballots together; two of them unless said otherwise."""
        for officer in officers or ("office.jia", "office.yi"):
            self.present(officer, as_of=as_of)
        return open_ballots(self.desk, self.panel_id, self.hand, as_of=as_of, recheck=recheck)

    def count(self, by: Actor = CLERK, as_of: datetime = OPENED) -> Counted:
        """The clerk counts."""
        return count_ballots(self.desk, self.panel_id, by=by, as_of=as_of)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What is in the database."""
        with reading(self.desk.engine) as tx:
            return tx.rows(sql, values)

    def spoil(self, sql: str, *values: Any) -> None:
        """Change the database behind everybody's back."""
        with transaction(self.desk.engine) as tx:
            tx.run(sql, values)

    def noted(self, name: str) -> list[tuple[str, str]]:
        """Who and what the audit log says under a name."""
        return [
            (actor, detail)
            for actor, detail in self.rows(
                "SELECT actor, detail FROM audit WHERE name = ? ORDER BY seq", name
            )
        ]

    def _panel(self, tx: Transaction) -> int:
        row = tx.run(
            "INSERT INTO panel (no, version, call, track, occupation, state, size, quorum, per_employer, per_province,"
            " of_field, recusal, closes_at, officers, officers_needed, created_at, updated_at)"
            " VALUES (?, 1, 'B3', 'evaluation', 'SJAQ', 'confirmed', ?, ?, 1, 0, 0, 'panel', ?, 0, 0, ?, ?) RETURNING id",
            (self.no, self.size, self.size * 2 // 3 + 1, CLOSES, KEYED, KEYED),
        ).fetchone()
        for case in self.case_ids:
            tx.run("INSERT INTO panel_case (panel_id, case_id) VALUES (?, ?)", (row[0], case))
        return int(row[0])

    def _seat(self, tx: Transaction, place: int) -> int:
        mark = f"{self.no}/{place}"
        expert = tx.run(
            "INSERT INTO expert (code, name, identity_mark, employer, uscc, province, title, fields, mail, state,"
            " profile, nonce, added_at, updated_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING id",
            (f"E-{mark}", f"示例专家{place}", mark, f"示例研究院{mark}", f"X-{mark}", "11", "", "SJAQ",
             encrypt(f"e{place}@example.cn"), "active", KNOWN, mark, KEYED, KEYED),
        ).fetchone()[0]  # fmt: skip
        row = tx.run(
            "INSERT INTO seat (panel_id, round, place, expert_id, pseudonym, state, declared_at)"
            " VALUES (?, 1, ?, ?, ?, 'confirmed', ?) RETURNING id",
            (self.panel_id, place, expert, f"{self.panel_id:016d}{place:016d}", KEYED),
        ).fetchone()
        return int(row[0])


@pytest.fixture
def officers(desk: Desk) -> None:
    """Accounts for three officers and the clerk."""
    names = {"office.jia": "示例甲", "office.yi": "示例乙", "head.bing": "示例丙", "office.ding": "示例丁"}
    for login, name in names.items():
        role = "head" if login.startswith("head") else "office"
        add_user(
            desk.engine, login=login, name=name, mail=f"{login}@office.example.cn", role=role, as_of=KEYED, by=CLERK
        )  # fmt: skip


@pytest.fixture
def board(programme: Any, officers: None) -> Board:
    """The panel with its seats filled; no keys yet."""
    return Board(programme.desk, programme.bring(programme.begin(3), "expert_review"))


@pytest.fixture
def filed(programme: Any, officers: None) -> Board:
    """A panel with its keys, voting, on two cases with the forms they were filed by; recusal is per case (D-10)."""
    ids = [_file(programme.desk, number) for number in (1, 2)]
    made = Board(programme.desk, programme.bring(ids, "expert_review"))
    made.spoil(
        "UPDATE panel SET recusal = 'case', recusal_reason = '领域专家不足', recusal_by = 'office:office.ding'"
    )
    made.keys()
    made.begin_voting()
    return made


def _file(desk: Desk, number: int) -> int:
    form = invented_application(
        Random(number), FormKind.EVALUATION, number=number, occupation=OCCUPATIONS["SJAQ"],
        office=OFFICES["P50"], day=calendar_date(2024, 6, 3),
    )  # fmt: skip
    signed = form.commitment.model_copy(update={"signed_on": calendar_date(2024, 6, 3)})
    form = form.model_copy(update={"commitment": signed})
    read = ReadForm(f"{number}.docx", f"{number:064d}", FormKind.EVALUATION, cells_of(form), form, ())  # type: ignore[arg-type]
    papers = (
        Paper("registration_certificate", "证书.txt", "业务范围：职业技能培训。".encode()),
        Paper("credit_record", "信用报告.pdf", b"%PDF-1.7 sample"),
    )
    return file_application(
        desk,
        read,
        papers,
        call="B3",
        channel=OFFICES["P50"],
        by=CLERK,
        as_of=day(6, 3),
        store=lambda _: "0" * 64,
    ).case_id


@pytest.fixture
def voting(board: Board) -> Board:
    """The panel with its keys, voting."""
    board.keys()
    board.begin_voting()
    return board


@pytest.fixture
def voted(voting: Board) -> Board:
    """All seven have voted: five for the first case, four for the second, abstentions on the third."""
    for place, seat in enumerate(voting.seats):
        voting.vote(
            seat,
            Vote.RECOMMEND if place < 5 else Vote.NOT,
            Vote.RECOMMEND if place < 4 else Vote.NOT,
            Vote.ABSTAIN if place < 2 else Vote.RECOMMEND,
        )
    return voting

"""Training selected by two provinces at once, by Chongqing under a national audit, and a department's evaluation."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casework.actors import Actor
from casework.beginning import NewCase, begin_case
from casework.calls import open_call
from casework.desk import Desk
from casework.gate import advance
from casework.installation import scratch_installation
from casework.invariants import check
from casework.loading import load
from casework.panels.listing import list_panels
from casework.panels.planning import change_panel, plan_panels
from casework.recheck import release, stage
from casework.recommended import recommended
from casework.sweep import sweep
from casework.training_register import training_register
from records.transaction import reading, transaction
from states.calendar import at_time
from states.facts import Facts
from states.refusals import Refused
from states.roles import Role

OFFICE, GROUP = Actor("示例办公室", Role.OFFICE), Actor("示例小组", Role.GROUP)
CHONGQING, CORPS = Actor("示例重庆", Role.PROVINCE, "50"), Actor("示例兵团", Role.PROVINCE, "66")


class Programme:
    """One call on a throw-away installation, its cases led by hand. Times are Shanghai's."""

    def __init__(self, desk: Desk, call: str, opened: date, folder: Path | None = None) -> None:
        self.desk, self.call, self.now = desk, call, at_time(opened, 10)
        open_call(desk, call, by=OFFICE, as_of=self.now, folder=folder, rehearsing=True)

    def begins(self, track: str, occupation: str, province: str, channel: str) -> str:
        with transaction(self.desk.engine) as tx:
            tx.run(
                "INSERT INTO office_mailbox (channel, name, mail) VALUES (?, '示例单位', ?) ON CONFLICT DO NOTHING",
                (channel, f"{channel.lower()}@example.cn"),
            )
            row = tx.run(
                "INSERT INTO institution (uscc, name, province, address, unit_type)"
                " SELECT 'U' || (count(*) + 1), '示例机构' || (count(*) + 1), ?, '', '' FROM institution RETURNING id",
                (province,),
            ).fetchone()
            new = NewCase(
                self.call, track, occupation, row[0], province, channel, "初级", "contact@example.cn"
            )
            by = Actor(f"{channel}经办人", Role.RECOMMENDER, channel)
            return begin_case(tx, self.desk, new, by=by, as_of=self.now).no

    def on(self, *day: int) -> None:
        """The day turns; the clock does what is due."""
        self.now = at_time(date(*day), 10)
        sweep(self.desk, as_of=self.now)

    def case(self, no: str) -> Facts:
        with reading(self.desk.engine) as tx:
            (row,) = tx.rows("SELECT id FROM cases WHERE no = ?", (no,))
            return load(tx, [row[0]])[0].facts

    def does(self, by: Actor, move: str, *nos: str, **inputs: Any) -> None:
        ids = [self.case(no).id for no in nos]
        advance(self.desk, move, ids, by=by, as_of=self.now, inputs=inputs)

    def recommends(self, *nos: str) -> None:
        for no in nos:
            channel = self.case(no).channel
            by = Actor(f"{channel}经办人", Role.RECOMMENDER, channel)
            self.does(by, "recommend", no, letter_no="示例函1号", letter_date=self.now.date())

    def initially_reviewed(self, by: Actor, *nos: str) -> None:
        self.does(by, "receive_paper", *nos)
        self.does(by, "pass_initial", *nos)

    def stages(self, *nos: str) -> list[str]:
        return [self.case(no).stage for no in nos]

    def voted(self, by: Actor, no: str) -> None:
        self.does(by, "record_result", no, votes_for=6, votes_cast=7)
        self.does(by, "conclude_review", no)

    def signers(self, letter: str) -> list[tuple[str, str]]:
        """Who is told of a letter, and the last lines but one: who signs it."""
        with reading(self.desk.engine) as tx:
            rows = tx.rows("SELECT role, body FROM letter WHERE letter = ? ORDER BY id", (letter,))
        return [(role, body.strip().splitlines()[-2].strip()) for role, body in rows]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    installation = scratch_installation(tmp_path, as_of=at_time(date(2022, 1, 4), 9))
    yield installation.desk()
    installation.close()


@pytest.mark.clause("M24-8", "M24-3.2", "M24-16a")
def test_two_provinces_select_training_institutions_at_once_and_each_its_own(desk: Desk) -> None:
    life = Programme(desk, "M24", date(2025, 3, 3))
    here = life.begins("training", "SJAQ", "50", "P50")
    there = life.begins("training", "SJAQ", "66", "P66")
    life.recommends(here, there)
    life.on(2025, 4, 14)
    with pytest.raises(Refused, match=f"申报{there}不在示例重庆的办理范围内"):
        life.does(CHONGQING, "receive_paper", there)
    life.initially_reviewed(CHONGQING, here)
    life.initially_reviewed(CORPS, there)

    with pytest.raises(Refused) as refused:
        plan_panels(desk, "M24", by=OFFICE, as_of=life.now, track="training")
    assert str(refused.value) == (
        "2025年演练批次的培训机构由各省组织评议，专家组只能由省级人力资源社会保障部门设定，"
        "当前身份为工程指导协调小组办公室。（M24-8）"
    )
    (own,) = plan_panels(desk, "M24", by=CHONGQING, as_of=life.now, track="training")
    (theirs,) = plan_panels(desk, "M24", by=CORPS, as_of=life.now, track="training")
    assert (own.no, theirs.no) == ("M24-SJAQ-50-P01", "M24-SJAQ-66-P01")
    assert [each.no for each in list_panels(desk, actor=CHONGQING)] == [own.no]
    assert [each.no for each in list_panels(desk, actor=CORPS)] == [theirs.no]
    with pytest.raises(Refused) as refused:
        change_panel(desk, theirs.no, by=CHONGQING, as_of=life.now, size=9)
    assert str(refused.value) == (
        "“设定专家组”：本专家组由新疆生产建设兵团人力资源和社会保障局组织，不在示例重庆的办理范围内。（M24-8）"
    )

    life.voted(CHONGQING, here)
    life.voted(CORPS, there)
    with pytest.raises(Refused, match="不在示例兵团的办理范围内"), transaction(desk.engine) as tx:
        stage(tx, desk, here, "publicise", by=CORPS, as_of=life.now)
    for no, by in ((here, CHONGQING), (there, CORPS)):
        with transaction(desk.engine) as tx:
            stage(tx, desk, no, "publicise", by=by, as_of=life.now)
    assert release(desk, "M24", by=CHONGQING, as_of=life.now, track="training").publicised == (here,)
    assert life.stages(here, there) == ["publicity", "recheck"]
    release(desk, "M24", by=CORPS, as_of=life.now, track="training")
    life.on(2025, 4, 22)
    assert life.stages(here, there) == ["listed", "listed"]
    assert sorted(life.signers("listed")) == [
        ("applicant", "新疆生产建设兵团人力资源和社会保障局"),
        ("applicant", "重庆市人力资源和社会保障局"),
        ("recommender", "新疆生产建设兵团人力资源和社会保障局"),
        ("recommender", "重庆市人力资源和社会保障局"),
    ]
    register = training_register(desk, "66", on=life.now.date())
    assert [(each.no, each.province) for each in register.entries] == [(there, "66")]
    assert (register.since, [(each.kind, each.entry.no) for each in register.changes]) == (
        None, [("added", there)],
    )  # fmt: skip
    listed_on = life.now.date()
    life.on(2025, 6, 3)
    life.does(CORPS, "order_rectification", there, finding="收费未公开", due_on=date(2025, 7, 31))
    later = training_register(desk, "66", on=life.now.date(), since=listed_on)
    assert [(each.kind, each.words) for each in later.changes] == [("changed", "状态：有效→限期整改中")]
    life.does(CORPS, "remove", there, ground="fraud", finding="虚假材料")
    life.on(2025, 6, 4)
    gone = training_register(desk, "66", on=life.now.date(), since=listed_on).record()
    assert (gone["institutions"], [(each["kind"], each["no"]) for each in gone["changes"]]) == (
        [], [("left", there)],
    )  # fmt: skip
    assert training_register(desk, "50", on=life.now.date(), since=listed_on).changes == ()
    assert check(desk, as_of=life.now).faults == []


@pytest.mark.clause("CQ23-4.2", "CQ23-4.3", "CQ23-4.4", "CQ23-1.4")
def test_chongqings_selection_is_audited_by_national_experts_and_fed_back(desk: Desk) -> None:
    life = Programme(desk, "CQ23", date(2023, 6, 1))
    no = life.begins("training", "RGZN", "50", "P50")
    life.recommends(no)
    life.on(2023, 6, 19)
    life.initially_reviewed(CHONGQING, no)
    with pytest.raises(Refused, match="“设定专家组”只能由"):
        plan_panels(desk, "CQ23", by=CHONGQING, as_of=life.now, track="training")
    (panel,) = plan_panels(desk, "CQ23", by=OFFICE, as_of=life.now, track="training")
    assert (panel.no, panel.province) == ("CQ23-RGZN-P01", "")
    life.voted(OFFICE, no)
    with pytest.raises(Refused, match="只能由工程指导协调小组办公室办理"):
        life.does(CHONGQING, "approve_result", no)
    life.does(OFFICE, "approve_result", no)
    assert life.signers("audit_passed") == [("recommender", "工程指导协调小组办公室")]
    with pytest.raises(Refused, match="只能由省级人力资源社会保障部门办理"):
        life.does(GROUP, "publicise", no)
    life.does(CHONGQING, "publicise", no)
    life.on(2023, 6, 29)
    assert life.stages(no) == ["listed"]
    assert {signer for _, signer in life.signers("listed")} == {"重庆市人力资源和社会保障局"}


@pytest.mark.clause("B3-4.1", "B3-4.2", "M24-3.3", "M24-7.2a", "M24-20a", "M24-15")
def test_a_department_recommends_is_told_and_acts_on_what_it_recommended(desk: Desk) -> None:
    life = Programme(desk, "B3", date(2024, 5, 15))
    no = life.begins("evaluation", "SJAQ", "11", "D01")
    department, another = Actor("示例工信", Role.RECOMMENDER, "D01"), Actor("示例", Role.RECOMMENDER, "P11")
    with pytest.raises(Refused, match=f"申报{no}不在示例的办理范围内"):
        life.does(another, "recommend", no, letter_no="示例函1号", letter_date=date(2024, 5, 15))
    life.recommends(no)
    life.on(2024, 6, 24)
    life.initially_reviewed(OFFICE, no)
    life.voted(OFFICE, no)
    life.does(GROUP, "publicise", no)
    life.on(2024, 7, 2)
    assert life.stages(no) == ["listed"]
    life.does(department, "order_rectification", no, finding="未配备督导员", due_on=date(2024, 9, 2))
    life.does(department, "record_activity", no, person_times=120)
    own = recommended(desk, "D01", 2024, as_of=life.now, actor=department)
    assert [(each.no, each.stage, each.overdue, each.unanswered) for each in own] == [(no, "限期整改", 0, 0)]
    assert recommended(desk, "P11", 2024, as_of=life.now, actor=another) == []
    assert recommended(desk, "D01", 2023, as_of=life.now, actor=department) == []
    with pytest.raises(Refused, match="只能查看本部门推荐的机构"):
        recommended(desk, "D01", 2024, as_of=life.now, actor=another)
    with reading(desk.engine) as tx:
        told = tx.rows(
            "SELECT letter, recipient FROM letter WHERE role = 'recommender' AND case_id = ? ORDER BY id",
            (life.case(no).id,),
        )
    assert told == [
        ("paper_received", "d01@example.cn"), ("publicity_begins", "d01@example.cn"),
        ("listed", "d01@example.cn"), ("rectification_ordered", "d01@example.cn"),
    ]  # fmt: skip


@pytest.mark.clause("M24-23", "I21-4.5", "M24-9.4")
def test_a_case_begun_under_the_old_measures_is_selected_under_them_and_lives_under_the_new(
    desk: Desk, tmp_path: Path
) -> None:
    text = (Path(__file__).parents[2] / "states" / "rehearsals" / "I21.toml").read_text(encoding="utf-8")
    for old, new in (
        ('code = "I21"', 'code = "I24"'), ("sample = true", "sample = false"), ("2022-03-01", "2024-08-21"),
        ("2022-04-15", "2024-09-20"),
    ):  # fmt: skip
        text = text.replace(old, new)
    (tmp_path / "I24.toml").write_text(text, encoding="utf-8")
    life = Programme(desk, "I24", date(2024, 8, 21), folder=tmp_path)
    no = life.begins("training", "DSJG", "50", "P50")
    life.recommends(no)
    life.on(2024, 9, 23)
    life.initially_reviewed(OFFICE, no)
    life.voted(Actor("示例中心", Role.CENTRE), no)
    life.does(OFFICE, "approve_result", no)
    life.does(GROUP, "publicise", no)
    # Fifteen working days from 24 September, over National Day and its make-up days: the last is 17 October.
    life.on(2024, 10, 17)
    assert life.stages(no) == ["publicity"]
    life.on(2024, 10, 18)
    assert life.stages(no) == ["listed"]
    with pytest.raises(Refused, match="只能由"):
        life.does(GROUP, "remove", no, ground="fraud", finding="虚假材料")
    life.does(CHONGQING, "remove", no, ground="fraud", finding="虚假材料")
    assert (life.stages(no), life.signers("exited")[0]) == (
        ["exited"], ("applicant", "重庆市人力资源和社会保障局"),
    )  # fmt: skip

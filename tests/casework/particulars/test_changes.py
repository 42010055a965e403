"""A change of particulars from request to effect: asked once, decided once, known for any past day (M24-20c)."""

from datetime import date
from typing import Any

import pytest

from casework.actors import Actor
from casework.digest_sections import sections, the_day
from casework.directory import entries
from casework.invariants import check
from casework.objections.evidence import Evidence
from casework.particulars.deciding import approve_change, give_opinion, refuse_change, return_change
from casework.particulars.overdue import tell_changes
from casework.particulars.reading import change, changes, read_document
from casework.particulars.requesting import Asked, request_again, request_change, take_back_change
from casework.particulars.values import made_changes
from casework.selection import Selection
from casework.stuck import stuck
from records.transaction import reading
from states.calendar import at_time
from states.refusals import Refused
from states.roles import Role

pytestmark = pytest.mark.clause("M24-20c")

DAY_1 = at_time(date(2025, 3, 3), 10)
DAY_2 = at_time(date(2025, 3, 4), 10)
PAPER = Evidence("变更通知书.txt", "准予变更登记".encode())
OWN = Actor("示例单位", Role.APPLICANT, "1")
GROUP = Actor("示例小组", Role.GROUP)
P50 = Actor("示例厅", Role.RECOMMENDER, "P50")
IDENTITY = "110101199003070070"


class Drawer:
    """Keeps documents in memory, by a digest of our own."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def store(self, content: bytes) -> str:
        self.kept[f"d{len(self.kept)}"] = content
        return f"d{len(self.kept) - 1}"


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


@pytest.fixture
def listed(programme: Any) -> Any:
    """One institution that stands in the directory for two occupations since 10 October 2024."""
    (first,) = programme.begin()
    second = programme.begin(occupation="MMGC", institution_id=1)
    programme.bring([first, *second], "listed")
    return programme


def ask(listed: Any, drawer: Drawer, stated: dict[str, str], **more: Any) -> Asked:
    given: dict[str, Any] = {
        "reason": "登记机关核准",
        "documents": [PAPER],
        "by": OWN,
        "as_of": DAY_1,
        "store": drawer.store,
    }
    return request_change(listed.desk, "B3-SJAQ-0001", stated, **(given | more))


def refusal(listed: Any, act: Any) -> str:
    before = listed.contents()
    with pytest.raises(Refused) as refused:
        act()
    assert listed.contents() == before
    return str(refused.value)


def letters(listed: Any) -> list[tuple[str, str]]:
    return [
        (letter, recipient)
        for letter, recipient in listed.rows(
            "SELECT letter, recipient FROM letter WHERE letter LIKE 'change%' ORDER BY id"
        )
    ]


def test_a_request_has_a_number_a_limit_and_readers(listed: Any, drawer: Drawer) -> None:
    made = ask(listed, drawer, {"单位名称": "示例新名称中心", "phone": "010-84200000"})
    assert (made.no, made.last_day, made.letters) == ("BG-2025-0001", date(2025, 3, 17), 2)
    assert made.explained.startswith("2025-03-03之后10个工作日：")
    view = change(listed.desk, "bg-2025-0001", as_of=DAY_1)
    assert (view.state_label, view.labels, view.documents, view.overdue) == (
        "待审定", ("单位名称", "公开联系电话"), 1, False,
    )  # fmt: skip
    assert [(each.old, each.value) for each in view.wanted] == [
        ("示例机构1", "示例新名称中心"), ("", "010-84200000"),
    ]  # fmt: skip
    assert letters(listed) == [
        ("change_received", "contact@example.cn"),
        ("change_received", "p50@example.cn"),
    ]


@pytest.mark.clause("I21-4.1", "I21-6.1")
def test_a_new_name_stands_for_all_occupations_and_past_days_keep_the_old_one(
    listed: Any, drawer: Drawer
) -> None:
    no = ask(listed, drawer, {"name": "示例新名称中心"}).no
    assert approve_change(listed.desk, no, by=GROUP, as_of=DAY_2) == ["单位名称"]

    def names(on: date) -> list[tuple[str, str]]:
        return [(each.no, each.institution) for each in entries(listed.desk.engine, on=on)]

    assert names(date(2025, 3, 3)) == [("B3-MMGC-0001", "示例机构1"), ("B3-SJAQ-0001", "示例机构1")]
    assert names(date(2025, 3, 4)) == [("B3-MMGC-0001", "示例新名称中心"), ("B3-SJAQ-0001", "示例新名称中心")]
    with reading(listed.desk.engine) as tx:
        (made,) = made_changes(tx, 1)
    assert (made.old, made.value, made.change_no, made.effective_at) == (
        "示例机构1", "示例新名称中心", no, DAY_2,
    )  # fmt: skip
    assert check(listed.desk, DAY_2).faults == []


@pytest.mark.clause("M24-11.6a")
def test_what_is_personal_stands_nowhere_in_the_clear(listed: Any, drawer: Drawer) -> None:
    stated = {
        "legal_representative": "李示例", "legal_representative_id": IDENTITY, "contact_mobile": "13800138000",
        "contact_person": "王示例",
    }  # fmt: skip
    no = ask(listed, drawer, stated).no
    approve_change(listed.desk, no, by=GROUP, as_of=DAY_2)
    contents = listed.contents()
    assert [word for word in (IDENTITY, "13800138000", "王示例", "变更通知书") if word in contents] == []
    assert [content for content in drawer.kept.values() if PAPER.content in content] == []
    head = Actor("示例负责人", Role.HEAD)
    shown = [each.value for each in change(listed.desk, no, as_of=DAY_2, actor=head).wanted]
    assert shown == ["李示例", "（不公开）", "（不公开）", "（不公开）"]
    with reading(listed.desk.engine) as tx:
        assert [made.field for made in made_changes(tx, 1)] == ["legal_representative"]
    assert read_document(listed.desk, no, 1, read=drawer.kept.__getitem__) == (
        "变更通知书.txt",
        PAPER.content,
    )


def test_letters_already_owed_say_what_they_said_and_both_mailboxes_hear_of_the_change(
    listed: Any, drawer: Drawer
) -> None:
    before = listed.rows("SELECT id, recipient, body FROM letter WHERE letter = 'listed' ORDER BY id")
    no = ask(listed, drawer, {"name": "示例新名称中心", "contact_mail": "new@example.cn"}).no
    approve_change(listed.desk, no, by=GROUP, as_of=DAY_2)
    assert listed.rows("SELECT id, recipient, body FROM letter WHERE letter = 'listed' ORDER BY id") == before
    assert [to for letter, to in letters(listed) if letter == "change_approved"] == [
        "contact@example.cn", "new@example.cn", "p50@example.cn",
    ]  # fmt: skip
    assert listed.rows("SELECT DISTINCT contact_mail FROM cases") == [("new@example.cn",)]


def test_one_field_has_one_open_request(listed: Any, drawer: Drawer) -> None:
    ask(listed, drawer, {"name": "示例新名称中心"})
    assert refusal(
        listed, lambda: ask(listed, drawer, {"name": "示例又一名称", "phone": "010-84200000"})
    ) == (
        "“单位名称”已有未办结的变更申请BG-2025-0001，请待其办结，或先用 linxuan change withdraw BG-2025-0001 撤回。"
        "（M24-20c）"
    )
    take_back_change(listed.desk, "BG-2025-0001", by=OWN, as_of=DAY_1)
    assert ask(listed, drawer, {"name": "示例又一名称"}).no == "BG-2025-0002"


def test_of_two_decisions_at_once_the_second_is_told(listed: Any, drawer: Drawer, office: Actor) -> None:
    no = ask(listed, drawer, {"name": "示例新名称中心"}).no
    approve_change(listed.desk, no, by=GROUP, as_of=DAY_2)
    said = refusal(listed, lambda: refuse_change(listed.desk, no, words="材料不符", by=office, as_of=DAY_2))
    assert said == "变更申请BG-2025-0001已于2025-03-04 10:00办结（已批准），不能再次办理。（M24-20c）"


@pytest.mark.clause("D-4")
def test_a_returned_request_is_mended_and_its_clock_starts_afresh(
    listed: Any, drawer: Drawer, office: Actor
) -> None:
    no = ask(listed, drawer, {"name": "示例新名称中心"}).no
    assert return_change(listed.desk, no, words="请附营业执照", by=office, as_of=DAY_2) == date(2025, 3, 18)
    assert "退回补正" in refusal(listed, lambda: approve_change(listed.desk, no, by=office, as_of=DAY_2))
    later = at_time(date(2025, 3, 10), 10)
    paper = Evidence("执照.txt", "营业执照".encode())
    mended = request_again(
        listed.desk,
        no,
        {"单位名称": "示例更正名称"},
        documents=[paper],
        by=OWN,
        as_of=later,
        store=drawer.store,
    )
    assert mended.last_day == date(2025, 3, 24)
    view = change(listed.desk, no, as_of=later)
    assert (view.state, view.documents, view.wanted[0].value) == ("requested", 2, "示例更正名称")


@pytest.mark.clause("D-4")
def test_a_returned_request_that_is_not_mended_lapses(listed: Any, drawer: Drawer, office: Actor) -> None:
    no = ask(listed, drawer, {"name": "示例新名称中心"}).no
    return_change(listed.desk, no, words="请附营业执照", by=office, as_of=DAY_2)
    over = at_time(date(2025, 3, 19), 0)
    assert "补正期限已过" in refusal(
        listed, lambda: request_again(listed.desk, no, {"name": "示例更正名称"}, by=OWN, as_of=over)
    )
    assert [tell_changes(listed.desk, as_of=over) for _ in range(2)] == [1, 0]
    assert change(listed.desk, no, as_of=over).state_label == "逾期未补正，视为撤回"
    assert letters(listed)[-1] == ("change_lapsed", "contact@example.cn")


def test_the_decider_is_reminded_and_the_head_is_told_once(listed: Any, drawer: Drawer) -> None:
    no = ask(listed, drawer, {"name": "示例新名称中心"}).no
    reminder, last, over = (at_time(date(2025, 3, day), 9) for day in (12, 17, 18))
    assert [tell_changes(listed.desk, as_of=when) for when in (DAY_2, reminder, last, over, over)] == [
        0,
        1,
        0,
        1,
        0,
    ]
    assert listed.rows("SELECT letter, role FROM notice WHERE letter LIKE 'change%' ORDER BY id") == [
        ("change_due", "office"), ("change_overdue", "office"), ("change_overdue", "head"),
    ]  # fmt: skip
    assert [each.no for each in changes(listed.desk, as_of=over, overdue=True)] == [no]
    assert [each.no for each in changes(listed.desk, as_of=last, overdue=True)] == []
    assert [
        (each.no, each.stage_label, each.days_over) for each in stuck(listed.desk, Selection(), as_of=over)
    ] == [(no, "变更待审定", 1)]
    with reading(listed.desk.engine) as tx:
        now = the_day(tx, listed.desk, over)
        told = sections(tx, listed.desk, Actor("示例", Role.OFFICE), now).reminders
    assert "变更申请应于2025年3月17日前审定，尚未办理，已逾期1个工作日（M24-20c）" in told


@pytest.mark.clause("M24-3.3")
def test_the_recommender_may_give_its_opinion_and_nobody_else(
    listed: Any, drawer: Drawer, office: Actor
) -> None:
    no = ask(listed, drawer, {"name": "示例新名称中心"}).no
    give_opinion(listed.desk, no, "情况属实", by=P50, as_of=DAY_2)
    assert change(listed.desk, no, as_of=DAY_2).opinion == "情况属实"
    for other in (office, Actor("示例", Role.RECOMMENDER, "P11")):
        assert refusal(
            listed, lambda by=other: give_opinion(listed.desk, no, "同意", by=by, as_of=DAY_2)
        ) == ("变更申请的意见只能由推荐该机构的单位提出。（M24-3.3）")


@pytest.mark.clause("M24-3.1", "M24-3.2")
def test_the_nation_decides_for_evaluation_and_nobody_outside_the_institution_asks(
    listed: Any, drawer: Drawer, office: Actor, province: Any
) -> None:
    assert refusal(listed, lambda: ask(listed, drawer, {"name": "示例新名称"}, by=office)).startswith(
        "“申请变更”由机构本身或其推荐单位办理"
    )
    stranger = Actor("示例", Role.APPLICANT, "2")
    assert refusal(listed, lambda: ask(listed, drawer, {"name": "示例新名称"}, by=stranger)) == (
        "示例机构1不在示例的办理范围内。（M24-20c）"
    )
    no = ask(listed, drawer, {"name": "示例新名称"}, by=P50).no
    for other in (province("50"), OWN, P50):
        said = refusal(listed, lambda by=other: approve_change(listed.desk, no, by=by, as_of=DAY_2))
        assert said.startswith("“批准变更”由工程指导协调小组办公室、工程指导协调小组办理")
    assert [each.no for each in changes(listed.desk, as_of=DAY_2, actor=stranger)] == []
    assert [each.no for each in changes(listed.desk, as_of=DAY_2, actor=OWN)] == [no]


@pytest.mark.parametrize(
    ("stated", "more", "sentence"),
    [
        ({"name": "示例新名称"}, {"documents": []}, "变更须附证明材料"),
        ({"name": "示例新名称"}, {"reason": "  "}, "须填写变更理由。"),
        ({"name": "示例新名称"}, {"reason": f"身份证{IDENTITY}"}, "变更理由中含有居民身份证号"),
        ({"name": "示例新名称"}, {"documents": [Evidence("a.exe", b"MZ\0")]}, "证明材料“a.exe”的内容不是可以接收的类型"),
    ],
)  # fmt: skip
def test_what_is_missing_is_refused_in_words(
    listed: Any, drawer: Drawer, stated: dict[str, str], more: dict[str, Any], sentence: str
) -> None:
    assert refusal(listed, lambda: ask(listed, drawer, stated, **more)).startswith(sentence)


def test_who_stands_in_no_directory_has_nothing_to_change(programme: Any, drawer: Drawer) -> None:
    programme.begin()
    assert refusal(programme, lambda: ask(programme, drawer, {"name": "示例新名称"})) == (
        "示例机构1现不在目录内，没有可以办理的变更或退出；申报过程中需要更正的，请由承办方退回补正后办理。（M24-20c）"
    )


def test_an_open_request_of_who_left_is_moot(listed: Any, drawer: Drawer) -> None:
    no = ask(listed, drawer, {"name": "示例新名称中心"}).no
    listed.make("withdraw_listing", [1, 2], DAY_2, reason="终止业务")
    assert "已不在目录内" in refusal(listed, lambda: approve_change(listed.desk, no, by=GROUP, as_of=DAY_2))
    assert tell_changes(listed.desk, as_of=at_time(date(2025, 3, 20), 9)) == 1
    assert change(listed.desk, no, as_of=DAY_2).state == "moot"

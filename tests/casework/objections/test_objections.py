"""An objection from receipt to reply: within publicity only, once, investigated, decided, answered (D-2)."""

from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from casework.actors import Actor
from casework.invariants import check
from casework.objections.deciding import Settled, decide, investigate
from casework.objections.evidence import LARGEST, Evidence
from casework.objections.lodging import Lodged, NewObjection, lodge
from casework.objections.overdue import tell_overdue
from casework.objections.reading import objections, read_evidence
from casework.publicity.reading import publicity
from casework.sweep import sweep
from records.crypt import decrypt
from states.calendar import at_time
from states.refusals import Refused
from states.roles import Role

DAY_2 = at_time(date(2024, 9, 29), 10)
DAY_4 = at_time(date(2024, 10, 8), 10)
ENDED = at_time(date(2024, 10, 10), 0)
GROUP = Actor("示例小组", Role.GROUP)
NAMED = NewObjection("业绩存疑", "示例举报人", "示例电话", "reporter@example.cn")


@pytest.fixture
def shown(programme: Any) -> Any:
    """One case under publicity from 26 September to 9 October 2024."""
    programme.bring(programme.begin(), "publicity")
    return programme


def of_case(shown: Any, as_of: Any = DAY_4, **asked: Any) -> list[tuple[str, str, bool]]:
    return [(each.no, each.outcome, each.named) for each in objections(shown.desk, as_of=as_of, **asked)]


@pytest.mark.clause("M24-7.4", "D-2")
def test_an_objection_is_a_row_and_a_move_at_once(shown: Any, office: Actor) -> None:
    made = lodge(shown.desk, "B3-SJAQ-0001", NAMED, by=office, as_of=DAY_2)
    assert made == Lodged("B3-SJAQ-0001-Y1", absorbed=False, acknowledged=True)
    assert shown.story(1)[-1][:2] == ("object", "publicity")
    (each,) = objections(shown.desk, as_of=DAY_2)
    assert (each.publicity, each.text, each.name, each.mail) == (
        "B3-GS-01", "业绩存疑", "示例举报人", "reporter@example.cn",
    )  # fmt: skip
    assert each.due_explained.startswith("2024-09-29之后10个工作日：")
    assert each.due_at == at_time(date(2024, 10, 18), 0)
    assert shown.letters(1)[-1] == "objection_received/applicant"


@pytest.mark.clause("M24-11.6a")
def test_nothing_in_the_database_tells_who_objected(shown: Any, office: Actor) -> None:
    lodge(shown.desk, "B3-SJAQ-0001", NAMED, by=office, as_of=DAY_2)
    decide(shown.desk, "B3-SJAQ-0001-Y1", "dismiss", finding="查无实据", by=office, as_of=DAY_4)
    contents = shown.contents()
    assert [word for word in ("示例举报人", "示例电话", "reporter@example.cn") if word in contents] == []


def test_said_again_by_the_same_person_it_is_one_objection(shown: Any, office: Actor) -> None:
    said = [
        lodge(shown.desk, "B3-SJAQ-0001", new, by=office, as_of=DAY_2)
        for new in (
            NAMED,
            NAMED,
            NewObjection("业绩存疑"),
            NewObjection(" 业绩存疑 "),
            NewObjection("收费过高"),
        )
    ]
    assert [(each.no[-2:], each.absorbed) for each in said] == [
        ("Y1", False), ("Y1", True), ("Y2", False), ("Y2", True), ("Y3", False),
    ]  # fmt: skip
    assert shown.case(1).objections_open == 3


@pytest.mark.clause("B3-4.5")
def test_after_the_end_no_objection_is_received(shown: Any, office: Actor) -> None:
    before = shown.contents()
    with pytest.raises(Refused) as refused:
        lodge(shown.desk, "B3-SJAQ-0001", NAMED, by=office, as_of=ENDED)
    assert str(refused.value) == "申报B3-SJAQ-0001的公示期已于2024-10-09届满，不再受理异议。（B3-4.5）"
    assert shown.contents() == before
    last_moment = at_time(date(2024, 10, 9), 23, 59)
    assert lodge(shown.desk, "B3-SJAQ-0001", NAMED, by=office, as_of=last_moment).absorbed is False


@pytest.mark.clause("D-2")
def test_a_case_is_held_until_every_objection_is_decided(shown: Any, office: Actor) -> None:
    for text in ("业绩存疑", "收费过高"):
        lodge(shown.desk, "B3-SJAQ-0001", NewObjection(text), by=office, as_of=DAY_2)
    sweep(shown.desk, as_of=ENDED)
    _, (standing,) = publicity(shown.desk, "B3-GS-01", as_of=ENDED)
    assert (standing.objections, standing.hold) == (2, "有异议未办结，暂缓列入（D-2）")
    found = at_time(date(2024, 10, 11), 10)
    made = decide(shown.desk, "B3-SJAQ-0001-Y2", "dismiss", finding="收费合规", by=office, as_of=found)
    assert made == Settled(
        "B3-SJAQ-0001-Y2", "B3-SJAQ-0001", "dismissed", "dismiss_objection", "publicity", 1
    )
    sweep(shown.desk, as_of=found)
    assert shown.case(1).stage == "publicity"
    decide(shown.desk, "B3-SJAQ-0001-Y1", "dismiss", finding="业绩属实", by=GROUP, as_of=found)
    sweep(shown.desk, as_of=found)
    assert shown.case(1).stage == "listed"
    assert check(shown.desk, found).faults == []


@pytest.mark.clause("D-2")
def test_when_facts_changed_it_is_publicised_again_in_full(shown: Any, office: Actor) -> None:
    for text in ("等级有误", "名称有误"):
        lodge(shown.desk, "B3-SJAQ-0001", NewObjection(text), by=office, as_of=DAY_2)
    first = decide(
        shown.desk, "B3-SJAQ-0001-Y1", "dismiss", finding="不影响结论", changed_facts="等级更正为初级",
        by=office, as_of=DAY_4,
    )  # fmt: skip
    assert (first.move, first.left) == ("dismiss_objection", 1)
    late = at_time(date(2024, 10, 10), 8)
    sweep(shown.desk, as_of=ENDED)
    last = decide(shown.desk, "B3-SJAQ-0001-Y2", "dismiss", finding="名称无误", by=office, as_of=late)
    assert (last.move, last.to) == ("republish", "publicity")
    view, _ = publicity(shown.desk, "B3-GS-02", as_of=late)
    assert (view.corrects, view.correction, view.last_day) == (
        "B3-GS-01", "等级更正为初级", date(2024, 10, 15),
    )  # fmt: skip
    assert check(shown.desk, late).faults == []


@pytest.mark.clause("D-2")
def test_an_objection_upheld_ends_the_case_and_the_others_with_it(shown: Any, office: Actor) -> None:
    for text in ("业绩存疑", "收费过高"):
        lodge(shown.desk, "B3-SJAQ-0001", NewObjection(text), by=office, as_of=DAY_2)
    made = decide(shown.desk, "B3-SJAQ-0001-Y2", "uphold", finding="收费属实", by=GROUP, as_of=DAY_4)
    assert (made.to, made.left) == ("not_selected", 0)
    assert of_case(shown) == [("B3-SJAQ-0001-Y1", "moot", False), ("B3-SJAQ-0001-Y2", "upheld", False)]


@pytest.mark.clause("D-2")
@pytest.mark.parametrize(
    ("move", "inputs", "outcomes"),
    [
        ("dismiss_objection", {"finding": "查无实据"}, ["dismissed", ""]),
        ("uphold_objection", {"finding": "属实"}, ["upheld", "moot"]),
        ("republish", {"correction": "更正"}, ["corrected", "corrected"]),
        ("withdraw", {}, ["moot", "moot"]),
    ],
)
def test_the_bare_moves_keep_the_rows_true(
    shown: Any, move: str, inputs: dict[str, str], outcomes: list[str]
) -> None:
    for text in ("业绩存疑", "收费过高"):
        shown.make("object", 1, DAY_2, objection=text)
    shown.make(move, 1, DAY_4, **inputs)
    assert [outcome for _, outcome, _ in of_case(shown)] == outcomes
    assert check(shown.desk, DAY_4).faults == []


@pytest.mark.clause("D-2")
def test_what_was_decided_is_not_decided_twice(shown: Any, office: Actor) -> None:
    lodge(shown.desk, "B3-SJAQ-0001", NAMED, by=office, as_of=DAY_2)
    decide(shown.desk, "B3-SJAQ-0001-Y1", "dismiss", finding="查无实据", by=office, as_of=DAY_4)
    before = shown.contents()
    for verdict in ("uphold", "dismiss"):
        with pytest.raises(
            Refused, match="异议B3-SJAQ-0001-Y1已于2024-10-08办结（异议不成立），不能再次办理"
        ):
            decide(shown.desk, "B3-SJAQ-0001-Y1", verdict, finding="属实", by=GROUP, as_of=DAY_4)
    assert shown.contents() == before


@pytest.mark.clause("D-2")
def test_who_objected_under_a_name_is_answered_by_letter(shown: Any, office: Actor) -> None:
    lodge(shown.desk, "B3-SJAQ-0001", NAMED, by=office, as_of=DAY_2)
    decide(
        shown.desk,
        "B3-SJAQ-0001-Y1",
        "dismiss",
        finding="内部结论",
        reply="经查不属实",
        by=office,
        as_of=DAY_4,
    )
    rows = shown.rows("SELECT letter, recipient, subject, body FROM objection_letter ORDER BY id")
    assert [(row[0], decrypt(row[1])) for row in rows] == [
        ("objection_acknowledged", "reporter@example.cn"),
        ("objection_reply", "reporter@example.cn"),
    ]
    assert decrypt(rows[1][2]) == "关于公示异议核查结果的答复（B3-SJAQ-0001-Y1）"
    body = decrypt(rows[1][3])
    assert ("经查不属实" in body, "内部结论" in body) == (True, False)


@pytest.mark.clause("D-2")
def test_an_investigation_that_takes_too_long_is_told_once_to_the_office_and_its_head(
    shown: Any, office: Actor
) -> None:
    lodge(shown.desk, "B3-SJAQ-0001", NAMED, by=office, as_of=DAY_2)
    investigate(shown.desk, "B3-SJAQ-0001-Y1", "已调取档案", by=office, as_of=DAY_4)
    on_time, late = at_time(date(2024, 10, 17), 23), at_time(date(2024, 10, 21), 9)
    assert [tell_overdue(shown.desk, as_of=when) for when in (on_time, late, late)] == [0, 1, 0]
    assert shown.rows("SELECT role, about FROM notice WHERE letter = 'objection_overdue' ORDER BY role") == [
        ("head", "2024-10-17"), ("office", "2024-10-17"),
    ]  # fmt: skip
    assert [each.overdue for each in objections(shown.desk, as_of=late)] == [True]


def package(*parts: str) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for part in parts:
            archive.writestr(part, "示例")
    return made.getvalue()


def swollen() -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as part:
        for _ in range(201):
            part.write(b"0" * 1024 * 1024)
    return made.getvalue()


@pytest.mark.clause("D-2", "M24-11.6a")
def test_an_objection_said_again_and_again_cannot_pile_up_evidence(shown: Any, office: Actor) -> None:
    def say_with(*numbers: int) -> int:
        files = [Evidence(f"{number}.txt", f"示例{number}".encode()) for number in numbers]
        new = NewObjection("业绩存疑", evidence=files)
        return lodge(shown.desk, "B3-SJAQ-0001", new, by=office, as_of=DAY_2, store=lambda _: "a" * 64).added

    assert [say_with(*range(6)), say_with(5, 6), say_with(7, 8, 9)] == [0, 1, 3]
    with pytest.raises(Refused, match="已有证据文件10个，至多10个，不能再附1个"):
        say_with(10)


@pytest.mark.clause("M24-11.6a")
def test_evidence_is_told_by_its_content_and_its_name_made_harmless(shown: Any, office: Actor) -> None:
    kept: dict[str, bytes] = {}

    def store(content: bytes) -> str:
        kept[f"{len(kept):064x}"] = content
        return f"{len(kept) - 1:064x}"

    files = [
        Evidence("../../etc/passwd", b"%PDF-1.7 x"),
        Evidence("证据\u202egnp.exe", b"\x89PNG\r\n\x1a\n x"),
        Evidence("C:\\a\\表.docx", package("word/document.xml")),
        Evidence("笔录.txt", "示例笔录".encode("gb18030")),
    ]
    new = NewObjection("业绩存疑", evidence=files)
    lodge(shown.desk, "B3-SJAQ-0001", new, by=office, as_of=DAY_2, store=store)
    (each,) = objections(shown.desk, as_of=DAY_2)
    assert [(file.number, file.name, file.kind) for file in each.evidence] == [
        (1, "passwd.pdf", "pdf"), (2, "证据gnp.exe.png", "png"), (3, "表.docx", "docx"), (4, "笔录.txt", "txt"),
    ]  # fmt: skip
    assert read_evidence(shown.desk, each.no, 1, read=kept.__getitem__) == ("passwd.pdf", b"%PDF-1.7 x")
    assert [b"%PDF" in content for content in kept.values()] == [False] * 4


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([Evidence("a.pdf", b"")], "证据文件“a.pdf”是空的"),
        ([Evidence("a.pdf", b"%PDF-" + b"0" * LARGEST)], "证据文件“a.pdf”过大，单个文件至多20MB"),
        ([Evidence("a.docx", swollen())], "证据文件“a.docx”解压后体积异常"),
        ([Evidence("a.pdf", b"MZ\x90\0")], "不是可以接收的类型"),
        ([Evidence("a.txt", b"<script>alert(1)</script>")], "不是可以接收的类型"),
        ([Evidence("a.docx", package("word/document.xml", "word/vbaProject.bin"))], "不是可以接收的类型"),
        ([Evidence("a.zip", b"PK\x03\x04 broken")], "不是可以接收的类型"),
        ([Evidence("a.txt", b"x")] * 11, "至多10个"),
    ],
)
def test_huge_or_hostile_evidence_is_refused_and_nothing_is_kept(
    shown: Any, office: Actor, files: list[Evidence], sentence: str
) -> None:
    before = shown.contents()
    with pytest.raises(Refused, match=sentence):
        lodge(shown.desk, "B3-SJAQ-0001", NewObjection("业绩存疑", evidence=files), by=office, as_of=DAY_2)
    assert shown.contents() == before


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (NewObjection(" "), "须填写异议内容"),
        (NewObjection("字" * 20_001), "异议内容过长"),
        (NewObjection("业绩存疑", "示例人"), "实名异议须留联系方式或邮箱"),
        (NewObjection("业绩存疑", "", "", "a@example.cn"), "实名异议须写明姓名"),
        (NewObjection("业绩存疑", "示例人", "", "a@example.cn, b@example.cn"), "邮箱写法不对"),
    ],
)
def test_an_objection_that_cannot_be_read_is_refused(
    shown: Any, office: Actor, new: NewObjection, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        lodge(shown.desk, "B3-SJAQ-0001", new, by=office, as_of=DAY_2)
    assert shown.rows("SELECT count(*) FROM objection") == [(0,)]


@pytest.mark.clause("D-2")
def test_who_may_not_learn_of_objections_is_refused(shown: Any, office: Actor) -> None:
    lodge(shown.desk, "B3-SJAQ-0001", NAMED, by=office, as_of=DAY_2)
    applicant = Actor("示例单位", Role.APPLICANT, "1")
    with pytest.raises(Refused, match="异议登记只供"):
        objections(shown.desk, as_of=DAY_2, actor=applicant)
    _, (standing,) = publicity(shown.desk, "B3-GS-01", as_of=DAY_2, actor=Actor("x", Role.APPLICANT, "2"))
    assert (standing.objections, standing.hold) == (None, "")
    (each,) = objections(shown.desk, as_of=DAY_2, actor=Actor("示例", Role.AUDITOR))
    assert (each.text, each.name, each.mail) == ("业绩存疑", "", "")

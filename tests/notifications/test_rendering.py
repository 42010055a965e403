"""Letters are worded completely, strictly, and safely, for every reader they have."""

from collections import defaultdict
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from notifications.rendering import Renderer, check_templates
from notifications.vocabulary import ALWAYS, LETTERS, MAY_BE_ABSENT, NOTICES, STAFF_LETTERS, WORDS, may_use
from notifications.wordings import NOTICE_FOLDER, faults_of, read_wording, shipped, split
from states.process import build
from states.refusals import Refused
from states.roles import Role
from states.rulebook import list_calls

EVERY_WORD = {name: f"〔{name}〕" for name in (*ALWAYS, *WORDS)}


def every_letter() -> dict[str, frozenset[Role]]:
    """The letters of every process there is, with everybody they tell."""
    told: defaultdict[str, set[Role]] = defaultdict(set)
    for call in list_calls():
        for track in call.tracks:
            for letter, roles in build(call.track(track)).letters().items():
                told[letter] |= roles
    return {letter: frozenset(roles) for letter, roles in told.items()}


def test_every_declared_letter_has_its_wording_and_no_wording_is_an_orphan() -> None:
    check_templates(every_letter())


def test_the_check_names_everything_that_does_not_fit() -> None:
    letters = {
        **every_letter(),
        "never_worded": frozenset({Role.APPLICANT}),
        "stage_due": frozenset({Role.APPLICANT}),
    }
    del letters["withdrawn"]
    with pytest.raises(ValueError, match="notice for staff") as caught:
        check_templates(letters)
    assert str(caught.value).split("; ") == [
        "stage_due is a notice for staff, but tells applicant",
        "no wording never_worded/applicant",
        "orphan wording withdrawn/applicant",
        "orphan wording withdrawn/recommender",
    ]


def test_the_vocabulary_explains_every_word_it_hands_out() -> None:
    handed_out = {name for letter in (*LETTERS, *NOTICES, *STAFF_LETTERS) for name in may_use(letter)}
    assert handed_out == {*ALWAYS, *WORDS}
    assert [letter for letter, absent in MAY_BE_ABSENT.items() if not absent <= may_use(letter)] == []


@pytest.mark.parametrize(("letter", "role"), sorted(shipped()), ids="/".join)
def test_every_wording_renders_from_its_own_words_alone(letter: str, role: str) -> None:
    allowed = may_use(role if letter == NOTICE_FOLDER else letter)
    rendered = Renderer().render(letter, role, {name: EVERY_WORD[name] for name in allowed})
    assert rendered.subject
    assert "\n" not in rendered.subject
    assert "\n\n\n" not in rendered.body


@pytest.mark.parametrize(
    "letter", sorted({letter for letter, _ in shipped()} - {NOTICE_FOLDER, *STAFF_LETTERS})
)
def test_every_letter_names_its_reader_its_case_and_who_signs(letter: str) -> None:
    for role in (role for found, role in shipped() if found == letter):
        subject, body = Renderer().render(letter, role, EVERY_WORD)
        reader = "〔institution〕：" if role == "applicant" else "〔recommender〕："
        assert subject.endswith(("的通知（〔no〕）", "的提醒（〔no〕）"))
        assert body.startswith(f"{reader}\n\n　　")
        assert body.endswith("\n\n〔signer〕\n〔today〕")
        assert "〔no〕" in body


def test_what_does_not_apply_leaves_no_hole() -> None:
    for letter, role in shipped():
        absent = MAY_BE_ABSENT.get(letter, frozenset())
        given = {name: word for name, word in EVERY_WORD.items() if name not in absent}
        left_out = Renderer().render(letter, role, given)
        assert "\n\n\n" not in left_out.body
        assert left_out == Renderer().render(letter, role, given | dict.fromkeys(absent, ""))


def test_a_word_that_is_not_given_is_an_error_and_names_itself() -> None:
    context = {name: word for name, word in EVERY_WORD.items() if name != "reason"}
    Renderer().render("exited", "applicant", context)
    with pytest.raises(UndefinedError, match="'institution' is undefined"):
        Renderer().render(
            "exited", "applicant", {name: context[name] for name in context if name != "institution"}
        )


def test_an_unknown_letter_or_reader_is_an_error() -> None:
    for letter, role in (("nothing", "applicant"), ("received", "head"), ("..", "received")):
        with pytest.raises(KeyError, match="no wording"):
            Renderer().render(letter, role, EVERY_WORD)


@pytest.mark.parametrize(
    "smuggled", ["\r\nBcc: x@y.example.cn", "\nX", "\u2028X", "\x0bX", "\x1eX", "\x85X", "\u202eX"]
)
def test_no_value_can_break_the_subject_line_or_slip_into_the_body(smuggled: str) -> None:
    context = EVERY_WORD | {"institution": f"甲{smuggled}"}
    subject, body = Renderer().render("withdrawn", "recommender", context)
    assert subject.isprintable()
    assert subject.startswith("关于甲")
    assert subject.endswith("撤回申报的通知（〔no〕）")
    assert body.startswith("〔recommender〕：\n")


def test_a_value_is_never_read_as_a_wording() -> None:
    body = Renderer().render("declined", "applicant", EVERY_WORD | {"reason": "{{ signer }}{% raw %}"}).body
    assert "{{ signer }}{% raw %}" in body


@pytest.mark.clause("M24-9.5", "M24-9.4")
def test_the_exit_letter_gives_ground_clause_and_cooling_off_only_where_there_is_one() -> None:
    words = EVERY_WORD | {
        "ground": "逾期未提交续期申请，视为主动放弃",
        "clause": "M24-9.4",
        "finding": "",
        "reason": "",
    }
    deemed = words | {"cooling_until": "2030年10月9日", "cooling_free_from": "2030年10月10日"}
    with_cooling = Renderer().render("exited", "applicant", deemed).body
    without = (
        Renderer().render("exited", "applicant", words | {"cooling_until": "", "cooling_free_from": ""}).body
    )
    assert "退出事由：逾期未提交续期申请，视为主动放弃（M24-9.4）" in with_cooling
    assert "限制申报期：至2030年10月9日（含当日）" in with_cooling
    assert "自2030年10月10日起可以重新申报（M24-9.5）" in with_cooling
    assert "限制申报期" not in without


@pytest.mark.clause("M24-5", "M24-14", "M24-12", "M24-9.1")
def test_the_listing_letter_states_the_term_and_the_duties() -> None:
    body = Renderer().render("listed", "applicant", EVERY_WORD).body
    assert "有效期：〔term_from〕至〔term_to〕（含当日）" in body
    assert [
        clause
        for clause in ("M24-12", "M24-14", "M24-11.6b", "M24-20c", "M24-9.1", "M24-9.5")
        if clause not in body
    ] == []


@pytest.mark.clause("M24-3.3")
def test_who_recommended_is_told_of_every_failing_and_reminded_of_the_responsibility() -> None:
    for letter in ("initial_failed", "objection_upheld", "disqualified", "rectification_ordered"):
        assert "“谁推荐、谁负责”" in Renderer().render(letter, "recommender", EVERY_WORD).body


def test_an_office_words_a_letter_its_own_way(tmp_path: Path) -> None:
    own = tmp_path / "received" / "applicant.txt.j2"
    own.parent.mkdir()
    own.write_text("\ufeff收悉{{ no }}\r\n\r\n{{ institution }}：已收到。\r\n", encoding="utf-8")
    renderer = Renderer(tmp_path)
    assert renderer.render("received", "applicant", EVERY_WORD) == ("收悉〔no〕", "〔institution〕：已收到。")
    assert renderer.render("withdrawn", "applicant", EVERY_WORD) == Renderer().render(
        "withdrawn", "applicant", EVERY_WORD
    )


def test_an_office_without_wordings_of_its_own_needs_no_folder(tmp_path: Path) -> None:
    assert Renderer(tmp_path / "letters").render("withdrawn", "applicant", EVERY_WORD).subject


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("receive/applicant", "标题\n\n正文", "不对应任何通知，请改名为“通知名/角色.txt.j2”或删除。"),
        (
            "received/applicant",
            "标题\n\n{{ secret }}",
            "不能使用：正文用了没有的变量：secret。请修改后重试。",
        ),
        (
            "received/applicant",
            "标题\n\n{{ no }",
            "不能使用：正文第1行写法有误（unexpected '}'）。请修改后重试。",
        ),
        ("received/applicant", "\n\n正文", "不能使用：第一行应为标题，现为空行。请修改后重试。"),
        ("received/applicant", "标题\n", "不能使用：没有正文。请修改后重试。"),
        (
            "received/applicant",
            "标题\n\n{{ no.x }}",
            "不能使用：正文只能使用变量和条件，不能使用Getattr。请修改后重试。",
        ),
        (
            "received/applicant",
            "标题\n\n{% include 'x' %}{{ no|upper }}",
            "不能使用：正文只能使用变量和条件，不能使用Filter、Include。请修改后重试。",
        ),
    ],
)
def test_a_wording_that_cannot_be_used_is_refused_in_one_sentence(
    tmp_path: Path, name: str, text: str, sentence: str
) -> None:
    own = tmp_path / f"{name}.txt.j2"
    own.parent.mkdir()
    own.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as caught:
        Renderer(tmp_path)
    assert str(caught.value) == f"自定义通知模板{name}.txt.j2{sentence}"


def test_a_wording_that_is_not_text_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "received" / "applicant.txt.j2"
    own.parent.mkdir()
    own.write_bytes("标题".encode("gbk"))
    with pytest.raises(Refused, match="请存为UTF-8编码的文本文件"):
        Renderer(tmp_path)


def test_the_shipped_wordings_have_no_fault() -> None:
    assert [fault for name in shipped() for fault in faults_of(read_wording(*name))] == []


def test_a_wording_for_no_letter_may_use_no_word() -> None:
    assert list(faults_of(split("{{ no }}\n\n正文", "nothing", "applicant", "x"))) == [
        "标题用了没有的变量：no"
    ]

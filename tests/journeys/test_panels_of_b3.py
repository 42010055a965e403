"""The panels of the third batch: drawn in public, sworn, replaced, opened by two; and nobody ever named."""

import json
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path

import pytest

from casework.installation import open_installation
from casework.rehearsal.page import page
from casework.rehearsal.panel_story import PanelStory
from casework.rehearsal.report import Report, spoken
from casework.settings import Settings
from cli.main import run
from records.crypt import decrypt
from records.transaction import Transaction, reading
from states.draw.verification import verify

Rehearsed = tuple[Report, Path]
NEVER_NAMED_BY_A_FORM = 100
"""At least so many of the pool have a name that no applicant's form holds, so that it could only leak."""


@pytest.fixture
def kept(rehearsed: Rehearsed) -> Iterator[Transaction]:
    """The kept records, open for reading."""
    _, folder = rehearsed
    installation = open_installation(Settings(data=folder), as_of=datetime(2028, 1, 1, tzinfo=UTC))
    with reading(installation.engine) as tx:
        yield tx
    installation.close()


def panel(report: Report, occupation: str) -> PanelStory:
    return next(each for each in report.panels if each.no == f"B3-{occupation}-P01")


def days(story: PanelStory, words: str) -> list[str]:
    """When something was told of a panel, to the minute."""
    return [spoken(at) for at, what, _ in story.events if words in what]


@pytest.mark.clause("M24-7.3b", "M24-7.3c", "M24-7.3d", "M24-7.3e", "M24-7.4", "B3-1.3", "B3-4.4", "D-10")
def test_everything_that_can_happen_to_a_panel_happened_and_is_counted_by_clause(b3: Report) -> None:
    told = {
        each.what: (each.clause, each.count) for each in b3.happened if not each.what.startswith("抽取时")
    }
    held = told.pop("待核定的专家书面决定不参加首轮抽取（人次）")
    assert (held[0], held[1] > 0) == ("M24-7.3b", True)
    assert told == {
        "专家谢绝": ("M24-7.3c", 1),
        "专家逾期未答复": ("M24-7.3c", 1),
        "接受时申报应当回避的情形": ("M24-7.3b", 1),
        "同名专家经人工核定": ("M24-7.3b", 5),
        "情况不明的专家经人工核定": ("M24-7.3b", 1),
        "接受时申报的其他关系经人工核定": ("M24-7.3b", 1),
        "同意申报单位申请的专家回避": ("M24-7.3b", 1),
        "全组抽取": ("M24-7.3c", 5),
        "新的承诺补抽空缺席位": ("M24-7.3c", 2),
        "本领域可抽专家不足，本轮作废": ("D-10", 2),
        "决定扩大专家范围": ("D-10", 1),
        "决定按件回避": ("D-10", 1),
        "选票投出": ("M24-7.3d", 35),
        "一名开启人单独开启，未获准": ("M24-7.3d", 1),
        "投票不足法定人数，不能开启": ("M24-7.3d", 1),
        "延长投票": ("M24-7.3d", 1),
        "两名开启人共同开启选票": ("M24-7.3d", 5),
        "名额处得票得分并列，书面决定取舍": ("B3-1.3", 1),
        "组织考察": ("B3-4.4", 1),
        "复核与专家意见不一致，书面说明理由": ("M24-7.3e", 1),
        "复核决定由另一人一并发布": ("M24-7.4", 2),
    }


@pytest.mark.clause("M24-7.3b", "M24-7.3c")
def test_every_rule_of_recusal_excluded_somebody_before_the_draw(b3: Report) -> None:
    first = panel(b3, "XNXS").rounds[0]
    found = {each.rule: each.count for each in first.excluded if not each.rule.endswith(":held")}
    # Among those named in a form one stands there with the same identity, one was found to be the same person.
    assert found == {"R-1": 1, "R-2": 1, "R-3": 2, "R-4": 1, "R-5": 1, "R-6": 1, "R-7": 1, "R-8": 1}
    second = {each.rule for each in panel(b3, "XNXS").rounds[1].excluded}
    assert second >= {"P-1", "P-2"}
    assert "P-3" in {each.rule for each in panel(b3, "JQRG").rounds[1].excluded}


@pytest.mark.clause("M24-7.3c")
def test_who_keeps_silent_for_three_working_days_is_replaced_under_a_fresh_commitment(b3: Report) -> None:
    story = panel(b3, "XNXS")
    # Invited on Wednesday 31 July: 1, 2 and 5 August; silent from midnight, drawn anew the same day.
    assert days(story, "第5席逾期未答复") == ["2024-08-06 00:00"]
    assert [(each.round, each.seats, spoken(each.committed_at)[:10]) for each in story.rounds] == [
        (1, 7, "2024-07-30"), (2, 2, "2024-08-06"),
    ]  # fmt: skip
    assert len({each.commitment for each in story.rounds}) == len(story.rounds)
    left = {each.place: each.state for each in story.seats if each.state != "已确认"}
    assert left == {2: "谢绝", 5: "逾期未答复"}


@pytest.mark.clause("M24-7.3b")
def test_a_tie_declared_on_accepting_vacates_the_seat_and_a_doubtful_one_waits_for_a_human(
    b3: Report,
) -> None:
    story = panel(b3, "JQRG")
    assert {each.place: each.state for each in story.seats if each.state != "已确认"} == {3: "应当回避"}
    assert len(days(story, "仅为同一学会会员")) == 1
    assert [each.seats for each in story.rounds] == [7, 1]


@pytest.mark.clause("D-10")
def test_a_field_too_small_is_widened_or_recused_case_by_case_in_words(b3: Report) -> None:
    widened, by_case = panel(b3, "ZCZZ"), panel(b3, "SJAQ")
    for story in (widened, by_case):
        assert [each.state for each in story.rounds] == ["作废", "已抽取"]
        assert "按公布的条件只能抽出" in story.rounds[0].void_why
    assert [what for _, what, clause in widened.events if clause == "D-10" and "下限改为4人" in what]
    assert [what for _, what, clause in by_case.events if clause == "D-10" and "按件回避" in what]
    assert sum(each.recused for each in by_case.votes) > 0
    assert sum(each.recused for each in widened.votes) == 0


@pytest.mark.clause("M24-7.3d")
def test_one_officer_opens_nothing_and_a_missed_quorum_lets_the_vote_go_on(b3: Report) -> None:
    alone, short = panel(b3, "XNXS"), panel(b3, "MMGC")
    assert days(alone, "未获准（到场1人）") == days(alone, "共同开启选票") == ["2024-08-27 09:30"]
    assert [what for _, what, _ in short.events if "表决截止" in what] == [
        "表决截止，收到选票4张（在席7人）", "表决截止，收到选票7张（在席7人）",
    ]  # fmt: skip
    assert (days(short, "未获准（到场2人）"), days(short, "共同开启选票")) == (
        ["2024-08-27 10:10"], ["2024-08-29 10:10"],
    )  # fmt: skip


@pytest.mark.clause("B3-1.3", "B3-5.1")
def test_a_tie_at_the_quota_is_shown_and_settled_in_words(b3: Report) -> None:
    story = panel(b3, "XNXS")
    first, second = [each for each in story.ranking if each.tied]
    tally = {each.case: (each.votes_for, each.votes_against, each.score) for each in story.votes}
    assert (first.place, tally[first.case]) == (second.place, tally[second.case])
    assert story.tie.startswith(f"第2名并列2家（{first.case}、{second.case}），名额只剩1个")
    assert [each.decision.startswith(("列入拟公示名单", "留作候补")) for each in (first, second)] == [
        True,
        True,
    ]
    assert "经集体研究" in first.words


@pytest.mark.clause("M24-7.3c")
def test_the_votes_told_are_those_of_the_cases(b3: Report, kept: Transaction) -> None:
    cases = {
        no: (votes, cast, bool(recommends))
        for no, votes, cast, recommends in kept.rows(
            "SELECT no, votes_for, votes_cast, panel_recommends FROM cases WHERE votes_cast IS NOT NULL"
        )
    }
    told = {
        each.case: (each.votes_for, each.votes_for + each.votes_against + each.abstentions, each.recommended)
        for story in b3.panels
        for each in story.votes
    }
    assert told == cases


@pytest.mark.clause("M24-7.3c")
def test_anybody_verifies_every_certificate_that_was_left_and_an_altered_one_fails(
    rehearsed: Rehearsed, tmp_path: Path
) -> None:
    report, folder = rehearsed
    left = sorted((folder / "certificates").iterdir())
    drawn = sorted(f"{story.no}-{each.round}.json" for story in report.panels for each in story.rounds)
    assert [path.name for path in left] == drawn
    for path in left:
        assert _verified(path)[0] == 0
        certificate = json.loads(path.read_text(encoding="utf-8"))
        assert "identities" not in certificate
        seats = certificate["seats"]
        altered = tmp_path / path.name
        certificate["seats"] = [*seats[1:], *seats[:1]] if len(seats) > 1 else ["0" * 32]
        altered.write_text(json.dumps(certificate, ensure_ascii=False), encoding="utf-8")
        code, said = _verified(altered)
        assert (code, "入选名单与重新计算的不一致" in said) == (2, True)


@pytest.mark.clause("M24-7.3c")
def test_a_certificate_without_one_of_its_exclusions_or_with_other_digits_is_found_out(
    rehearsed: Rehearsed,
) -> None:
    _, folder = rehearsed
    certificate = json.loads((folder / "certificates" / "B3-XNXS-P01-1.json").read_text(encoding="utf-8"))
    assert verify(certificate).ok
    assert not verify({**certificate, "exclusions": certificate["exclusions"][1:]}).ok
    assert not verify({**certificate, "digits": certificate["digits"][::-1]}).ok


@pytest.mark.clause("M24-7.3b", "M24-11.6a")
def test_nobody_of_the_pool_is_named_to_anybody_else(rehearsed: Rehearsed, kept: Transaction) -> None:
    report, folder = rehearsed
    secret = _secret(kept)
    places = {
        "report": report.to_json(), "page": page(report),
        "certificates": "".join(path.read_text("utf-8") for path in (folder / "certificates").iterdir()),
        "letters": _all(kept, "SELECT subject, body, recipient, occasion, message_id FROM letter"),
        "notices": _all(kept, "SELECT * FROM notice"), "incidents": _all(kept, "SELECT * FROM incident"),
        "audit": _all(kept, "SELECT actor, name, detail FROM audit WHERE kind <> 'pool'"),
        "outbox": "".join(map(_mail, (folder / "outbox").iterdir())),
        "file names": "".join(str(path) for path in folder.rglob("*")),
    }  # fmt: skip
    assert {where: sorted(found) for where, text in places.items() if (found := _found(secret, text))} == {}


@pytest.mark.clause("M24-7.3b")
def test_letters_to_experts_are_told_by_number_alone(b3: Report, kept: Transaction) -> None:
    sent = kept.one("SELECT count(*) FROM panel_letter WHERE state = 'sent'")
    assert sent is not None
    assert sum(count for _, count in b3.to_experts) == sent[0]
    assert {each.role for each in b3.letters} == {
        "申报单位", "推荐单位", "工程指导协调小组办公室", "工程指导协调小组", "办公室负责人", "审计人员",
    }  # fmt: skip


def test_keys_kept_in_earnest_are_locked_in_earnest(kept: Transaction) -> None:
    """Cheap locks are for what is thrown away; this folder was kept."""
    locks = {json.loads(sealed)["memory"] for (sealed,) in kept.rows("SELECT sealed FROM key_share")}
    assert locks == {128 * 1024}


def _secret(tx: Transaction) -> set[str]:
    """Names that no form bears, mailboxes, and codes of everybody in the pool."""
    forms = _all(tx, "SELECT form FROM filing")
    people = tx.rows("SELECT code, name, mail FROM expert")
    names = {name for _, name, _ in people if name not in forms}
    assert len(names) > NEVER_NAMED_BY_A_FORM
    return names | {code for code, _, _ in people} | {decrypt(mail) for _, _, mail in people}


def _found(secret: set[str], text: str) -> set[str]:
    """Which of these stand in a text."""
    return {each for each in secret if each in text}


def _all(tx: Transaction, sql: str) -> str:
    return "\n".join(str(value) for row in tx.rows(sql) for value in row)


def _mail(path: Path) -> str:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    bodies = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join((str(mail["To"]), str(mail["Subject"]), *bodies))


def _verified(path: Path) -> tuple[int, str]:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(["draw", "verify", str(path)])
    return code, out.getvalue() + err.getvalue()

"""The letters of the day: one digest to each member of staff who has something to read, and the head's."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from casework.audit import Entry, append, verify
from casework.desk import Desk
from casework.digests import queue_digests
from notifications.rendering import Renderer
from records.tables import Case, Incident, Institution, Letter, Notice, OfficeMailbox, User
from records.transaction import transaction
from states.calendar import Calendar, at_time, end_of
from states.call_rules import CallRules

MORNING = at_time(date(2024, 7, 10), 8, 30)
YESTERDAY = at_time(date(2024, 7, 9), 15)

pytestmark = pytest.mark.usefixtures("b3")

Queue = Callable[..., int]


@pytest.fixture
def queue(engine: Engine, renderer: Renderer) -> Queue:
    return lambda as_of=MORNING: queue_digests(
        engine, as_of=as_of, calendar=Calendar.builtin(), renderer=renderer
    )


def add(engine: Engine, *rows: Any) -> None:
    with Session(engine) as session:
        session.add_all(rows)
        session.commit()


def staff(login: str, role: str, scope: str = "", **values: Any) -> User:
    row: dict[str, Any] = {
        "login": login, "name": f"{login}某", "mail": f"{login}@office.example.cn", "role": role, "scope": scope,
        "created_at": MORNING,
    }  # fmt: skip
    return User(**(row | values))


def case(engine: Engine, n: int, due_on: date | None, **values: Any) -> int:
    """A case of Chongqing in initial review, held by the office, unless told otherwise."""
    with Session(engine) as session:
        institution = Institution(uscc=f"U{n}", name=f"示例{n}中心", province="50")
        session.add(institution)
        session.flush()
        row: dict[str, Any] = {
            "no": f"B3-SJAQ-{n:04}", "call": "B3", "track": "evaluation", "process": "B3/evaluation@1",
            "occupation": "SJAQ", "institution_id": institution.id, "province": "50", "channel": "P50",
            "stage": "initial_review", "held_by": "office", "entered_at": YESTERDAY, "updated_at": YESTERDAY,
            "due_at": end_of(due_on) if due_on else None,
        }  # fmt: skip
        made = Case(**(row | values))
        session.add(made)
        session.commit()
        assert made.id is not None
        return made.id


def notice(case_id: int, letter: str, role: str, about: date, occasion: str = "x") -> Notice:
    return Notice(
        case_id=case_id,
        letter=letter,
        role=role,
        occasion=occasion,
        clause="B3-4.4",
        about=about,
        at=YESTERDAY,
    )


def letters(engine: Engine) -> list[Letter]:
    with Session(engine) as session:
        return list(session.exec(select(Letter).order_by(Letter.id)))  # type: ignore[arg-type]


def digested(engine: Engine) -> list[date | None]:
    with Session(engine) as session:
        return [each.digested_on for each in session.exec(select(Notice).order_by(Notice.id))]  # type: ignore[arg-type]


def only_body(engine: Engine) -> str:
    [letter] = letters(engine)
    return letter.body


def test_a_day_without_anything_to_say_has_no_digest(engine: Engine, queue: Queue) -> None:
    add(engine, staff("zhou", "office"), staff("wu", "head"), staff("qian", "recommender", "P50"))
    case(engine, 1, date(2024, 9, 30))
    assert (queue(), letters(engine)) == (0, [])


def test_a_digest_tells_what_is_overdue_and_due_soon_in_its_order(engine: Engine, queue: Queue) -> None:
    add(engine, staff("zhou", "office"))
    for n, due_on in enumerate(
        (
            date(2024, 7, 8),
            date(2024, 6, 28),
            date(2024, 7, 10),
            date(2024, 7, 12),
            date(2024, 7, 24),
            date(2024, 7, 25),
        ),
        1,
    ):
        case(engine, n, due_on)
    assert queue() == 1
    [letter] = letters(engine)
    assert (letter.letter, letter.role, letter.recipient, letter.state) == (
        "digest", "office", "zhou@office.example.cn", "queued",
    )  # fmt: skip
    assert letter.subject == "每日汇总（2024年7月10日）：已逾期2件，即将到期3件"
    in_review, set_by_the_office = "（数据安全工程技术人员）：初核，", "（B3-4.4，期限由设置规定）"
    told = letter.body.replace(in_review, "…").replace(set_by_the_office, "")
    assert (
        told
        == """zhou某：

　　以下为工程指导协调小组办公室截至2024年7月10日的情况，请按轻重缓急办理。

【已逾期】

共2件，逾期最久的在前：
1. B3-SJAQ-0002 示例2中心…由工程指导协调小组办公室办理，期限2024年6月28日，已逾期8个工作日
2. B3-SJAQ-0001 示例1中心…由工程指导协调小组办公室办理，期限2024年7月8日，已逾期2个工作日

【即将到期】

1个工作日内1件，3个工作日内2件，10个工作日内3件：
1. B3-SJAQ-0003 示例3中心…期限2024年7月10日，今日是最后一个工作日
2. B3-SJAQ-0004 示例4中心…期限2024年7月12日，还有2个工作日
3. B3-SJAQ-0005 示例5中心…期限2024年7月24日，还有10个工作日

工程指导协调小组办公室
2024年7月10日"""
    )


def test_one_digest_a_day_however_often_it_is_made(engine: Engine, queue: Queue) -> None:
    add(engine, staff("zhou", "office"), staff("li", "office"))
    case(engine, 1, date(2024, 7, 8))
    runs = [queue(), queue(), queue(MORNING + timedelta(hours=5)), queue(MORNING + timedelta(days=1))]
    assert runs == [2, 0, 0, 2]
    assert len({letter.message_id for letter in letters(engine)}) == 4


def test_there_is_no_digest_on_a_day_that_is_not_worked_but_one_on_a_make_up_day(
    engine: Engine, queue: Queue
) -> None:
    add(engine, staff("zhou", "office"))
    case(engine, 1, date(2024, 7, 8))
    days = (date(2024, 9, 28), date(2024, 9, 29), date(2024, 10, 1), date(2024, 10, 12))
    assert [queue(at_time(day, 8, 30)) for day in days] == [0, 1, 0, 1]


def test_everybody_reads_their_own_cases_only(engine: Engine, queue: Queue) -> None:
    add(engine, staff("chongqing", "recommender", "P50"), staff("hunan", "recommender", "P43"))
    case(engine, 1, date(2024, 7, 12), stage="submitted", held_by="recommender")
    case(engine, 2, date(2024, 7, 12), stage="submitted", held_by="recommender", channel="P43", province="43")
    case(engine, 3, date(2024, 7, 12))
    assert queue() == 2
    found = {
        each.recipient.split("@")[0]: [n for n in "123" if f"示例{n}中心" in each.body]
        for each in letters(engine)
    }
    assert found == {"chongqing": ["1"], "hunan": ["2"]}


def test_a_recommender_is_told_in_the_words_of_a_recommendation(engine: Engine, queue: Queue) -> None:
    add(engine, staff("chongqing", "recommender", "P50"))
    case(engine, 1, date(2024, 7, 12), stage="submitted", held_by="recommender")
    queue()
    assert "示例1中心（数据安全工程技术人员）：待推荐，截止日期2024年7月12日，还有2个工作日（" in only_body(
        engine
    )


def test_the_office_hurries_the_experts_who_have_no_digest(engine: Engine, queue: Queue) -> None:
    add(engine, staff("zhou", "office"))
    case(engine, 1, date(2024, 7, 8), stage="expert_review", held_by="panel")
    queue()
    assert "专家评议，由专家组办理" in only_body(engine)


@pytest.mark.clause("D-9")
def test_a_reminder_waits_for_the_digest_and_is_told_once(engine: Engine, queue: Queue) -> None:
    add(engine, staff("chongqing", "recommender", "P50"))
    waiting = case(engine, 1, date(2024, 7, 31))
    arrived = case(engine, 2, date(2024, 7, 31), paper_at=YESTERDAY)
    add(
        engine,
        *(notice(id_, "paper_outstanding", "recommender", date(2024, 7, 31)) for id_ in (waiting, arrived)),
    )
    assert (queue(), queue(MORNING + timedelta(days=1))) == (1, 0)
    body = only_body(engine)
    assert "共1条：\n1. B3-SJAQ-0001 示例1中心" in body
    assert "书面材料未收到，到齐前不进入专家评议，初核期限2024年7月31日（B3-4.4）" in body
    assert digested(engine) == [date(2024, 7, 10)] * 2


def test_a_reminder_of_what_the_lists_say_anyway_is_not_said_twice(engine: Engine, queue: Queue) -> None:
    add(engine, staff("zhou", "office"))
    add(engine, notice(case(engine, 1, date(2024, 7, 12)), "stage_due", "office", date(2024, 7, 12)))
    queue()
    assert only_body(engine).count("B3-SJAQ-0001") == 1


@pytest.mark.clause("D-5")
def test_a_renewal_under_review_is_reminded_of_from_thirty_days_before(engine: Engine, queue: Queue) -> None:
    add(engine, staff("group", "group"))
    id_ = case(engine, 1, date(2024, 8, 9), stage="renewal", held_by="group")
    add(engine, notice(id_, "renewal_review_due", "group", date(2024, 8, 9)))
    queue()
    assert "续期审核，有效期至2024年8月9日，还有22个工作日" in only_body(engine)


def test_a_formal_letter_without_a_mailbox_is_told_as_progress(engine: Engine, queue: Queue) -> None:
    add(engine, staff("chongqing", "recommender", "P50"))
    id_ = case(engine, 1, None, stage="exited", held_by=None)
    add(engine, notice(id_, "exited", "recommender", date(2024, 7, 9)))
    queue()
    assert "办理有新进展，现为“已退出”环节，请查看" in only_body(engine)


def test_an_office_without_an_account_reads_its_digest_in_its_mailbox(engine: Engine, queue: Queue) -> None:
    add(engine, OfficeMailbox(channel="P50", name="重庆", mail="chu@chongqing.example.cn"))
    id_ = case(engine, 1, date(2024, 7, 31))
    assert queue() == 0
    add(engine, notice(id_, "paper_outstanding", "recommender", date(2024, 7, 31)))
    assert queue() == 1
    assert letters(engine)[0].recipient == "chu@chongqing.example.cn"


def test_what_nobody_could_be_told_goes_on_waiting(engine: Engine, queue: Queue) -> None:
    id_ = case(engine, 1, date(2024, 7, 31))
    add(engine, notice(id_, "paper_outstanding", "recommender", date(2024, 7, 31)))
    assert (queue(), digested(engine)) == (0, [None])


def test_who_left_or_wants_no_digest_has_none(engine: Engine, queue: Queue) -> None:
    add(
        engine,
        staff("a", "office", disabled_at=YESTERDAY),
        staff("b", "office", digest=False),
        staff("c", "auditor"),
    )
    case(engine, 1, date(2024, 7, 8))
    assert queue() == 0


def test_new_incidents_and_what_was_done_since_the_working_day_before(engine: Engine, queue: Queue) -> None:
    add(engine, staff("zhou", "office"), staff("hunan", "recommender", "P43"))
    id_ = case(engine, 1, date(2024, 9, 30))
    when = (datetime(2024, 7, 8, 15, 59, 59, tzinfo=UTC), YESTERDAY, MORNING)
    with transaction(engine) as tx:
        for at in when:
            append(tx, [Entry(at, at, "office:zhou", "move", "begin_review", id_, version=2)])
            append(tx, [Entry(at, at, "clock:post", "letter", "sent", id_)])
    for at in when:
        add(engine, Incident(kind="letter_refused", case_id=id_, subject="1", reason="通知未能送达", at=at))
    add(
        engine,
        Incident(kind="timer_failed", subject="x", reason="已经处理", at=YESTERDAY, closed_at=YESTERDAY),
    )
    assert queue() == 1
    [letter] = letters(engine)
    assert letter.subject == "每日汇总（2024年7月10日）：新异常1件，上次以来办理1件"
    assert "【新发生的异常】\n\n共1件：\n1. B3-SJAQ-0001　通知未能送达\n\n" in letter.body
    assert "【上次汇总以来的办理情况】\n\n受理1件\n\n" in letter.body


def test_on_monday_the_digest_looks_back_over_the_weekend(engine: Engine, queue: Queue) -> None:
    add(engine, staff("zhou", "office"))
    for day in (4, 5, 6, 7, 8):
        add(
            engine,
            Incident(kind="x", subject=str(day), reason=f"7月{day}日", at=at_time(date(2024, 7, day), 12)),
        )
    queue(at_time(date(2024, 7, 8), 8, 30))
    assert [day for day in (4, 5, 6, 7, 8) if f"7月{day}日\n" in only_body(engine)] == [5, 6, 7]


def test_a_long_list_is_cut_and_its_total_stays_exact(engine: Engine, queue: Queue) -> None:
    add(engine, staff("zhou", "office"))
    for n in range(1, 24):
        case(engine, n, date(2024, 7, 8))
    queue()
    body = only_body(engine)
    assert "共23件，逾期最久的在前：" in body
    assert "\n20. B3-SJAQ-0020 " in body
    assert "\n其余3件未逐件列出，请登录系统查看。\n" in body


def test_the_head_is_told_what_is_stuck_whose_move_it_is_and_what_unblocks_it(
    engine: Engine, queue: Queue
) -> None:
    add(engine, staff("wu", "head"))
    late = case(engine, 1, date(2024, 7, 8))
    later = case(engine, 2, date(2024, 6, 28), stage="recheck", held_by="group")
    settled = case(engine, 3, date(2024, 9, 30), stage="expert_review", held_by="panel")
    add(engine, *(notice(id_, "stage_overdue", "head", date(2024, 7, 8)) for id_ in (late, later, settled)))
    add(engine, notice(late, "stage_overdue", "head", date(2024, 7, 8), "again"))
    assert (queue(), queue(), queue(MORNING + timedelta(days=1))) == (1, 0, 0)
    [letter] = letters(engine)
    assert (letter.letter, letter.subject) == ("escalation", "督办（2024年7月10日）：2件超期未办结")
    first, second = (part for part in letter.body.splitlines() if part[:1].isdigit() and "B3-" in part)
    assert first == (
        "1. B3-SJAQ-0002 示例2中心（数据安全工程技术人员）：复核，由工程指导协调小组办理，期限2024年6月28日，"
        "已逾期8个工作日（M24-7.4，期限由设置规定）"
    )
    assert second.startswith("2. B3-SJAQ-0001 示例1中心")
    assert "　　等待工程指导协调小组办理：列入拟公示名单、不予列入" in letter.body


def test_the_letters_of_the_day_stand_in_the_audit_log(
    engine: Engine, queue: Queue, desk: Desk, b3: CallRules
) -> None:
    add(engine, staff("zhou", "office"))
    case(engine, 1, date(2024, 7, 8))
    queue()
    with transaction(engine) as tx:
        last = tx.one("SELECT kind, name, detail FROM audit ORDER BY seq DESC LIMIT 1")
    assert last == ("letter", "digests", '{"day":"2024-07-10","letters":1}')
    assert verify(engine).ok

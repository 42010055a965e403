"""The pages of calls: planned by one, approved by another, opened, put off; what the clock will do."""

from datetime import UTC, date, datetime

from casework.actors import Actor
from casework.calls import call_state
from casework.foreseeing import look_ahead
from casework.rule_text import with_day, with_text
from casework.sweep import sweep
from records.transaction import reading
from states.roles import Role
from states.rulebook import call_text

WEEK = {"closes": "2024-06-28", "paper": "2024-06-28", "reason": "系统维护影响申报"}


def contents(desk) -> int:
    with reading(desk.engine) as tx:
        counted = [tx.one(f"SELECT count(*) FROM {name}") for name in ("letter", "notice", "audit", "timer")]
    return hash(tuple(counted))


def test_a_call_shows_its_calendar_and_every_rule_with_its_clause(as_role, b3) -> None:
    shown = as_role(Role.AUDITOR).get("/calls/B3").text
    assert shown.count('class="bar ') == 7
    assert 'href="/clauses#B3-1.3"' in shown
    assert "2024年6月21日（周五）24时" in shown
    assert "自2024-09-14起5个工作日" in shown


def test_a_call_is_planned_approved_by_another_and_opened(as_role, send, desk, now) -> None:
    office, head = as_role(Role.OFFICE), as_role(Role.HEAD)
    fields = {"code": "B9", "name": "第九批", "notice": "2024-06-01", "opens": "2024-06-10",
              "filing_closes": "2024-07-31", "paper_due": "2024-08-02", "from": "B3"}  # fmt: skip
    made = send(office, "/calls/new", page="/calls/new?from=B3", rules=call_text("B3"), **fields)
    assert made.headers["location"] == "/calls/plans/B9"
    assert "等待办公室负责人批准" in office.get("/calls/plans/B9").text
    decided = send(head, "/calls/plans/B9/decide", page="/calls/plans/B9", seen="1", decision="approve")
    assert decided.headers["location"] == "/calls"
    opened = send(office, "/calls/B9/open", page="/calls/B9")
    assert opened.headers["location"] == "/calls/B9"
    assert call_state(desk, "B9").rules.filing_closes.value == date(2024, 7, 31)


def test_a_wrong_plan_says_what_is_wrong_and_keeps_what_was_typed(as_role, send) -> None:
    office = as_role(Role.OFFICE)
    answer = send(
        office,
        "/calls/new",
        page="/calls/new",
        rules=call_text("B3"),
        code="B9",
        name="第九批",
        opens="2024-07-30",
    )
    assert answer.status_code == 422
    assert "早于 opens" in answer.text
    assert 'value="第九批"' in answer.text


def test_an_extension_shows_what_moves_before_it_does(as_role, send, filed, desk) -> None:
    filed(2)
    office = as_role(Role.OFFICE)
    before = contents(desk)
    shown = send(office, "/calls/B3/extend/preview", page="/calls/B3/extend", **WEEK)
    assert (shown.status_code, contents(desk)) == (200, before)
    assert "确认延长并发出2封通知" in shown.text
    assert "2024年6月28日（周五）24时" in shown.text
    done = send(office, "/calls/B3/extend", page="/calls/B3/extend", seen="2024-06-21", **WEEK)
    assert done.headers["location"] == "/calls/B3"
    assert "系统维护影响申报" in office.get("/calls/B3").text


def test_a_second_extension_from_an_old_page_is_refused_and_keeps_what_was_typed(as_role, send, b3) -> None:
    office = as_role(Role.OFFICE)
    send(office, "/calls/B3/extend", page="/calls/B3/extend", seen="2024-06-21", **WEEK)
    late = {**WEEK, "closes": "2024-07-05"}
    answer = send(office, "/calls/B3/extend", page="/calls/B3/extend", seen="2024-06-21", **late)
    assert answer.status_code == 422
    assert "已由他人改为2024年6月28日" in answer.text
    assert 'value="2024-07-05"' in answer.text


def test_a_province_sees_its_own_plans_alone(as_role, send, desk) -> None:
    text = with_text(call_text("CQ23"), "code", "CQ9")
    for key, value in (("notice", date(2024, 6, 1)), ("opens", date(2024, 6, 20)),
                       ("filing_closes", date(2024, 7, 31)), ("paper_due", date(2024, 7, 31))):  # fmt: skip
        text = with_day(text, key, value)
    text = text.replace('regime = "I21"', 'regime = "I21"\nprovince = "50"')
    own, other = as_role(Role.PROVINCE, "50"), as_role(Role.PROVINCE, "46")
    made = send(own, "/calls/new", page="/calls/new?from=CQ23", rules=text)
    assert made.headers["location"] == "/calls/plans/CQ9", made.text
    assert own.get("/calls/plans/CQ9").status_code == 200
    assert other.get("/calls/plans/CQ9").status_code == 404


def test_the_outlook_tells_what_the_clock_will_do_and_does_none_of_it(as_role, filed, desk) -> None:
    filed(3)
    before = contents(desk)
    shown = as_role(Role.OFFICE).get("/outlook").text
    assert contents(desk) == before
    assert "第三批申报截止" in shown
    assert "截止未推荐" in shown or "未获推荐" in shown


def test_the_outlook_of_a_province_is_of_its_own_cases(as_role, filed) -> None:
    filed(1)
    assert "B3-SJAQ-0001" in as_role(Role.PROVINCE, "50").get("/outlook").text
    assert "B3-SJAQ-0001" not in as_role(Role.PROVINCE, "46").get("/outlook").text


def test_the_outlook_is_filtered(as_role, filed) -> None:
    filed(1)
    shown = as_role(Role.OFFICE).get("/outlook?kind=letter&days=30&call=B3").text
    assert "第三批申报截止" not in shown
    assert "→ 申报单位" in shown


def test_what_the_outlook_foresees_is_what_the_sweep_does(desk, filed) -> None:
    filed(3)
    at = datetime(2024, 6, 12, 2, tzinfo=UTC)
    foreseen = look_ahead(desk, as_of=at, actor=Actor("示例经办人", Role.OFFICE), days=30)
    sweep(desk, as_of=datetime(2024, 7, 12, 16, tzinfo=UTC))
    with reading(desk.engine) as tx:
        moved = tx.one("SELECT count(*) FROM audit WHERE kind = 'move' AND at > '2024-06-12 12'")
        sent = tx.one("SELECT count(*) FROM letter WHERE created_at > '2024-06-12 12'")
    assert (foreseen.moves, foreseen.letters) == ((moved or [0])[0], (sent or [0])[0])

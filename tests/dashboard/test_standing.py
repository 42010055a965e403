from datetime import UTC, datetime, timedelta

import pytest

from casework.beats import Outcome, end_beat, note_state, start_beat
from casework.leases import acquire
from casework.overview import RUNNER_LEASE, overview
from casework.sweep import sweep
from dashboard.health.standing import Row, standing

MINUTE = timedelta(minutes=1)


@pytest.fixture
def page(desk, now):
    return lambda: standing(overview(desk, as_of=now()), desk.calendar)


@pytest.fixture
def running(desk, now) -> None:
    acquire(desk.engine, RUNNER_LEASE, "示例主机:7:x", as_of=now(), ttl=MINUTE)
    start_beat(desk.engine, "sweep", as_of=now())
    end_beat(desk.engine, "sweep", at=now(), says="没有到期事项")


def health(page, label: str) -> Row:
    return next(row for row in page.health if row.label == label)


def test_without_a_call_there_is_no_card(page) -> None:
    assert page().calls == ()


@pytest.mark.clause("B3-5.4")
def test_an_open_call_says_how_many_days_and_working_days_are_left(page, b3) -> None:
    card = page().calls[0]
    assert (card.code, card.name, card.state) == ("B3", "第三批", "受理中")
    assert card.says == "申报截至2024年6月21日（周五）24时，还有9天（7个工作日）"


@pytest.mark.clause("B3-5.4")
def test_the_last_day_is_still_a_day(page, b3, now) -> None:
    now.at = datetime(2024, 6, 21, 15, 59, tzinfo=UTC)
    assert page().calls[0].says == "申报截至2024年6月21日（周五）24时，今天是最后一天"


@pytest.mark.clause("B3-5.4")
def test_after_the_last_day_the_call_has_closed(page, b3, now) -> None:
    now.at = datetime(2024, 6, 21, 16, 0, tzinfo=UTC)
    assert page().calls[0].says == "申报已于2024年6月21日（周五）24时截止"


def test_cases_are_counted_stage_by_stage_with_those_past_their_limit(page, desk, filed, now) -> None:
    filed(3)
    before = page().calls[0]
    now.at = datetime(2024, 6, 21, 16, 0, tzinfo=UTC)
    due = page().calls[0]
    sweep(desk, as_of=now())
    after = page().calls[0]
    assert [(each.label, each.cases, each.overdue) for each in before.stages] == [("待推荐", 3, 0)]
    assert [(each.label, each.cases, each.overdue) for each in due.stages] == [("待推荐", 3, 3)]
    assert [(each.label, each.cases, each.overdue) for each in after.stages] == [("未获推荐", 3, 0)]


@pytest.mark.clause("D-12")
def test_what_falls_due_next_is_told_by_its_last_day(page, filed) -> None:
    filed(2)
    assert [(row.at, row.says) for row in page().coming] == [
        ("2024年6月18日（周二）09:00", "到期提醒 2件"),
        ("2024年6月21日（周五）24时", "申报截止未获推荐 2件"),
    ]


def test_a_clock_that_ticks_is_well(page, running) -> None:
    assert page().verdict == Row("时钟正常", "最近一次到期处理在今天 10:00:00，没有积压。", "good")
    assert health(page(), "调度进程") == Row("调度进程", "主机示例主机，进程7，0秒前报到", "good")


def test_without_a_runner_the_clock_stands(page) -> None:
    assert page().verdict.label == "时钟未运行"
    assert health(page(), "调度进程") == Row("调度进程", "没有运行", "bad")


def test_a_runner_whose_lease_ran_out_is_gone(page, running, now) -> None:
    now.at += MINUTE
    assert page().verdict.label == "时钟未运行"


def test_a_clock_with_something_long_due_is_late_and_says_since_when(page, desk, filed, now) -> None:
    filed(1)
    now.at = datetime(2024, 6, 24, 2, 0, tzinfo=UTC)
    acquire(desk.engine, RUNNER_LEASE, "示例主机:7:x", as_of=now(), ttl=MINUTE)
    start_beat(desk.engine, "sweep", as_of=now())
    assert page().verdict.tone == "watch"
    assert page().verdict.says.startswith("最早一项应于2024年6月18日（周二）09:00办理，")


def test_a_failing_clock_says_why(page, desk, running, now) -> None:
    end_beat(desk.engine, "sweep", at=now(), error=OSError("disk"))
    assert page().verdict == Row("到期处理失败", "运行失败：OSError：disk。下一次会自动重试。", "bad")
    assert health(page(), "未办结异常") == Row("未办结异常", "时刻表任务失败1件", "bad")


@pytest.mark.parametrize(
    ("outcome", "says", "tone"),
    [
        (Outcome.READY, "就绪，运行记录可查", "good"),
        (Outcome.STARTING, "正在启动，时钟照常运行", "watch"),
        (Outcome.DOWN, "未就绪，时钟照常运行", "watch"),
    ],
    ids=str,
)
def test_prefect_is_told_apart_from_the_clock(page, desk, running, now, outcome, says, tone) -> None:
    note_state(desk.engine, "prefect", outcome, at=now())
    assert health(page(), "Prefect") == Row("Prefect", says, tone)
    assert page().verdict.label == "时钟正常"


def test_waiting_letters_are_counted(page, filed) -> None:
    filed(2)
    assert health(page(), "发件") == Row("发件", "待发2封，最早一封自今天 10:00:00起待发", "good")


def test_faults_found_at_night_are_bad_news(page, desk, now) -> None:
    start_beat(desk.engine, "invariants", as_of=now())
    end_beat(
        desk.engine,
        "invariants",
        at=now(),
        says="核对申报3件、审计记录9条，发现1处不符",
        counts={"faults": 1},
    )
    assert health(page(), "一致性检查") == Row(
        "一致性检查", "今天 10:00:00：核对申报3件、审计记录9条，发现1处不符", "bad"
    )

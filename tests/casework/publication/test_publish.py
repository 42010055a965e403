"""Deliveries: tried again with growing waits, left alone while a receiver is down, made good by what follows."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from casework.actors import Actor
from casework.incidents import retry
from casework.post import LEASE, WAITS
from casework.publication.attempts import PAUSES, Circuit, breaker
from casework.publication.overview import deliveries, delivery, push_again, standings
from casework.publication.publish import publish, worth_publishing
from casework.publication.pushing import Push
from casework.publication.receivers import receivers_of
from records.transaction import reading
from states.refusals import Refused
from states.roles import Role

Programme = Any  # of conftest
Receiver = Any
Publish = Any

NOW = datetime(2024, 10, 10, 1, tzinfo=UTC)
OFFICE = Actor("示例经办人", Role.OFFICE)


@pytest.fixture
def listed(programme: Programme) -> int:
    """One institution in the directory."""
    (id_,) = programme.bring(programme.begin(), "listed")
    return int(id_)


def attempts(programme: Programme) -> list[tuple[str, int | None]]:
    return [
        (row[0], row[1])
        for row in programme.rows("SELECT outcome, status FROM publication_attempt ORDER BY id")
    ]


def state(programme: Programme) -> list[tuple[int, str, int]]:
    """Edition, state and attempts of every delivery."""
    return [
        tuple(row)
        for row in programme.rows("SELECT number, state, attempts FROM publication_delivery ORDER BY id")
    ]


@pytest.mark.clause("M24-7.5")
def test_every_attempt_is_written_down_until_it_arrives(
    programme: Programme, platform: Receiver, run: Publish, listed: int
) -> None:
    platform.will = ["503", "lie", "good"]
    run(NOW)
    run(NOW + WAITS[0])
    run(NOW + WAITS[0] + WAITS[1])
    assert attempts(programme) == [("later", 503), ("later", 200), ("sent", 200)]
    (found,) = deliveries(programme.desk.engine)
    sent, made, body = delivery(programme.desk.engine, found.id)
    assert (sent.state, sent.attempts, sent.sent_at) == ("sent", 3, NOW + WAITS[0] + WAITS[1])
    assert [each.error for each in made] == ["HTTP 503", "HTTP 200，回执的校验值与所发内容不符", None]
    assert platform.posts[-1][1] == body.encode()


def test_an_attempt_waits_for_its_time(
    programme: Programme, platform: Receiver, run: Publish, listed: int
) -> None:
    platform.will = ["503"]
    run(NOW)
    run(NOW + WAITS[0] - timedelta(seconds=1))
    assert len(platform.posts) == 1


def test_a_receipt_lost_on_the_way_costs_a_second_push_that_changes_nothing(
    programme: Programme, platform: Receiver, run: Publish, listed: int
) -> None:
    platform.will = ["cut"]
    run(NOW)
    run(NOW + WAITS[0])
    assert [len(platform.posts), len(platform.kept)] == [2, 1]
    assert state(programme) == [(1, "sent", 2)]


def test_the_last_failure_is_an_incident_and_the_list_of_attempts_says_why(
    programme: Programme, platform: Receiver, run: Publish, listed: int
) -> None:
    platform.always = "500"
    when = NOW
    for _ in range(60):
        run(when)
        if state(programme) == [(1, "failed", len(WAITS) + 1)]:
            break
        when += timedelta(hours=6)
    assert attempts(programme) == [("later", 500)] * (len(WAITS) + 1)
    [(kind, reason)] = programme.rows("SELECT kind, reason FROM incident")
    assert (kind, reason) == (
        "publication_given_up",
        "国家专业技术人才知识更新工程公共服务平台未收到“评价机构目录”（directory/evaluation@platform）：HTTP 500",
    )


def test_what_is_refused_for_good_is_not_tried_again(
    programme: Programme, platform: Receiver, run: Publish, listed: int
) -> None:
    platform.will = ["422"]
    run(NOW)
    run(NOW + timedelta(days=30))
    assert state(programme) == [(1, "failed", 1)]
    assert programme.rows("SELECT kind FROM incident") == [("publication_refused",)]


@pytest.mark.parametrize("how", ["push_again", "incident"])
def test_what_failed_can_be_pushed_again(
    programme: Programme, platform: Receiver, run: Publish, listed: int, how: str
) -> None:
    platform.will = ["422"]
    run(NOW)
    later = NOW + timedelta(days=1)
    if how == "incident":
        assert retry(programme.desk, 1, by=OFFICE, as_of=later) == "已重新排入推送队列"
    else:
        push_again(programme.desk.engine, 1, as_of=later, by=OFFICE)
    run(later)
    assert state(programme) == [(1, "sent", 1)]
    assert programme.rows("SELECT count(*) FROM incident WHERE closed_at IS NULL") == [(0,)]


def test_what_did_not_fail_is_not_pushed_again(
    programme: Programme, platform: Receiver, run: Publish, listed: int
) -> None:
    run(NOW)
    with pytest.raises(Refused, match="编号为1的推送已送达，没有失败，不能重新推送。"):
        push_again(programme.desk.engine, 1, as_of=NOW, by=OFFICE)
    with pytest.raises(Refused, match="编号为9的推送不存在"):
        push_again(programme.desk.engine, 9, as_of=NOW, by=OFFICE)


def test_a_newer_edition_takes_the_place_of_one_that_waits_or_failed(
    programme: Programme, platform: Receiver, run: Publish, listed: int
) -> None:
    platform.will = ["422", "503"]
    run(NOW)
    programme.make(
        "order_rectification",
        listed,
        datetime(2025, 3, 3, 2, tzinfo=UTC),
        finding="示例",
        due_on=date(2025, 4, 3),
    )
    run(datetime(2025, 3, 3, 3, tzinfo=UTC))
    programme.make("report_rectification", listed, datetime(2025, 3, 4, 2, tzinfo=UTC), report="示例")
    programme.make("accept_rectification", listed, datetime(2025, 3, 4, 3, tzinfo=UTC), finding="合格")
    run(datetime(2025, 3, 4, 4, tzinfo=UTC))
    assert [(number, state) for number, state, _ in state(programme)] == [
        (1, "superseded"), (2, "superseded"), (3, "sent"),
    ]  # fmt: skip
    assert programme.rows("SELECT outcome FROM incident") == [("对方已收到后续版本",)]
    with pytest.raises(Refused, match="编号为1的推送已有新版，没有失败"):
        push_again(programme.desk.engine, 1, as_of=NOW, by=OFFICE)


@pytest.mark.clause("I21-4.5")
def test_a_receiver_that_is_down_is_left_alone_then_tried_once_and_then_given_everything(
    programme: Programme, platform: Receiver, run: Publish
) -> None:
    for occupation in ("SJAQ", "JQRG", "MMGC", "XNXS", "ZCZZ"):  # five lists, posted one by one
        programme.bring(programme.begin(occupation=occupation), "publicity")
    now = datetime(2024, 9, 27, 2, tzinfo=UTC)
    platform.always = "503"
    report = run(now)
    assert (len(platform.posts), report.pushed["platform"].stopped) == (
        3, "国家专业技术人才知识更新工程公共服务平台连续3次推送失败，暂停推送",
    )  # fmt: skip
    assert [attempts for _, _, attempts in state(programme)] == [1, 1, 1, 0, 0]

    alone = run(now + PAUSES[0] - timedelta(seconds=1))
    assert alone.left_alone == {"platform": "连续3次推送失败，暂停推送"}
    assert len(platform.posts) == 3

    run(now + PAUSES[0])  # a trial, in vain: one push
    assert len(platform.posts) == 4
    with reading(programme.desk.engine) as tx:
        found = breaker(tx, "platform", allowed=3, as_of=now + PAUSES[0])
    assert (found.circuit, found.failures, found.until) == (Circuit.OPEN, 4, now + PAUSES[0] + PAUSES[1])

    platform.always = "good"
    run(now + PAUSES[0] + PAUSES[1])
    assert len(platform.kept) == 5
    assert [state for _, state, _ in state(programme)] == ["sent"] * 5


def test_one_receiver_that_is_down_holds_up_no_other(
    programme: Programme, platform: Receiver, run: Publish, serve: Any, listed: int
) -> None:
    rules = programme.rows("SELECT rules FROM call WHERE code = 'B3'")[0][0]
    programme.spoil(
        "UPDATE call SET rules = ? WHERE code = 'B3'",
        rules.replace(
            'publication = { value = ["platform"]', 'publication = { value = ["platform", "province"]'
        ),
    )
    programme.desk.processes = type(programme.desk.processes)(programme.desk.engine)
    province = serve()
    platform.always = "hang up"
    run(NOW, platform=platform.url, provinces=f"50={province.url}")
    assert (len(platform.kept), len(province.kept)) == (0, 1)


def test_a_process_that_dies_in_a_push_leaves_it_to_the_next_and_the_attempt_on_record(
    programme: Programme, platform: Receiver, run: Publish, listed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(Push, "deliver", die)
        with pytest.raises(Died):
            run(NOW, worker="dead")
    assert state(programme) == [(1, "sending", 0)]
    assert run(NOW + timedelta(minutes=1)).pushed == {}
    run(NOW + LEASE)
    assert attempts(programme) == [("lost", None), ("sent", 200)]
    assert state(programme) == [(1, "sent", 2)]


def test_two_processes_do_not_push_to_one_receiver_at_once(
    programme: Programme, platform: Receiver, run: Publish, listed: int
) -> None:
    from casework.leases import acquire

    run(NOW, provinces=f"46={platform.url}")
    assert acquire(programme.desk.engine, "publish:platform", "other", as_of=NOW, ttl=LEASE)
    report = run(NOW)
    assert (report.left_alone, platform.posts) == ({"platform": "另一进程正在推送"}, [])


def test_a_quick_look_says_whether_a_run_is_worth_while(
    programme: Programme, platform: Receiver, run: Publish, settings_for: Any, listed: int
) -> None:
    settings = settings_for(platform=platform.url)

    def worth(as_of: datetime) -> bool:
        return worth_publishing(programme.desk, settings, as_of=as_of)

    platform.will = ["503"]
    assert worth(NOW)
    run(NOW)
    assert [worth(NOW), worth(NOW + WAITS[0])] == [False, True]
    run(NOW + WAITS[0])
    assert [worth(NOW + WAITS[0]), worth(NOW + timedelta(days=1))] == [False, True]


def test_how_every_receiver_stands_can_be_seen(
    programme: Programme, platform: Receiver, run: Publish, settings_for: Any, listed: int
) -> None:
    platform.always = "503"
    run(NOW)
    settings = settings_for(platform=platform.url, osta="http://127.0.0.1:1/in")
    found = standings(programme.desk.engine, receivers_of(settings), allowed=1, as_of=NOW)
    assert [
        (each.receiver.name, each.breaker.circuit.label, each.waiting, each.failed, each.arrived_at)
        for each in found
    ] == [("platform", "暂停推送", 1, 0, None), ("osta", "正常", 0, 0, None)]


def test_a_run_can_be_stopped_between_receivers(
    programme: Programme, platform: Receiver, settings_for: Any, listed: int
) -> None:
    class Stop(Exception):
        pass

    def stop() -> None:
        raise Stop

    with pytest.raises(Stop):
        publish(programme.desk, settings_for(platform=platform.url), as_of=NOW, worker="test", go_on=stop)
    assert (state(programme), platform.posts) == ([(1, "queued", 0)], [])

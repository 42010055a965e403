"""The post: nothing is lost, nothing is sent twice without need, and what is refused is told."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine
from sqlmodel import Session, select

from casework.actors import Actor
from casework.audit import verify
from casework.office_hours import OfficeHours
from casework.post import BATCH, LEASE, WAITS, PostReport, post, retry_letter
from notifications.channels.catcher import Catcher
from notifications.channels.smtp import MailServer, Smtp
from notifications.mail import Sender
from records.engine import open_engine, sqlite_url
from records.tables import METADATA, AuditEntry, Case, Incident, Institution, Letter
from states.calendar import Calendar, at_time
from states.refusals import Refused
from states.roles import Role

SENDER = Sender("linxuan@office.example.cn", "办公室")
WEDNESDAY = at_time(date(2024, 6, 12), 10)
OFFICE = Actor("zhou", Role.OFFICE)
HOURS = OfficeHours(time(8, 30), time(17, 30), Calendar.builtin())


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(sqlite_url(tmp_path / "linxuan.db"))
    METADATA.create_all(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def catcher(tmp_path: Path) -> Catcher:
    return Catcher(tmp_path / "outbox", SENDER)


def queue(engine: Engine, number: int = 1, **values: Any) -> None:
    """Queue letters 1 … number, each about nothing in particular unless told."""
    with Session(engine) as session:
        for n in range(1, number + 1):
            row: dict[str, Any] = {
                "letter": "received",
                "role": "applicant",
                "recipient": f"unit{n}@jiangbei.example.cn",
                "occasion": f"v{n}",
                "subject": f"通知{n}",
                "body": "某单位：\n\n　　内容。\n\n办公室\n2024年6月12日",
                "message_id": f"<{n}.{values.get('occasion', '')}@office.example.cn>",
                "created_at": WEDNESDAY,
                "not_before": WEDNESDAY,
            }
            session.add(Letter(**(row | values)))
        session.commit()


def new_case(engine: Engine, no: str = "B3-SJAQ-0001", due_at: datetime | None = None) -> int:
    with Session(engine) as session:
        institution = Institution(uscc=no, name="江北测评中心", province="50")
        session.add(institution)
        session.flush()
        case = Case(
            no=no, call="B3", track="evaluation", process="B3/evaluation@1", occupation="SJAQ",
            institution_id=institution.id or 0, province="50", channel="P50", stage="correcting",
            entered_at=WEDNESDAY, updated_at=WEDNESDAY, due_at=due_at,
        )  # fmt: skip
        session.add(case)
        session.commit()
        assert case.id is not None
        return case.id


def letters(engine: Engine) -> list[Letter]:
    with Session(engine) as session:
        return list(session.exec(select(Letter).order_by(Letter.id)))  # type: ignore[arg-type]


def states(engine: Engine) -> list[str]:
    return [letter.state for letter in letters(engine)]


def incidents(engine: Engine) -> list[tuple[str, int | None, str, bool]]:
    with Session(engine) as session:
        rows = session.exec(select(Incident)).all()
        return [(row.kind, row.case_id, row.reason, row.closed_at is None) for row in rows]


def caught(catcher: Catcher) -> list[str]:
    mails = [
        message_from_bytes(file.read_bytes(), policy=policy.default) for file in catcher.folder.glob("*.eml")
    ]
    return sorted(mail["Subject"] for mail in mails)


class Counter:
    """A mail server's handler: answers by recipient, remembers which Message-IDs came in."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.message_ids: list[str] = []

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:  # noqa: N802
        answer = self.answers.get(address, "250 OK")
        if answer == "250 OK":
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        self.message_ids.append(message_from_bytes(envelope.content, policy=policy.default)["Message-ID"])
        return "250 OK"


@pytest.fixture
def server() -> Iterator[tuple[Counter, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Counter()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop(no_assert=True)


@pytest.fixture
def smtp(server: tuple[Counter, int]) -> Iterator[Smtp]:
    channel = Smtp(MailServer("127.0.0.1", server[1], "none", timeout=5.0), SENDER)
    yield channel
    channel.close()


def test_what_is_queued_leaves_once(engine: Engine, catcher: Catcher) -> None:
    queue(engine, 3)
    first = post(engine, catcher, as_of=WEDNESDAY, worker="a")
    second = post(engine, catcher, as_of=WEDNESDAY, worker="b")
    assert (first.claimed, first.sent, first.more, second.claimed) == (3, 3, False, 0)
    assert caught(catcher) == ["通知1", "通知2", "通知3"]
    assert [(each.state, each.sent_at, each.attempts, each.leased_by) for each in letters(engine)] == [
        ("sent", WEDNESDAY, 1, None)
    ] * 3


def test_a_letter_does_not_leave_before_its_time(engine: Engine, catcher: Catcher) -> None:
    queue(engine, not_before=WEDNESDAY + timedelta(seconds=1))
    assert post(engine, catcher, as_of=WEDNESDAY, worker="a").claimed == 0
    assert post(engine, catcher, as_of=WEDNESDAY + timedelta(seconds=1), worker="a").sent == 1


def test_letters_that_are_held_superseded_or_failed_stay(engine: Engine, catcher: Catcher) -> None:
    for state in ("held", "superseded", "failed"):
        queue(engine, state=state, occasion=state)
    assert post(engine, catcher, as_of=WEDNESDAY, worker="a").claimed == 0


def test_a_run_takes_no_more_than_its_batch_and_says_that_there_is_more(
    engine: Engine, catcher: Catcher
) -> None:
    queue(engine, 5)
    runs: list[PostReport] = []
    while not runs or runs[-1].more:
        runs.append(post(engine, catcher, as_of=WEDNESDAY, batch=2, worker="a"))
    assert [run.sent for run in runs] == [2, 2, 1]


def test_every_letter_sent_stands_in_the_audit_log(engine: Engine, catcher: Catcher) -> None:
    case = new_case(engine)
    queue(engine, 2, case_id=case)
    post(engine, catcher, as_of=WEDNESDAY, worker="a")
    with Session(engine) as session:
        rows = [(row.kind, row.name, row.case_id, row.actor) for row in session.exec(select(AuditEntry))]
    assert rows == [("letter", "sent", case, "clock:post")] * 2
    assert verify(engine).ok


def test_a_permanent_refusal_fails_the_letter_and_tells_of_it_on_the_case(
    engine: Engine, server: tuple[Counter, int], smtp: Smtp
) -> None:
    case = new_case(engine)
    queue(engine, 2, case_id=case)
    server[0].answers["unit1@jiangbei.example.cn"] = "550 5.1.1 no such user"
    report = post(engine, smtp, as_of=WEDNESDAY, worker="a")
    assert (report.refused, report.sent, states(engine)) == (1, 1, ["failed", "sent"])
    assert incidents(engine) == [
        ("letter_refused", case, "通知“通知1”未能送达：550 5.1.1 no such user", True)
    ]


def test_a_letter_without_a_mailbox_is_an_incident_too(engine: Engine, catcher: Catcher) -> None:
    queue(engine, recipient="")
    post(engine, catcher, as_of=WEDNESDAY, worker="a")
    assert [kind for kind, *_ in incidents(engine)] == ["letter_refused"]


def test_a_temporary_refusal_is_tried_again_after_growing_waits_and_then_given_up(
    engine: Engine, server: tuple[Counter, int], smtp: Smtp
) -> None:
    queue(engine)
    server[0].answers["unit1@jiangbei.example.cn"] = "450 4.2.0 later"
    now, waits = WEDNESDAY, []
    while states(engine) == ["queued"]:
        post(engine, smtp, as_of=now, worker="a")
        [letter] = letters(engine)
        waits.append(letter.not_before - now)
        now = max(now, letter.not_before)
    assert waits[:-1] == list(WAITS)
    assert [(letter.state, letter.attempts) for letter in letters(engine)] == [("failed", len(WAITS) + 1)]
    assert [kind for kind, *_ in incidents(engine)] == ["letter_given_up"]


def test_a_recipient_refused_for_now_does_not_hold_up_the_others(
    engine: Engine, server: tuple[Counter, int], smtp: Smtp
) -> None:
    queue(engine, 3)
    server[0].answers["unit2@jiangbei.example.cn"] = "450 4.2.0 later"
    report = post(engine, smtp, as_of=WEDNESDAY, worker="a")
    assert (report.sent, report.later, states(engine)) == (2, 1, ["sent", "queued", "sent"])


def test_a_server_that_is_down_ends_the_run_and_costs_no_attempt(engine: Engine) -> None:
    queue(engine, 3)
    channel = Smtp(MailServer("127.0.0.1", 1, "none", timeout=1.0), SENDER)
    report = post(engine, channel, as_of=WEDNESDAY, worker="a")
    channel.close()
    assert report.stopped.startswith("邮件服务器127.0.0.1:1不可用")
    assert (report.claimed, report.sent, report.later, report.more) == (3, 0, 0, False)
    assert [(each.state, each.attempts, each.not_before) for each in letters(engine)] == [
        ("queued", 0, WEDNESDAY)
    ] * 3


def test_a_server_that_goes_down_within_a_run_leaves_the_rest_untouched(
    engine: Engine, server: tuple[Counter, int], smtp: Smtp
) -> None:
    queue(engine, 3)
    server[0].answers["unit2@jiangbei.example.cn"] = "421 4.3.2 closing"
    assert post(engine, smtp, as_of=WEDNESDAY, worker="a").stopped == "421 4.3.2 closing"
    assert [(each.state, each.attempts) for each in letters(engine)] == [
        ("sent", 1),
        ("queued", 0),
        ("queued", 0),
    ]


def test_a_lease_keeps_others_away_until_it_expires(engine: Engine, catcher: Catcher) -> None:
    queue(engine, state="sending", leased_by="dead", lease_until=WEDNESDAY + LEASE)
    almost = WEDNESDAY + LEASE - timedelta(seconds=1)
    assert post(engine, catcher, as_of=almost, worker="b").claimed == 0
    report = post(engine, catcher, as_of=WEDNESDAY + LEASE, worker="b")
    assert (report.recovered, report.sent, letters(engine)[0].attempts) == (1, 1, 2)


def test_a_letter_that_kills_every_sender_is_given_up_in_the_end(engine: Engine, catcher: Catcher) -> None:
    queue(engine, state="sending", leased_by="dead", lease_until=WEDNESDAY, attempts=len(WAITS))
    report = post(engine, catcher, as_of=WEDNESDAY, worker="b")
    assert (report.given_up, states(engine), caught(catcher)) == (1, ["failed"], [])
    assert [kind for kind, *_ in incidents(engine)] == ["letter_given_up"]


def test_what_a_run_lost_to_another_it_does_not_write_down(engine: Engine, tmp_path: Path) -> None:
    queue(engine)

    class Slow(Catcher):
        """A channel so slow that its lease runs out and somebody else delivers meanwhile."""

        repeatable = False

        def deliver(self, message: Any) -> Any:
            post(engine, Catcher(tmp_path / "b", SENDER), as_of=WEDNESDAY + LEASE, worker="b")
            return super().deliver(message)

    report = post(engine, Slow(tmp_path / "a", SENDER), as_of=WEDNESDAY, worker="a")
    assert (report.sent, letters(engine)[0].sent_at) == (0, WEDNESDAY + LEASE)


def test_a_letter_that_cannot_be_handed_over_does_not_stop_the_others(engine: Engine, tmp_path: Path) -> None:
    queue(engine, 3)

    class Faulty(Catcher):
        def deliver(self, message: Any) -> Any:
            if message.subject == "通知2":
                raise RuntimeError("a fault of ours")
            return super().deliver(message)

    report = post(engine, Faulty(tmp_path / "outbox", SENDER), as_of=WEDNESDAY, worker="a")
    assert (report.sent, report.later, letters(engine)[1].error) == (2, 1, "RuntimeError: a fault of ours")


def test_an_interrupted_run_keeps_its_lease_on_the_letter_in_hand_only(
    engine: Engine, tmp_path: Path
) -> None:
    queue(engine, 3)

    class Interrupted(Catcher):
        repeatable = False

        def deliver(self, message: Any) -> Any:
            if message.subject == "通知2":
                raise KeyboardInterrupt
            return super().deliver(message)

    with pytest.raises(KeyboardInterrupt):
        post(engine, Interrupted(tmp_path / "outbox", SENDER), as_of=WEDNESDAY, worker="a")
    assert states(engine) == ["sent", "sending", "queued"]


_CHILD = """
import sys
from datetime import datetime
from casework.post import post
from notifications.channels.smtp import MailServer, Smtp
from notifications.mail import Sender
from records.engine import open_engine
channel = Smtp(MailServer("127.0.0.1", int(sys.argv[2]), "none", timeout=60.0), Sender("linxuan@office.example.cn"))
post(open_engine(sys.argv[1]), channel, as_of=datetime.fromisoformat(sys.argv[3]), worker="child")
"""


def test_a_sender_killed_within_a_letter_loses_nothing_and_the_message_id_stays(
    engine: Engine, server: tuple[Counter, int], smtp: Smtp
) -> None:
    queue(engine, 2)
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        arguments = [str(engine.url), str(hanging.getsockname()[1]), WEDNESDAY.isoformat()]
        child = subprocess.Popen([sys.executable, "-c", _CHILD, *arguments], cwd=Path(__file__).parents[2])
        connection, _ = hanging.accept()
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        connection.close()
    assert states(engine) == ["sending", "sending"]
    report = post(engine, smtp, as_of=WEDNESDAY + LEASE, worker="b")
    assert (report.recovered, report.sent) == (2, 2)
    assert server[0].message_ids == ["<1.@office.example.cn>", "<2.@office.example.cn>"]


def test_two_senders_at_once_send_each_letter_once(
    engine: Engine, server: tuple[Counter, int], smtp: Smtp
) -> None:
    queue(engine, 40)
    command = [sys.executable, "-c", _CHILD, str(engine.url), str(server[1]), WEDNESDAY.isoformat()]
    child = subprocess.Popen(command, cwd=Path(__file__).parents[2])
    while post(engine, smtp, as_of=WEDNESDAY, batch=3, worker="parent").more:
        pass
    assert child.wait() == 0
    post(engine, smtp, as_of=WEDNESDAY, batch=BATCH, worker="parent")
    assert sorted(server[0].message_ids) == sorted(f"<{n}.@office.example.cn>" for n in range(1, 41))


def test_outside_office_hours_letters_wait_for_the_next_opening(engine: Engine, catcher: Catcher) -> None:
    queue(engine)
    evening = at_time(date(2024, 6, 14), 20)
    report = post(engine, catcher, as_of=evening, working_hours=HOURS, worker="a")
    monday = at_time(date(2024, 6, 17), 8, 30)
    assert (report.waiting, report.claimed, letters(engine)[0].not_before) == (1, 0, monday)
    assert post(engine, catcher, as_of=monday, working_hours=HOURS, worker="a").sent == 1


def test_a_letter_about_a_limit_that_passes_before_the_office_opens_leaves_at_once(
    engine: Engine, catcher: Catcher
) -> None:
    friday_evening = at_time(date(2024, 6, 14), 20)
    queue(engine, case_id=new_case(engine, "B3-SJAQ-0001", at_time(date(2024, 6, 16), 0)), occasion="urgent")
    queue(
        engine, case_id=new_case(engine, "B3-SJAQ-0002", at_time(date(2024, 6, 18), 0)), occasion="can wait"
    )
    queue(
        engine, case_id=new_case(engine, "B3-SJAQ-0003", at_time(date(2024, 6, 13), 0)), occasion="too late"
    )
    report = post(engine, catcher, as_of=friday_evening, working_hours=HOURS, worker="a")
    assert (report.sent, report.waiting, states(engine)) == (1, 2, ["sent", "queued", "queued"])


@pytest.mark.parametrize(
    ("now", "is_open", "opens"),
    [
        (at_time(date(2024, 9, 30), 8, 29), False, at_time(date(2024, 9, 30), 8, 30)),
        (at_time(date(2024, 9, 30), 8, 30), True, at_time(date(2024, 10, 8), 8, 30)),
        (at_time(date(2024, 9, 30), 17, 30), False, at_time(date(2024, 10, 8), 8, 30)),
        (at_time(date(2024, 9, 29), 9), True, at_time(date(2024, 9, 30), 8, 30)),
        (at_time(date(2024, 10, 3), 10), False, at_time(date(2024, 10, 8), 8, 30)),
    ],
    ids=["before opening", "open", "closed before the holiday", "make-up Sunday", "holiday"],
)
def test_office_hours_follow_the_calendar(now: datetime, is_open: bool, opens: datetime) -> None:
    assert (HOURS.is_open(now), HOURS.next_opening(now)) == (is_open, opens)


def test_a_failed_letter_can_be_sent_again_to_a_better_mailbox(engine: Engine, catcher: Catcher) -> None:
    queue(engine, recipient="nobody", state="queued")
    post(engine, catcher, as_of=WEDNESDAY, worker="a")
    later = WEDNESDAY + timedelta(hours=1)
    retry_letter(engine, 1, as_of=later, by=OFFICE, recipient="li@jiangbei.example.cn")
    assert post(engine, catcher, as_of=later, worker="a").sent == 1
    assert [open_ for *_, open_ in incidents(engine)] == [False]
    assert verify(engine).ok


def test_a_letter_that_did_not_fail_cannot_be_retried(engine: Engine) -> None:
    queue(engine)
    with pytest.raises(Refused, match="编号为1的通知没有发送失败，不能重发。"):
        retry_letter(engine, 1, as_of=WEDNESDAY, by=OFFICE)
    with pytest.raises(Refused, match="编号为7的通知不存在，不能重发。"):
        retry_letter(engine, 7, as_of=WEDNESDAY, by=OFFICE)


def test_an_instant_without_a_time_zone_is_not_accepted(engine: Engine, catcher: Catcher) -> None:
    with pytest.raises(ValueError, match="time zone"):
        post(engine, catcher, as_of=WEDNESDAY.astimezone(UTC).replace(tzinfo=None), worker="a")

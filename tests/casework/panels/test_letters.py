"""Letters to experts: encrypted where they wait, sent by the same post, and silent about whom they failed to reach."""

import socket
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from casework.audit import verify
from casework.incidents import incidents, retry
from casework.office_hours import OfficeHours
from casework.panels.entering import ask_for_link
from casework.post import post
from notifications.channels.catcher import Catcher
from notifications.channels.smtp import MailServer, Smtp
from notifications.mail import Sender
from states.calendar import SHANGHAI, Calendar, at_time

Ground = Any  # of conftest
SENDER = Sender("linxuan@office.example.cn", "办公室")
NEXT_DAY = datetime(2024, 7, 4, 10, tzinfo=SHANGHAI)


class Refusing:
    """A mail server that knows nobody, and says whom it does not know."""

    async def handle_RCPT(self, _: Any, __: Any, ___: Any, address: str, ____: Any) -> str:  # noqa: N802
        return f"550 5.1.1 <{address}> user unknown"


@pytest.fixture
def refusing() -> Iterator[Smtp]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(Refusing(), hostname="127.0.0.1", port=port)
    controller.start()
    channel = Smtp(MailServer("127.0.0.1", port, "none", timeout=5.0), SENDER)
    yield channel
    channel.close()
    controller.stop(no_assert=True)


def members(ground: Ground, no: str) -> list[str]:
    found = [ground.expert_at(seat) for seat in ground.seats(no)]
    return [word for each in found for word in (each.name, each.mail)]


def left(ground: Ground) -> dict[str, int]:
    return dict(ground.programme.rows("SELECT state, count(*) FROM panel_letter GROUP BY state"))


@pytest.mark.clause("M24-11.6a", "M24-7.3b")
def test_letters_to_experts_say_nothing_in_the_database(ground: Ground) -> None:
    no = ground.confirmed()
    kept = "\n".join(
        line
        for line in ground.programme.contents().splitlines()
        if not line.startswith('INSERT INTO "expert"')
    )
    assert [word for word in members(ground, no) if word in kept] == []


def test_the_post_delivers_them_with_those_of_cases(ground: Ground, tmp_path: Path) -> None:
    no = ground.seated()
    catcher = Catcher(tmp_path / "outbox", SENDER)
    owed = sum(ground.programme.rows("SELECT count(*) FROM letter WHERE state = 'queued'")[0])
    report = post(ground.desk.engine, catcher, as_of=NEXT_DAY, worker="w1", batch=1000)
    assert (report.sent, report.more) == (owed + 10, False)
    assert left(ground) == {"sent": 10}
    files = sorted(catcher.folder.glob("*.eml"))
    mails = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in files]
    invited = sorted(mail["To"] for mail in mails if mail["Subject"].startswith("邀请参加"))
    assert invited == sorted(ground.expert_at(seat).mail for seat in ground.seats(no))
    assert [word for word in members(ground, no) for each in files if word in each.name] == []
    assert verify(ground.desk.engine).ok


def test_a_small_batch_goes_on_from_one_box_to_the_other(ground: Ground, tmp_path: Path) -> None:
    ground.seated()
    catcher = Catcher(tmp_path / "outbox", SENDER)
    runs = 0
    while post(ground.desk.engine, catcher, as_of=NEXT_DAY, worker="w1", batch=3).more:
        runs += 1
        assert runs < 100
    assert left(ground) == {"sent": 10}


@pytest.mark.clause("M24-7.3b")
def test_a_refused_letter_is_an_incident_that_names_the_seat_and_not_the_person(
    ground: Ground, refusing: Smtp
) -> None:
    no = ground.seated()
    ground.programme.spoil("DELETE FROM letter")
    report = post(ground.desk.engine, refusing, as_of=NEXT_DAY, worker="w1", batch=100)
    assert (report.refused, left(ground)) == (10, {"failed": 10})
    found = incidents(ground.desk)
    assert {each.kind for each in found} == {"panel_letter_refused"}
    assert sorted({each.reason for each in found}) == [
        f"专家组{no}第{place}席的通知未能送达：邮件服务器答复550" for place in range(1, 6)
    ]
    kept = "\n".join(
        line
        for line in ground.programme.contents().splitlines()
        if not line.startswith('INSERT INTO "expert"')
    )
    assert [word for word in members(ground, no) if word in kept] == []


def test_a_refused_letter_is_sent_again_once_somebody_asked_for_it(
    ground: Ground, refusing: Smtp, tmp_path: Path
) -> None:
    ground.seated()
    post(ground.desk.engine, refusing, as_of=NEXT_DAY, worker="w1", batch=100)
    for each in incidents(ground.desk):
        if each.kind.startswith("panel_letter"):
            retry(ground.desk, each.id, by=ground.office, as_of=NEXT_DAY)
    post(ground.desk.engine, Catcher(tmp_path / "outbox", SENDER), as_of=NEXT_DAY, worker="w1", batch=100)
    assert left(ground) == {"sent": 10}


def test_outside_office_hours_letters_wait_but_a_link_that_was_asked_for_does_not(
    ground: Ground, tmp_path: Path
) -> None:
    no = ground.confirmed()
    catcher = Catcher(tmp_path / "outbox", SENDER)
    post(ground.desk.engine, catcher, as_of=NEXT_DAY, worker="w1", batch=1000)
    hours = OfficeHours(time(8, 30), time(17, 30), Calendar.builtin())
    evening = at_time(date(2024, 7, 4), 20)
    ground.programme.spoil("UPDATE panel_letter SET state = 'queued' WHERE letter = 'expert_confirmed'")
    ask_for_link(ground.desk, ground.expert_at(ground.seats(no)[0]).mail, as_of=evening)
    report = post(ground.desk.engine, catcher, as_of=evening, worker="w1", working_hours=hours, batch=1000)
    assert (report.waiting, report.sent) == (5, 2)


def test_a_letter_left_behind_by_a_run_that_died_goes_out_again(ground: Ground, tmp_path: Path) -> None:
    ground.seated()
    ground.programme.spoil(
        "UPDATE panel_letter SET state = 'sending', leased_by = 'dead', lease_until = ?", NEXT_DAY
    )
    later = NEXT_DAY + timedelta(minutes=1)
    report = post(
        ground.desk.engine, Catcher(tmp_path / "outbox", SENDER), as_of=later, worker="w2", batch=1000
    )
    assert (report.recovered, left(ground)) == (10, {"sent": 10})

"""The mail server channel against real servers: what is sent, and how every kind of answer is read."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from notifications.channels.smtp import MailServer, Smtp
from notifications.mail import Delivery, Outcome, OutgoingMail, Sender

Connect = Callable[..., Smtp]


@pytest.fixture
def connect(sender: Sender) -> Iterator[Connect]:
    opened: list[Smtp] = []

    def channel(port: int, **options: Any) -> Smtp:
        options = {"security": "none", "timeout": 5.0, **options}
        opened.append(Smtp(MailServer("127.0.0.1", port, **options), sender))
        return opened[-1]

    yield channel
    for each in opened:
        each.close()


def test_a_letter_arrives_as_text_and_html_with_its_headers(
    serve, connect: Connect, letter: OutgoingMail
) -> None:
    postbox, port = serve()
    assert connect(port).deliver(letter).outcome is Outcome.SENT
    [mail] = postbox.mails
    assert {name: mail[name] for name in ("Message-ID", "From", "To", "Reply-To", "Subject", "Date")} == {
        "Message-ID": letter.message_id,
        "From": "数字技术工程师培育项目办公室 <linxuan@office.example.cn>",
        "To": "zhao@jiangbei.example.cn",
        "Reply-To": "reply@office.example.cn",
        "Subject": letter.subject,
        "Date": "Wed, 12 Jun 2024 09:30:00 +0800",
    }
    text, html = (part.get_content() for part in mail.iter_parts())
    assert text.splitlines() == letter.body.splitlines()
    assert '<p class="deadline">办理期限：2024年6月21日（含当日）</p>' in html


def test_one_connection_serves_a_whole_run(serve, connect: Connect, letter: OutgoingMail) -> None:
    postbox, port = serve()
    channel = connect(port)
    outcomes = [channel.deliver(replace(letter, message_id=f"<{n}@x.example.cn>")).outcome for n in range(5)]
    assert (outcomes, postbox.connections, len(postbox.mails)) == ([Outcome.SENT] * 5, 1, 5)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("450 4.2.0 try again later", Outcome.LATER),
        ("452 4.2.2 mailbox full", Outcome.LATER),
        ("550 5.1.1 no such user", Outcome.REFUSED),
        ("553 5.1.3 bad mailbox", Outcome.REFUSED),
        ("530 5.7.0 authentication required", Outcome.DOWN),
        ("421 4.3.2 closing", Outcome.DOWN),
    ],
)
def test_a_recipient_is_turned_away_for_now_or_for_good_by_the_code(
    serve, connect: Connect, letter: OutgoingMail, answer: str, outcome: Outcome
) -> None:
    postbox, port = serve()
    postbox.answers[letter.recipient] = answer
    assert connect(port).deliver(letter) == Delivery(outcome, answer)


@pytest.mark.parametrize(
    ("answer", "outcome"), [("451 4.3.0 greylisted", Outcome.LATER), ("554 5.7.1 spam", Outcome.REFUSED)]
)
def test_content_is_turned_away_for_now_or_for_good_by_the_code(
    serve, connect: Connect, letter: OutgoingMail, answer: str, outcome: Outcome
) -> None:
    postbox, port = serve()
    postbox.data_answer = answer
    assert connect(port).deliver(letter) == Delivery(outcome, answer)


def test_a_refused_letter_does_not_spoil_the_next_on_the_same_connection(
    serve, connect: Connect, letter: OutgoingMail
) -> None:
    postbox, port = serve()
    postbox.answers["gone@jiangbei.example.cn"] = "550 5.1.1 no such user"
    channel = connect(port)
    outcomes = [
        channel.deliver(replace(letter, recipient=name)).outcome
        for name in ("gone@jiangbei.example.cn", letter.recipient)
    ]
    assert (outcomes, postbox.connections) == ([Outcome.REFUSED, Outcome.SENT], 1)


def test_a_sender_nobody_wants_is_the_channels_fault_and_not_the_letters(
    serve, connect: Connect, letter: OutgoingMail
) -> None:
    postbox, port = serve()
    postbox.sender_answer = "553 5.7.1 sender not allowed"
    assert connect(port).deliver(letter).outcome is Outcome.DOWN


def test_nobody_listening_is_down(connect: Connect, letter: OutgoingMail) -> None:
    delivery = connect(1).deliver(letter)
    assert delivery.outcome is Outcome.DOWN
    assert delivery.answer.startswith("邮件服务器127.0.0.1:1不可用：")


def test_a_server_that_never_greets_is_down(
    crude_server: Callable[[list[bytes]], int], connect: Connect, letter: OutgoingMail
) -> None:
    assert connect(crude_server([]), timeout=0.2).deliver(letter).outcome is Outcome.DOWN


def test_a_connection_lost_within_the_letter_is_broken(
    crude_server: Callable[[list[bytes]], int], connect: Connect, letter: OutgoingMail
) -> None:
    lines = [b"220 hello\r\n", b"250 hello\r\n", b"250 sender\r\n", b"250 recipient\r\n", b"354 go on\r\n"]
    assert connect(crude_server(lines)).deliver(letter).outcome is Outcome.BROKEN


def test_a_kept_connection_that_went_stale_is_replaced(serve, connect: Connect, letter: OutgoingMail) -> None:
    postbox, port = serve()
    postbox.hangs_up = True
    channel = connect(port)
    outcomes = [channel.deliver(letter).outcome for _ in range(3)]
    assert (outcomes, postbox.connections) == ([Outcome.SENT] * 3, 3)


def test_starttls_encrypts_and_checks_the_certificate(
    serve, certificate, connect: Connect, letter: OutgoingMail
) -> None:
    postbox, port = serve(tls_context=certificate.server, require_starttls=True)
    trusted = connect(port, security="starttls", authority=certificate.file)
    assert trusted.deliver(letter).outcome is Outcome.SENT
    stranger = connect(port, security="starttls")
    assert (stranger.deliver(letter).outcome, len(postbox.mails)) == (Outcome.DOWN, 1)


def test_a_server_without_starttls_gets_nothing_in_the_clear(
    serve, connect: Connect, letter: OutgoingMail
) -> None:
    postbox, port = serve()
    assert connect(port, security="starttls").deliver(letter).outcome is Outcome.DOWN
    assert postbox.mails == []


def test_tls_from_the_first_byte(serve, certificate, connect: Connect, letter: OutgoingMail) -> None:
    _, port = serve(ssl_context=certificate.server)
    channel = connect(port, security="tls", authority=certificate.file)
    assert channel.deliver(letter).outcome is Outcome.SENT


def test_the_login_is_used_and_a_wrong_password_is_down_without_being_shown(
    serve, certificate, connect: Connect, letter: OutgoingMail
) -> None:
    def signs_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"linxuan", b"right"))

    _, port = serve(authenticator=signs_in, auth_required=True, tls_context=certificate.server)
    secure = {"security": "starttls", "authority": certificate.file}
    right = connect(port, login="linxuan", password="right", **secure)
    wrong = connect(port, login="linxuan", password="hush-hush", **secure)
    assert right.deliver(letter).outcome is Outcome.SENT
    delivery = wrong.deliver(letter)
    assert (delivery.outcome, "hush-hush" in delivery.answer + repr(wrong.server)) == (Outcome.DOWN, False)


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "nobody",
        "two@a.example.cn, three@b.example.cn",
        "x@y.example.cn>\r\nRCPT TO:<z@y.example.cn",
        "赵@例.example.cn",
    ],
)
def test_what_is_no_plain_mailbox_never_reaches_a_server(
    connect: Connect, letter: OutgoingMail, recipient: str
) -> None:
    delivery = connect(1).deliver(replace(letter, recipient=recipient))
    assert delivery == Delivery(Outcome.REFUSED, f"收件邮箱“{recipient}”格式有误，请更正后重发")


async def _deliver_inside_a_loop(channel: Smtp, letter: OutgoingMail) -> Outcome:
    return channel.deliver(letter).outcome


def test_it_works_for_a_caller_inside_an_event_loop(serve, connect: Connect, letter: OutgoingMail) -> None:
    _, port = serve()
    assert asyncio.run(_deliver_inside_a_loop(connect(port), letter)) is Outcome.SENT

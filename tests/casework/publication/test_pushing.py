"""One push against a real server: only a receipt for these very bytes counts."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from casework.publication.attempts import Answered
from casework.publication.pushing import Push
from casework.publication.receivers import Receiver as To
from casework.signing import Signer, is_signed, signer
from notifications.mail import Delivery, Outcome, OutgoingMail
from states.refusals import Refused

Receiver = Any  # of conftest
Serve = Any
Certificate = Any
NOW = datetime(2024, 10, 10, 2, tzinfo=UTC)
BODY = '{"object":"directory/evaluation@platform","title":"评价机构目录"}'
HASH = sha256(BODY.encode()).hexdigest()
MESSAGE = OutgoingMail("platform", "评价机构目录", BODY, HASH, NOW)


@pytest.fixture
def key(engine: Any) -> Signer:
    return signer(engine, as_of=NOW)


@pytest.fixture
def push_to(key: Signer) -> Callable[..., Delivery]:
    def push(url: str, **more: Any) -> Delivery:
        channel = Push(To("platform", "platform", url), key, timeout=0.5, **more)
        try:
            return channel.deliver(MESSAGE)
        finally:
            channel.close()

    return push


@pytest.mark.clause("M24-7.5", "I21-4.5")
def test_the_very_bytes_are_pushed_with_their_hash_and_a_signature_anyone_can_check(
    platform: Receiver, push_to: Any, key: Signer
) -> None:
    delivery = push_to(platform.url)
    assert isinstance(delivery, Answered)
    assert (delivery.outcome, delivery.status) == (Outcome.SENT, 200)
    assert delivery.milliseconds is not None
    [(headers, body)] = platform.posts
    assert body == BODY.encode()
    assert headers["Idempotency-Key"] == HASH
    assert headers["Linxuan-Key-Id"] == key.key_id
    assert is_signed(body, headers["Linxuan-Signature"], key.public)
    assert not is_signed(body + b" ", headers["Linxuan-Signature"], key.public)


def test_the_same_push_is_the_same_to_the_byte(platform: Receiver, push_to: Any) -> None:
    push_to(platform.url)
    push_to(platform.url)
    (first_headers, first), (second_headers, second) = platform.posts
    names = ("Idempotency-Key", "Linxuan-Signature", "Linxuan-Key-Id")
    assert (first, [first_headers[name] for name in names]) == (
        second,
        [second_headers[name] for name in names],
    )


@pytest.mark.parametrize(
    ("what", "outcome", "answer"),
    [
        ("good", Outcome.SENT, "HTTP 200"),
        ("created", Outcome.SENT, "HTTP 201"),
        ("already", Outcome.SENT, "HTTP 409"),
        ("lie", Outcome.LATER, "HTTP 200，回执的校验值与所发内容不符"),
        ("silent", Outcome.LATER, "HTTP 200，回执中没有校验值"),
        ("list", Outcome.LATER, "HTTP 200，回执中没有校验值"),
        ("deep", Outcome.LATER, "HTTP 200，回执中没有校验值"),
        ("endless", Outcome.LATER, "HTTP 200，回执中没有校验值"),
        ("500", Outcome.LATER, "HTTP 500"),
        ("503", Outcome.LATER, "HTTP 503"),
        ("429", Outcome.LATER, "HTTP 429"),
        ("401", Outcome.LATER, "HTTP 401"),
        ("404", Outcome.LATER, "HTTP 404"),
        ("302", Outcome.LATER, "HTTP 302"),
        ("400", Outcome.REFUSED, "HTTP 400"),
        ("422", Outcome.REFUSED, "HTTP 422"),
        ("cut", Outcome.LATER, "连接中断：RemoteProtocolError"),
        ("hang up", Outcome.LATER, "连接中断：RemoteProtocolError"),
        ("hang", Outcome.LATER, "0.5秒内没有答复"),
        ("drip", Outcome.LATER, "0.5秒内没有答复"),
    ],
)
def test_whatever_the_receiver_does_is_judged(
    platform: Receiver, push_to: Any, what: str, outcome: Outcome, answer: str
) -> None:
    platform.will = [what]
    delivery = push_to(platform.url)
    assert (delivery.outcome, delivery.answer) == (outcome, answer)


def test_nobody_listening_is_told(push_to: Any) -> None:
    delivery = push_to("http://127.0.0.1:1/in")
    assert (delivery.outcome, delivery.answer) == (Outcome.LATER, "无法连接")


def test_a_certificate_nobody_vouches_for_is_not_talked_to(
    serve: Serve, certificate: Certificate, push_to: Any
) -> None:
    receiver = serve(certificate.context)
    delivery = push_to(receiver.url)
    assert (delivery.outcome, delivery.answer) == (Outcome.LATER, "无法连接：对方证书不受信任")
    assert receiver.posts == []


def test_a_certificate_the_settings_vouch_for_is(
    serve: Serve, certificate: Certificate, push_to: Any
) -> None:
    receiver = serve(certificate.context)
    assert push_to(receiver.url, ca_file=certificate.file).outcome is Outcome.SENT


@pytest.mark.parametrize(("content", "why"), [("no certificate", "不是 PEM 证书"), (None, "路径不存在")])
def test_a_wrong_ca_file_is_refused_in_words(
    tmp_path: Path, push_to: Any, content: str | None, why: str
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(Refused, match=why):
        push_to("https://127.0.0.1:1/in", ca_file=file)


def test_after_so_many_failures_in_a_row_the_rest_stay_where_they_are(
    platform: Receiver, key: Signer
) -> None:
    platform.always = "503"
    channel = Push(To("platform", "platform", platform.url), key, timeout=0.5, allowed=2)
    outcomes = [channel.deliver(MESSAGE).outcome for _ in range(4)]
    channel.close()
    assert outcomes == [Outcome.LATER, Outcome.LATER, Outcome.DOWN, Outcome.DOWN]
    assert len(platform.posts) == 2


def test_an_object_turned_down_for_good_says_that_the_receiver_is_there(
    platform: Receiver, key: Signer
) -> None:
    platform.will = ["503", "400", "503", "503"]
    channel = Push(To("platform", "platform", platform.url), key, timeout=0.5, allowed=2)
    outcomes = [channel.deliver(MESSAGE).outcome for _ in range(5)]
    channel.close()
    assert outcomes == [Outcome.LATER, Outcome.REFUSED, Outcome.LATER, Outcome.LATER, Outcome.DOWN]

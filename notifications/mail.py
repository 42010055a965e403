"""A letter on its way: what a channel is handed, the mail made of it, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from typing import Protocol

from notifications.layout import to_html
from states.calendar import SHANGHAI


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One letter to one mailbox. ``message_id`` (with its angle brackets) stays the same however often it is
    tried; ``date`` is the aware instant of sending.
    """

    recipient: str
    subject: str
    body: str
    message_id: str
    date: datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom mail comes from, and where answers go (empty: to the sender)."""

    mail: str
    name: str = ""
    reply_to: str = ""


class Outcome(StrEnum):
    """What came of handing a letter over."""

    SENT = "sent"
    LATER = "later"
    """Turned away for now; the next attempt may succeed."""
    REFUSED = "refused"
    """Turned away for good: trying again would not help."""
    BROKEN = "broken"
    """The connection broke half-way; whether it was accepted is not known."""
    DOWN = "down"
    """The channel itself does not work; no letter can leave now, and this one was not tried."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome, and what the other side said (or what went wrong), in words for staff."""

    outcome: Outcome
    answer: str = ""


class Channel(Protocol):
    """A way letters leave by. ``repeatable`` says that delivering the same letter twice does nothing more."""

    repeatable: bool

    def deliver(self, message: OutgoingMail) -> Delivery:
        """Hand one letter over. Never raises for what the other side does."""
        ...

    def close(self) -> None:
        """Let go of the connection, if there is one; the channel may be used again."""
        ...


def compose(message: OutgoingMail, sender: Sender) -> EmailMessage:
    """The mail: text and HTML in UTF-8. Raises ValueError for a mailbox that cannot stand in a header."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["Message-ID"] = message.message_id
    mail["Date"] = format_datetime(message.date.astimezone(SHANGHAI))
    mail["From"] = address(sender.mail, sender.name)
    mail["To"] = address(message.recipient)
    if sender.reply_to:
        mail["Reply-To"] = address(sender.reply_to)
    mail["Subject"] = message.subject
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body, cte="base64")
    mail.add_alternative(to_html(message.subject, message.body), subtype="html", cte="base64")
    return mail


def address(mail: str, name: str = "") -> Address:
    """A mailbox as a header holds it. Raises ValueError unless it is plainly ``somebody@somewhere`` in ASCII."""
    local, at, domain = mail.rpartition("@")
    if (
        not (at and local and domain)
        or not mail.isascii()
        or not mail.isprintable()
        or set(mail) & set(' <>,;:"()[]\\')
    ):
        raise ValueError(f"收件邮箱“{mail}”格式有误，请更正后重发")
    return Address(display_name=name, username=local, domain=domain)

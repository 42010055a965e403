"""Where a rehearsal's letters go: experts get theirs in hand, the others are taken once or handed on."""

from collections.abc import Callable

from notifications.mail import Channel, Delivery, Outcome, OutgoingMail, address


class Pigeonhole:
    """Takes every letter with a sound address.

    Letters to the mailboxes in ``readers`` are handed to whoever reads them and kept nowhere: a panel's members are
    nobody's business (M24-7.3b). The others go ``onward``, or nowhere: the letters themselves are in the records.
    """

    def __init__(self, onward: Channel | None = None) -> None:
        self.taken: set[str] = set()
        self.readers: dict[str, Callable[[OutgoingMail], None]] = {}
        self.repeatable = onward is None or onward.repeatable
        self._onward = onward

    def deliver(self, message: OutgoingMail) -> Delivery:
        """Take one letter; a mailbox that cannot stand on a letter is refused."""
        reader = self.readers.get(message.recipient)
        if reader is None and self._onward is not None:
            return self._onward.deliver(message)
        try:
            address(message.recipient)
        except ValueError as error:
            return Delivery(Outcome.REFUSED, str(error))
        if reader is not None and message.message_id not in self.taken:
            reader(message)
        self.taken.add(message.message_id)
        return Delivery(Outcome.SENT, message.message_id)

    def close(self) -> None:
        """Let go of the channel letters are handed on to."""
        if self._onward is not None:
            self._onward.close()

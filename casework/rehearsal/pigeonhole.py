"""Where a throw-away rehearsal's letters go: each is taken once, nothing is written and nothing leaves."""

from notifications.mail import Delivery, Outcome, OutgoingMail, address


class Pigeonhole:
    """Takes every letter with a sound address; the letters themselves are in the records."""

    repeatable = True

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def deliver(self, message: OutgoingMail) -> Delivery:
        """Take one letter; a mailbox that cannot stand on a letter is refused."""
        try:
            address(message.recipient)
        except ValueError as error:
            return Delivery(Outcome.REFUSED, str(error))
        self.taken.add(message.message_id)
        return Delivery(Outcome.SENT, message.message_id)

    def close(self) -> None:
        """Nothing is kept open."""

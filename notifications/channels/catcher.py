"""The default channel: every letter becomes an .eml file in a folder, and nothing leaves the machine."""

import os
import re
from hashlib import sha256
from pathlib import Path

from notifications.mail import Delivery, Outcome, OutgoingMail, Sender, compose


class Catcher:
    """Keeps mails in ``folder`` (made when missing), each under a name of its message id: twice is once.

    ``durable`` waits until each file is safe from a power cut; a rehearsal's throw-away folder need not be.
    """

    repeatable = True

    def __init__(self, folder: Path, sender: Sender, *, durable: bool = True) -> None:
        self.folder, self.sender, self.durable = folder, sender, durable

    def deliver(self, message: OutgoingMail) -> Delivery:
        """Write the mail, whole or not at all; one that is there already is left as it is."""
        try:
            mail = compose(message, self.sender)
        except ValueError as error:
            return Delivery(Outcome.REFUSED, str(error))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            target = self.folder / file_name(message.message_id)
            if not target.exists():
                self._write(target, mail.as_bytes())
        except OSError as error:
            return Delivery(Outcome.DOWN, f"无法写入发件箱{self.folder}：{error.strerror or error}")
        return Delivery(Outcome.SENT, target.name)

    def close(self) -> None:
        """Nothing is kept open."""

    def _write(self, target: Path, content: bytes) -> None:
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            with draft.open("wb") as file:
                file.write(content)
                if self.durable:
                    file.flush()
                    os.fsync(file.fileno())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)


def file_name(message_id: str) -> str:
    """A file name for a message id: what can be read of it, and a digest that keeps it unique."""
    readable = re.sub(r"[^0-9A-Za-z.@_-]+", "_", message_id.strip("<>"))[:120].strip("._")
    return f"{readable or 'letter'}.{sha256(message_id.encode()).hexdigest()[:12]}.eml"

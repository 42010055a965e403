"""What the errands work with: an opened installation, its desk, and the channel letters leave by."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from casework.channels import open_channel
from casework.desk import Desk
from casework.installation import Installation, open_installation
from casework.leases import holder_name
from casework.settings import load_settings
from notifications.mail import Channel


class Interrupted(Exception):
    """The program is being stopped: what was done stays done, the rest is found again."""


@dataclass(slots=True)
class Workplace:
    """One per process. ``worker`` names this process among all that may do the same."""

    installation: Installation
    desk: Desk
    channel: Channel
    worker: str = field(default_factory=holder_name)
    stopping: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def of(cls, installation: Installation) -> "Workplace":
        """The workplace of an opened installation. May be Refused for a secret's file."""
        return cls(installation, installation.desk(), open_channel(installation))

    @property
    def calls_folder(self) -> Path:
        """Rule files of the office's own."""
        return self.installation.data / "calls"

    def refresh(self) -> None:
        """Take up what another program changed meanwhile: the calendar's edition."""
        self.desk.calendar = self.installation.calendar()

    def go_on(self) -> None:
        """Called between the portions of a long errand. Raises Interrupted when the program is being stopped."""
        if self.stopping.is_set():
            raise Interrupted

    def close(self) -> None:
        """Let go of the mail server."""
        self.channel.close()


_opened: dict[str, Workplace] = {}
_opening = threading.Lock()


def workplace_here(env: Mapping[str, str], *, as_of: datetime) -> Workplace:
    """The workplace of a Prefect worker, opened once per process from its environment. May be Refused."""
    settings = load_settings(None, env)
    with _opening:
        key = settings.database_url
        if key not in _opened:
            _opened[key] = Workplace.of(open_installation(settings, as_of=as_of))
        return _opened[key]

"""What the gate works with: the database, the calendar, the processes, the words of letters."""

from dataclasses import dataclass, field
from datetime import time

from sqlalchemy import Engine

from casework.processes import Processes
from notifications.rendering import Renderer
from states.calendar import Calendar


@dataclass(slots=True)
class Desk:
    """Opened once per program; passed to everything that changes or reads cases.

    ``address`` is where this system is found on the web, ``link_hours`` how long an expert's link opens.
    ``change_days`` are the working days in which a change of particulars is decided, or mended by who asked for it.
    ``nudge_days`` are the working days a holder is left alone after being urged.
    """

    engine: Engine
    calendar: Calendar
    processes: Processes
    renderer: Renderer
    mail_domain: str = "linxuan.example.cn"
    office_opens: time = field(default=time(9, 0))
    address: str = "https://linxuan.example.cn"
    link_hours: int = 72
    change_days: int = 10
    change_reminder_days: int = 3
    nudge_days: int = 3

    @classmethod
    def on(cls, engine: Engine, calendar: Calendar | None = None, renderer: Renderer | None = None) -> "Desk":
        """A desk on a database, with the built-in calendar and wording unless others are given."""
        return cls(engine, calendar or Calendar.builtin(), Processes(engine), renderer or Renderer())

"""One run of one line, done once: offered to Prefect first, and taken back if Prefect is slow to begin."""

import importlib
import threading
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from flows.errands import Done
from flows.timetable import Line
from flows.workplace import Workplace


def named(reference: str) -> Callable[..., Any]:
    """The function a text reference (``module:function``) names."""
    module, _, name = reference.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


class Turn:
    """Whoever begins first does the errand; everybody else finds it taken. Safe between threads."""

    def __init__(self, line: Line, place: Workplace, as_of: datetime) -> None:
        self.line, self.place, self.as_of = line, place, as_of
        self.begun = threading.Event()  # somebody began, or whoever was asked to will not
        self.ended = threading.Event()
        self.done: Done | None = None
        self.error: Exception | None = None
        self._lock = threading.Lock()
        self._taken = False

    def take(self) -> bool:
        """Whether the errand is now the caller's to do."""
        with self._lock:
            mine, self._taken = not self._taken, True
        if mine:
            self.begun.set()
        return mine

    def do(self) -> Done:
        """Do the errand, after ``take`` said yes. Raises what the errand raises, and keeps it."""
        try:
            self.done = named(self.line.runs)(self.place, self.as_of)
            return self.done
        except Exception as error:
            self.error = error
            raise
        finally:
            self.ended.set()

    def result(self) -> Done:
        """What came of it, once it ended. Raises what the errand raised."""
        if self.error is not None:
            raise self.error
        assert self.done is not None
        return self.done


TURN: ContextVar[Turn | None] = ContextVar("turn", default=None)
"""The turn a flow of this process is run for; None in a Prefect worker."""

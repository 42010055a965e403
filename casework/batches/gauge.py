"""How far a batch is, told past the database, whose one writer is the batch itself: a small file under the data folder.

Whoever works holds a lock on the file. So a batch whose file nobody holds has stopped working, however it ended.
"""

import fcntl
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

EVERY = 0.2
"""Seconds between two notes at least."""
WIDTH = 80


@dataclass(frozen=True, slots=True)
class Reading:
    """What the file says: so many done of so many; whether somebody is at work, and whether work ever began."""

    done: int = 0
    of: int = 0
    begun: bool = False
    working: bool = False


class Gauge:
    """Held by the worker while it works; call it with how many are done, of how many."""

    def __init__(self, data: Path, id_: int) -> None:
        self._path, self._noted, self._file = _path(data, id_), 0.0, -1

    def __enter__(self) -> "Gauge":
        """Take hold. Raises BlockingIOError when another process works on this batch."""
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise
        self._note(0, 0)
        return self

    def __call__(self, done: int, of: int) -> None:
        """Note how far it is; often enough to watch, and not more often."""
        if done >= of or time.monotonic() - self._noted >= EVERY:
            self._note(done, of)

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None
    ) -> None:
        """Let go."""
        os.close(self._file)

    def _note(self, done: int, of: int) -> None:
        os.pwrite(self._file, json.dumps([done, of]).ljust(WIDTH).encode(), 0)
        self._noted = time.monotonic()


def read_gauge(data: Path, id_: int) -> Reading:
    """How far a batch is, as last noted."""
    try:
        file = os.open(_path(data, id_), os.O_RDONLY)
    except FileNotFoundError:
        return Reading()
    try:
        working = _held(file)
        try:
            done, of = json.loads(os.pread(file, WIDTH, 0))
        except ValueError:
            done = of = 0
        return Reading(done, of, True, working)
    finally:
        os.close(file)


def drop_gauge(data: Path, id_: int) -> None:
    """Forget how far it was."""
    _path(data, id_).unlink(missing_ok=True)


def _held(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    return False


def _path(data: Path, id_: int) -> Path:
    return data / "batches" / f"{id_}.progress"

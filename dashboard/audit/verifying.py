"""Walking the whole chain while the page goes on: one walk at a time, with how far it has come."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Engine

from casework.audit import VerifyReport, verify
from records.transaction import reading

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk along the chain: ``passed`` of ``total`` entries fitted so far; ``report`` when it is over."""

    started_at: datetime
    by: str
    total: int
    passed: int = 0
    report: VerifyReport | None = None
    ended_at: datetime | None = None
    failed: bool = False

    @property
    def running(self) -> bool:
        """Whether it still goes on."""
        return self.report is None and not self.failed

    @property
    def share(self) -> int:
        """How much is done, in hundredths."""
        return min(100, 100 * self.passed // self.total) if self.total else 100


@dataclass(slots=True)
class Verifier:
    """The last walk of this process, and the next when asked."""

    last: Walk | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, engine: Engine, *, by: str, now: Callable[[], datetime]) -> bool:
        """Begin a walk; False when one is under way."""
        with self._lock:
            if self.last is not None and self.last.running:
                return False
            with reading(engine) as tx:
                row = tx.one("SELECT max(seq) FROM audit")
            self.last = Walk(now(), by, int(row[0] or 0) if row else 0)
        threading.Thread(target=self._walk, args=(engine, now), name="audit-verify", daemon=True).start()
        return True

    def _walk(self, engine: Engine, now: Callable[[], datetime]) -> None:
        try:
            report = verify(engine, lambda passed: self._note(passed=passed))
        except Exception as error:
            log.error("the audit log could not be walked", exc_info=error)
            self._note(failed=True, ended_at=now())
            return
        self._note(passed=report.entries, report=report, ended_at=now())

    def _note(self, **changes: object) -> None:
        assert self.last is not None
        self.last = replace(self.last, **changes)  # type: ignore[arg-type]

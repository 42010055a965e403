"""What an import says of every file and row: filed, on record already, refused, unread."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any


class Status(StrEnum):
    """How a file or a row ended."""

    FILED = "filed"
    MENDED = "mended"
    AGAIN = "again"
    REFUSED = "refused"
    UNREAD = "unread"
    SKIPPED = "skipped"

    @property
    def label(self) -> str:
        """The Chinese word for it."""
        return _LABELS[self]


_LABELS = {
    Status.FILED: "已受理",
    Status.MENDED: "已补正",
    Status.AGAIN: "此前已受理",
    Status.REFUSED: "不受理",
    Status.UNREAD: "未读取",
    Status.SKIPPED: "已跳过",
}


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One file, or one row of a sheet (``row`` as the office program counts).

    ``problems`` hold one sentence each, with the field as printed and what to do; ``warnings`` wait for an answer
    in words; ``notes`` only point at something. ``no`` is empty in a dry run for what would be new.
    """

    file: str
    status: Status
    row: int | None = None
    no: str = ""
    institution: str = ""
    occupation: str = ""
    paper_outstanding: bool = False
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportReport:
    """The whole import, in the order the files were found."""

    call: str
    channel: str
    dry_run: bool
    lines: tuple[ImportLine, ...]

    @cached_property
    def counts(self) -> Mapping[Status, int]:
        """How many lines ended in each way; every way is there."""
        counted = Counter(line.status for line in self.lines)
        return {status: counted[status] for status in Status}

    @property
    def ok(self) -> bool:
        """True when nothing was refused and nothing left unread."""
        return not (self.counts[Status.REFUSED] or self.counts[Status.UNREAD])

    def summary(self) -> str:
        """The counts as one Chinese sentence."""
        said = "、".join(f"{status.label}{count}件" for status, count in self.counts.items() if count)
        return f"{'试运行，未写入：' if self.dry_run else ''}{said or '没有找到文件'}。"

    def to_json(self) -> str:
        """The report for programs."""
        values: dict[str, Any] = {
            "call": self.call,
            "channel": self.channel,
            "dry_run": self.dry_run,
            "counts": dict(self.counts),
            "lines": [asdict(line) for line in self.lines],
        }
        return json.dumps(values, ensure_ascii=False, indent=2)

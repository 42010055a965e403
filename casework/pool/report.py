"""What came of importing a sheet of experts: one line per row."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any


class RowStatus(StrEnum):
    """What became of one row."""

    ADDED = "added"
    UPDATED = "updated"
    SAME = "same"
    REFUSED = "refused"
    LEFT = "left"

    @property
    def label(self) -> str:
        """The Chinese word for it."""
        return {
            "added": "新增", "updated": "更新", "same": "无变化", "refused": "有误", "left": "未导入",
        }[self]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PoolLine:
    """One row: the expert's code where there is one, the headings that changed, or the sentences that refuse it."""

    where: str
    status: RowStatus
    code: str = ""
    name: str = ""
    changed: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class PoolReport:
    """The whole import, in the order of the rows."""

    file: str
    lines: tuple[PoolLine, ...]

    @cached_property
    def counts(self) -> Mapping[RowStatus, int]:
        """How many rows ended in each way; every way is there."""
        counted = Counter(line.status for line in self.lines)
        return {status: counted[status] for status in RowStatus}

    @property
    def ok(self) -> bool:
        """True when no row was refused."""
        return not self.counts[RowStatus.REFUSED]

    def summary(self) -> str:
        """The counts as one Chinese sentence."""
        return f"{'、'.join(f'{status.label}{count}人' for status, count in self.counts.items() if count)}。"

    def record(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "file": self.file,
            "counts": {str(status): count for status, count in self.counts.items()},
            "lines": [asdict(line) for line in self.lines],
        }

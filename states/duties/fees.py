"""Fee items: a name, a unit, an amount in yuan with two places at most (M24-12, I21-4.6.4)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from states.refusals import Refused

CLAUSE = "M24-12"
MOST_ITEMS = 50
MOST_YUAN = Decimal(1_000_000)
LONGEST_NAME, LONGEST_UNIT = 60, 20
_AMOUNT = re.compile(r"\d{1,7}(\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Fee:
    """What is charged for one thing. ``fen`` is the amount in hundredths of a yuan."""

    name: str
    unit: str
    fen: int

    @property
    def yuan(self) -> Decimal:
        """The amount in yuan, with two places."""
        return (Decimal(self.fen) / 100).quantize(Decimal("0.01"))

    @property
    def words(self) -> str:
        """On one line: 初级考试费 300.00元/人次."""
        return f"{self.name} {self.yuan}元/{self.unit}"


def fee(name: str, amount: str, unit: str) -> Fee:
    """A fee item from what was typed. Refused for an empty name, a negative or unreadable amount, more than two places."""
    said, per = name.strip(), unit.strip()
    if not said or len(said) > LONGEST_NAME or not said.isprintable():
        raise Refused(f"收费项目名称须填写，限{LONGEST_NAME}字，不含换行。", clause=CLAUSE)
    if not per or len(per) > LONGEST_UNIT or not per.isprintable():
        raise Refused(f"“{said}”的计费单位须填写，限{LONGEST_UNIT}字，如“人次”。", clause=CLAUSE)
    plain = amount.strip().removesuffix("元").replace(",", "")
    if not plain.isascii() or not _AMOUNT.fullmatch(plain) or Decimal(plain) > MOST_YUAN:
        raise Refused(
            f"“{said}”的金额“{amount}”不正确，应为0至{MOST_YUAN:f}元的数字，最多两位小数。", clause=CLAUSE
        )
    return Fee(said, per, int(Decimal(plain) * 100))


def check_fees(fees: Iterable[Fee]) -> tuple[Fee, ...]:
    """The items as they are kept. Refused when there are none, too many, or two of one name."""
    kept = tuple(fees)
    if not kept or len(kept) > MOST_ITEMS:
        raise Refused(f"收费标准须有1至{MOST_ITEMS}个项目；不收费的请填写金额为0的项目。", clause=CLAUSE)
    names = [each.name for each in kept]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise Refused(f"收费项目“{twice}”重复，请合并。", clause=CLAUSE)
    return kept

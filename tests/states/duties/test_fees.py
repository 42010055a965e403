"""Fee items: amounts to the fen, never rounded."""

from decimal import Decimal

import pytest

from states.duties.fees import Fee, check_fees, fee
from states.refusals import Refused


@pytest.mark.clause("M24-12", "I21-4.6.4")
@pytest.mark.parametrize(
    ("amount", "fen"), [("300", 30000), ("300元", 30000), ("1,280.5", 128050), ("0.01", 1), ("0", 0)]
)
def test_amounts_are_kept_to_the_fen(amount: str, fen: int) -> None:
    assert fee("初级考试费", amount, "人次") == Fee("初级考试费", "人次", fen)
    assert fee("初级考试费", amount, "人次").yuan == Decimal(fen) / 100


@pytest.mark.clause("M24-12")
@pytest.mark.parametrize("amount", ["", "-1", "1.234", "三百", "1e3", "10000000", "1000000.01", "nan", "１"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(Refused, match="最多两位小数"):
        fee("初级考试费", amount, "人次")


@pytest.mark.clause("M24-12")
def test_a_schedule_has_items_and_none_twice() -> None:
    one = fee("考试费", "300", "人次")
    with pytest.raises(Refused, match="须有1至50个项目"):
        check_fees([])
    with pytest.raises(Refused, match="“考试费”重复"):
        check_fees([one, one])
    with pytest.raises(Refused, match="名称须填写"):
        fee("  ", "300", "人次")
    with pytest.raises(Refused, match="计费单位须填写"):
        fee("考试费", "300", "")

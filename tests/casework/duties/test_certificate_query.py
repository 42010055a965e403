"""Anybody who holds a certificate may ask whether it is genuine; nobody learns whose it is by trying."""

from datetime import date
from typing import Any

import pytest

from casework.duties.certificate_query import Genuine, genuine
from casework.duties.certificates import CertificateRow, file_certificates
from casework.duties.examinations import report
from states.calendar import at_time
from states.refusals import Refused

pytestmark = pytest.mark.clause("M24-13", "I21-6.1")
AFTER = at_time(date(2025, 3, 10), 10)
HOLDER = "11010119900307007X"


@pytest.fixture
def certified(listing: Any) -> Any:
    """Two certificates issued on 4 March 2025, one of them to a holder whose number is masked."""
    exam = listing.announced(2025, 3, 3)
    report(listing.desk, exam, person_times=3, passed=2, by=listing.office, as_of=AFTER)
    rows = [
        CertificateRow("SZ2025-0001", "初级", date(2025, 3, 4), HOLDER),
        CertificateRow("SZ2025-0002", "初级", date(2025, 3, 4), "110101********1234"),
    ]
    file_certificates(listing.desk, exam, rows, by=listing.office, as_of=AFTER)
    return listing


def asked(listing: Any, number: str, ends: str) -> Genuine:
    return genuine(listing.desk.engine, number, ends)


def refusal(listing: Any, number: str, ends: str) -> str:
    with pytest.raises(Refused) as refused:
        asked(listing, number, ends)
    return str(refused.value)


@pytest.mark.parametrize(("number", "ends"), [("SZ2025-0001", "007X"), (" SZ2025-0001 ", "007x")])
def test_a_genuine_certificate_is_told_with_its_occupation_level_and_institution(
    certified: Any, number: str, ends: str
) -> None:
    assert asked(certified, number, ends) == Genuine(
        "SZ2025-0001", "数据安全工程技术人员", "初级", "示例机构1", date(2025, 3, 4), "B3"
    )
    assert asked(certified, "SZ2025-0002", "1234").number == "SZ2025-0002"


def test_another_holders_number_and_no_number_at_all_are_refused_in_the_same_words(certified: Any) -> None:
    another, unknown = (
        refusal(certified, *each) for each in (("SZ2025-0001", "1234"), ("SZ2025-0009", "1234"))
    )
    assert another.replace("SZ2025-0001", "…") == unknown.replace("SZ2025-0009", "…")
    assert another.startswith("没有查到编号为“SZ2025-0001”、证件号码后4位与所填一致的证书，请核对后再查")


@pytest.mark.parametrize(
    ("number", "ends"), [("", "007X"), ("SZ2025-0001", ""), ("SZ2025-0001", "7X"), ("%", "%%")]
)
def test_half_a_question_is_not_answered(certified: Any, number: str, ends: str) -> None:
    assert refusal(certified, number, ends) == "请同时填写证书编号和持证人证件号码的最后4位。（M24-13）"


def test_nothing_is_matched_by_pattern(certified: Any) -> None:
    assert refusal(certified, "SZ2025-000_", "____").startswith("没有查到")
    assert refusal(certified, "' OR 1=1 --", "007X").startswith("没有查到")

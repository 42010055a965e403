"""Certificate data as sheets: read whatever sound file they come in, refused with the row when something is wrong."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from casework.duties.certificates import HEADINGS, CertificateRow, blank_certificates, read_certificates
from states.refusals import Refused

pytestmark = pytest.mark.clause("I21-4.6.3")
GOOD = ("SZ2025-0001", "初级", "2025-03-04", "110101199003070070")
ROW = CertificateRow("SZ2025-0001", "初级", date(2025, 3, 4), "110101199003070070")


def csv_of(
    path: Path, *rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS, encoding: str = "utf-8-sig"
) -> Path:
    path.write_text("\n".join(",".join(row) for row in (headings, *rows)), encoding=encoding)
    return path


def test_the_blank_is_read_back_once_it_is_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "证书.xlsx"
    path.write_bytes(blank_certificates("KS-2025-0001"))
    assert read_certificates(path) == []
    book = load_workbook(path)
    book.worksheets[0].append(GOOD)
    book.save(path)
    assert read_certificates(path) == [ROW]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_however_it_was_saved(tmp_path: Path, encoding: str) -> None:
    assert read_certificates(csv_of(tmp_path / "证书.csv", GOOD, encoding=encoding)) == [ROW]


@pytest.mark.clause("M24-11.6a")
@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (("", *GOOD[1:]), "第2行不完整"),
        (("SZ<2025>", *GOOD[1:]), "第2行的证书编号只能由文字、数字和横线组成"),
        ((*GOOD[:2], "三月", GOOD[3]), "第2行的发证日期“三月”无法识别为日期"),
        ((*GOOD[:2], "2025-02-30", GOOD[3]), "不是存在的日期"),
        ((*GOOD[:3], "110101199003070071"), "第2行的证件号码校验码不符"),
        ((*GOOD[:3], "1101************70"), "第2行的证件号码隐去后应仍为18位，并留末4位"),
        ((*GOOD[:3], "1101***0070"), "隐去后应仍为18位"),
        ((*GOOD[:3], "#REF!"), "没有结果的公式"),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_its_number(tmp_path: Path, cells: Any, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence.replace("*", r"\*")):
        read_certificates(csv_of(tmp_path / "证书.csv", cells))


def test_a_file_without_the_headings_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="没有找到表头，应有：证书编号、等级、发证日期、证件号码"):
        read_certificates(csv_of(tmp_path / "证书.csv", GOOD, headings=("甲", "乙", "丙", "丁")))
    other = tmp_path / "证书.txt"
    other.write_text("示例", encoding="utf-8")
    with pytest.raises(Refused, match=r"不是 \.xlsx 或 \.csv 文件"):
        read_certificates(other)
    broken = tmp_path / "证书.xlsx"
    broken.write_bytes(b"PK\x03\x04broken")
    with pytest.raises(Refused):
        read_certificates(broken)

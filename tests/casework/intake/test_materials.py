"""Which papers lie beside a form."""

import pytest

from casework.intake.materials import paper_of, papers_beside
from states.labels import MATERIALS


@pytest.mark.clause("B3-3", "CQ23-3")
@pytest.mark.parametrize(
    ("name", "paper"),
    [
        ("示例学会_法人登记证书.pdf", "registration_certificate"),
        ("示例学会_营业执照.jpg", "registration_certificate"),
        ("示例学会_数据安全_信用报告.pdf", "credit_record"),
        ("示例学会_诚信承诺书（1）.pdf", "credit_record"),
        ("示例学会_推荐函.pdf", "recommendation_letter"),
        ("示例学会.docx", None),
        ("示例学会_照片.jpg", None),
    ],
)
def test_a_paper_is_known_by_the_end_of_its_name(name, paper):
    assert paper_of(name) == paper


def test_the_papers_beside_a_form_begin_with_its_name(tmp_path):
    for name in (
        "甲.docx",
        "甲_信用报告.pdf",
        "甲_营业执照.png",
        "甲乙_信用报告.pdf",
        "甲_营业执照.exe",
        "甲_推荐函.pdf",
    ):
        (tmp_path / name).touch()
    assert {key: path.name for key, path in papers_beside(tmp_path / "甲.docx").items()} == {
        "registration_certificate": "甲_营业执照.png",
        "credit_record": "甲_信用报告.pdf",
        "recommendation_letter": "甲_推荐函.pdf",
    }


def test_the_papers_of_a_sheet_s_row_begin_with_its_credit_code(tmp_path):
    (tmp_path / "91110000600037341L_信用报告.pdf").touch()
    found = papers_beside(tmp_path / "名单.xlsx", "91110000600037341L")
    assert {key: path.name for key, path in found.items()} == {
        "credit_record": "91110000600037341L_信用报告.pdf"
    }


def test_every_required_paper_but_the_form_has_its_names():
    assert set(MATERIALS) - {"recommendation_form"} <= {
        key for name in ("x_法人登记证书.pdf", "x_信用报告.pdf") if (key := paper_of(name))
    }

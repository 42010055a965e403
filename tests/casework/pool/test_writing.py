"""The template, and sheets of samples."""

import pytest
from openpyxl import load_workbook

from casework.pool.columns import COLUMNS
from casework.pool.reading import read_pool_file
from casework.pool.samples import sample_experts
from casework.pool.writing import pool_workbook, write_pool_sheet, write_pool_template
from states.refusals import Refused


def test_the_template_explains_every_column_it_has(tmp_path):
    write_pool_template(tmp_path / "样表.xlsx")
    first, second = load_workbook(tmp_path / "样表.xlsx").worksheets
    headings = [cell.value for cell in first[1]]
    explained = [row[0].value for row in second.iter_rows(min_row=2, max_row=len(headings) + 1)]
    assert headings == explained == [column.heading for column in COLUMNS]
    assert {row[2].value for row in second.iter_rows(min_row=2, max_row=len(headings) + 1)} == {"是", "否"}


def test_a_template_takes_the_place_of_no_other_file(tmp_path):
    write_pool_template(tmp_path / "样表.xlsx")
    with pytest.raises(Refused, match="已存在，请换一个文件名"):
        write_pool_template(tmp_path / "样表.xlsx")
    with pytest.raises(Refused, match=r"请把“样表.xls”的扩展名写成 .xlsx"):
        write_pool_template(tmp_path / "样表.xls")
    with pytest.raises(Refused, match="路径不存在"):
        write_pool_template(tmp_path / "没有" / "样表.xlsx")


def test_samples_are_the_same_every_time_and_sound(tmp_path):
    assert sample_experts(60, seed=3) == sample_experts(60, seed=3)
    assert sample_experts(60, seed=3) != sample_experts(60, seed=4)
    assert len({texts["identity"] for texts in sample_experts(60, seed=3)}) == 60
    for name in ("专家.csv", "专家.xlsx"):
        write_pool_sheet(tmp_path / name, sample_experts(60, seed=3))
        assert [row.problems for row in read_pool_file(tmp_path / name).rows] == [[]] * 60


def test_the_same_experts_give_the_same_workbook():
    assert pool_workbook(sample_experts(3, seed=1)) == pool_workbook(sample_experts(3, seed=1))

"""Walking folders: nothing read twice, nothing left out in silence."""

import pytest

from casework.intake.folders import Sort, gather, natural


@pytest.fixture
def folder(tmp_path):
    for name in (
        "第10家.docx",
        "第2家.docx",
        "第2家_信用报告.pdf",
        "~$第2家.docx",
        ".隐藏.docx",
        "名单.xlsx",
        "旧表.doc",
        "照片.heic",
        "重庆/一.docx",
        "重庆/名单.csv",
        ".git/二.docx",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path


def test_a_folder_is_walked_in_natural_order_with_its_files_first(folder):
    assert [(found.path.relative_to(folder).as_posix(), found.sort) for found in gather([folder])] == [
        ("~$第2家.docx", Sort.SKIPPED),
        ("名单.xlsx", Sort.SHEET),
        ("旧表.doc", Sort.UNKNOWN),
        ("照片.heic", Sort.UNKNOWN),
        ("第2家.docx", Sort.FORM),
        ("第2家_信用报告.pdf", Sort.PAPER),
        ("第10家.docx", Sort.FORM),
        ("重庆/一.docx", Sort.FORM),
        ("重庆/名单.csv", Sort.SHEET),
    ]


def test_whatever_is_not_read_says_why(folder):
    assert [found.note for found in gather([folder]) if found.note] == [
        "“~$第2家.docx”是办公软件的临时文件，已跳过",
        "“旧表.doc”是旧格式文件，请用 Word 或 WPS 另存为 .docx 后再导入",
        "不认识“照片.heic”：既不是推荐表，也不是按规则命名的证明材料",
    ]


def test_a_file_named_twice_is_found_once(folder):
    form = folder / "重庆" / "一.docx"
    assert [found.path for found in gather([form, folder / "重庆", form])] == [
        form,
        folder / "重庆" / "名单.csv",
    ]


def test_loops_and_missing_paths_are_named(folder):
    (folder / "重庆" / "环").symlink_to(folder)
    loop = folder / "重庆" / "自环.docx"
    loop.symlink_to(loop)
    found = list(gather([folder / "重庆", folder / "没有"]))
    assert [(item.path.name, item.note) for item in found if item.note] == [
        ("环", "“环”是指向文件夹的链接，没有进入"),
        ("自环.docx", "“自环.docx”是首尾相连的链接，打不开"),
        ("没有", "找不到“没有”，请核对路径"),
    ]


def test_numbers_in_names_count_as_numbers():
    assert sorted(["第10家", "第9家", "第9家甲", "A2", "a10"], key=natural) == [
        "A2",
        "a10",
        "第9家",
        "第9家甲",
        "第10家",
    ]

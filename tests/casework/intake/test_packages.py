"""A bad file ends as one sentence that names it and says what to do."""

import io
import os
import zipfile

import pytest

from casework.intake import packages
from casework.intake.packages import contents_of, open_package, package_from
from casework.intake.reading import read_docx
from states.refusals import Refused


def sentence(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return str(refused.value)


def zipped(**parts):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return packed.getvalue()


def document(body=b"", **more):
    parts = {"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<R/>", "word/document.xml": body}
    return zipped(**(parts | more))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"not a document at all", "“表.docx”已损坏，无法打开，请重新取得原件后再导入"),
        (b"PK\x03\x04 cut off", "“表.docx”已损坏，无法打开，请重新取得原件后再导入"),
        (b"%PDF-1.7 ...", "“表.docx”实际是PDF 文件，不是 Word 文档，请导入 .docx 原件"),
        (b"{\\rtf1 ...", "“表.docx”实际是RTF 文件，不是 Word 文档，请导入 .docx 原件"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "“表.docx”是旧版 Word 文档（.doc），请用 Word 或 WPS 另存为 .docx 后再导入",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "“表.docx”设有打开密码，请去掉密码后再导入",
        ),
        (zipped(**{"a.txt": b"x"}), "“表.docx”不是 Word 文档，请用 Word 或 WPS 另存为 .docx 后再导入"),
        (
            zipped(**{"[Content_Types].xml": b"", "xl/workbook.xml": b""}),
            "“表.docx”实际是 Excel 文档，扩展名应为 .xlsx，请改名后再导入",
        ),
    ],
)
def test_a_file_that_is_something_else_is_told_for_what_it_is(data, says):
    assert sentence(package_from, data, "表.docx", ".docx") == says


def test_a_bomb_is_not_unpacked():
    says = "“表.docx”解压后体积异常，可能是恶意文件，没有打开，请重新取得原件"
    assert sentence(package_from, document(b"\0" * 30_000_000), "表.docx", ".docx") == says
    many = {f"word/{number}.xml": b"" for number in range(packages.MOST_PARTS)}
    assert sentence(package_from, document(**many), "表.docx", ".docx") == says


def test_a_part_that_lies_about_its_size_is_damaged():
    data = bytearray(document(b"<a>" + b"x" * 5000 + b"</a>"))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    package = package_from(bytes(data), "表.docx", ".docx")
    assert sentence(package.part, "word/document.xml") == "“表.docx”已损坏，无法打开，请重新取得原件后再导入"


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]><a>&d;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>',
    ],
)
def test_entities_are_refused(body):
    package = package_from(document(body), "表.docx", ".docx")
    assert sentence(package.xml, "word/document.xml") == (
        "“表.docx”内含文档中不应有的实体定义，可能是恶意文件，没有导入"
    )


@pytest.mark.parametrize("body", [b"<a><b></a>", b"", b"<a>" * 3000 + b"</a>" * 3000])
def test_broken_or_bottomless_markup_is_damaged(body):
    package = package_from(document(body), "表.docx", ".docx")
    assert "已损坏" in sentence(package.xml, "word/document.xml")


def test_an_empty_file_says_so(tmp_path):
    path = tmp_path / "空.docx"
    path.touch()
    assert sentence(contents_of, path) == "“空.docx”是空文件（0 字节），请重新取得原件后再导入"


def test_a_file_of_200_megabytes_is_refused_unread(tmp_path):
    path = tmp_path / "大.docx"
    with path.open("wb") as opened:
        opened.truncate(200 * 1024 * 1024)
    assert sentence(contents_of, path) == (
        "“大.docx”大小为 200 MB，超过 20 MB 的上限，请把图片和附件另存后再导入"
    )


def test_a_folder_a_loop_and_a_missing_file_are_told_apart(tmp_path):
    (tmp_path / "夹.docx").mkdir()
    loop = tmp_path / "环.docx"
    loop.symlink_to(loop)
    assert [sentence(contents_of, tmp_path / name) for name in ("夹.docx", "环.docx", "无.docx")] == [
        "“夹.docx”是文件夹，不是文件，请把该文件夹本身列为导入对象",
        "“环.docx”是首尾相连的链接，打不开，请改用原文件",
        "找不到文件“无.docx”，请核对路径",
    ]


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "管.docx")
    assert sentence(contents_of, tmp_path / "管.docx") == "“管.docx”不是普通文件，无法导入"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(tmp_path):
    path = tmp_path / "密.docx"
    path.write_bytes(b"x")
    path.chmod(0)
    assert sentence(contents_of, path) == "没有权限读取“密.docx”，请检查该文件的访问权限"


def test_a_lock_file_is_not_a_form(tmp_path):
    (tmp_path / "~$表.docx").write_bytes(b"x" * 162)
    assert "临时文件" in sentence(open_package, tmp_path / "~$表.docx")


def test_a_form_cut_off_anywhere_is_refused_and_never_a_traceback(neat, tmp_path, filed):
    path = tmp_path / "断.docx"
    for length in range(1, len(neat), max(1, len(neat) // 40)):
        path.write_bytes(neat[:length])
        assert sentence(read_docx, path, as_of=filed).startswith("“断.docx”")


def test_a_form_with_bytes_turned_over_is_read_or_refused(neat, tmp_path, filed):
    path = tmp_path / "翻.docx"
    outcomes: list[str] = []
    for place in range(0, len(neat), max(1, len(neat) // 40)):
        data = bytearray(neat)
        data[place] ^= 0xFF
        path.write_bytes(bytes(data))
        try:
            outcomes.append(read_docx(path, as_of=filed).kind.value)
        except Refused as refused:
            outcomes.append(refused.sentence)
    assert len(outcomes) >= 40

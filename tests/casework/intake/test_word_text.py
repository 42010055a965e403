"""Every way a document holds a tick or a text ends as the same characters."""

import pytest
from lxml import etree

from casework.intake.word_text import text_of

HEAD = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def said(markup):
    return text_of(etree.fromstring(f"<w:tc {HEAD}>{markup}</w:tc>"))


def box(checked):
    return (
        f'<w:p><w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{checked}"/></w14:checkbox></w:sdtPr>'
        "<w:sdtContent><w:r><w:t>?</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    )


def symbol(font, character):
    return f'<w:p><w:r><w:sym w:font="{font}" w:char="{character}"/></w:r></w:p>'


def lettered(font, character):
    return f'<w:p><w:r><w:rPr><w:rFonts w:ascii="{font}"/></w:rPr><w:t>{character}</w:t></w:r></w:p>'


def legacy(state):
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/>'
        f"{state}</w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


@pytest.mark.parametrize(
    ("markup", "mark"),
    [
        (box(1), "☑"),
        (box(0), "□"),
        (symbol("Wingdings", "F0FE"), "☑"),
        (symbol("Wingdings", "F0FC"), "☑"),
        (symbol("Wingdings", "F0A8"), "□"),
        (symbol("Wingdings 2", "F052"), "☑"),
        (symbol("Wingdings 2", "F0A3"), "□"),
        (lettered("Wingdings 2", "R"), "☑"),
        (lettered("Wingdings 2", "\uf052"), "☑"),
        (lettered("Wingdings", "\uf0a8"), "□"),
        (legacy('<w:checked w:val="1"/>'), "☑"),
        (legacy("<w:checked/>"), "☑"),
        (legacy(""), "□"),
        ("<w:p><w:r><w:instrText>eq \\o\\ac(□,√)</w:instrText></w:r></w:p>", "☑"),
        (
            "<w:p><w:r><w:instrText>eq \\o\\ac(</w:instrText></w:r><w:r><w:instrText>□,√)</w:instrText></w:r></w:p>",
            "☑",
        ),
    ],
)
def test_a_tick_is_a_tick_however_it_was_made(markup, mark):
    assert said(markup) == mark


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<w:p><w:r><w:t>一</w:t></w:r></w:p><w:p><w:r><w:t>二</w:t></w:r></w:p>", "一\n二"),
        ("<w:p><w:r><w:t>一</w:t><w:br/><w:t>二</w:t></w:r></w:p>", "一\n二"),
        (
            "<w:p><w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>",
            "新",
        ),
        ("<w:p><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom></w:p>", ""),
        ("<w:p><w:hyperlink><w:r><w:t>a@example.cn</w:t></w:r></w:hyperlink></w:p>", "a@example.cn"),
        (
            '<w:p><w:r><w:instrText> HYPERLINK "mailto:x" </w:instrText></w:r><w:r><w:t>x</w:t></w:r></w:p>',
            "x",
        ),
        (
            (
                "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p>"
                "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p>"
                "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
            ),
            "框",
        ),
        ('<w:p><w:r><w:sym w:font="Wingdings" w:char="oops"/><w:t>字</w:t></w:r></w:p>', "\0字"[1:]),
    ],
)
def test_text_is_what_a_reader_sees(markup, text):
    assert said(markup).replace("\0", "") == text

"""The HTML part says the same words, set like a letter."""

import re

from notifications.layout import paragraphs, to_html

BODY = """江北测评中心：

　　材料需要补正。事项如下：

一、补交营业执照；
二、更正人数。

　　办理期限：2024年6月21日（含当日）

【提醒】

办公室
2024年6月12日
"""


def test_every_paragraph_has_its_kind() -> None:
    assert list(paragraphs(BODY)) == [
        ("reader", "江北测评中心："),
        ("text", "材料需要补正。事项如下："),
        ("stated", "一、补交营业执照；\n二、更正人数。"),
        ("deadline", "办理期限：2024年6月21日（含当日）"),
        ("heading", "【提醒】"),
        ("signed", "办公室\n2024年6月12日"),
    ]


def test_what_somebody_stated_cannot_become_markup() -> None:
    page = to_html("<b>标题</b>", "读者：\n\n<script>alert(1)</script> & more\n\n署名")
    assert "<script>" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page


def test_a_page_needs_nothing_from_outside() -> None:
    assert re.findall(r"(?:src|href|url)\s*[=(]|https?:", to_html("标题", BODY)) == []

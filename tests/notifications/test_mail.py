"""A mail is composed so that no value can add a header or a recipient."""

from dataclasses import replace

import pytest

from notifications.mail import OutgoingMail, Sender, address, compose
from notifications.rendering import one_line


def test_a_mail_says_that_it_is_automatic_and_has_two_parts(letter: OutgoingMail, sender: Sender) -> None:
    mail = compose(letter, sender)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_a_mail_differs_only_where_the_letter_does(letter: OutgoingMail, sender: Sender) -> None:
    one, two = compose(letter, sender), compose(letter, sender)
    assert [part.get_content() for part in one.iter_parts()] == [
        part.get_content() for part in two.iter_parts()
    ]
    assert one.items()[:-1] == two.items()[:-1]


def test_without_a_reply_address_there_is_no_such_header(letter: OutgoingMail) -> None:
    assert compose(letter, Sender("linxuan@office.example.cn"))["Reply-To"] is None


def test_a_long_chinese_subject_survives_folding(letter: OutgoingMail, sender: Sender) -> None:
    subject = "关于" + "数据安全工程技术人员" * 12 + "的通知"
    assert compose(replace(letter, subject=subject), sender)["Subject"] == subject


@pytest.mark.parametrize(
    "mail",
    [
        "a@b.cn\r\nBcc: c@d.cn",
        "a b@c.cn",
        "<a@b.cn>",
        "a@b.cn,c@d.cn",
        "@b.cn",
        "a@",
        "",
        "é@b.cn",
        "a;b@c.cn",
    ],
)
def test_what_is_no_plain_mailbox_is_refused(mail: str) -> None:
    with pytest.raises(ValueError, match="格式有误"):
        address(mail)


def test_a_subject_is_one_line_of_visible_characters() -> None:
    assert one_line("标题\r\nBcc: x@y.cn\u2028下一行\u202e倒\x00\t完") == "标题 Bcc: x@y.cn 下一行 倒 完"

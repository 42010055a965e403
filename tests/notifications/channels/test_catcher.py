"""The local catcher keeps every letter once, whole, in the data folder."""

from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

from notifications.channels.catcher import Catcher, file_name
from notifications.mail import Delivery, Outcome, OutgoingMail, Sender


def test_a_letter_becomes_one_mail_file(tmp_path: Path, sender: Sender, letter: OutgoingMail) -> None:
    outbox = tmp_path / "outbox"
    delivery = Catcher(outbox, sender).deliver(letter)
    [file] = outbox.iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert delivery == Delivery(Outcome.SENT, file.name)
    assert (mail["Message-ID"], mail["Subject"]) == (letter.message_id, letter.subject)
    assert file.name.startswith("B3-SJAQ-0007.received.applicant.v2@office.example.cn.")


def test_the_same_letter_twice_is_one_file_that_stays_as_it_was(
    tmp_path: Path, sender: Sender, letter: OutgoingMail
) -> None:
    catcher = Catcher(tmp_path, sender)
    catcher.deliver(letter)
    [before] = [file.read_bytes() for file in tmp_path.iterdir()]
    assert catcher.deliver(replace(letter, subject="另一个标题")).outcome is Outcome.SENT
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [before]


def test_file_names_are_safe_and_differ_where_message_ids_do() -> None:
    names = {
        file_name(each)
        for each in ("<../../etc/passwd@x>", "<a/b@x>", "<a_b@x>", "<通知@x>", "<" + "长" * 500 + ">")
    }
    assert len(names) == 5
    assert all(Path(name).name == name and not name.startswith(".") and len(name) < 160 for name in names)


def test_a_folder_that_cannot_be_written_is_down(
    tmp_path: Path, sender: Sender, letter: OutgoingMail
) -> None:
    (tmp_path / "outbox").write_text("a file in the way", encoding="utf-8")
    delivery = Catcher(tmp_path / "outbox", sender).deliver(letter)
    assert (delivery.outcome, delivery.answer.startswith("无法写入发件箱")) == (Outcome.DOWN, True)


def test_no_draft_is_left_behind_when_writing_fails(
    tmp_path: Path, sender: Sender, letter: OutgoingMail
) -> None:
    (tmp_path / file_name(letter.message_id)).mkdir()
    Catcher(tmp_path, sender).deliver(letter)
    assert [path.name for path in tmp_path.iterdir()] == [file_name(letter.message_id)]

"""Letters to those who objected under their name and left a mailbox: encrypted, apart from those of cases (law 10)."""

from datetime import datetime, timedelta

from casework.desk import Desk
from casework.wording import spoken
from notifications.objection_vocabulary import OBJECTOR
from records.crypt import decrypt, encrypt
from records.transaction import Transaction
from states.calendar import day_of
from states.facts import instant
from states.labels import TRACKS

ACKNOWLEDGED, REPLY = "objection_acknowledged", "objection_reply"
_OF = (
    "SELECT o.no, o.name, o.mail, o.received_at, o.due_at, c.process, c.occupation, i.name, p.publisher"
    " FROM objection o JOIN cases c ON c.id = o.case_id JOIN institution i ON i.id = c.institution_id"
    " LEFT JOIN publicity p ON p.id = o.publicity_id WHERE o.id = ?"
)


def owe_acknowledgement(tx: Transaction, desk: Desk, id_: int, as_of: datetime) -> bool:
    """Owe the word that the objection was received and by when it will be answered; False without a mailbox."""
    return _owe(tx, desk, id_, ACKNOWLEDGED, "", "", as_of)


def owe_reply(tx: Transaction, desk: Desk, id_: int, outcome: str, reply: str, as_of: datetime) -> bool:
    """Owe the reply: what came of the objection, and why; False without a mailbox."""
    return _owe(tx, desk, id_, REPLY, outcome, reply, as_of)


def _owe(
    tx: Transaction, desk: Desk, id_: int, letter: str, outcome: str, reply: str, as_of: datetime
) -> bool:
    row = tx.one(_OF, (id_,))
    assert row is not None
    no, name, sealed, received, due, process_key, occupation, institution, publisher = row
    mail = decrypt(sealed)
    if not mail:
        return False
    rules = desk.processes.process(process_key).rules
    received_at, due_at = instant(received), instant(due)
    assert received_at is not None
    assert due_at is not None
    words = {
        "reader": decrypt(name),
        "objection_no": no,
        "institution": institution,
        "occupation": next(each.title for each in rules.occupations.value if each.code == occupation),
        "kind": f"{TRACKS[rules.track]}机构",
        "call": rules.name,
        "received_on": spoken(day_of(received_at)),
        "due": spoken(day_of(due_at - timedelta(microseconds=1))),
        "outcome": outcome,
        "reply": reply,
        "signer": publisher or "",
        "today": spoken(day_of(as_of)),
        "clause": "D-2",
    }
    subject, body = desk.renderer.render(letter, OBJECTOR, words)
    # The Message-ID tells nothing of who it was.
    message_id = f"<{no}.{letter}@{desk.mail_domain}>"
    tx.run(
        "INSERT INTO objection_letter (objection_id, letter, recipient, subject, body, message_id, created_at, not_before,"
        " state, attempts) VALUES (?,?,?,?,?,?,?,?,'queued',0) ON CONFLICT DO NOTHING",
        (id_, letter, encrypt(mail), encrypt(subject), encrypt(body), message_id, as_of, as_of),
    )
    return True

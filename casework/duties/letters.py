"""Letters about duties: to who owes one, and to the offices told (M24-8, M24-11.1, M24-11.6b, M24-14)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from casework.desk import Desk
from casework.wording import spoken
from notifications.vocabulary import STAFF_READER
from records.transaction import Transaction
from states.calendar import day_of
from states.labels import DECIDERS
from states.places import OFFICES
from states.roles import Role


def owe_staff(
    tx: Transaction,
    desk: Desk,
    letter: str,
    readers: Iterable[str],
    words: Mapping[str, str],
    occasion: str,
    clause: str,
    as_of: datetime,
    *,
    case_id: int | None = None,
) -> int:
    """Owe a letter to offices (``P50``, ``D01``, ``office``, ``group``), once on each occasion; how many are queued.

    An office is written to at its mailbox, else at those of its people; one without either is an incident.
    """
    queued = 0
    for reader in dict.fromkeys(readers):
        mails = addresses(tx, reader)
        if not mails:
            reason = f"{name_of(reader)}没有邮箱，通知“{occasion}”无法送达，请登记邮箱后另行告知。"
            tx.run(
                "INSERT INTO incident (kind, case_id, subject, reason, detail, at, attempts) VALUES (?,?,?,?,'{}',?,1)",
                ("no_address", case_id, letter, reason, as_of),
            )
        context = {
            **words, "reader": name_of(reader), "signer": DECIDERS["office"], "today": spoken(day_of(as_of)),
            "clause": clause,
        }  # fmt: skip
        for mail in mails:
            # A letter about no case has no unique key of its own: NULL differs from NULL.
            if tx.one(
                "SELECT 1 FROM letter WHERE letter = ? AND recipient = ? AND occasion = ?",
                (letter, mail, occasion),
            ):
                continue
            subject, body = desk.renderer.render(letter, STAFF_READER, context)
            message_id = f"<{letter}.{occasion}.{reader}.{mail.partition('@')[0]}@{desk.mail_domain}>"
            tx.run(
                "INSERT INTO letter (case_id, letter, role, recipient, occasion, clause, subject, body, message_id,"
                " created_at, not_before, state, attempts) VALUES (?,?,?,?,?,?,?,?,?,?,?,'queued',0)",
                (case_id, letter, str(role_of(reader)), mail, occasion, clause, subject, body,
                 message_id.replace(" ", "_"), as_of, as_of),
            )  # fmt: skip
            queued += 1
    return queued


def addresses(tx: Transaction, reader: str) -> list[str]:
    """Where an office is written to: its official mailbox, else its people with an account."""
    row = tx.one("SELECT mail FROM office_mailbox WHERE channel = ? AND mail <> ''", (reader,))
    if row is not None:
        return [row[0]]
    scoped = (
        {(Role.RECOMMENDER, reader), (Role.PROVINCE, reader[1:])}
        if reader in OFFICES
        else {(Role(reader), "")}
    )
    found: list[str] = []
    for role, scope in sorted(scoped):
        found += [
            mail
            for (mail,) in tx.rows(
                "SELECT mail FROM person WHERE role = ? AND scope = ? AND mail <> '' AND disabled_at IS NULL ORDER BY login",
                (str(role), scope),
            )
        ]
    return list(dict.fromkeys(found))


def name_of(reader: str) -> str:
    """An office's own name."""
    return OFFICES[reader].name if reader in OFFICES else Role(reader).label


def role_of(reader: str) -> Role:
    """In which role an office reads."""
    return Role.RECOMMENDER if reader in OFFICES else Role(reader)

"""What the staff are told about a panel, each by a letter of their own: numbers and days, never a member (law 10)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from casework.desk import Desk
from casework.panels.letters import instant_spoken
from casework.panels.panel import PanelView, rules_of
from casework.wording import spoken
from records.transaction import Transaction
from states.calendar import day_of
from states.labels import DECIDERS
from states.places import OFFICES
from states.roles import Role

READER = "staff"


def tell_staff(
    tx: Transaction,
    desk: Desk,
    panel: PanelView,
    letter: str,
    roles: Iterable[Role],
    occasion: str,
    as_of: datetime,
    *,
    clause: str,
    words: Mapping[str, str] | None = None,
) -> int:
    """Queue the letter to every account of these roles, once for each occasion; how many are owed.

    Of a panel that a province organises its own staff are told instead of the nation's (M24-8); auditors as ever.
    """
    rules = rules_of(tx, panel)
    shared = {
        "panel": panel.no,
        "call": rules.name,
        "occupation": rules.offered(panel.occupation).title,
        "signer": OFFICES[f"P{panel.province}"].name if panel.province else DECIDERS["office"],
        "today": spoken(day_of(as_of)),
        "clause": clause,
        "meets_on": instant_spoken(panel.meets_at),
        "closes_on": instant_spoken(panel.closes_at),
        **(words or {}),
    }
    people = tx.rows(
        f"SELECT login, name, mail, role FROM person WHERE disabled_at IS NULL AND {tx.among('role')}"
        " AND (role <> 'province' OR scope = ?) ORDER BY login",
        (tx.listed(sorted(map(str, _told(panel, roles)))), panel.province),
    )
    owed = 0
    for login, name, mail, role in people:
        own = f"{panel.no}:{occasion}:{login}"
        # A letter about no case has no unique key of its own: NULL differs from NULL.
        if tx.one(
            "SELECT 1 FROM letter WHERE letter = ? AND occasion = ? AND recipient = ?", (letter, own, mail)
        ):
            continue
        subject, body = desk.renderer.render(
            letter, READER, {**shared, "reader": name, "office": Role(role).label}
        )
        tx.run(
            "INSERT INTO letter (letter, role, recipient, occasion, clause, subject, body, message_id, created_at,"
            " not_before, state, attempts) VALUES (?,?,?,?,?,?,?,?,?,?,'queued',0)",
            (
                letter, role, mail, own, clause, subject, body,
                f"<{panel.no}.{letter}.{occasion}.{login}@{desk.mail_domain}>", as_of, as_of,
            ),
        )  # fmt: skip
        owed += 1
    return owed


def _told(panel: PanelView, roles: Iterable[Role]) -> set[Role]:
    if not panel.province:
        return set(roles)
    return {Role.PROVINCE} | ({Role.AUDITOR} & set(roles))

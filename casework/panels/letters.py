"""Letters to experts: worded and queued in the transaction that owes them, encrypted, apart from those of cases.

A letter that lets somebody in carries the link; the code that belongs to it goes in a letter of its own.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from casework.desk import Desk
from casework.panels.links import CLAUSE, make_link
from casework.panels.panel import PanelView, organiser_of, rules_of
from casework.panels.seat import SeatView, person_of
from casework.wording import spoken
from records.crypt import encrypt
from records.transaction import Transaction
from states.calendar import SHANGHAI, day_of
from states.labels import TRACKS

READER = "expert"
CODE_LETTER = "expert_code"
_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9._-]+")


def owe(
    tx: Transaction,
    desk: Desk,
    panel: PanelView,
    seat: SeatView,
    letter: str,
    occasion: str,
    as_of: datetime,
    *,
    clause: str = CLAUSE,
    words: Mapping[str, str] | None = None,
    effective: datetime | None = None,
) -> None:
    """Queue one letter to the holder of a seat, once for each occasion. ``effective`` dates what it tells (D-7)."""
    person = person_of(tx, seat)
    context = {**_shared(tx, panel, seat, as_of, effective or as_of), "reader": person.name, "clause": clause}
    subject, body = desk.renderer.render(letter, READER, {**context, **(words or {})})
    message_id = (
        f"<{_NOT_IN_AN_ID.sub('.', f'{panel.no}.{seat.place}.{letter}.{occasion}')}@{desk.mail_domain}>"
    )
    tx.run(
        "INSERT INTO panel_letter (seat_id, letter, occasion, recipient, subject, body, message_id, created_at,"
        " not_before, state, attempts) VALUES (?,?,?,?,?,?,?,?,?,'queued',0) ON CONFLICT DO NOTHING",
        (
            seat.id, letter, occasion, encrypt(person.mail), encrypt(subject), encrypt(body), message_id, as_of, as_of,
        ),
    )  # fmt: skip


def owe_entry(
    tx: Transaction,
    desk: Desk,
    panel: PanelView,
    seat: SeatView,
    letter: str,
    purpose: str,
    occasion: str,
    as_of: datetime,
    *,
    clause: str = CLAUSE,
    words: Mapping[str, str] | None = None,
) -> None:
    """Queue a letter with a fresh link, and the one with its code, once for each occasion.

    Earlier links of this purpose are dead then.
    """
    if tx.one(
        "SELECT 1 FROM panel_letter WHERE seat_id = ? AND letter = ? AND occasion = ?",
        (seat.id, letter, occasion),
    ):
        return
    token, code = make_link(tx, seat.id, purpose, as_of, lasting=timedelta(hours=desk.link_hours))
    expires = as_of + timedelta(hours=desk.link_hours)
    given = {"link": f"{desk.address}/expert/{purpose}/{token}", "expires": instant_spoken(expires)}
    owe(tx, desk, panel, seat, letter, occasion, as_of, clause=clause, words={**given, **(words or {})})
    owe(
        tx, desk, panel, seat, CODE_LETTER, f"{letter}.{occasion}", as_of, words={"code": code, "expires": given["expires"]}
    )  # fmt: skip


def supersede(tx: Transaction, seat_id: int) -> None:
    """Letters to the holder of a seat that have not left must not leave any more (law 6)."""
    tx.run("UPDATE panel_letter SET state = 'superseded' WHERE seat_id = ? AND state = 'queued'", (seat_id,))


def instant_spoken(at: datetime | None) -> str:
    """An instant as letters say it: 2024年9月27日14:00 (Beijing time); empty for None."""
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    return f"{spoken(local.date())}{local:%H:%M}"


def _shared(
    tx: Transaction, panel: PanelView, seat: SeatView, as_of: datetime, effective: datetime
) -> dict[str, str]:
    rules = rules_of(tx, panel)
    return {
        "panel": panel.no,
        "place": str(seat.place),
        "call": rules.name,
        "occupation": rules.offered(panel.occupation).title,
        "kind": f"{TRACKS[panel.track]}机构",
        "signer": organiser_of(panel, rules),
        "done_on": spoken(day_of(effective)),
        "today": spoken(day_of(as_of)),
        "due": spoken(seat.answer_due),
        "meets_on": instant_spoken(panel.meets_at),
        "closes_on": instant_spoken(panel.closes_at),
    }

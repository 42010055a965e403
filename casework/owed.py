"""Letters owed: addressed, worded and rendered in the transaction that owes them (law 4)."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from casework.desk import Desk
from casework.loading import Loaded
from casework.wording import Wording
from records.transaction import Transaction
from states.facts import Facts
from states.roles import STAFF, Role
from states.timers import Schedule

if TYPE_CHECKING:
    from casework.writing import Decided

_LETTER = (
    "INSERT INTO letter (case_id, letter, role, recipient, occasion, clause, subject, body, message_id,"
    " created_at, not_before, state, attempts) VALUES (?,?,?,?,?,?,?,?,?,?,?,'queued',0)"
    " ON CONFLICT DO NOTHING"
)
_NOTICE = (
    "INSERT INTO notice (case_id, letter, role, occasion, clause, about, at) VALUES (?,?,?,?,?,?,?)"
    " ON CONFLICT DO NOTHING"
)
_INCIDENT = (
    "INSERT INTO incident (kind, case_id, subject, reason, detail, at, attempts) VALUES (?,?,?,?,'{}',?,1)"
)


class Mailbag:
    """Gathers the letters and digest lines one transaction owes, and writes them in one go."""

    def __init__(self, tx: Transaction, desk: Desk, as_of: datetime) -> None:
        self._tx, self._desk, self._now = tx, desk, tx.encode(as_of)
        self._wording = Wording(desk, as_of)
        self._letters: list[tuple[Any, ...]] = []
        self._notices: list[tuple[Any, ...]] = []
        self._incidents: list[tuple[Any, ...]] = []
        self._mailboxes: dict[str, str] | None = None

    def add(self, group: "Decided", members: list[tuple[Loaded, Facts]], planned: Schedule) -> None:
        """The letters a move tells, for every case that made it."""
        move = group.move
        if move.letter is None:
            return
        for role in move.tells:
            for before, after in members:
                shared = self._wording.shared(
                    move.letter, group.process, after, group.inputs, group.effective, planned,
                    move.clause, move.label,
                )  # fmt: skip
                self._letter(
                    move.letter, role, Loaded(after, *before[1:]), shared, f"v{after.version}", move.clause
                )

    def remind(
        self, letter: str, role: Role, each: Loaded, context: Mapping[str, str], occasion: str, clause: str
    ) -> None:
        """One reminder letter to one case's applicant."""
        self._letter(letter, role, each, context, occasion, clause)

    def notice(
        self, letter: str, role: str, case_id: int, occasion: str, clause: str, about: Any, at: Any
    ) -> None:
        """One line for the digest of the staff who hold the role."""
        encode = self._tx.encode
        self._notices.append((case_id, letter, role, occasion, clause, encode(about), encode(at)))

    def write(self) -> int:
        """Queue what was gathered; how many letters that was."""
        owed = len(self._letters)
        for sql, rows in ((_LETTER, self._letters), (_NOTICE, self._notices), (_INCIDENT, self._incidents)):
            if rows:
                self._tx.many(sql, rows)
        self._letters, self._notices, self._incidents = [], [], []
        return owed

    def _letter(
        self, letter: str, role: Role, each: Loaded, shared: Mapping[str, str], occasion: str, clause: str
    ) -> None:
        facts = each.facts
        recipient = self._address(role, each)
        if not recipient:
            if role in STAFF:
                self._notices.append(
                    (facts.id, letter, str(role), occasion, clause, self._now[:10] if isinstance(self._now, str)
                     else self._now, self._now)
                )  # fmt: skip
            else:
                self._incidents.append(
                    (
                        "no_address",
                        facts.id,
                        letter,
                        f"申报{facts.no}没有{role.label}的邮箱，通知无法送达。",
                        self._now,
                    )
                )
            return
        context = {**shared, "no": facts.no, "institution": each.institution, "levels": each.levels}
        subject, body = self._desk.renderer.render(letter, role, context)
        message_id = f"<{facts.no}.{letter}.{role}.{occasion}@{self._desk.mail_domain}>".replace(" ", "_")
        self._letters.append(
            (facts.id, letter, str(role), recipient, occasion, clause, subject, body, message_id, self._now,
             self._now)
        )  # fmt: skip

    def _address(self, role: Role, each: Loaded) -> str:
        if role is Role.APPLICANT:
            return each.contact_mail
        if self._mailboxes is None:
            self._mailboxes = dict(self._tx.rows("SELECT channel, mail FROM office_mailbox"))
        return self._mailboxes.get(each.facts.channel if role is Role.RECOMMENDER else str(role), "")

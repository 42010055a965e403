"""Letters about changes of particulars: to the institution and to whoever recommended it; nothing personal in them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from casework.desk import Desk
from casework.incidents import open_incident
from casework.particulars.standing import Standing
from casework.wording import spoken
from records.transaction import Transaction
from states.calendar import day_of
from states.particulars import CLAUSE, PARTICULARS
from states.places import OFFICES
from states.roles import Role

_LETTER = (
    "INSERT INTO letter (case_id, letter, role, recipient, occasion, clause, subject, body, message_id, created_at,"
    " not_before, state, attempts) VALUES (?,?,?,?,?,?,?,?,?,?,?,'queued',0) ON CONFLICT DO NOTHING"
)
_NOTICE = (
    "INSERT INTO notice (case_id, letter, role, occasion, clause, about, at) VALUES (?,?,?,?,?,?,?)"
    " ON CONFLICT DO NOTHING"
)


def lines_of(wanted: Mapping[str, str], old: Mapping[str, str]) -> str:
    """What changes, one line each; of what is not public only that it does."""
    lines = []
    for key in (key for key in PARTICULARS if key in wanted):
        field = PARTICULARS[key]
        if not field.public:
            lines.append(f"　　{field.label}：变更（内容不公开，此处从略）")
        elif old.get(key):
            lines.append(f"　　{field.label}：由“{old[key]}”变更为“{wanted[key]}”")
        else:
            lines.append(f"　　{field.label}：登记为“{wanted[key]}”")
    return "\n".join(lines)


class Pen:
    """Owes the letters of one request within one transaction. ``case_id`` is the listing the request hangs on."""

    def __init__(
        self,
        tx: Transaction,
        desk: Desk,
        standing: Standing,
        *,
        case_id: int,
        no: str,
        version: int,
        as_of: datetime,
    ) -> None:
        self._tx, self._desk, self._standing, self._case = tx, desk, standing, case_id
        self._no, self._version, self._as_of = no, version, as_of

    def tell(
        self,
        letter: str,
        roles: Sequence[Role],
        *,
        changes: str,
        reason: str,
        due: datetime,
        mailboxes: Sequence[str] | None = None,
    ) -> int:
        """Owe ``letter`` to these readers; how many letters that was. ``due`` is the first instant after the last day.

        ``mailboxes`` are the institution's own where they have just changed: both hear of it.
        """
        words = {
            "change_no": self._no,
            "institution": self._standing.name,
            "standing": self._standing.words,
            "changes": changes,
            "reason": reason,
            "due": spoken(day_of(due - timedelta(microseconds=1))),
            "signer": self._standing.signer,
            "today": spoken(day_of(self._as_of)),
            "clause": CLAUSE,
        }
        owed = 0
        if Role.APPLICANT in roles:
            own = self._standing.mailboxes if mailboxes is None else tuple(mailboxes)
            owed += sum(self._letter(letter, Role.APPLICANT, to, self._standing.name, words) for to in own)
            if not own:
                reason = f"{self._standing.name}没有邮箱，变更{self._no}的通知无法送达。"
                open_incident(self._tx, "no_address", self._case, letter, reason, self._as_of)
        if Role.RECOMMENDER in roles:
            owed += self._to_recommenders(letter, words)
        return owed

    def _to_recommenders(self, letter: str, words: Mapping[str, str]) -> int:
        known = dict(self._tx.rows("SELECT channel, mail FROM office_mailbox"))
        owed = 0
        for channel in self._standing.channels:
            if known.get(channel):
                owed += self._letter(letter, Role.RECOMMENDER, known[channel], OFFICES[channel].name, words)
                continue
            case = next(each.id for each in self._standing.listings if each.channel == channel)
            about = day_of(self._as_of)
            self._tx.run(
                _NOTICE, (case, letter, str(Role.RECOMMENDER), self._occasion, CLAUSE, about, self._as_of)
            )
        return owed

    def _letter(self, letter: str, role: Role, recipient: str, reader: str, words: Mapping[str, str]) -> int:
        subject, body = self._desk.renderer.render(letter, role, {**words, "reader": reader})
        row = self._tx.one(
            "SELECT count(*) FROM letter WHERE case_id = ? AND letter = ? AND occasion = ?",
            (self._case, letter, self._occasion),
        )
        nth = (row[0] if row else 0) + 1
        message_id = f"<{self._occasion}.{letter}.{role}.{nth}@{self._desk.mail_domain}>"
        written: int = self._tx.run(
            _LETTER,
            (
                self._case, letter, str(role), recipient, self._occasion, CLAUSE, subject, body, message_id,
                self._as_of, self._as_of,
            ),
        ).rowcount  # fmt: skip
        return written

    @property
    def _occasion(self) -> str:
        return f"{self._no}.{self._version}"

"""Officers present their shares; this process holds them for half an hour and nobody else ever does.

A share is taken out of its lock with the officer's passphrase and put under a key that lives only in this
process. It is never written to the database, a log or a file. A process that ends, forgets.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from cryptography.fernet import Fernet

from casework.actors import Actor
from casework.audit import Entry, append
from casework.ballots.keys import bound
from casework.ballots.panel import CLAUSE, PanelOfCases, panel_of
from casework.ballots.passphrases import unlock
from casework.desk import Desk
from records.transaction import Transaction, reading, transaction
from states.refusals import Refused
from states.roles import Role

WINDOW = timedelta(minutes=30)
TRIES, TRIED_WITHIN = 5, timedelta(minutes=15)


class SharesInHand:
    """Shares presented to this process: panel → officer → (share under this process's key, when)."""

    def __init__(self, window: timedelta = WINDOW) -> None:
        self._window, self._box, self._lock = window, Fernet(Fernet.generate_key()), Lock()
        self._held: dict[int, dict[str, tuple[bytes, datetime]]] = {}

    def take(self, panel_id: int, officer: str, share: str, as_of: datetime) -> int:
        """Hold a share; how many officers of the panel are within the window now."""
        with self._lock:
            self._held.setdefault(panel_id, {})[officer] = (self._box.encrypt(share.encode()), as_of)
            return len(self._within(panel_id, as_of))

    def officers(self, panel_id: int, as_of: datetime) -> tuple[str, ...]:
        """The officers whose shares are within the window."""
        with self._lock:
            return tuple(sorted(self._within(panel_id, as_of)))

    def together(self, panel_id: int, as_of: datetime) -> list[str]:
        """The shares within the window, in the clear."""
        with self._lock:
            return [self._box.decrypt(held).decode() for held, _ in self._within(panel_id, as_of).values()]

    def forget(self, panel_id: int) -> None:
        """Let go of a panel's shares."""
        with self._lock:
            self._held.pop(panel_id, None)

    def _within(self, panel_id: int, as_of: datetime) -> dict[str, tuple[bytes, datetime]]:
        held = self._held.get(panel_id, {})
        for officer in [one for one, (_, at) in held.items() if as_of - at > self._window]:
            del held[officer]
        return held


@dataclass(frozen=True, slots=True)
class Presented:
    """How many officers are there, of how many it needs."""

    present: int
    needed: int

    @property
    def enough(self) -> bool:
        """Whether the ballots may be opened now."""
        return self.present >= self.needed


def present(
    desk: Desk, panel_id: int, officer: str, passphrase: str, hand: SharesInHand, *, as_of: datetime
) -> Presented:
    """One officer presents a share. It opens nothing by itself: ``opening.open_ballots`` does, when enough are there.

    In transactions of its own, since a wrong passphrase must stay on record though the request is refused. Raises
    Refused before the close, for somebody who is no officer of the panel, for a wrong passphrase, and for any
    passphrase after five wrong ones within fifteen minutes.
    """
    with reading(desk.engine) as tx:
        panel = panel_of(tx, panel_id)
        refuse_unless_closed(panel, as_of)
        locked = _share(tx, panel, officer)
        tried = _tries(tx, panel, officer, as_of)
    if locked is None:
        _note(desk, panel, officer, "share_refused", as_of, why="no share")
        raise Refused(f"账号“{officer}”不是专家组{panel.no}的开启人，已记录。", clause=CLAUSE)
    if tried >= TRIES:
        raise Refused(f"口令已错{tried}次，请15分钟后再试。", clause=CLAUSE)
    assert panel.public_key is not None
    share = unlock(locked, passphrase, bound(panel.no, officer, panel.public_key))
    if share is None:
        _note(desk, panel, officer, "share_refused", as_of, why="passphrase")
        raise Refused(f"口令不正确，已记录；还可再试{TRIES - tried - 1}次。", clause=CLAUSE)
    with transaction(desk.engine) as tx:
        tx.run(
            "UPDATE key_share SET presented_at = ? WHERE panel_id = ? AND officer = ?",
            (as_of, panel.id, officer),
        )
        append(tx, [_entry(panel, officer, "present_share", as_of)])
    return Presented(hand.take(panel.id, officer, share, as_of), panel.needed)


def refuse_unless_closed(panel: PanelOfCases, as_of: datetime) -> None:
    """Raises Refused before voting has closed, and after the ballots were opened."""
    if panel.state in ("opened", "tallied", "released"):
        raise Refused(f"专家组{panel.no}的选票已经开启，不能再次开启。", clause=CLAUSE)
    if panel.state not in ("voting", "closed"):
        raise Refused(f"专家组{panel.no}尚未表决，没有选票可以开启。", clause=CLAUSE)
    if panel.closes_at is None or as_of < panel.closes_at:
        raise Refused(f"专家组{panel.no}的表决尚未截止，截止前任何人不得开启选票。", clause=CLAUSE)


def _share(tx: Transaction, panel: PanelOfCases, officer: str) -> str | None:
    row = tx.one(
        "SELECT k.sealed FROM key_share k JOIN person p ON p.login = k.officer"
        " WHERE k.panel_id = ? AND k.officer = ? AND p.disabled_at IS NULL",
        (panel.id, officer),
    )
    return None if row is None else str(row[0])


def _tries(tx: Transaction, panel: PanelOfCases, officer: str, as_of: datetime) -> int:
    """Wrong passphrases lately, since the last right one."""
    rows = tx.rows(
        "SELECT name, detail FROM audit WHERE kind = 'ballot' AND name IN ('share_refused', 'present_share')"
        " AND actor = ? AND at > ? ORDER BY seq DESC",
        (_actor(officer).signature, as_of - TRIED_WITHIN),
    )
    wrong = 0
    for name, _ in rows:
        if name == "present_share":
            break
        wrong += 1
    return wrong


def _note(desk: Desk, panel: PanelOfCases, officer: str, name: str, as_of: datetime, **detail: str) -> None:
    with transaction(desk.engine) as tx:
        append(tx, [_entry(panel, officer, name, as_of, **detail)])


def _entry(panel: PanelOfCases, officer: str, name: str, as_of: datetime, **detail: str) -> Entry:
    told = {"panel": panel.no, **detail}
    return Entry(as_of, as_of, _actor(officer).signature, "ballot", name, clause=CLAUSE, detail=told)


def _actor(officer: str) -> Actor:
    return Actor(officer, Role.OFFICE)

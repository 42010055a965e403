"""Casting, opening and counting 2,000 ballots, as seconds in all.

The floor of a cast is the same bytes sealed and kept by one synced INSERT of bare sqlite3; that of an opening is
the same bytes opened, and nothing else.
"""

import base64
import sqlite3
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from ground import OFFICE, bare, populated, tell, timed

from casework.ballots.casting import cast
from casework.ballots.content import Sheet, sealed_length
from casework.ballots.counting import count_ballots
from casework.ballots.keys import prepare_keys
from casework.ballots.opening import open_ballots
from casework.ballots.panel import panel_of, plan_of
from casework.ballots.passphrases import CHEAP
from casework.ballots.presenting import SharesInHand, present
from casework.ballots.rechecking import Rechecked
from casework.desk import Desk
from casework.people import add_user
from records.crypt import encrypt
from records.transaction import transaction
from states.tally import Vote

BALLOTS, CASES, SEATS = 2000, 10, 7
PANELS = -(-BALLOTS // SEATS)
START = datetime(2024, 7, 2, 2, tzinfo=UTC)
VOTES, CLOSES = START + timedelta(days=1), START + timedelta(days=2)
OFFICERS = {"office.jia": "青瓦 Lotus 七只 kettle 远山 42", "office.yi": "Harbour 白鹭 lantern 三更 river 7"}


def main() -> None:
    """Measure, and print one JSON line for each."""
    with populated(PANELS * CASES, "expert_review") as (desk, path):
        for login in OFFICERS:
            add_user(
                desk.engine, login=login, name=f"示例{login}", mail=f"{login}@office.example.cn", role="office",
                as_of=START, by=OFFICE,
            )  # fmt: skip
        seats = _set_up(desk)
        with transaction(desk.engine) as tx:
            panel = panel_of(tx, 1)
        plan = plan_of(desk, panel)
        sheet = Sheet(Vote.RECOMMEND, dict(plan.criteria), "场地充足，经验丰富。" * 10)
        length = sealed_length(panel.no, panel.cases.values(), plan)
        bare_cast, bare_open = _floor(length, bare(path))
        casting = timed(lambda: _cast_all(desk, seats, sheet))
        tell(f"cast {BALLOTS} ballots of {CASES} cases", casting, bare_cast, "each below 20 ms")
        opening = timed(lambda: _open_all(desk))
        tell(f"open {BALLOTS} ballots of {PANELS} panels", opening, bare_open, "each panel below 200 ms")
        counting = timed(lambda: _count_all(desk))
        tell(
            f"count {PANELS} panels into {PANELS * CASES} cases",
            counting,
            bare_open,
            "each panel below 200 ms",
        )


def _set_up(desk: Desk) -> list[int]:
    with transaction(desk.engine) as tx:
        for number in range(1, PANELS + 1):
            tx.run(
                "INSERT INTO panel (id, no, version, call, track, occupation, state, size, quorum, per_employer,"
                " per_province, of_field, recusal, closes_at, officers, officers_needed, created_at, updated_at)"
                " VALUES (?, ?, 1, 'B3', 'evaluation', 'SJAQ', 'confirmed', 7, 5, 1, 0, 0, 'panel', ?, 0, 0, ?, ?)",
                (number, f"B3-SJAQ-Z{number:03d}", CLOSES, START, START),
            )
            for case in range(CASES):
                tx.run("INSERT INTO panel_case VALUES (?, ?)", (number, (number - 1) * CASES + case + 1))
            for place in range(1, SEATS + 1):
                id_ = (number - 1) * SEATS + place
                tx.run(
                    "INSERT INTO expert (id, code, name, identity_mark, employer, uscc, province, title, fields, mail,"
                    " state, profile, nonce, added_at, updated_at)"
                    " VALUES (?,?,'示例专家',?,'示例院',?,'11','','SJAQ',?,'active','{}','',?,?)",
                    (id_, f"ZJ{id_}", str(id_), f"X{id_}", encrypt("e@example.cn"), START, START),
                )
                tx.run(
                    "INSERT INTO seat (id, panel_id, round, place, expert_id, pseudonym, state, declared_at)"
                    " VALUES (?, ?, 1, ?, ?, ?, 'confirmed', ?)",
                    (id_, number, place, id_, f"{id_:032d}", START),
                )
    for number in range(1, PANELS + 1):
        with transaction(desk.engine) as tx:
            prepare_keys(tx, number, OFFICERS, 2, by=OFFICE, as_of=START, cost=CHEAP)
            tx.run("UPDATE panel SET state = 'voting' WHERE id = ?", (number,))
    return list(range(1, PANELS * SEATS + 1))


def _cast_all(desk: Desk, seats: list[int], sheet: Sheet) -> None:
    for seat in seats:
        panel = (seat - 1) // SEATS
        cases = range(panel * CASES + 1, (panel + 1) * CASES + 1)
        with transaction(desk.engine) as tx:
            cast(tx, desk, seat, dict.fromkeys(cases, sheet), "示例专家", as_of=VOTES)


def _open_all(desk: Desk) -> None:
    hand = SharesInHand()
    for number in range(1, PANELS + 1):
        for login, passphrase in OFFICERS.items():
            present(desk, number, login, passphrase, hand, as_of=CLOSES)
        open_ballots(desk, number, hand, as_of=CLOSES, recheck=lambda *_: Rechecked())


def _count_all(desk: Desk) -> None:
    for number in range(1, PANELS + 1):
        count_ballots(desk, number, by=OFFICE, as_of=CLOSES)


def _floor(length: int, database: sqlite3.Connection) -> tuple[float, float]:
    """Seconds of sealing and keeping, and of opening, as many envelopes of the same length."""
    suite, key = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305), X25519PrivateKey.generate()
    public, plain = key.public_key(), bytes(length)
    sealed: list[str] = []
    database.execute("CREATE TABLE floor (sealed TEXT)")

    def keep() -> None:
        for _ in range(BALLOTS):
            sealed.append(base64.b64encode(suite.encrypt(plain, public, info=b"bench")).decode())
            database.execute("INSERT INTO floor VALUES (?)", (sealed[-1],))

    keeping = timed(keep)
    opening = timed(lambda: [suite.decrypt(base64.b64decode(each), key, info=b"bench") for each in sealed])
    return keeping, opening


if __name__ == "__main__":
    main()

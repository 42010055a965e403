"""One-time codes (TOTP, RFC 6238): enrolled at the first sign-in, each code good once, recovery codes for a lost phone."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

import pyotp

from casework.access.sessions import Session, note_second_factor
from casework.access.throttle import door, forget_failures, note_failure, refuse_while_waiting
from casework.access.tokens import hash_of
from casework.audit import Entry, append
from casework.desk import Desk
from records.crypt import decrypt, encrypt
from records.transaction import Transaction, reading, transaction
from states.refusals import Refused

ISSUER = "遴选"
STEP = 30
RECOVERY_CODES = 8
WRONG = "动态码不正确或已经用过，请输入身份验证器上现在显示的6位数字。"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What is shown once to put into an authenticator: the secret as text, and as the address of a QR code."""

    secret: str
    address: str


def is_enrolled(desk: Desk, person_id: int) -> bool:
    """Whether an account has a confirmed authenticator."""
    with reading(desk.engine) as tx:
        row = tx.one(
            "SELECT 1 FROM second_factor WHERE person_id = ? AND confirmed_at IS NOT NULL", (person_id,)
        )
    return row is not None


def enrolment(desk: Desk, session: Session, *, as_of: datetime) -> Enrolment:
    """The secret to put into an authenticator, the same until it is confirmed. Refused once it was."""
    with transaction(desk.engine) as tx:
        row = tx.one(
            "SELECT secret, confirmed_at FROM second_factor WHERE person_id = ?", (session.person_id,)
        )
        if row and row[1]:
            raise Refused("身份验证器已经绑定，请输入动态码；手机遗失的请使用恢复码。")
        secret = decrypt(row[0]) if row else pyotp.random_base32()
        if not row:
            tx.run(
                "INSERT INTO second_factor (person_id, secret, made_at, last_step) VALUES (?,?,?,0)",
                (session.person_id, encrypt(secret), as_of),
            )
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=session.me.name, issuer_name=ISSUER))


def confirm_enrolment(desk: Desk, session: Session, code: str, *, as_of: datetime) -> tuple[str, ...]:
    """Bind the authenticator with its first code; the recovery codes, told this once. Raises Refused."""
    check_code(desk, session, code, as_of=as_of, enrolling=True)
    return renew_recovery_codes(desk, session, as_of=as_of)


def check_code(desk: Desk, session: Session, code: str, *, as_of: datetime, enrolling: bool = False) -> None:
    """Take a one-time code, or a recovery code, for this session. Raises Refused (counted) when it does not fit."""
    doors = (door("code", str(session.person_id)),)
    with transaction(desk.engine) as tx:
        refuse_while_waiting(tx, doors, as_of=as_of)
        fits = _takes(tx, session.person_id, code, as_of, enrolling) or (
            not enrolling and _takes_recovery(tx, session.person_id, code, as_of)
        )
        name = "second_factor" if fits else "second_factor_refused"
        append(tx, [Entry(as_of, as_of, session.me.signature, "account", name)])
        if fits:
            forget_failures(tx, doors[0])
            note_second_factor(tx, session.id, as_of=as_of)
        else:
            note_failure(tx, doors, as_of=as_of)
    if not fits:
        raise Refused(WRONG)


def renew_recovery_codes(desk: Desk, session: Session, *, as_of: datetime) -> tuple[str, ...]:
    """New recovery codes in place of the old ones, told this once."""
    codes = tuple(f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(RECOVERY_CODES))
    with transaction(desk.engine) as tx:
        tx.run("DELETE FROM recovery_code WHERE person_id = ?", (session.person_id,))
        for code in codes:
            tx.run(
                "INSERT INTO recovery_code (code_hash, person_id) VALUES (?,?)",
                (_recovery_hash(session.person_id, code), session.person_id),
            )
        append(tx, [Entry(as_of, as_of, session.me.signature, "account", "recovery_codes")])
    return codes


def forget_second_factor(tx: Transaction, person_id: int) -> None:
    """The authenticator is lost: the next sign-in binds a new one."""
    tx.run("DELETE FROM second_factor WHERE person_id = ?", (person_id,))
    tx.run("DELETE FROM recovery_code WHERE person_id = ?", (person_id,))


def preset_second_factor(tx: Transaction, person_id: int, secret: str, *, as_of: datetime) -> None:
    """Bind a known secret: for the accounts of a rehearsal only."""
    tx.run(
        "INSERT INTO second_factor (person_id, secret, made_at, confirmed_at, last_step) VALUES (?,?,?,?,0)",
        (person_id, encrypt(secret), as_of, as_of),
    )


def _takes(tx: Transaction, person_id: int, code: str, as_of: datetime, enrolling: bool) -> bool:
    row = tx.one(
        "SELECT secret, confirmed_at, last_step FROM second_factor WHERE person_id = ?"
        + ("" if tx.sqlite else " FOR UPDATE"),
        (person_id,),
    )
    if row is None or (row[1] is None) is not enrolling:
        return False
    typed = "".join(code.split())
    totp, now = pyotp.TOTP(decrypt(row[0]), interval=STEP), int(as_of.timestamp()) // STEP
    fitting = [
        step
        for step in (now - 1, now, now + 1)
        if step > row[2] and compare_digest(totp.generate_otp(step).encode(), typed.encode(errors="replace"))
    ]
    if not fitting:
        return False
    tx.run(
        "UPDATE second_factor SET last_step = ?, confirmed_at = COALESCE(confirmed_at, ?) WHERE person_id = ?",
        (fitting[-1], as_of, person_id),
    )
    return True


def _takes_recovery(tx: Transaction, person_id: int, code: str, as_of: datetime) -> bool:
    used = tx.run(
        "UPDATE recovery_code SET used_at = ? WHERE code_hash = ? AND person_id = ? AND used_at IS NULL",
        (as_of, _recovery_hash(person_id, code), person_id),
    )
    return bool(used.rowcount == 1)


def _recovery_hash(person_id: int, code: str) -> str:
    return hash_of(f"{person_id} {code.strip().lower()}", "recovery")

"""An institution gives itself an account: by its code, and a mailbox proven by the code in a letter.

The answer is the same whether an account may be had or not. An institution that filed here before proves itself by
the mailbox it filed with; whoever cannot, and whoever has an account already, gets no code.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from casework.access.throttle import door, note_failure, refuse_while_waiting
from casework.access.tokens import hash_of, make_token
from casework.audit import Entry, append
from casework.desk import Desk
from casework.panels.letters import instant_spoken
from casework.passwords import Passwords
from casework.people import read_login, read_mailbox, read_name
from casework.wording import spoken
from records.transaction import Transaction, transaction
from states.calendar import day_of
from states.facts import instant
from states.forms.identities import uscc_fault
from states.labels import DECIDERS
from states.places import OFFICES
from states.refusals import Refused
from states.roles import Role

LASTING = timedelta(minutes=30)
TRIES = 5
SENT = "如果所填信息可以注册，验证码已发往该邮箱，30分钟内有效；收不到的请核对信息，或联系办公室。"
WRONG = "验证码不正确或已失效，请核对最近一封邮件；输错5次后请重新注册。"
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody who registers fills in."""

    uscc: str
    institution: str
    name: str
    login: str
    mail: str
    password: str


def register(
    desk: Desk, wish: Wish, *, as_of: datetime, address: str = "", passwords: Passwords | None = None
) -> str:
    """Keep a wish for an account and send its code; the mark the browser keeps until the code is typed.

    Raises Refused for what is wrong in the form itself, never for what is known of an institution.
    """
    uscc = wish.uscc.strip().upper()
    fault = uscc_fault(uscc)
    if fault:
        raise Refused(f"统一社会信用代码“{wish.uscc.strip()}”{fault}，请核对。")
    institution = " ".join(wish.institution.split())
    if not 2 <= len(institution) <= _LONGEST or not institution.isprintable():
        raise Refused(f"单位名称应为2至{_LONGEST}个字符，请填写登记证书上的全称。")
    login, name, mail = read_login(wish.login), read_name(wish.name), read_mailbox(wish.mail)
    hashed = (passwords or Passwords()).hash(wish.password, login=login)
    mark, code = make_token(), f"{secrets.randbelow(10**6):06d}"
    doors = (door("register", address), door("register", mail))
    with transaction(desk.engine) as tx:
        refuse_while_waiting(tx, doors, as_of=as_of)
        note_failure(tx, doors, as_of=as_of)
        tx.run("DELETE FROM registration WHERE expires_at < ?", (as_of - timedelta(days=1),))
        may = _may_have(tx, uscc, login, mail)
        # A wish that can come to nothing is kept all the same, under a code nobody is told.
        tx.run(
            "INSERT INTO registration (uscc, institution, name, login, mail, password, code_hash, tries, made_at,"
            " expires_at) VALUES (?,?,?,?,?,?,?,0,?,?)",
            (uscc, institution, name, login, mail, hashed, _hash(mark, code if may else make_token()), as_of, as_of + LASTING),
        )  # fmt: skip
        row = tx.one("SELECT max(id) FROM registration")
        assert row
        if may:
            _owe_code(tx, desk, int(row[0]), institution, mail, code, as_of)
        append(tx, [Entry(as_of, as_of, "unknown", "account", "register", detail={"registration": row[0]})])
    return f"{row[0]}.{mark}"


def confirm_registration(desk: Desk, mark: str, code: str, *, as_of: datetime) -> int:
    """Open the account once the code fits; the person's id. Raises Refused (counted) when it does not."""
    number, _, token = mark.partition(".")
    id_ = int(number) if number.isascii() and number.isdigit() and len(number) < 12 else -1
    with transaction(desk.engine) as tx:
        row = tx.one(
            "SELECT uscc, institution, name, login, mail, password, code_hash, tries, expires_at FROM registration"
            " WHERE id = ? AND confirmed_at IS NULL",
            (id_,),
        )
        until = instant(row[8]) if row else None
        live = row is not None and until is not None and until > as_of and row[7] < TRIES
        fits = live and row is not None and compare_digest(row[6], _hash(token, code.strip()))
        person = None
        if row is not None and fits and _may_have(tx, row[0], row[3], row[4]):
            person = _open(tx, row[:6], as_of)
            tx.run("UPDATE registration SET confirmed_at = ? WHERE id = ?", (as_of, id_))
        elif live:
            tx.run("UPDATE registration SET tries = tries + 1 WHERE id = ?", (id_,))
    if person is None:
        raise Refused(WRONG)
    return person


def _may_have(tx: Transaction, uscc: str, login: str, mail: str) -> bool:
    if tx.one("SELECT 1 FROM person WHERE login = ?", (login,)):
        return False
    row = tx.one("SELECT id FROM institution WHERE uscc = ?", (uscc,))
    if row is None:
        return f"P{uscc[2:4]}" in OFFICES
    if tx.one("SELECT 1 FROM person WHERE role = ? AND scope = ?", (str(Role.APPLICANT), str(row[0]))):
        return False
    mails = tx.rows("SELECT contact_mail FROM cases WHERE institution_id = ?", (row[0],))
    return not mails or mail.casefold() in {each[0].casefold() for each in mails}


def _open(tx: Transaction, wish: tuple[str, ...], as_of: datetime) -> int:
    uscc, institution, name, login, mail, password = wish
    row = tx.one("SELECT id FROM institution WHERE uscc = ?", (uscc,))
    if row is None:
        row = tx.run(
            "INSERT INTO institution (uscc, name, province, address, unit_type) VALUES (?,?,?,'','') RETURNING id",
            (uscc, institution, uscc[2:4]),
        ).fetchone()
    made = tx.run(
        "INSERT INTO person (login, name, mail, role, scope, password, digest, created_at) VALUES (?,?,?,?,?,?,?,?)"
        " RETURNING id",
        (login, name, mail, str(Role.APPLICANT), str(row[0]), password, False, as_of),
    ).fetchone()
    detail = {"login": login, "role": str(Role.APPLICANT), "scope": str(row[0])}
    append(tx, [Entry(as_of, as_of, f"{Role.APPLICANT}:{login}", "account", "add_user", detail=detail)])
    return int(made[0])


def _owe_code(
    tx: Transaction, desk: Desk, id_: int, institution: str, mail: str, code: str, as_of: datetime
) -> None:
    words = {
        "reader": institution, "code": code, "expires": instant_spoken(as_of + LASTING),
        "signer": DECIDERS["office"], "today": spoken(day_of(as_of)),
    }  # fmt: skip
    subject, body = desk.renderer.render("registration_code", Role.APPLICANT, words)
    tx.run(
        "INSERT INTO letter (letter, role, recipient, occasion, clause, subject, body, message_id, created_at,"
        " not_before, state, attempts) VALUES ('registration_code','applicant',?,?,'',?,?,?,?,?,'queued',0)",
        (
            mail,
            f"registration.{id_}",
            subject,
            body,
            f"<registration.{id_}@{desk.mail_domain}>",
            as_of,
            as_of,
        ),
    )


def _hash(mark: str, code: str) -> str:
    return hash_of(f"{mark} {code}", "registration")

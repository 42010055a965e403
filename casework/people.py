"""People with an account: who they are, in which role, and for which office. Every change is in the audit log."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, insert, select, update
from sqlmodel import Session, col

from casework.actors import Actor
from casework.audit import Entry, append
from casework.passwords import Passwords, refuse_weak
from records.tables import User
from records.transaction import Transaction, reading, transaction
from states import places
from states.forms.identities import mailbox_fault
from states.refusals import Refused
from states.roles import STAFF, Role

ACCOUNT_ROLES: frozenset[Role] = STAFF | {Role.AUDITOR, Role.APPLICANT}
SCOPED_ROLES = frozenset({Role.RECOMMENDER, Role.PROVINCE, Role.APPLICANT})
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,31}")
_NAME_LENGTH = 40


def add_user(
    engine: Engine,
    *,
    login: str,
    name: str,
    mail: str,
    role: str,
    scope: str = "",
    password: str | None = None,
    as_of: datetime,
    by: Actor,
    passwords: Passwords | None = None,
) -> int:
    """Give somebody an account; its id.

    `scope` is the office of a recommender or a province in any spelling ``states.places`` knows, the unified social
    credit code of an applicant's institution, and empty for national staff. Without `password` the account cannot
    sign in until one is set, but gets its digest. Raises Refused with one sentence for anything that is wrong, and
    for a login already given out.
    """
    part = _role(role)
    office = _institution(engine, scope) if part is Role.APPLICANT else _scope(part, scope)
    values = {
        "login": read_login(login), "name": read_name(name), "mail": read_mailbox(mail), "role": str(part), "scope": office,
        "password": (passwords or Passwords()).hash(password, login=login) if password is not None else None,
        "digest": part is not Role.APPLICANT, "created_at": as_of,
    }  # fmt: skip
    with transaction(engine) as tx:
        if tx.one("SELECT 1 FROM person WHERE login = ?", (values["login"],)):
            raise Refused(f"登录名“{values['login']}”已被使用（停用的账号也不再分配），请换一个。")
        made: int | None = tx.connection.execute(
            insert(User).values(values).returning(col(User.id))
        ).scalar_one()
        _note(tx, "add_user", by, as_of, login=values["login"], role=values["role"], scope=office)
        assert made is not None
    return made


def refuse_bad_account(
    *, login: str, name: str, mail: str, role: str, scope: str = "", password: str | None = None
) -> bool:
    """Whatever can be found wrong with a new account before there is a database; as ``add_user`` refuses it.

    Returns whether the account could be the first thing in an empty installation: one for an institution cannot.
    """
    part = _role(role)
    if part is not Role.APPLICANT:
        _scope(part, scope)
    read_login(login)
    read_name(name)
    read_mailbox(mail)
    if password is not None:
        refuse_weak(password, login=login)
    return part is not Role.APPLICANT


def list_users(engine: Engine, *, everyone: bool = False) -> Sequence[User]:
    """The accounts by login; `everyone` includes disabled ones."""
    asked = select(User).order_by(col(User.login))
    if not everyone:
        asked = asked.where(col(User.disabled_at).is_(None))
    with Session(engine.execution_options(readonly=True)) as session:
        return session.execute(asked).scalars().all()


def find_user(engine: Engine, login: str) -> User:
    """The account of a login. Raises Refused when there is none."""
    with Session(engine.execution_options(readonly=True)) as session:
        found: User | None = session.execute(
            select(User).where(col(User.login) == login.strip().lower())
        ).scalar()
    if found is None:
        raise Refused(f"没有登录名为“{login}”的账号，可用 linxuan user list 查看。")
    return found


def disable_user(engine: Engine, login: str, *, as_of: datetime, by: Actor) -> None:
    """Close an account from now on; it stays on record. Raises Refused when there is none or it is closed."""
    user = find_user(engine, login)
    with transaction(engine) as tx:
        closed = tx.run(
            "UPDATE person SET disabled_at = ? WHERE id = ? AND disabled_at IS NULL", (as_of, user.id)
        )
        if closed.rowcount != 1:
            raise Refused(f"账号“{user.login}”已经停用。")
        _note(tx, "disable_user", by, as_of, login=user.login)


def set_password(
    engine: Engine,
    login: str,
    password: str,
    *,
    as_of: datetime,
    by: Actor,
    passwords: Passwords | None = None,
) -> None:
    """Give an account a new password. Raises Refused for a weak one or an unknown login."""
    user = find_user(engine, login)
    hashed = (passwords or Passwords()).hash(password, login=user.login)
    with transaction(engine) as tx:
        tx.connection.execute(update(User).where(col(User.id) == user.id).values(password=hashed))
        _note(tx, "set_password", by, as_of, login=user.login)


def sign_in(
    engine: Engine, login: str, password: str, *, as_of: datetime, passwords: Passwords | None = None
) -> Actor | None:
    """Who signs in, or None: unknown, disabled and wrong password look and take alike. Either is in the audit log."""
    check = passwords or Passwords()
    with Session(engine.execution_options(readonly=True)) as session:
        user = session.execute(select(User).where(col(User.login) == login.strip().lower())).scalar()
    fits = check.fits(user.password if user else None, password)
    known = user is not None and user.disabled_at is None and fits
    with transaction(engine) as tx:
        who = Actor(user.login, Role(user.role), user.scope) if user else None
        entered = "sign_in" if known else "sign_in_refused"
        _note(tx, entered, who, as_of, login=user.login if user else "")
    return who if known else None


def _note(tx: Transaction, what: str, by: Actor | None, as_of: datetime, **detail: object) -> None:
    append(tx, [Entry(as_of, as_of, by.signature if by else "unknown", "account", what, detail=detail)])


def read_login(login: str) -> str:
    """A login as it is kept. Raises Refused."""
    text = login.strip().lower()
    if not _LOGIN.fullmatch(text):
        raise Refused(
            f"登录名“{login}”不符合要求：以字母开头，只含字母、数字、点、下划线和短横，2至32个字符。"
        )
    return text


def read_name(name: str) -> str:
    """A person's name as it is kept. Raises Refused."""
    text = name.strip()
    if not text or len(text) > _NAME_LENGTH or not text.isprintable():
        raise Refused(f"姓名应为1至{_NAME_LENGTH}个字符的一行文字，请改正。")
    return text


def read_mailbox(mail: str) -> str:
    """A mailbox as it is kept. Raises Refused."""
    text = mail.strip()
    if mailbox_fault(text):
        raise Refused(f"“{mail}”不是有效的电子邮箱地址，请改正。")
    return text


def _role(role: str) -> Role:
    for known in ACCOUNT_ROLES:
        if role in (str(known), known.label):
            return known
    allowed = "、".join(f"{each}（{each.label}）" for each in sorted(ACCOUNT_ROLES))
    raise Refused(f"没有“{role}”这一身份，可用的身份：{allowed}。")


def _institution(engine: Engine, uscc: str) -> str:
    """The id of the institution an applicant's account is for, by its code."""
    code = uscc.strip().upper()
    if not code:
        raise Refused("申报单位的账号必须写明统一社会信用代码。")
    with reading(engine) as tx:
        row = tx.one("SELECT id FROM institution WHERE uscc = ?", (code,))
    if row is None:
        raise Refused(f"没有统一社会信用代码为“{code}”的单位，请核对；尚未申报过的单位请在网页上自行注册。")
    return str(row[0])


def _scope(role: Role, scope: str) -> str:
    """A channel code (P50, D01) for recommenders, a province's two digits for provinces, else nothing."""
    if role not in SCOPED_ROLES:
        if scope.strip():
            raise Refused(f"{role.label}的账号不限办理范围，请去掉“{scope}”。")
        return ""
    if not scope.strip():
        raise Refused(f"{role.label}的账号必须写明所属部门，例如 重庆 或 P50。", clause="B3-4.1")
    office = places.find(scope)
    if role is Role.RECOMMENDER:
        return office.code
    if not office.region:
        raise Refused(f"“{scope}”是行业主管部门，不是省级部门，请写明省份。", clause="M24-3.2")
    return office.region

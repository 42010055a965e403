"""Accounts: who gets one, with what password, for which office, and that every change is on record."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from casework.actors import Actor
from casework.audit import verify
from casework.passwords import Passwords
from casework.people import add_user, disable_user, find_user, list_users, set_password, sign_in
from records.engine import open_engine, sqlite_url
from records.transaction import transaction
from records.upgrade import create
from states.refusals import Refused
from states.roles import Role

NOW = datetime(2024, 5, 15, 1, tzinfo=UTC)
HEAD = Actor("示例主任", Role.HEAD)
CHEAP = Passwords.cheap()
CLERK = {"login": "li.hua", "name": "李示例", "mail": "li.hua@example.cn", "role": "office"}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_engine(sqlite_url(tmp_path / "linxuan.sqlite3"))
    create(engine)
    return engine


def add(engine: Engine, **changes: Any) -> int:
    return add_user(engine, **{**CLERK, **changes}, as_of=NOW, by=HEAD, passwords=CHEAP)


def refusal(engine: Engine, **changes: Any) -> str:
    with pytest.raises(Refused) as refused:
        add(engine, **changes)
    assert list_users(engine) == []
    return str(refused.value)


def events(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        return [(actor, name) for actor, name in connection.execute(text("SELECT actor, name FROM audit"))]


def test_a_clerk_of_the_office_gets_an_account_for_everything(engine: Engine) -> None:
    add(engine, login=" Li.Hua ", role="工程指导协调小组办公室", password="correct horse")
    found = find_user(engine, "li.hua")
    assert (found.login, found.role, found.scope, found.digest) == ("li.hua", "office", "", True)
    assert found.created_at == NOW
    assert (found.password or "").startswith("$argon2id$")


@pytest.mark.clause("B3-4.3", "M24-7.2a")
@pytest.mark.parametrize(
    ("role", "written", "scope"),
    [
        ("recommender", "重庆", "P50"),
        ("recommender", "P50", "P50"),
        ("recommender", "D01", "D01"),
        ("province", "重庆市", "50"),
    ],
)
def test_a_local_office_acts_within_its_own_scope(
    engine: Engine, role: str, written: str, scope: str
) -> None:
    add(engine, role=role, scope=written)
    assert find_user(engine, "li.hua").scope == scope


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"login": "李华"},
            "登录名“李华”不符合要求：以字母开头，只含字母、数字、点、下划线和短横，2至32个字符。",
        ),
        ({"name": " "}, "姓名应为1至40个字符的一行文字，请改正。"),
        ({"name": "李\n示例"}, "姓名应为1至40个字符的一行文字，请改正。"),
        ({"mail": "li.hua@"}, "“li.hua@”不是有效的电子邮箱地址，请改正。"),
        ({"scope": "重庆"}, "工程指导协调小组办公室的账号不限办理范围，请去掉“重庆”。"),
        ({"role": "recommender"}, "推荐单位的账号必须写明所属部门，例如 重庆 或 P50。（B3-4.1）"),
        (
            {"role": "province", "scope": "D01"},
            "“D01”是行业主管部门，不是省级部门，请写明省份。（M24-3.2）",
        ),
        ({"password": "short1"}, "密码共6个字符，应为10至128个，请重新设置。"),
        ({"password": "xli.hua12345"}, "密码中不能含有登录名，请重新设置。"),
        (
            {"password": "abcdefghijkl"},
            "密码应至少含大写字母、小写字母、数字、其他符号中的两种，请重新设置。",
        ),
    ],
)
def test_a_wrong_account_is_refused_in_one_sentence(
    engine: Engine, changes: dict[str, str], sentence: str
) -> None:
    assert refusal(engine, **changes) == sentence


@pytest.mark.parametrize("role", ["clock", "boss"])
def test_only_roles_of_people_get_accounts(engine: Engine, role: str) -> None:
    assert refusal(engine, role=role).startswith(f"没有“{role}”这一身份，可用的身份：applicant（申报单位）、")


def test_an_unknown_office_is_refused_with_the_nearest(engine: Engine) -> None:
    assert "没有推荐单位“重庆是”" in refusal(engine, role="recommender", scope="重庆是")


def test_a_login_is_given_out_once_for_good(engine: Engine) -> None:
    add(engine)
    disable_user(engine, "li.hua", as_of=NOW, by=HEAD)
    with pytest.raises(Refused) as refused:
        add(engine, name="李某某")
    assert str(refused.value) == "登录名“li.hua”已被使用（停用的账号也不再分配），请换一个。"


def test_a_disabled_account_stays_on_record_but_not_in_the_list(engine: Engine) -> None:
    add(engine)
    add(engine, login="wang", name="王示例")
    disable_user(engine, "LI.HUA", as_of=NOW, by=HEAD)
    assert [user.login for user in list_users(engine)] == ["wang"]
    assert [(user.login, user.disabled_at) for user in list_users(engine, everyone=True)] == [
        ("li.hua", NOW),
        ("wang", None),
    ]
    with pytest.raises(Refused, match="账号“li.hua”已经停用。"):
        disable_user(engine, "li.hua", as_of=NOW, by=HEAD)
    with pytest.raises(Refused, match="没有登录名为“zhao”的账号"):
        disable_user(engine, "zhao", as_of=NOW, by=HEAD)


def test_signing_in_needs_the_right_password_of_a_live_account(engine: Engine) -> None:
    add(engine, password="correct horse", role="recommender", scope="P50")
    add(engine, login="nopass", role="head")

    def enter(login: str, password: str) -> Actor | None:
        return sign_in(engine, login, password, as_of=NOW, passwords=CHEAP)

    assert enter("li.hua", "correct horse") == Actor("li.hua", Role.RECOMMENDER, "P50")
    assert [enter("li.hua", "wrong horse"), enter("nobody", "correct horse"), enter("nopass", "")] == [
        None
    ] * 3
    set_password(engine, "li.hua", "battery staple", as_of=NOW, by=HEAD, passwords=CHEAP)
    assert enter("li.hua", "correct horse") is None
    assert enter("li.hua", "battery staple") is not None
    disable_user(engine, "li.hua", as_of=NOW, by=HEAD)
    assert enter("li.hua", "battery staple") is None


def test_every_change_and_every_sign_in_is_in_the_audit_log(engine: Engine) -> None:
    add(engine, password="correct horse")
    sign_in(engine, "li.hua", "correct horse", as_of=NOW, passwords=CHEAP)
    sign_in(engine, "li.hua", "wrong horse", as_of=NOW, passwords=CHEAP)
    sign_in(engine, "my password by mistake", "x", as_of=NOW, passwords=CHEAP)
    disable_user(engine, "li.hua", as_of=NOW, by=HEAD)
    assert events(engine) == [
        (HEAD.signature, "add_user"),
        ("office:li.hua", "sign_in"),
        ("office:li.hua", "sign_in_refused"),
        ("unknown", "sign_in_refused"),
        (HEAD.signature, "disable_user"),
    ]
    assert verify(engine).ok
    with engine.connect() as connection:
        log = connection.execute(text("SELECT group_concat(detail) FROM audit")).scalar_one()
    assert not any(secret in log for secret in ("horse", "mistake", "argon2"))


def test_a_password_hashed_at_another_cost_still_fits_and_is_known_to_be_outdated() -> None:
    stored = CHEAP.hash("correct horse", login="li.hua")
    assert Passwords().fits(stored, "correct horse")
    assert (Passwords().outdated(stored), CHEAP.outdated(stored)) == (True, False)
    assert not CHEAP.fits("not a hash", "correct horse")


def test_an_applicant_has_the_account_of_its_institution(engine: Engine) -> None:
    with transaction(engine) as tx:
        tx.run(
            "INSERT INTO institution (id, uscc, name, province, address, unit_type)"
            " VALUES (7,'示例代码0007','示例单位','50','','')"
        )
    assert refusal(engine, role="applicant", scope="") == "申报单位的账号必须写明统一社会信用代码。"
    assert refusal(engine, role="applicant", scope="X").startswith("没有统一社会信用代码为“X”的单位，请核对")
    add(engine, role="applicant", scope="示例代码0007")
    assert [(each.role, each.scope, each.digest) for each in list_users(engine)] == [
        ("applicant", "7", False)
    ]

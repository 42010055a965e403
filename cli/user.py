"""``linxuan user``: who has an account, in which role, for which office."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.chinese import Noun
from cli.options import AsOf, Data, Json

if TYPE_CHECKING:
    from records.tables import User

app = Noun("账号：新增、列出、停用")
Login = Annotated[str, typer.Argument(metavar="登录名", help="登录名，如 chongqing")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="从标准输入读取密码（第一行）")]


@app.command(
    epilog="linxuan user add chongqing --name 张示例 --mail zhang@cq.example.cn --role recommender --scope 重庆"
)
def add(
    login: Login,
    name: Annotated[str, typer.Option("--name", metavar="姓名", help="姓名")],
    mail: Annotated[str, typer.Option("--mail", metavar="邮箱", help="接收每日汇总的邮箱")],
    role: Annotated[str, typer.Option("--role", metavar="身份", help="如 recommender（推荐单位）、office（办公室）")],
    scope: Annotated[str, typer.Option("--scope", metavar="部门", help="如 重庆、P50；申报单位写信用代码；全国身份不写")] = "",
    ask: Annotated[bool, typer.Option("--password", help="当场输入密码")] = False,
    stdin: FromStdin = False, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """新增一个账号；没有密码的账号不能登录网页，但会收到每日汇总"""
    from casework.people import add_user, find_user, refuse_bad_account
    from cli.acting import operator
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json
    from states.roles import Role

    now = read_as_of(as_of)
    password = _password(stdin=stdin, ask=ask)
    first = refuse_bad_account(login=login, name=name, mail=mail, role=role, scope=scope, password=password)
    with opened(data, as_of=now, creating=first) as here:
        add_user(
            here.installation.engine, login=login, name=name, mail=mail, role=role, scope=scope, password=password,
            as_of=now, by=operator(Role.OFFICE),
        )  # fmt: skip
        made = find_user(here.installation.engine, login)
    if as_json:
        say_json(_record(made))
    else:
        at_login = "" if made.password else "；尚无密码，用 linxuan user password 设置后才能登录网页"
        say(f"已新增账号 {made.login}（{_role(made)}）{at_login}。")


@app.command("list", epilog="linxuan user list --all")
def list_(
    everyone: Annotated[bool, typer.Option("--all", help="连同已停用的")] = False,
    data: Data = None, as_json: Json = False,
) -> None:  # fmt: skip
    """列出账号"""
    from casework.people import list_users
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json, table

    with opened(data, as_of=read_as_of(None)) as here:
        found = list_users(here.installation.engine, everyone=everyone)
    if as_json:
        say_json(list(map(_record, found)))
    elif found:
        rows = [
            (each.login, each.name, _role(each), each.mail, each.password is not None, each.disabled_at)
            for each in found
        ]
        table(("登录名", "姓名", "身份", "邮箱", "可登录网页", "停用"), rows)
    else:
        say("还没有账号，用 linxuan user add 新增。")


@app.command(epilog="linxuan user disable chongqing")
def disable(login: Login, data: Data = None, as_of: AsOf = None) -> None:
    """停用一个账号；办过的事留在记录里，登录名不再分配"""
    from casework.people import disable_user
    from cli.acting import operator
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say
    from states.roles import Role

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        disable_user(here.installation.engine, login, as_of=now, by=operator(Role.OFFICE))
    say(f"账号 {login.strip().lower()} 已停用。")


@app.command(epilog="linxuan user password chongqing")
def password(login: Login, stdin: FromStdin = False, data: Data = None, as_of: AsOf = None) -> None:
    """给账号设置新密码"""
    from casework.people import set_password
    from cli.acting import operator
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say
    from states.roles import Role

    now = read_as_of(as_of)
    chosen = _password(stdin=stdin, ask=not stdin)
    assert chosen is not None
    with opened(data, as_of=now) as here:
        set_password(here.installation.engine, login, chosen, as_of=now, by=operator(Role.OFFICE))
    say(f"账号 {login.strip().lower()} 的密码已更新。")


def _password(*, stdin: bool, ask: bool) -> str | None:
    from states.refusals import Refused

    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not ask:
        return None
    if not sys.stdin.isatty():
        raise Refused("这里不是终端，不能当场输入密码，请改用 --password-stdin。")
    import getpass

    first = getpass.getpass("密码：")
    if first != getpass.getpass("再输入一次："):
        raise Refused("两次输入的密码不一致，请重新运行。")
    return first


def _role(user: "User") -> str:
    from states.places import OFFICES
    from states.roles import Role

    if user.role == Role.APPLICANT:
        return f"{Role.APPLICANT.label}，单位编号{user.scope}"
    place = OFFICES.get(user.scope) or OFFICES.get(f"P{user.scope}")
    return Role(user.role).label + (f"，{place.name}" if place else "")


def _record(user: "User") -> dict[str, Any]:
    return {
        "login": user.login, "name": user.name, "mail": user.mail, "role": user.role, "scope": user.scope,
        "can_sign_in": user.password is not None and user.disabled_at is None, "disabled_at": user.disabled_at,
        "created_at": user.created_at,
    }  # fmt: skip

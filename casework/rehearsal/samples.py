"""Accounts for everybody in a kept rehearsal, so that each kind of person can be tried in the browser."""

import secrets
from datetime import datetime

import pyotp

from casework.access.sample import SampleAccount, keep_accounts
from casework.access.second_factor import preset_second_factor
from casework.access.sessions import SECOND_FACTOR
from casework.actors import Actor
from casework.installation import Installation
from casework.passwords import Passwords
from casework.people import add_user, list_users
from records.transaction import reading, transaction
from states.places import OFFICES
from states.roles import Role

BY = Actor("rehearsal", Role.OFFICE)
EACH = {
    Role.OFFICE: "办公室经办",
    Role.HEAD: "办公室负责人",
    Role.GROUP: "协调小组",
    Role.CENTRE: "技术指导中心",
    Role.PANEL: "专家组秘书",
    Role.RECOMMENDER: "推荐单位",
    Role.PROVINCE: "省级部门",
    Role.APPLICANT: "申报单位",
    Role.AUDITOR: "审计人员",
}
"""The kinds of people with an account, as the sign-in page lists them; experts come by links."""
INSTITUTIONS = 2
RECOMMENDERS = 2


def open_accounts(installation: Installation, *, as_of: datetime) -> list[SampleAccount]:
    """Give one password to one or two accounts of each kind, with one-time codes known; what the page will list.

    Recommenders are those with the most cases, applicants the first institutions they recommended.
    """
    password = f"yanlian-{secrets.token_hex(3)}"
    hashed = Passwords().hash(password, login="nobody")
    _add_missing(installation, as_of)
    people = [each for each in list_users(installation.engine) if each.role in EACH]
    busiest = _busiest(installation)
    people.sort(
        key=lambda each: (list(EACH).index(Role(each.role)), busiest.get(each.scope, 99), each.id or 0)
    )
    found: list[SampleAccount] = []
    taken: dict[str, int] = {}
    with transaction(installation.engine) as tx:
        for each in people:
            most = RECOMMENDERS if each.role == Role.RECOMMENDER else 2
            taken[each.role] = taken.get(each.role, 0) + 1
            if taken[each.role] > most or each.id is None:
                continue
            secret = ""
            tx.run("UPDATE person SET password = ? WHERE id = ?", (hashed, each.id))
            if Role(each.role) in SECOND_FACTOR:
                secret = pyotp.random_base32()
                preset_second_factor(tx, each.id, secret, as_of=as_of)
            found.append(SampleAccount(EACH[Role(each.role)], each.login, each.name, password, secret))
    keep_accounts(installation, found)
    return found


def _busiest(installation: Installation) -> dict[str, int]:
    """Channels by how many cases they recommended, the most first."""
    with reading(installation.engine) as tx:
        rows = tx.rows("SELECT channel FROM cases GROUP BY channel ORDER BY count(*) DESC, channel")
    return {row[0]: place for place, row in enumerate(rows)}


def _add_missing(installation: Installation, as_of: datetime) -> None:
    """The accounts a rehearsal does without: a province's, and institutions'."""
    with reading(installation.engine) as tx:
        channel = tx.one(
            "SELECT channel FROM cases WHERE channel LIKE 'P%' GROUP BY channel ORDER BY count(*) DESC, channel"
        )
        units = tx.rows(
            "SELECT DISTINCT i.id, i.uscc, i.name FROM institution i JOIN cases c ON c.institution_id = i.id"
            " ORDER BY i.id LIMIT ?",
            (INSTITUTIONS,),
        )
    engine, known = installation.engine, {each.login for each in list_users(installation.engine)}
    if channel is not None:
        office = OFFICES[channel[0]]
        login = f"sheng.{channel[0].lower()}"
        if login not in known:
            add_user(
                engine, login=login, name=f"演练·{office.short}主管", mail=f"{login}@office.example.cn",
                role=str(Role.PROVINCE), scope=channel[0], as_of=as_of, by=BY,
            )  # fmt: skip
    for id_, uscc, name in units:
        login = f"unit.{id_}"
        if login not in known:
            add_user(
                engine, login=login, name=f"演练·{name}"[:40], mail=f"{login}@unit.example.cn",
                role=str(Role.APPLICANT), scope=uscc, as_of=as_of, by=BY,
            )  # fmt: skip

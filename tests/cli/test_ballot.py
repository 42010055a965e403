"""Ballots, the recheck and papers on the command line: from the keys to the letters, several people taking part."""

import io
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casework.ballots.casting import Receipt, cast
from casework.ballots.content import Sheet
from casework.ballots.panel import panel_of, plan_of
from casework.installation import open_installation
from casework.pool.profile import Profile
from casework.settings import load_settings
from records.crypt import encrypt
from records.transaction import transaction
from states.calendar import at_time
from states.tally import Vote

PHRASES = ("青瓦 Lotus 七只 kettle 远山 42", "Harbour 白鹭 lantern 三更 river 7")
NO, OFFICERS = "B3-SJAQ-Z01", ("--officer", "office.jia", "--officer", "office.yi")
KEYED, OPENED, DECIDED = "2024-07-02T10:00", "2024-07-11T10:00", "2024-07-15T10:00"


class Office:
    """A data folder with one panel of five on two real applications, and what people type at it."""

    def __init__(self, linxuan: Any, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.run, self.data, self._patch = linxuan, data, monkeypatch

    def type(self, *words: str, typed: tuple[str, ...] = (), as_of: str | None = OPENED) -> Any:
        """Run a command with lines on standard input."""
        self._patch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        return self.run(*words, as_of=as_of)

    def vote(self) -> list[Receipt]:
        """The panel meets: four recommend the first case, one does not; all reject the second."""
        at, receipts = at_time(date(2024, 7, 8), 10), []
        with _opened(self.data) as installation:
            desk = installation.desk()
            with transaction(desk.engine) as tx:
                tx.run("UPDATE panel SET state = 'voting'")
                panel = panel_of(tx, 1)
                full = dict(plan_of(desk, panel).criteria)
                seats = [row[0] for row in tx.rows("SELECT id FROM seat ORDER BY id")]
                for place, seat in enumerate(seats):
                    votes = (Vote.NOT if place == 4 else Vote.RECOMMEND, Vote.NOT)
                    sheets = {id_: Sheet(vote, full) for id_, vote in zip(panel.cases, votes, strict=True)}
                    receipts.append(cast(tx, desk, seat, sheets, f"示例专家{place}", as_of=at))
        return receipts


def _opened(data: Path) -> Any:
    return closing(open_installation(load_settings(data, {}), as_of=at_time(date(2024, 7, 1), 10)))


@pytest.fixture
def office(linxuan: Any, b3: Path, forms: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    linxuan("import", forms, "--call", "B3", "--from", "重庆", as_of="2024-06-19T09:00")
    for login, role in (("office.jia", "office"), ("office.yi", "office"), ("office.ding", "office"),
                        ("group.zhou", "group")):  # fmt: skip
        linxuan("user", "add", login, "--name", f"示例{login[-2:]}", "--mail", f"{login}@office.example.cn",
                "--role", role, as_of="2024-06-10T09:00").done()  # fmt: skip
    at = at_time(date(2024, 7, 1), 10)
    known = Profile((), (), "示例院长", (), ()).to_json()
    with _opened(b3) as installation:
        desk = installation.desk()
        with transaction(desk.engine) as tx:
            tx.run("DELETE FROM timer")
            ids = [row[0] for row in tx.rows("SELECT id FROM cases ORDER BY no LIMIT 2")]
            tx.run("UPDATE cases SET stage = 'expert_review', occupation = 'SJAQ', updated_at = ?", (at,))
            tx.run(
                "INSERT INTO panel (id, no, version, call, track, occupation, state, size, quorum, per_employer,"
                " per_province, of_field, recusal, closes_at, officers, officers_needed, created_at, updated_at)"
                " VALUES (1, ?, 1, 'B3', 'evaluation', 'SJAQ', 'confirmed', 5, 4, 1, 0, 0, 'panel', ?, 0, 0, ?, ?)",
                (NO, at_time(date(2024, 7, 10), 18), at, at),
            )
            for id_ in ids:
                tx.run("INSERT INTO panel_case (panel_id, case_id) VALUES (1, ?)", (id_,))
            for place in range(5):
                tx.run(
                    "INSERT INTO expert (id, code, name, identity_mark, employer, uscc, province, title, fields, mail,"
                    " state, profile, nonce, added_at, updated_at) VALUES (?,?,?,?,?,?,'11','','SJAQ',?,'active',?,'',?,?)",
                    (place + 1, f"ZJ{place}", f"示例专家{place}", str(place), f"示例院{place}", f"X{place}",
                     encrypt("e@example.cn"), known, at, at),
                )  # fmt: skip
                tx.run(
                    "INSERT INTO seat (panel_id, round, place, expert_id, pseudonym, state, declared_at)"
                    " VALUES (1, 1, ?, ?, ?, 'confirmed', ?)",
                    (place + 1, place + 1, f"{place:032d}", at),
                )
    return Office(linxuan, b3, monkeypatch)


@pytest.mark.clause("M24-7.3d", "M24-7.3e", "M24-7.4")
def test_from_the_keys_to_the_letters(office: Office, tmp_path: Path) -> None:
    made = office.type(
        "ballot", "keys", NO, *OFFICERS, "--passphrases-stdin", typed=PHRASES, as_of=KEYED
    ).done()
    assert made.startswith("密钥已备好，2名开启人中须2名共同到场。公钥指纹：")
    receipts = office.vote()
    assert office.run("ballot", "receipt", NO, receipts[0].receipt).done() == "选票已密封在库，尚未开启。\n"
    opened = office.type("ballot", "open", NO, *OFFICERS, "--passphrases-stdin", typed=PHRASES)
    assert opened.done() == f"已开启并可计入5张选票；用 linxuan ballot tally {NO} 计票。\n"
    assert office.run("ballot", "receipt", NO, receipts[0].receipt).done() == "选票已开启，并已计入。\n"
    tallied = office.type("ballot", "tally", NO, "--as", "office.ding", "--json")
    tallied.done()
    counted = tallied.json
    assert [(each["votes_for"], each["recommended"]) for each in counted["cases"]] == [(4, True), (0, False)]
    assert office.run("ballot", "recount", NO).done().endswith("重新计票的结果与登记的一致。\n")
    first, second = (each["case"] for each in counted["cases"])
    office.type("recheck", "stage", first, "publicise", "--as", "group.zhou", as_of=DECIDED).done()
    refused = office.type("recheck", "release", "B3", "--as", "group.zhou", as_of=DECIDED).refused()
    assert refused == f"申报{second}尚无复核决定，须全部决定后一并发布。（M24-7.4）"
    said = office.type(
        "recheck",
        "stage",
        second,
        "not_select",
        "--words",
        "未达推荐比例。",
        "--as",
        "group.zhou",
        as_of=DECIDED,
    ).done()
    assert said == f"申报{second}第1次拟定：不予列入，尚未发布。\n"
    listed = office.run("recheck", "list", "B3", "--json").json
    assert [(each["no"], each["choice"]) for each in listed["candidates"]] == [
        (first, "列入拟公示名单"),
        (second, "不予列入"),
    ]
    done = office.type("recheck", "release", "B3", "--as", "group.zhou", as_of=DECIDED).done()
    assert done.startswith("已发布：列入拟公示名单1件，不予列入1件，应发通知")
    path = tmp_path / "汇总.docx"
    issued = office.run("paper", "issue", "ballot_summary", NO, "-o", path, as_of=DECIDED).done()
    assert issued == f"已出具数遴票〔2024〕1号：{path}\n"
    assert path.read_bytes().startswith(b"PK")


@pytest.mark.clause("M24-7.3d")
def test_one_officer_alone_is_refused(office: Office) -> None:
    office.type("ballot", "keys", NO, *OFFICERS, "--passphrases-stdin", typed=PHRASES, as_of=KEYED).done()
    office.vote()
    alone = office.type("ballot", "open", NO, *OFFICERS[:2], "--passphrases-stdin", typed=PHRASES[:1])
    assert alone.code == 2
    assert alone.err.splitlines()[-1] == (
        "开启选票须2名开启人在30分钟内共同到场，现有1名；任何一人不得单独开启。（M24-7.3d）"
    )
    wrong = office.type("ballot", "open", NO, *OFFICERS, "--passphrases-stdin", typed=("x", "y"))
    assert wrong.refused() == "口令不正确，已记录；还可再试4次。（M24-7.3d）"


@pytest.mark.clause("M24-7.3d")
def test_what_is_typed_wrongly_is_said_in_one_sentence(office: Office) -> None:
    for words, sentence in (
        (("open", NO), "请用 --officer 写明开启人的账号，每人写一次。（M24-7.3d）"),
        (("open", NO, *OFFICERS[:2], *OFFICERS[:2]), "同一开启人写了两次，请每人只写一次。（M24-7.3d）"),
        (("open", NO, *OFFICERS), "这里不是终端，不能当场输入口令，请改用 --passphrases-stdin。"),
        (("tally", "B3-XXXX-Z09"), "没有编号为“B3-XXXX-Z09”的专家组，请核对编号。（M24-7.3c）"),
        (("tally", NO), "专家组B3-SJAQ-Z01的选票尚未开启。（M24-7.3d）"),
        (("recount", NO, "--as", "nobody"), "没有登录名为“nobody”的账号，可用 linxuan user list 查看。"),
    ):
        assert (
            office.type("ballot", *words, as_of=None if words[0] == "recount" else OPENED).refused()
            == sentence
        )


def test_the_kinds_of_papers_are_listed(linxuan: Any) -> None:
    assert "ballot_summary" in linxuan("paper", "list", on=None).done()

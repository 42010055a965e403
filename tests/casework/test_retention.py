"""Purging: refused before its day, whole or not at all, the chain unbroken, files gone when nobody needs them."""

from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean

from casework import retention
from casework.actors import Actor
from casework.audit import verify
from casework.directory import entries
from casework.history import show
from casework.incidents import close_incident, open_incident
from casework.invariants import check
from casework.materials import store_material
from casework.publicity.reading import publicities
from casework.retention import BLANKED, DELETED, KEPT, PurgeReport, purge, tombstone
from notifications.channels.catcher import file_name
from records.crypt import decrypt, encrypt
from records.tables import METADATA
from records.transaction import transaction
from states.refusals import Refused
from states.roles import Role

pytestmark = pytest.mark.clause("I21-4.6.5")

Programme = Any  # of conftest

OFFICE = Actor("示例经办人", Role.OFFICE)
ENDED = datetime(2024, 6, 20, 2, tzinfo=UTC)
LAST, AFTER = datetime(2029, 6, 20, 15, 59, tzinfo=UTC), datetime(2029, 6, 20, 16, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def with_content(programme: Programme, data: Path, id_: int, paper: bytes = b"paper") -> str:
    """Give a case a form, a paper, a finding and a letter in the outbox; the paper's digest."""
    digest = store_material(data / "materials", paper)
    programme.spoil(
        "INSERT INTO filing (case_id, number, at, source, digest, form, identity) VALUES (?, 1, ?, '表.docx', 'd1', ?, ?)",
        id_, ENDED, '{"contact": "李示例"}', encrypt("110101199003070070"),
    )  # fmt: skip
    programme.spoil(
        "INSERT INTO material (case_id, kind, name, digest, size, at) VALUES (?, 'credit_record', '李示例.pdf', ?, 5, ?)",
        id_, digest, ENDED,
    )  # fmt: skip
    programme.spoil(
        "INSERT INTO finding (case_id, rule, clause, blocks, sentence) VALUES (?, 'x', 'B3-2.3', 0, '李示例')",
        id_,
    )
    outbox = data / "outbox"
    outbox.mkdir(parents=True, exist_ok=True)
    for (message_id,) in programme.rows("SELECT message_id FROM letter WHERE case_id = ?", id_):
        (outbox / file_name(message_id)).write_text("李示例", encoding="utf-8")
    return digest


def withdrawn(programme: Programme, data: Path, count: int = 1, paper: bytes = b"paper") -> list[int]:
    """Cases that ended by withdrawal on 20 June 2024, with content."""
    ids: list[int] = programme.begin(count)
    for id_ in ids:
        programme.make("withdraw", id_, ENDED)
        with_content(programme, data, id_, paper)
    return ids


def purged(programme: Programme, data: Path, as_of: datetime, **more: Any) -> PurgeReport:
    before = more.pop("before", date(2029, 1, 1))
    return purge(programme.desk, data, before=before, by=more.pop("by", OFFICE), as_of=as_of, **more)


def files(data: Path) -> list[str]:
    return sorted(str(each.relative_to(data)) for each in data.rglob("*") if each.is_file())


def test_nothing_goes_before_its_day_and_it_says_until_when(programme: Programme, data: Path) -> None:
    withdrawn(programme, data)
    before, there = programme.contents(), files(data)
    report = purged(programme, data, LAST)
    assert (report.purged, report.files) == ([], 0)
    [kept] = report.kept
    assert (kept.no, kept.until, kept.why) == ("B3-SJAQ-0001", date(2029, 6, 20), "须保存至2029-06-20")
    assert kept.explained == "2024-06-20办结，电子档案保存5年，至2029-06-20（含当日，I21-4.6.5、D-3）"
    assert (programme.contents(), files(data)) == (before, there)


def test_on_the_next_day_the_content_goes_and_what_is_public_stays(programme: Programme, data: Path) -> None:
    (id_,) = withdrawn(programme, data)
    report = purged(programme, data, AFTER)
    assert ([each.no for each in report.purged], report.kept) == (["B3-SJAQ-0001"], [])
    assert files(data) == []
    everything = programme.contents()
    assert [word for word in ("李示例", "contact@example.cn") if word in everything] == []
    for table in ("filing", "material", "finding"):
        assert programme.rows(f"SELECT * FROM {table}") == []
    on_disk = b"".join(each.read_bytes() for each in data.parent.glob("linxuan.db*"))
    assert [word for word in ("李示例", "contact@example.cn") if word.encode() in on_disk] == []
    case = show(programme.desk, "B3-SJAQ-0001", as_of=AFTER)
    assert (case.institution, case.stage, case.facts.id) == ("示例机构1", "withdrawn", id_)


def test_the_chain_holds_and_says_what_was_removed(programme: Programme, data: Path) -> None:
    withdrawn(programme, data)
    entries_before = verify(programme.desk.engine).entries
    purged(programme, data, AFTER)
    report = verify(programme.desk.engine)
    assert (report.ok, report.entries) == (True, entries_before + 1)
    digest = sha256(b"paper").hexdigest()
    assert tombstone(programme.desk, "B3-SJAQ-0001") == {
        "forms": ["d1"], "kept_until": "2029-06-20", "letters": 3, "materials": [f"credit_record:{digest}"],
        "objections": [],
    }  # fmt: skip
    assert tombstone(programme.desk, "B3-SJAQ-0009") is None


def test_every_check_holds_after_a_purge(programme: Programme, data: Path) -> None:
    withdrawn(programme, data, 2)
    purged(programme, data, AFTER)
    assert check(programme.desk, AFTER).faults == []


def test_a_purge_done_twice_does_nothing_the_second_time(programme: Programme, data: Path) -> None:
    withdrawn(programme, data)
    purged(programme, data, AFTER)
    before = programme.contents()
    report = purged(programme, data, AFTER)
    assert (report.purged, report.kept, report.files) == ([], [], 0)
    assert programme.contents() == before


def test_looking_first_changes_nothing_and_says_the_same(programme: Programme, data: Path) -> None:
    withdrawn(programme, data, 2)
    before, there = programme.contents(), files(data)
    looked = purged(programme, data, AFTER, dry_run=True)
    assert (programme.contents(), files(data)) == (before, there)
    assert purged(programme, data, AFTER).purged == looked.purged


def test_only_what_ended_before_the_day_is_looked_at(programme: Programme, data: Path) -> None:
    withdrawn(programme, data)
    assert purged(programme, data, AFTER, before=date(2024, 6, 20)).purged == []
    assert len(purged(programme, data, AFTER, before=date(2024, 6, 21)).purged) == 1


def test_a_case_that_goes_on_is_never_touched(programme: Programme, data: Path) -> None:
    (id_,) = programme.bring(programme.begin(), "listed")
    with_content(programme, data, id_)
    report = purged(programme, data, datetime(2040, 1, 1, tzinfo=UTC), before=date(2040, 1, 1))
    assert (report.purged, report.kept) == ([], [])
    assert programme.rows("SELECT count(*) FROM filing") == [(1,)]


@pytest.mark.clause("I21-4.1")
def test_the_directory_of_past_days_and_its_publicity_are_still_told(
    programme: Programme, data: Path
) -> None:
    (id_,) = programme.bring(programme.begin(), "listed")
    programme.make("withdraw_listing", id_, datetime(2025, 3, 3, 2, tzinfo=UTC), reason="示例")
    with_content(programme, data, id_)
    day = date(2025, 1, 1)
    before = entries(programme.desk.engine, on=day)
    later = datetime(2030, 3, 4, tzinfo=UTC)
    assert len(purged(programme, data, later, before=date(2030, 1, 1)).purged) == 1
    assert len(before) == 1
    assert entries(programme.desk.engine, on=day) == before
    assert [each.sound for each in publicities(programme.desk, as_of=later)] == [True]


def test_a_paper_another_case_has_as_well_stays(programme: Programme, data: Path) -> None:
    withdrawn(programme, data)
    (other,) = programme.begin()
    with_content(programme, data, other)
    assert [each.no for each in purged(programme, data, AFTER).purged] == ["B3-SJAQ-0001"]
    digest = sha256(b"paper").hexdigest()
    assert f"materials/{digest[:2]}/{digest}" in files(data)
    assert programme.rows("SELECT * FROM purged_file") == []


def test_a_paper_that_was_filed_again_after_a_crash_stays(
    programme: Programme, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdrawn(programme, data)
    with monkeypatch.context() as patched:
        patched.setattr(retention, "_remove_files", _die)
        with pytest.raises(_Died):
            purged(programme, data, AFTER)
    (other,) = programme.begin()
    digest = with_content(programme, data, other)
    purged(programme, data, AFTER)
    assert f"materials/{digest[:2]}/{digest}" in files(data)


class _Died(BaseException):
    pass


def _die(*_: Any, **__: Any) -> Any:
    raise _Died


def test_what_a_crash_leaves_is_removed_by_the_next_run(
    programme: Programme, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdrawn(programme, data)
    there = files(data)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", _die)
        with pytest.raises(_Died):
            purged(programme, data, AFTER)
    assert files(data) == there
    report = purged(programme, data, AFTER)
    assert (report.purged, report.files, files(data)) == ([], len(there), [])


def test_a_crash_within_a_case_leaves_the_whole_case(
    programme: Programme, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdrawn(programme, data, 2)
    before = programme.contents()
    with monkeypatch.context() as patched:
        patched.setattr(retention, "append", _die)
        with pytest.raises(_Died):
            purged(programme, data, AFTER)
    assert programme.contents() == before
    assert len(purged(programme, data, AFTER).purged) == 2


def test_a_file_that_cannot_be_removed_is_named_and_tried_again(
    programme: Programme, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "denied")

    withdrawn(programme, data)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        report = purged(programme, data, AFTER)
    assert len(report.stuck) == len(files(data))
    assert report.stuck[0].endswith("（没有权限）")
    assert purged(programme, data, AFTER).stuck == []
    assert files(data) == []


def test_a_case_with_an_open_incident_stays_until_it_is_closed(programme: Programme, data: Path) -> None:
    (id_,) = withdrawn(programme, data)
    with transaction(programme.desk.engine) as tx:
        open_incident(tx, "no_address", id_, "received", "李示例没有邮箱", ENDED)
    report = purged(programme, data, AFTER)
    assert [each.why for each in report.kept] == ["有未办结的异常，请先办结"]
    with transaction(programme.desk.engine) as tx:
        close_incident(tx, 1, OFFICE, "已办", AFTER)
    assert len(purged(programme, data, AFTER).purged) == 1
    assert "李示例" not in programme.contents()


def test_an_objection_goes_with_its_case_and_so_does_who_raised_it(programme: Programme, data: Path) -> None:
    (id_,) = withdrawn(programme, data)
    evidence = store_material(data / "materials", b"evidence")
    programme.spoil(
        "INSERT INTO objection (no, case_id, number, named, name, contact, mail, text, text_sha256, received_at,"
        " received_by, due_at, due_explained, notes, outcome, finding, changed_facts, reply) VALUES"
        " ('B3-YY-01', ?, 1, 1, ?, ?, ?, '李示例有异议', 'h1', ?, 'office:x', ?, '', '', 'moot', '', '', '')",
        id_, encrypt("李示例"), encrypt("13800000000"), encrypt("li@example.cn"), ENDED, ENDED,
    )  # fmt: skip
    programme.spoil(
        "INSERT INTO objection_evidence (objection_id, name, kind, size, sha256, digest, at) VALUES (1, ?, 'pdf', 8, 's', ?, ?)",
        encrypt("证据.pdf"), evidence, ENDED,
    )  # fmt: skip
    purged(programme, data, AFTER)
    [(name, mail, text, outcome)] = programme.rows("SELECT name, mail, text, outcome FROM objection")
    assert (decrypt(name), decrypt(mail), text, outcome) == ("", "", "", "moot")
    assert programme.rows("SELECT * FROM objection_evidence") == []
    assert files(data) == []
    found = tombstone(programme.desk, "B3-SJAQ-0001")
    assert found is not None
    assert found["objections"] == ["B3-YY-01:h1"]


def test_only_the_office_and_its_head_may_purge(programme: Programme, data: Path) -> None:
    with pytest.raises(
        Refused, match="档案只能由工程指导协调小组办公室、办公室负责人清除，当前身份为审计人员"
    ):
        purged(programme, data, AFTER, by=Actor("示例", Role.AUDITOR))


def test_of_every_table_that_speaks_of_a_case_somebody_decided_what_becomes_of_it() -> None:
    speaking = {
        table.name
        for table in METADATA.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ("cases", "objection")
    }
    assert sorted(speaking - DELETED.keys() - BLANKED.keys() - KEPT.keys()) == []


def test_every_table_that_names_a_document_lets_go_of_it_with_its_case() -> None:
    """A column ``digest`` names a document in the data folder; that of a form or a batch names what was frozen."""
    naming = {table.name for table in METADATA.tables.values() if "digest" in table.columns}
    documents = {
        name
        for name in naming - {"filing", "batch"}
        if not isinstance(METADATA.tables[name].columns["digest"].type, Boolean)
    }
    assert sorted(documents) == sorted(retention.KEPT_BY_DIGEST)
    assert documents <= DELETED.keys()

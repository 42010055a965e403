"""The State Council's calendar is rows: announced year by year, checked, and moving the dates that hung on it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from casework.actors import Actor
from casework.audit import verify
from casework.beginning import NewCase, begin_case
from casework.calendars import CalendarImport, current_calendar, import_announced, import_year
from casework.calls import open_call
from casework.installation import Installation, scratch_installation
from casework.rederiving import rederive
from casework.timing import lay_timers
from records.engine import open_engine, sqlite_url
from records.tables import METADATA
from records.transaction import transaction
from states.calendar import Calendar, end_of
from states.refusals import Refused
from states.roles import Role
from states.timers import schedule

NOW = datetime(2026, 11, 10, 1, tzinfo=UTC)
CLERK = Actor("示例科员", Role.OFFICE)
# Invented: the arrangement for 2027 is not published while this is written.
PLAN = """
year = 2027
notice = "国务院办公厅关于2027年部分节假日安排的通知（示例）"

[[holiday]]
name = "元旦"
from = 2027-01-01
to = 2027-01-03

[[holiday]]
name = "春节"
from = 2027-02-05
to = 2027-02-12
makeup = [2027-01-31, 2027-02-20]

[[holiday]]
name = "清明节"
from = 2027-04-03
to = 2027-04-05

[[holiday]]
name = "劳动节"
from = 2027-05-01
to = 2027-05-05
makeup = [2027-05-08]

[[holiday]]
name = "端午节"
from = 2027-06-09
to = 2027-06-09

[[holiday]]
name = "中秋节"
from = 2027-09-15
to = 2027-09-15

[[holiday]]
name = "国庆节"
from = 2027-10-01
to = 2027-10-07
makeup = [2027-09-26, 2027-10-09]
"""


@pytest.fixture
def office(tmp_path: Path) -> Installation:
    data = tmp_path / "data"
    data.mkdir()
    return scratch_installation(data, as_of=NOW)


@pytest.fixture
def announcement(tmp_path: Path) -> Path:
    file = tmp_path / "2027.toml"
    file.write_text(PLAN, encoding="utf-8")
    return file


def announce(office: Installation, file: Path) -> CalendarImport:
    return import_year(office.engine, file, as_of=NOW, by=CLERK)


@pytest.mark.clause("D-6")
def test_a_year_is_provisional_until_it_is_announced(office: Installation, announcement: Path) -> None:
    assert not current_calendar(office.engine).is_announced(2027)
    assert current_calendar(office.engine).working_days_after(date(2027, 9, 27), 5).provisional
    done = announce(office, announcement)
    calendar = current_calendar(office.engine)
    assert (done.new, done.edition) == (True, calendar.edition)
    found = calendar.working_days_after(date(2027, 9, 27), 5)
    assert [day.day for day in found.counted] == [28, 29, 30, 8, 9]
    assert not found.provisional
    assert calendar.kind(date(2027, 9, 26)) == "补班"
    assert calendar.years[2027].notice == "国务院办公厅关于2027年部分节假日安排的通知（示例）"


@pytest.mark.clause("D-6")
def test_the_same_announcement_twice_changes_nothing(office: Installation, announcement: Path) -> None:
    first = announce(office, announcement)
    again = announce(office, announcement)
    assert (again.new, again.edition) == (False, first.edition)
    with office.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM calendar_year WHERE year = 2027")).scalar() == 1


@pytest.mark.clause("D-6")
def test_a_corrected_announcement_replaces_the_first_and_the_first_stays_on_record(
    office: Installation, announcement: Path
) -> None:
    first = announce(office, announcement)
    announcement.write_text(PLAN.replace("2027-10-07", "2027-10-08"), encoding="utf-8")
    second = announce(office, announcement)
    assert first.edition != second.edition == current_calendar(office.engine).edition
    assert current_calendar(office.engine).festival(date(2027, 10, 8)) == "国庆节"
    with office.engine.connect() as connection:
        kept = connection.execute(text("SELECT edition FROM calendar_year WHERE year = 2027 ORDER BY id"))
        assert kept.scalars().all() == [first.edition, second.edition]


def test_an_announcement_is_in_the_audit_log(office: Installation, announcement: Path) -> None:
    announce(office, announcement)
    with office.engine.connect() as connection:
        rows = connection.execute(text("SELECT actor, kind, name, clause FROM audit")).all()
    assert [tuple(row) for row in rows] == [("office:示例科员", "calendar", "import_year", "D-6")]
    assert verify(office.engine).ok


def test_a_database_without_a_calendar_uses_the_built_in_one(tmp_path: Path, announcement: Path) -> None:
    engine = open_engine(sqlite_url(tmp_path / "bare.sqlite3"))
    METADATA.create_all(engine)
    assert current_calendar(engine) == Calendar.builtin()
    import_year(engine, announcement, as_of=NOW, by=CLERK)
    assert current_calendar(engine).years.items() > Calendar.builtin().years.items()


@pytest.mark.clause("D-6")
def test_a_year_that_came_with_a_new_program_is_taken_over_once(office: Installation) -> None:
    with transaction(office.engine) as tx:
        tx.run("DELETE FROM calendar_year WHERE year >= 2025")
        tx.run("UPDATE calendar_year SET edition = '国办2004-2024'")
    assert max(current_calendar(office.engine).years) == 2024
    done = import_announced(office.engine, as_of=NOW, by=CLERK)
    assert [each.year for each in done] == [2025, 2026]
    assert dict(current_calendar(office.engine).years) == dict(Calendar.builtin().years)
    assert import_announced(office.engine, as_of=NOW, by=CLERK) == []


SENTENCES = [
    ("2027-01-01\nto", "2027-01-02\nto", "元旦（2027-01-02至2027-01-03）全部落在周末，没有放任何工作日，请核对日期。"),
    ("[2027-05-08]", "[2027-05-07]", "2027年放假安排把2027-05-07列为补班日，但当日不是周末，请核对日期。"),
    ("[2027-05-08]", "[2028-05-06]", "2027年放假安排中的2028-05-06不在该年度内，请核对日期。"),
    ("[2027-05-08]", "[2027-05-02]", "2027年放假安排把2027-05-02同时列为放假和补班，请只保留一项。"),
    ("[2027-05-08]", "[2027-02-20]", "2027-02-20两次列为补班日（春节和劳动节），请只保留一项。"),
    ("2027-09-15\nto = 2027-09-15", "2027-10-07\nto = 2027-10-08",
     "2027-10-07同时列在中秋节和国庆节的放假日期中，请只保留一项。"),
    ("to = 2027-10-07", "to = 2027-11-07", "国庆节从2027-10-01放假至2027-11-07，应为1至15天，请核对日期。"),
    ("to = 2027-10-07", "to = 2027-09-07", "国庆节从2027-10-01放假至2027-09-07，应为1至15天，请核对日期。"),
    ('name = "端午节"', 'name = "龙舟节"', "2027年放假安排缺少端午，请补全后重试。"),
    ('name = "端午节"', 'name = " "', "2027年放假安排中有一个节日没有名称，请写明 name。"),
    ("to = 2027-06-09", "", "端午节的 to 没有写明，应形如 2027-01-01（不加引号）。"),
    ("to = 2027-06-09", 'to = "2027-06-09"', "端午节的 to “2027-06-09”不是日期，应形如 2027-01-01（不加引号）。"),
    ("makeup = [2027-05-08]", "make = [2027-05-08]", "劳动节中有不认识的内容“make”，只能有 name、from、to 和 makeup，请改正。"),
    ("makeup = [2027-05-08]", "makeup = 2027-05-08", "劳动节的 makeup 应是补班日期的列表，例如 [2027-02-06]，请改正。"),
    ("year = 2027", "", "放假安排缺少年度，请写明 year（2000至2099），例如 year = 2027。"),
    ("year = 2027", "year = 2107", "放假安排缺少年度，请写明 year（2000至2099），例如 year = 2027。"),
    ("year = 2027", "year = 2027\nyaer = 1", "放假安排中有不认识的内容“yaer”，只能有 year、notice 和 [[holiday]]，请改正。"),
    (PLAN, "year = 2027", "2027年放假安排中没有节日，请为每个节日写一段 [[holiday]]。"),
]  # fmt: skip


@pytest.mark.clause("D-6")
@pytest.mark.parametrize(("right", "wrong", "sentence"), SENTENCES)
def test_a_file_that_cannot_be_the_years_plan_is_refused_whole(
    office: Installation, announcement: Path, right: str, wrong: str, sentence: str
) -> None:
    announcement.write_text(PLAN.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        announce(office, announcement)
    assert str(refused.value) == f"{sentence}（D-6）"
    assert current_calendar(office.engine) == Calendar.builtin()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a = = b", "第1行第5列不符合 TOML 格式，请改正后重试。"),
        ("notice = '国务院办公厅'".encode("gbk"), "不是 UTF-8 编码，请另存为 UTF-8 后重试。"),
        (b"#" * (2 << 20), "过大，不是放假安排，请核对。"),
        (None, "无法读取（路径不存在），请检查路径和权限。"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    office: Installation, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    file = tmp_path / "plan.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Refused) as refused:
        announce(office, file)
    assert str(refused.value) == f"放假安排文件{file}{sentence}"


def test_a_day_cannot_be_off_in_one_notice_and_worked_in_another(
    office: Installation, announcement: Path
) -> None:
    announcement.write_text(
        PLAN.replace("from = 2027-01-01", "from = 2026-12-31"),
        encoding="utf-8",
    )
    assert announce(office, announcement).new
    with transaction(office.engine) as tx:
        tx.run("UPDATE calendar_year SET plan = replace(plan, '2026-02-14', '2026-12-26') WHERE year = 2026")
    announcement.write_text(PLAN.replace("from = 2027-01-01", "from = 2026-12-25"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        announce(office, announcement)
    assert str(refused.value) == (
        "2026-12-26在2027年放假安排与《国务院办公厅关于2026年部分节假日安排的通知》中一处放假、一处补班，请核对日期。（D-6）"
    )


@pytest.fixture
def publicised(office: Installation) -> int:
    """A case in publicity since 28 September 2027, before office hours."""
    desk = office.desk()
    open_call(desk, "B3", by=CLERK, as_of=datetime(2024, 5, 15, 1, tzinfo=UTC))
    with transaction(office.engine) as tx:
        tx.run(
            "INSERT INTO institution (id, uscc, name, province, address, unit_type) VALUES (1, 'X', '示例一', '50', '', '')"
        )
        new = NewCase("B3", "evaluation", "SJAQ", 1, "50", "P50", "初级、中级", "contact@one.example.cn")
        facts = begin_case(tx, desk, new, by=CLERK, as_of=datetime(2024, 6, 3, 1, tzinfo=UTC))
        posted = datetime(2027, 9, 28, 0, tzinfo=UTC)
        facts = facts._replace(stage="publicity", entered_at=posted, posted_at=posted)
        process = desk.processes.process(facts.process)
        planned = schedule(process, facts, desk.calendar)
        assert planned.limit is not None
        tx.run(
            "UPDATE cases SET stage = 'publicity', entered_at = ?, posted_at = ?, due_at = ?, due_provisional = ?",
            (posted, posted, planned.limit.due, True),
        )
        lay_timers(tx, [facts.id], planned.timers)
    return facts.id


@pytest.mark.clause("D-6")
def test_what_the_announcement_moves_is_listed_and_told_to_whom_it_concerns(
    office: Installation, announcement: Path, publicised: int
) -> None:
    done = import_year(office.engine, announcement, as_of=NOW, by=CLERK, rederive=rederive(office.desk()))
    assert done.looked_at == (publicised,)
    assert [(moved.no, moved.what, moved.old_due, moved.new_due) for moved in done.moved] == [
        ("B3-SJAQ-0001", "公示期满", end_of(date(2027, 10, 4)), end_of(date(2027, 10, 9)))
    ]
    with office.engine.connect() as connection:
        row = connection.execute(text("SELECT due_at, due_provisional, version FROM cases")).one()
        letters = connection.execute(
            text("SELECT role, recipient, clause FROM letter WHERE letter = 'date_moved'")
        ).all()
        editions = connection.execute(text("SELECT DISTINCT edition FROM timer")).scalars().all()
    assert tuple(row) == ("2027-10-09 16:00:00.000000", 0, 1)
    assert [tuple(letter) for letter in letters] == [("applicant", "contact@one.example.cn", "D-6")]
    assert editions == [done.edition]


@pytest.mark.clause("D-6")
def test_without_the_work_the_cases_are_named_and_nothing_of_them_changes(
    office: Installation, announcement: Path, publicised: int
) -> None:
    done = announce(office, announcement)
    assert (done.looked_at, done.moved) == ((publicised,), ())
    with office.engine.connect() as connection:
        assert connection.execute(text("SELECT due_at FROM cases")).scalar() == "2027-10-04 16:00:00.000000"


@pytest.mark.clause("D-6")
def test_when_the_work_fails_the_calendar_stays_as_it_was(
    office: Installation, announcement: Path, publicised: int
) -> None:
    def fail(*_: object) -> list[object]:
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        import_year(office.engine, announcement, as_of=NOW, by=CLERK, rederive=fail)  # type: ignore[arg-type]
    assert current_calendar(office.engine) == Calendar.builtin()

"""A sheet becomes experts: all of it or nothing, once, and with everything that identifies a person out of sight."""

import json
from datetime import timedelta

import pytest

from casework.actors import Actor
from casework.audit import verify
from casework.pool.importing import import_pool
from casework.pool.listing import show_expert
from casework.pool.profile import profile_from
from casework.pool.report import RowStatus
from casework.pool.standing import retire, suspend
from states.recusal import Employment, Organisation
from states.refusals import Refused
from states.roles import Role

ADDED, UPDATED, SAME, REFUSED, LEFT = RowStatus


def became(report):
    return [line.status for line in report.lines]


def codes(stored):
    return [code for (code,) in stored("SELECT code FROM expert ORDER BY code")]


def noted(stored):
    found = stored("SELECT name, detail FROM audit WHERE kind = 'pool' ORDER BY seq")
    return [(name, json.loads(detail)) for name, detail in found]


@pytest.mark.clause("M24-7.3c")
def test_everybody_on_a_sound_sheet_joins_the_pool(imported, experts, stored):
    report = imported(*experts)
    assert became(report) == [ADDED] * 6
    assert report.summary() == "新增6人。"
    assert codes(stored) == [f"ZJ00000{number}" for number in range(1, 7)]
    assert stored("SELECT state, fields <> '', nonce <> '' FROM expert") == [("active", 1, 1)] * 6


@pytest.mark.clause("M24-7.3c")
def test_one_bad_row_keeps_the_whole_sheet_out(imported, experts, stored):
    report = imported(*experts[:3], {**experts[3], "province": "火星"})
    assert became(report) == [LEFT, LEFT, LEFT, REFUSED]
    assert (report.ok, report.summary()) == (False, "有误1人、未导入3人。")
    assert (codes(stored), noted(stored)) == ([], [])


def test_good_rows_alone_come_in_when_that_is_asked_for(imported, experts, stored):
    report = imported(*experts[:2], {**experts[2], "uscc": ""}, experts[3], partial=True)
    assert became(report) == [ADDED, ADDED, REFUSED, ADDED]
    assert codes(stored) == ["ZJ000001", "ZJ000002", "ZJ000003"]


def test_the_same_sheet_again_changes_nothing(imported, experts, stored):
    imported(*experts)
    before = stored("SELECT * FROM expert"), stored("SELECT * FROM audit")
    assert became(imported(*experts)) == [SAME] * 6
    assert (stored("SELECT * FROM expert"), stored("SELECT * FROM audit")) == before


@pytest.mark.clause("M24-11.6a")
def test_nothing_that_identifies_a_person_lies_open(imported, experts, stored, tmp_path):
    imported(*experts)
    secrets = [texts[key] for texts in experts for key in ("identity", "mail", "phone")]
    stored("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("linxuan.db*"))
    assert [secret for secret in secrets if secret.encode() in kept] == []


def test_the_audit_log_says_who_imported_what_and_never_the_values(desk, imported, experts, stored):
    imported(*experts[:2])
    ((name, detail),) = noted(stored)
    assert name == "import"
    assert {key: detail[key] for key in ("rows", "added", "updated", "refused", "first", "last")} == {
        "rows": 2, "added": 2, "updated": 0, "refused": 0, "first": "ZJ000001", "last": "ZJ000002",
    }  # fmt: skip
    assert stored("SELECT DISTINCT actor FROM audit") == [("office:示例经办人",)]
    assert verify(desk.engine).ok


@pytest.mark.clause("M24-11.6a")
def test_the_same_person_is_updated_and_the_log_names_the_fields_only(imported, row, stored):
    imported(row)
    changed = {**row, "title": "示例院士", "phone": "10099999999", "mail": "new@pool.example.cn"}
    (line,) = imported(changed).lines
    assert (line.status, line.code, line.changed) == (UPDATED, "ZJ000001", ("职称", "电子邮箱", "手机号码"))
    assert noted(stored)[-1] == ("update", {"expert": "ZJ000001", "fields": ["title", "mail", "phone"]})
    assert stored("SELECT code, title FROM expert") == [("ZJ000001", "示例院士")]
    assert became(imported(changed)) == [SAME]


@pytest.mark.clause("M24-7.3b")
def test_an_empty_cell_leaves_what_is_known_alone_and_none_takes_it_away(desk, office, imported, row):
    def ties():
        return show_expert(desk, "ZJ000001", by=office).profile.ties

    told = {**row, "ties": "亲属｜示例中心｜｜钱示清｜"}
    imported(told)
    known = ties()
    assert len(known) == 1
    assert became(imported({**told, "ties": ""})) == [SAME]
    assert became(imported(told, without=("ties", "title", "phone"))) == [SAME]
    assert ties() == known
    assert became(imported({**told, "ties": "无"})) == [UPDATED]
    assert ties() == ()


@pytest.mark.clause("M24-7.3b")
def test_what_the_sheet_does_not_say_is_unknown(desk, office, imported, row):
    imported({**row, "ties": "", "employment": "无"})
    found = show_expert(desk, "ZJ000001", by=office)
    assert (found.unknown, found.profile.employment) == (("ties",), ())


@pytest.mark.clause("M24-7.3b")
def test_who_changes_employer_keeps_the_old_one_in_the_history(imported, row, experts, stored, noon):
    imported({**row, "employment": "无"})
    elsewhere = {"employer": experts[1]["employer"], "uscc": experts[1]["uscc"]}
    moved = {**row, **elsewhere, "employment": "无", "legal_representative": "", "shareholders": ""}
    imported(moved, as_of=noon + timedelta(days=3))
    ((profile,),) = stored("SELECT profile FROM expert")
    known = profile_from(profile)
    assert known.employment == (
        Employment(Organisation(row["employer"], row["uscc"]), None, noon.date() + timedelta(days=3)),
    )
    assert (known.legal_representative, known.shareholders, known.group) == (None, None, None)


@pytest.mark.clause("M24-7.3b")
def test_a_new_employer_without_any_history_is_refused(imported, row, experts):
    imported({**row, "employment": ""})
    moved = {**row, "employer": experts[1]["employer"], "uscc": experts[1]["uscc"], "employment": ""}
    (line,) = imported(moved).lines
    assert line.problems == (
        f"第2行工作单位与库中登记的“{row['employer']}”不同，而工作经历不明；请填写「工作经历」后再导入（M24-7.3b）",
    )


@pytest.mark.clause("M24-7.3c")
def test_suspended_and_retired_experts_stay_so(desk, office, imported, experts, stored, noon):
    imported(*experts[:2])
    suspend(desk, "ZJ000001", reason="出国一年", by=office, as_of=noon)
    retire(desk, "ZJ000002", reason="本人申请", by=office, as_of=noon)
    assert became(imported(*({**each, "title": "示例院士"} for each in experts[:2]))) == [UPDATED] * 2
    assert stored("SELECT state, title FROM expert ORDER BY code") == [
        ("suspended", "示例院士"),
        ("retired", "示例院士"),
    ]


@pytest.mark.clause("M24-7.3b")
def test_a_mailbox_of_somebody_in_the_pool_is_refused(imported, experts):
    imported(experts[0])
    (line,) = imported({**experts[1], "mail": experts[0]["mail"]}).lines
    assert line.problems == (
        "第2行「电子邮箱」与库中专家ZJ000001的相同；评审入口只发给本人，请填写本人邮箱（M24-7.3b）",
    )


def test_two_experts_may_swap_mailboxes_in_one_sheet(imported, experts):
    one, two = experts[:2]
    imported(one, two)
    assert became(imported({**one, "mail": two["mail"]}, {**two, "mail": one["mail"]})) == [UPDATED] * 2


@pytest.mark.clause("M24-7.3b")
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.RECOMMENDER, Role.PROVINCE, Role.APPLICANT, Role.CENTRE])
def test_only_those_who_keep_the_pool_may_change_it(imported, row, stored, role):
    with pytest.raises(Refused) as refused:
        imported(row, by=Actor("示例甲", role))
    assert str(refused.value) == (
        "专家库只能由工程指导协调小组办公室、工程指导协调小组、办公室负责人维护，"
        f"当前身份为{role.label}。（M24-7.3b）"
    )
    assert codes(stored) == []


def test_nonces_can_be_given_so_that_a_rehearsal_repeats_itself(desk, office, sheet, row, noon, stored):
    import_pool(desk, sheet(row), by=office, as_of=noon, nonce=lambda: "ab" * 16)
    assert stored("SELECT nonce FROM expert") == [("ab" * 16,)]


def test_the_report_for_programs_has_a_line_for_each_row(imported, experts):
    record = imported(experts[0], {**experts[1], "mail": "x"}).record()
    assert record["counts"] == {"added": 0, "updated": 0, "same": 0, "refused": 1, "left": 1}
    assert [(line["where"], line["status"]) for line in record["lines"]] == [
        ("第2行", "left"),
        ("第3行", "refused"),
    ]

"""A form becomes a case, with everything it brings, or nothing at all and a sentence for each thing in the way."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from casework.actors import Actor
from casework.audit import verify
from casework.calls import open_call
from casework.desk import Desk
from casework.filed_forms import filed_form
from casework.filing import Filed, FilingRefused, file_application
from casework.findings import answer_findings, findings_of
from casework.gate import advance
from casework.handed_in import FORM, Paper, form_file
from casework.institutions import rename_institution
from casework.intake.cells import Cells
from casework.intake.reading import ReadForm, read_docx
from casework.intake.samples import sample_applications
from casework.intake.wording import cells_of
from casework.intake.writing import document_of, write_form
from casework.materials import read_material, store_material
from records.transaction import reading, transaction
from states.calendar import end_of
from states.call_rules import CallRules
from states.forms import Application, EvaluationYear, FormKind, Recommendation, form_of
from states.places import find
from states.refusals import Refused
from states.roles import Role
from states.rulebook import call_rules
from states.terms import cooling_off_until

NOON = datetime(2024, 6, 10, 4, tzinfo=UTC)
CERTIFICATE = Paper("registration_certificate", "甲_法人登记证书.txt", "业务范围：职业技能培训。".encode())
CREDIT = Paper("credit_record", "甲_信用报告.pdf", b"%PDF-1.7 sample")


def sample(call: str = "B3", track: str = "evaluation") -> Application:
    """One sound application for a call, signed on the day the call opened."""
    rules = call_rules(call)
    sound = sample_applications(1, call_rules=rules, seed=1, track=track)[0].application
    signed = sound.commitment.model_copy(update={"signed_on": rules.opens.value})
    return sound.model_copy(update={"commitment": signed, "recommendation": Recommendation()})


B3_SAMPLE = sample()
TABLES = ("institution", "cases", "filing", "material", "finding", "letter", "timer", "counter")

Read = Callable[..., ReadForm]
File = Callable[..., Filed]


@pytest.fixture
def materials(tmp_path: Path) -> Path:
    return tmp_path / "materials"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def written_and_read(application: Application = B3_SAMPLE, *, call: str = "B3", as_of: datetime = NOON,
                         **changes: Any) -> ReadForm:  # fmt: skip
        path = tmp_path / "form.docx"
        write_form(application.kind, application.model_copy(update=changes), path, call=call)
        titles = [occupation.title for occupation in call_rules(call).occupations.value]
        return read_docx(path, as_of=as_of, call=call, occupations=titles)

    return written_and_read


@pytest.fixture
def file(desk: Desk, b3: CallRules, office: Actor, materials: Path) -> File:
    def filed(form: ReadForm, *papers: Paper, channel: str = "P50", by: Actor = office,
              as_of: datetime = NOON, call: str = b3.code) -> Filed:  # fmt: skip
        return file_application(
            desk, form, papers or (CERTIFICATE, CREDIT), call=call, channel=find(channel), by=by,
            as_of=as_of, store=lambda content: store_material(materials, content),
        )  # fmt: skip

    return filed


def refusal(file: File, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as refused:
        file(*args, **kwargs)
    return str(refused.value)


def counted(desk: Desk) -> dict[str, int]:
    with reading(desk.engine) as tx:
        return {table: (tx.one(f"SELECT count(*) FROM {table}") or (0,))[0] for table in TABLES}


@pytest.mark.clause("B3-4.1", "B3-4.3")
def test_a_form_becomes_a_case_that_waits_for_its_recommendation(desk: Desk, read: Read, file: File) -> None:
    filed = file(read())
    with reading(desk.engine) as tx:
        row = tx.one("SELECT no, stage, channel, province, levels, contact_mail, held_by FROM cases")
    assert row == (
        filed.no, "submitted", "P50", "50", "、".join(B3_SAMPLE.levels), B3_SAMPLE.contact.mailbox, "recommender",
    )  # fmt: skip
    assert (filed.institution, filed.occupation) == (B3_SAMPLE.institution, B3_SAMPLE.occupation)
    assert filed.no.startswith("B3-")
    assert filed.no.endswith("-0001")


@pytest.mark.clause("B3-4.2")
def test_the_applicant_is_sent_a_receipt(desk: Desk, read: Read, file: File) -> None:
    filed = file(read())
    with reading(desk.engine) as tx:
        letters = tx.rows("SELECT case_id, letter, role, recipient FROM letter")
    assert letters == [(filed.case_id, "received", "applicant", B3_SAMPLE.contact.mailbox)]


@pytest.mark.clause("D-9", "B3-5.4")
def test_a_new_case_says_that_its_paper_is_outstanding(
    desk: Desk, read: Read, file: File, office: Actor
) -> None:
    form = read()
    filed = file(form)
    assert filed.paper_outstanding
    clerk = Actor("P50经办人", Role.RECOMMENDER, "P50")
    letter = {"letter_no": "示例函〔2024〕1号", "letter_date": date(2024, 6, 10)}
    advance(desk, "recommend", [filed.case_id], by=clerk, as_of=NOON, inputs=letter)
    advance(desk, "receive_paper", [filed.case_id], by=office, as_of=NOON)
    assert (file(form).again, file(form).paper_outstanding) == (True, False)


@pytest.mark.clause("M24-11.6a")
def test_the_form_is_kept_without_the_identity_number_which_is_kept_encrypted(
    desk: Desk, read: Read, file: File, tmp_path: Path, materials: Path
) -> None:
    form = read()
    path = tmp_path / "form.docx"
    filed = file(form, Paper(FORM, path.name, path), CERTIFICATE, CREDIT)
    with reading(desk.engine) as tx:
        assert filed_form(tx, filed.case_id) == B3_SAMPLE
        kept = form_file(tx, filed.case_id, lambda digest: read_material(materials, digest))
    assert kept == (path.name, path.read_bytes())
    telling = (B3_SAMPLE.legal_representative_id.encode(), path.read_bytes())
    written = [each for each in tmp_path.rglob("*") if each.is_file() and each != path]
    assert [each.name for each in written if any(told in each.read_bytes() for told in telling)] == []


@pytest.mark.clause("I21-4.6.5", "B3-3")
def test_every_paper_is_kept_by_its_content(desk: Desk, read: Read, file: File, materials: Path) -> None:
    form = Paper(FORM, "form.docx", b"PK the form as handed in")
    filed = file(read(), form, CERTIFICATE, CREDIT)
    with reading(desk.engine) as tx:
        rows = tx.rows(
            "SELECT kind, name, size FROM material WHERE case_id = ? ORDER BY id", (filed.case_id,)
        )
        digest = (tx.one("SELECT digest FROM material WHERE kind = 'credit_record'") or ("",))[0]
        assert form_file(tx, filed.case_id, lambda it: read_material(materials, it)) == (
            form.name,
            form.content,
        )
    assert rows == [
        (FORM, "form.docx", 24),
        ("registration_certificate", CERTIFICATE.name, 36),
        ("credit_record", CREDIT.name, 15),
    ]
    assert read_material(materials, digest) == CREDIT.content


@pytest.mark.clause("B3-2.3")
def test_what_generally_should_be_otherwise_is_kept_as_a_warning_until_it_is_answered(
    desk: Desk, read: Read, file: File, office: Actor
) -> None:
    filed = file(read(founded=date(2020, 3, 2)))
    assert [str(each) for each in filed.warnings] == [
        "单位成立于2020年3月2日，一般应在2019年12月31日以前注册登记（B3-2.3）"
    ]
    clerk = Actor("P50经办人", Role.RECOMMENDER, "P50")
    letter = {"letter_no": "示例函〔2024〕1号", "letter_date": date(2024, 6, 10)}
    with pytest.raises(Refused) as refused:
        advance(desk, "recommend", [filed.case_id], by=clerk, as_of=NOON, inputs=letter)
    assert refused.value.clause == "B3-2.3"
    with transaction(desk.engine) as tx:
        answer_findings(tx, [filed.case_id], "由1998年成立的单位改制而来", by=office, at=NOON)
        kept = findings_of(tx, filed.case_id)
    assert [(each.answer, each.answered_by, each.waits) for each in kept] == [
        ("由1998年成立的单位改制而来", office.signature, False)
    ]


@pytest.mark.clause("B3-2.1")
def test_a_scanned_certificate_is_pointed_out_and_asks_for_no_answer(
    desk: Desk, read: Read, file: File
) -> None:
    scan = Paper("registration_certificate", "甲_营业执照.jpg", b"\xff\xd8\xff sample")
    filed = file(read(), scan, CREDIT)
    assert (filed.warnings, [each.rule for each in filed.notes]) == ((), ["note.business_scope"])
    with transaction(desk.engine) as tx:
        assert tx.one("SELECT warnings_open FROM cases") == (0,)
        assert [each.waits for each in findings_of(tx, filed.case_id)] == [False]


@pytest.mark.clause("M24-7.0")
def test_the_priority_mark_is_kept_for_ranking(desk: Desk, read: Read, file: File) -> None:
    file(read(standard_developer=True))
    with reading(desk.engine) as tx:
        assert tx.one("SELECT priority FROM cases") == (3,)


@pytest.mark.clause("B3-3", "B3-2.2")
def test_a_refusal_names_every_problem_and_leaves_nothing_behind(
    desk: Desk, read: Read, file: File, materials: Path
) -> None:
    form = read(examiners=0)
    with pytest.raises(FilingRefused) as refused:
        file(form, CREDIT)
    assert [each.clause for each in refused.value.problems] == ["B3-3", "B3-2.2"]
    assert str(refused.value) == (
        "必备材料不齐，缺少法人登记证书或营业执照复印件（加盖单位印章），请补齐后再报（另有1项）（B3-3）"
    )
    assert counted(desk) == dict.fromkeys(TABLES, 0)
    assert not materials.exists()


def test_a_full_disk_leaves_no_half_filed_case(desk: Desk, b3: CallRules, office: Actor, read: Read) -> None:
    def full(_: object) -> str:
        raise Refused("材料未能存入数据文件夹（磁盘空间不足），请处理后重试。")

    with pytest.raises(Refused):
        file_application(
            desk, read(), (CERTIFICATE, CREDIT), call="B3", channel=find("P50"), by=office, as_of=NOON,
            store=full,
        )  # fmt: skip
    assert counted(desk) == dict.fromkeys(TABLES, 0)


def test_a_form_with_problems_of_its_own_is_refused_with_all_of_them(read: Read, file: File) -> None:
    form = read(profile="示例" * 401, summary="示例" * 251)
    with pytest.raises(FilingRefused) as refused:
        file(form, CERTIFICATE, as_of=end_of(date(2024, 6, 21)))
    assert [str(each) for each in refused.value.problems] == [
        "「单位基本情况」共 802 字，限 800 字（空格和换行不计），请压缩后再报（B3-A）",
        "「已开展考核评价情况简述」共 502 字，限 500 字（空格和换行不计），请压缩后再报（B3-A）",
        "第三批申报已于2024年6月21日24时截止，逾期不再受理（B3-5.4）",
        "必备材料不齐，缺少信用报告或诚信承诺书，请补齐后再报（B3-3）",
    ]


@pytest.mark.clause("B3-2.4", "B3-5.3")
def test_an_unsigned_commitment_is_refused_on_its_own_ground(tmp_path: Path, file: File) -> None:
    cells = cells_of(B3_SAMPLE)
    unsigned = Cells({key: text for key, text in cells.texts.items() if key != "signed_on"}, cells.rows)
    path = tmp_path / "unsigned.docx"
    path.write_bytes(document_of(form_of(FormKind.EVALUATION), unsigned))
    assert refusal(file, read_docx(path, as_of=NOON, occupations=[B3_SAMPLE.occupation])) == (
        "「承诺·签署日期」没有填写，承诺未签署的不予受理，请由法定代表人或委托代理人签署后再报（B3-2.4）"
    )


@pytest.mark.clause("B3-5.4")
def test_a_late_application_is_refused_in_words(read: Read, file: File) -> None:
    late = end_of(date(2024, 6, 21))
    assert refusal(file, read(), as_of=late) == "第三批申报已于2024年6月21日24时截止，逾期不再受理（B3-5.4）"


def test_a_call_that_was_never_opened_takes_nothing(desk: Desk, office: Actor, read: Read) -> None:
    with pytest.raises(Refused) as refused:
        file_application(
            desk, read(), (CERTIFICATE, CREDIT), call="B3", channel=find("P50"), by=office, as_of=NOON,
            store=lambda _: "",
        )  # fmt: skip
    assert str(refused.value) == "没有代码为“B3”的遴选批次，可用 linxuan call list 查看。"


@pytest.mark.clause("M24-7.2b", "M24-7.2a")
def test_a_second_channel_is_refused_and_told_of_the_first(desk: Desk, read: Read, file: File) -> None:
    filed = file(read(), channel="D01")
    before = counted(desk)
    assert refusal(file, read(), channel="P50") == (
        f"{B3_SAMPLE.institution}的{B3_SAMPLE.occupation}已于2024年6月10日经工业和信息化部人事教育司申报，"
        f"编号{filed.no}，同一职业不得多渠道重复申报（M24-7.2b）"
    )
    assert counted(desk) == before


@pytest.mark.clause("M24-7.2b")
def test_a_different_form_through_the_same_channel_is_no_second_application(read: Read, file: File) -> None:
    filed = file(read())
    assert refusal(file, read(staff=B3_SAMPLE.staff + 1)) == (
        f"{B3_SAMPLE.institution}的{B3_SAMPLE.occupation}已于2024年6月10日经重庆市人力资源和社会保障局申报，"
        f"编号{filed.no}，不能再报一份内容不同的；需要更正的请先由受理单位退回补正，再重新导入（M24-7.2b）"
    )


def test_the_same_form_again_adds_nothing_and_gives_the_number_it_has(
    desk: Desk, read: Read, file: File
) -> None:
    first = file(read(founded=date(2020, 3, 2)))
    before = counted(desk)
    again = file(read(founded=date(2020, 3, 2)), as_of=end_of(date(2024, 6, 21)))
    assert (first.again, again.again, again.no, again.warnings) == (False, True, first.no, first.warnings)
    assert counted(desk) == before


@pytest.mark.clause("CQ23-5.2", "I21-3.1")
def test_an_institution_may_apply_for_several_occupations(read: Read, file: File) -> None:
    others = [each.title for each in call_rules("B3").occupations.value if each.title != B3_SAMPLE.occupation]
    numbers = [file(read(occupation=title)).no for title in (B3_SAMPLE.occupation, *others)]
    assert sorted(numbers) == [f"B3-{code}-0001" for code in ("JQRG", "MMGC", "SJAQ", "XNXS", "ZCZZ")]


def test_a_mended_application_is_taken_after_a_refusal(read: Read, file: File) -> None:
    assert refusal(file, read(), CREDIT) != ""
    assert file(read()).again is False


@pytest.mark.clause("M24-20c")
def test_another_name_under_the_same_code_is_refused_until_the_change_is_recorded(
    desk: Desk, read: Read, file: File, office: Actor
) -> None:
    others = [each.title for each in call_rules("B3").occupations.value if each.title != B3_SAMPLE.occupation]
    file(read())
    renamed = read(institution="示例新名称促进会", occupation=others[0])
    assert refusal(file, renamed) == (
        f"统一社会信用代码{B3_SAMPLE.uscc}已登记为“{B3_SAMPLE.institution}”，推荐表填写的是“示例新名称促进会”；"
        "填写有误的请更正后再报，单位已更名的请先办理更名登记（M24-20c）"
    )
    rename_institution(
        desk, B3_SAMPLE.uscc, "示例新名称促进会", by=office, as_of=NOON, reason="示例字〔2024〕1号"
    )
    assert file(renamed).institution == "示例新名称促进会"
    assert verify(desk.engine).ok


def test_brackets_width_and_spaces_make_no_other_name(read: Read, file: File) -> None:
    others = [each.title for each in call_rules("B3").occupations.value if each.title != B3_SAMPLE.occupation]
    file(read(institution="示例（重庆）中心"))
    assert file(read(institution="示例(重庆)　中心", occupation=others[0])).institution == "示例（重庆）中心"


@pytest.mark.clause("M24-9.5", "M24-9.4", "D-14")
def test_who_gave_up_waits_three_years_for_the_same_occupation_and_track(
    desk: Desk, read: Read, file: File
) -> None:
    others = [each.title for each in call_rules("B3").occupations.value if each.title != B3_SAMPLE.occupation]
    file(read(occupation=others[0]))
    _gave_up(desk, B3_SAMPLE.occupation, last_day=date(2021, 6, 10))
    assert refusal(file, read()) == (
        "申报单位该职业曾视为主动放弃，到期后3年内（至2024年6月10日）不得再次申报，"
        "2024年6月11日起可重新申报（M24-9.5）"
    )
    assert file(read(), as_of=end_of(date(2024, 6, 10))).again is False


@pytest.mark.clause("M24-9.1")
def test_who_stands_in_the_directory_is_told_to_renew(desk: Desk, read: Read, file: File) -> None:
    others = [each.title for each in call_rules("B3").occupations.value if each.title != B3_SAMPLE.occupation]
    file(read(occupation=others[0]))
    _listed(desk, B3_SAMPLE.occupation, last_day=date(2026, 1, 2))
    assert refusal(file, read()) == (
        "申报单位该职业已在目录内，有效期至2026年1月2日，期内不再重复申报，继续开展的请申请续期（M24-9.1）"
    )


@pytest.mark.clause("B3-4.3")
def test_each_clerk_files_through_the_office_that_is_theirs(
    read: Read, file: File, recommender: Callable[[str], Actor]
) -> None:
    assert refusal(file, read(), by=recommender("P11"), channel="P50") == (
        "P11经办人不能代重庆市人力资源和社会保障局提交申报，请用该单位的账号办理（B3-4.3）"
    )
    assert refusal(file, read(), by=Actor("专家", Role.PANEL)) == (
        "申报只能由申报单位、推荐单位、省级人力资源社会保障部门、工程指导协调小组办公室提交，当前身份为专家组（B3-4.3）"
    )
    assert file(read(), by=recommender("P50"), channel="P50").again is False


@pytest.mark.clause("M24-7.2a")
def test_through_a_department_the_province_is_that_of_the_address(desk: Desk, read: Read, file: File) -> None:
    file(read(address="内蒙古自治区示例市示例路1号"), channel="D01")
    with reading(desk.engine) as tx:
        assert tx.one("SELECT province, channel FROM cases") == ("15", "D01")


@pytest.mark.clause("M24-7.2a")
def test_through_a_department_an_address_without_a_province_falls_back_on_the_code(
    desk: Desk, read: Read, file: File
) -> None:
    file(read(address="示例区示例路1号"), channel="D01")
    with reading(desk.engine) as tx:
        assert tx.one("SELECT province FROM institution") == (B3_SAMPLE.uscc[2:4],)


@pytest.mark.clause("CQ23-1.3a", "CQ23-4.1", "CQ23-5.3")
def test_chongqing_files_by_its_own_notice(desk: Desk, office: Actor, read: Read, file: File) -> None:
    noon = datetime(2023, 6, 12, 4, tzinfo=UTC)
    open_call(desk, "CQ23", by=office, as_of=datetime(2023, 6, 1, 1, tzinfo=UTC))

    def chongqing(channel: str = "P50", **changes: Any) -> Filed:
        form = read(sample("CQ23"), call="CQ23", as_of=noon, **changes)
        return file(form, call="CQ23", channel=channel, as_of=noon)

    with pytest.raises(Refused) as closed:
        chongqing(occupation="大数据工程技术人员")
    assert closed.value.clause == "CQ23-1.3a"
    with pytest.raises(Refused) as elsewhere:
        chongqing(channel="P11")
    assert elsewhere.value.clause == "CQ23-4.1"
    assert chongqing().no.startswith("CQ23-")


@pytest.mark.clause("CQ23-A1", "I21-4.3")
def test_a_training_institution_files_on_the_other_form(
    desk: Desk, office: Actor, read: Read, file: File
) -> None:
    noon = datetime(2023, 6, 12, 4, tzinfo=UTC)
    open_call(desk, "CQ23", by=office, as_of=datetime(2023, 6, 1, 1, tzinfo=UTC))
    training = sample("CQ23", "training")
    filed = file(read(training, call="CQ23", as_of=noon), call="CQ23", as_of=noon)
    with reading(desk.engine) as tx:
        assert filed_form(tx, filed.case_id) == training
        assert tx.one("SELECT track FROM cases") == ("training",)


@pytest.mark.clause("B3-2.3")
def test_the_numbers_of_a_warning_are_those_of_the_form(read: Read, file: File) -> None:
    scale = tuple(
        EvaluationYear(year=year, certificate="示例证书", nature="自有证书", issued=1640)
        for year in range(2019, 2024)
    )
    filed = file(read(scale=scale, total_scale=8200, own_scale=8200))
    assert [str(each) for each in filed.warnings] == [
        "近5年（2019—2023年）年均1,640人次，一般应达到2000人次以上（B3-2.3）"
    ]
    assert filed.notes == ()


def test_the_log_tells_what_was_filed_and_by_whom(
    desk: Desk, read: Read, file: File, recommender: Callable[[str], Actor]
) -> None:
    filed = file(read(), by=recommender("P50"))
    with reading(desk.engine) as tx:
        entries = tx.rows(
            "SELECT kind, name, actor FROM audit WHERE case_id = ? ORDER BY seq", (filed.case_id,)
        )
    assert entries == [("move", "file", "recommender:P50经办人"), ("filing", "form", "recommender:P50经办人")]
    assert verify(desk.engine).ok


def _gave_up(desk: Desk, occupation: str, *, last_day: date) -> None:
    _term(desk, occupation, last_day, ended=True)


def _listed(desk: Desk, occupation: str, *, last_day: date) -> None:
    _term(desk, occupation, last_day, ended=False)


def _term(desk: Desk, occupation: str, last_day: date, *, ended: bool) -> None:
    """A term of the institution on record, as another call left it."""
    code = next(each.code for each in call_rules("B3").occupations.value if each.title == occupation)
    with transaction(desk.engine) as tx:
        (institution,) = tx.one("SELECT id FROM institution") or (0,)
        (case_id,) = tx.run(
            "INSERT INTO cases (no, version, call, track, process, occupation, institution_id, province, channel,"
            " stage, entered_at, updated_at, materials_missing, warnings_open, priority, departs, objections_open,"
            " term_no, activity, duties_done, levels, contact_mail, due_provisional) VALUES"
            " ('OLD-1',1,'OLD','evaluation','OLD/evaluation@1',?,?,'50','P50',?,?,?,0,0,0,0,0,1,0,'','','',0)"
            " RETURNING id",
            (code, institution, "exited" if ended else "listed", NOON, NOON),
        ).fetchone()
        tx.run(
            "INSERT INTO term (case_id, institution_id, track, occupation, levels, number, starts_at, last_day,"
            " ended_at, end_ground, cooling_until) VALUES (?,?,'evaluation',?,'',1,?,?,?,?,?)",
            (
                case_id, institution, code, datetime(2018, 6, 10, 4, tzinfo=UTC), last_day,
                end_of(last_day) if ended else None, "not_applied" if ended else None,
                cooling_off_until(last_day) if ended else None,
            ),
        )  # fmt: skip

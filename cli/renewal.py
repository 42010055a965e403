"""``linxuan renewal``: who may apply until when, the report form, filing, what the checks say, return and answers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Call, Channel, Data, Json, Occupation, Province, Track

if TYPE_CHECKING:
    from datetime import date, datetime

    from casework.actors import Actor
    from casework.desk import Desk
    from casework.renewals.filing import NewApplication
    from cli.opening import Opened
    from states.renewals.windows import Phase
    from states.roles import Role

app = Noun("续期：申请期、报告表、提交和补正、审核要点、退回、说明出入")
No = Annotated[str, typer.Argument(metavar="申报", help="申报编号，如 B3-SJAQ-0007")]
Report = Annotated[
    Path | None, typer.Argument(metavar="报告", help="填好的报告表（.docx）；不写即用已存的草稿")
]
ConsentFile = Annotated[
    Path | None, typer.Option("--consent", metavar="文件", help="行业主管部门同意意见的扫描件或电子件")
]
Office = Annotated[str, typer.Option("--consent-office", metavar="部门", help="同意部门，不写即按报告表")]
ConsentNo = Annotated[str, typer.Option("--consent-no", metavar="文号", help="同意意见文号，不写即按报告表")]
ConsentDate = Annotated[
    str, typer.Option("--consent-date", metavar="日期", help="同意意见日期，如 2027-05-10，不写即按报告表")
]


@app.command("list", epilog="linxuan renewal list --window closing --province 重庆")
def list_(
    phase: Annotated[
        str | None,
        typer.Option("--window", metavar="阶段", help="open（可申请）、closing（即将截止）、missed（逾期未申请）等"),
    ] = None,
    call: Call = None, track: Track = None, province: Province = None, channel: Channel = None, occupation: Occupation = None,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """列出在册机构的续期申请期：谁可以申请、谁还没有申请、最迟哪天、还有几个工作日"""
    from casework.renewals.reading import renewals
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.choosing import choose
    from cli.opening import opened
    from cli.showing import record, say, say_json, table

    now = read_as_of(as_of)
    wanted = _phase(phase)
    with opened(data, as_of=now) as here:
        chosen = choose(
            here.desk, call=call, track=track, province=province, channel=channel, occupation=occupation
        )
        found = renewals(here.desk, chosen, as_of=now, actor=reader(here.desk, as_), phase=wanted)
    if as_json:
        say_json([{**record(each), "window": record(each.window)} for each in found])
        return
    if not found:
        say("没有这样的机构。")
        return
    rows = [
        (each.no, each.institution, each.term_no, each.window.last_day, each.window.opens, each.window.closes,
         each.window.phase.label, f"还有{each.window.days_left}个工作日" if each.window.phase in ("open", "closing") else "")
        for each in found
    ]  # fmt: skip
    table(
        ("编号", "机构", "第几个有效期", "有效期至", "可申请日", "最迟申请日", "情形", ""), rows, right=(2,)
    )


@app.command(epilog="linxuan renewal blank B3-SJAQ-0007 -o 报告.docx")
def blank(
    no: No,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="文件", help="写到哪个 .docx 文件")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """取得续期报告表（Word）：单位、职业、有效期和已报送的数据已经印好"""
    from casework.renewals.about import about
    from casework.renewals.form_writing import form_bytes
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.output import refused_in_words
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        found = about(here.desk, no, as_of=now, actor=reader(here.desk, as_))
    with refused_in_words(out, "", "请换一个位置"):
        out.write_bytes(form_bytes(found))
    say(f"{found.case_no}的续期报告表已写入{out}，最迟于{found.window.closes}（含当日）提交。")


@app.command(epilog="linxuan renewal draft B3-SJAQ-0007 报告.docx")
def draft(
    no: No, report: Report = None, consent: ConsentFile = None, office: Office = "", number: ConsentNo = "",
    on: ConsentDate = "", as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """存下尚未备齐的续期申请，并列出还缺什么；不算提交"""
    from casework.renewals.filing import draft as keep
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say, say_json

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = _applicant(here.desk, as_, no)
        new = _new(here, no, report, consent, (office, number, on), now)
        made = keep(here.desk, no, new, by=by, as_of=now, store=here.installation.store_material)
    if as_json:
        say_json(record(made))
        return
    say(
        f"草稿{made.no}已存下，尚未提交。{'材料已齐，可以提交。' if not made.missing else f'还有{len(made.missing)}处：'}"
    )
    for each in made.missing:
        say(f"  {each}")


@app.command(
    epilog="linxuan renewal file B3-SJAQ-0007 报告.docx --consent 同意函.pdf --consent-no 示例函1号 --consent-date 2027-05-10"
)
def file(
    no: No, report: Report = None, consent: ConsentFile = None, office: Office = "", number: ConsentNo = "",
    on: ConsentDate = "", as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """提交续期申请，或者提交退回后的补正；缺什么、错在哪里逐一说明，不提交一半"""
    from casework.renewals.filing import file as hand_in
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say, say_json

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = _applicant(here.desk, as_, no)
        new = _new(here, no, report, consent, (office, number, on), now)
        made = hand_in(here.desk, no, new, by=by, as_of=now, store=here.installation.store_material)
    if as_json:
        say_json(record(made))
    elif made.absorbed:
        say(f"该续期申请此前已提交，编号{made.no}，不重复提交。")
    else:
        more = f"与已报送的数据有{made.warnings}处出入，审核时须书面说明。" if made.warnings else ""
        say(f"续期申请{made.no}已{'补正' if made.corrects else '提交'}。{more}")


@app.command(epilog="linxuan renewal show B3-SJAQ-0007")
def show(no: No, as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """查看续期：申请期、活动量怎么算的、报告数据、与已报送数据的出入、同意意见"""
    from casework.renewals.reading import renewal
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.renewal_page import page, plain
    from cli.showing import say_json

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        view = renewal(here.desk, no, as_of=now, actor=reader(here.desk, as_))
    if as_json:
        say_json(plain(view))
    else:
        page(view)


@app.command(epilog="linxuan renewal document B3-SJAQ-0007 consent -o 同意函.pdf")
def document(
    no: No,
    part: Annotated[str, typer.Argument(metavar="文件", help="report（报告）或 consent（同意意见）")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="文件", help="写到哪里")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """取出续期申请所附的报告或者同意意见"""
    from casework.renewals.reading import read_document
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.output import refused_in_words
    from cli.showing import say
    from states.refusals import Refused

    if part not in ("report", "consent"):
        raise Refused(f"文件应为 report（报告）或 consent（同意意见），收到的是“{part}”。")
    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        name, content = read_document(
            here.desk, no, part, read=here.installation.read_material, as_of=now, actor=reader(here.desk, as_)
        )
    with refused_in_words(out, "", "请换一个位置"):
        out.write_bytes(content)
    say(f"{name}已写入{out}。")


@app.command("return", epilog="linxuan renewal return B3-SJAQ-0007 --stating 请补充2026年收费情况")
def return_(
    no: No,
    stating: Annotated[str, typer.Option("--stating", metavar="文字", help="须补正的内容")],
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """退回补正：补正期限另计，按时提出的申请不因退回而逾期；逾期未补正视为未申请（D-4）"""
    from casework.renewals.reviewing import return_application
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say, say_json

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        made = return_application(
            here.desk, no, stating, by=_decider(here.desk, as_, no, "退回补正"), as_of=now
        )
    if as_json:
        say_json(record(made))
    else:
        say(f"续期申请{made.no}已退回补正，最迟于{made.due}（含当日）补正。")


@app.command(epilog="linxuan renewal answer B3-SJAQ-0007 1 --stating 逐场报送漏报一场，已核实")
def answer(
    no: No,
    number: Annotated[int, typer.Argument(metavar="序号", help="第几处出入")],
    stating: Annotated[str, typer.Option("--stating", metavar="文字", help="审核说明")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """逐项说明报告与已报送数据的出入；全部说明之后才能同意续期"""
    from casework.renewals.reviewing import answer_contradiction
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = _decider(here.desk, as_, no, "说明出入")
        left = answer_contradiction(here.desk, no, number, stating, by=by, as_of=now)
    say(f"第{number}处已说明，{f'还有{left}处未说明' if left else '全部说明完毕'}。")


def _phase(text: str | None) -> "Phase | None":
    from states.refusals import Refused
    from states.renewals.windows import Phase

    if text is None:
        return None
    for each in Phase:
        if text.strip() in (each.value, each.label):
            return each
    offered = "、".join(f"{each.value}（{each.label}）" for each in Phase)
    raise Refused(f"没有阶段“{text}”，可用的有：{offered}。")


def _new(
    here: "Opened",
    no: str,
    report: Path | None,
    consent: Path | None,
    said: tuple[str, str, str],
    now: "datetime",
) -> "NewApplication":
    """What was typed, with its files read."""
    from casework.intake.packages import contents_of
    from casework.objections.evidence import LARGEST, Evidence
    from casework.renewals.about import about
    from casework.renewals.filing import NewApplication
    from casework.renewals.form_reading import read_form
    from states.renewals.report import Consent

    filled = file_ = None
    if report is not None:
        filled = read_form(report, about(here.desk, no, as_of=now))
        file_ = Evidence(report.name, contents_of(report, largest=LARGEST))
    office, number, on = said
    given = Consent(office.strip(), number.strip(), _date(on) if on else None)
    base = filled.consent if filled else Consent()
    merged = Consent(given.office or base.office, given.number or base.number, given.on or base.on)
    paper = Evidence(consent.name, contents_of(consent, largest=LARGEST)) if consent is not None else None
    return NewApplication(filled, file_, merged if merged != Consent() else None, paper)


def _date(text: str) -> "date":
    from datetime import date

    from states.refusals import Refused

    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(
            f"--consent-date 应为日期（如2027-05-10），收到的是“{text}”。", clause="M24-9.1"
        ) from None


def _applicant(desk: "Desk", login: str | None, no: str) -> "Actor":
    from states.roles import Role

    return _actor(desk, login, no, "申请续期", (Role.APPLICANT, Role.RECOMMENDER))


def _decider(desk: "Desk", login: str | None, no: str, what: str) -> "Actor":
    from casework.history import find_case
    from records.transaction import reading
    from states.roles import Role

    with reading(desk.engine) as tx:
        facts = find_case(tx, no)[0].facts
    by = desk.processes.process(facts.process).move("renewal", "approve_renewal").by
    return _actor(desk, login, no, what, tuple(sorted(by, key=list(Role).index)))


def _actor(desk: "Desk", login: str | None, no: str, what: str, by: "tuple[Role, ...]") -> "Actor":
    from casework.history import find_case
    from cli.acting import Place, who_acts
    from records.transaction import reading

    with reading(desk.engine) as tx:
        facts = find_case(tx, no)[0].facts
    place = Place(facts.channel, facts.province, facts.institution_id)
    return who_acts(desk, login, what, by, [place], "M24-9.1")

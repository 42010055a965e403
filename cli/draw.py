"""``linxuan draw``: commit, run, replace, and verify a certificate with nothing but the file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json

if TYPE_CHECKING:
    from casework.panels.committing import Committed

app = Noun("抽取专家：承诺、抽取、补抽、证书、核验")
Panel = Annotated[str, typer.Argument(metavar="专家组", help="专家组编号，如 B3-SJAQ-P01")]
LeaveOut = Annotated[
    str | None,
    typer.Option(
        "--leave-out-held", metavar="理由", help="回避情形待核定的专家一律不参加抽取，写明为何不逐一核定"
    ),
]


@app.command(epilog="linxuan draw commit B3-SJAQ-P01")
def commit(
    panel: Panel, leave_out_held: LeaveOut = None,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """冻结专家库和排除名单，公布承诺

    显示的内容应在抽取公开数字之前公布；此后由另一人录入公开数字（linxuan draw run）。"""
    from casework.panels.committing import commit as promise

    _promise(promise, panel, leave_out_held, as_, data, as_of, as_json)


@app.command(epilog="linxuan draw replace B3-SJAQ-P01")
def replace(
    panel: Panel, leave_out_held: LeaveOut = None,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """为空缺席位公布新的承诺，在席专家不变

    此后同样用 linxuan draw run 抽取。"""
    from casework.panels.committing import replace as promise

    _promise(promise, panel, leave_out_held, as_, data, as_of, as_json)


@app.command(
    epilog="linxuan draw run B3-SJAQ-P01 --digits 0713223142705 --source 示例彩票第2024089期 --supervisor li"
)
def run(
    panel: Panel,
    digits: Annotated[str, typer.Option("--digits", metavar="数字", help="公开数字，6至40位，照录")],
    source: Annotated[str, typer.Option("--source", metavar="来源", help="公开数字从哪里来，如某期彩票、掷骰子")],
    supervisor: Annotated[str, typer.Option("--supervisor", metavar="账号", help="监督人的账号，不能是公布承诺的人")],
    data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """录入公开数字，抽取专家，并排入邀请

    只显示代号；证书用 linxuan draw certificate 取出。"""
    from casework.panels.drawing import draw
    from cli.acting import account
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say, say_json

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = account(here.desk, supervisor)
        drew = draw(here.desk, panel, digits=digits, source=source, supervisor=by, as_of=now)
    if as_json:
        say_json(record(drew))
        return
    say(
        f"专家组{drew.panel}第{drew.round}轮：可抽专家{drew.eligible}人，抽出{len(drew.seats)}人，邀请已排入发送。"
    )
    for place, name in enumerate(drew.seats, 1):
        say(f"  {place}. 代号 {name}")
    say(f"证书指纹：{drew.certificate_sha256}")


@app.command(epilog="linxuan draw abandon B3-SJAQ-P01 --stating 承诺后又有申报进入评议")
def abandon(
    panel: Panel,
    stating: Annotated[str, typer.Option("--stating", metavar="文字", help="为何作废")],
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """作废已公布而未抽取的承诺，轮次和理由留存"""
    from casework.panels.drawing import abandon as give_up
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = office_or(here.desk, as_)
        give_up(here.desk, panel, because=stating, by=by, as_of=now)
    say(f"专家组{panel}的本轮承诺已作废：{stating.strip()}。")


@app.command(epilog="linxuan draw certificate B3-SJAQ-P01 --round 1 -o B3-SJAQ-P01-1.json")
def certificate(
    panel: Panel,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="文件", help="写入哪个文件（不能已存在）")],
    round_: Annotated[int, typer.Option("--round", metavar="轮次", min=1, help="第几轮")] = 1,
    sealed: Annotated[bool, typer.Option("--sealed", help="密封本，含姓名，只供办公室、协调小组和审计人员")] = False,
    as_: As = None, data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """取出一轮抽取的证书（公开本，或含姓名的密封本）"""
    from casework.panels.certificate_files import write_certificate
    from casework.panels.certificates import certificate as found
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        actor = office_or(here.desk, as_)
        value = found(here.desk, panel, round_, actor=actor, as_of=now, sealed=sealed)
    write_certificate(value, output, sealed=sealed)
    say(
        f"已写入{output}（{'密封本，请妥善保管' if sealed else '公开本'}），用 linxuan draw verify {output} 核验。"
    )


@app.command(epilog="linxuan draw verify B3-SJAQ-P01-1.json")
def verify(
    file: Annotated[Path, typer.Argument(metavar="文件", help="抽取证书（.json），公开本或密封本")],
    as_json: Json = False,
) -> None:
    """核验一份抽取证书：只用这个文件，不需要数据和网络"""
    from casework.panels.certificate_files import read_certificate
    from cli.showing import note, say, say_json
    from states.draw.verification import verify as prove

    proof = prove(read_certificate(file))
    if as_json:
        say_json({"ok": proof.ok, "proved": proof.proved, "faults": proof.faults})
    else:
        for sentence in proof.proved:
            say(f"属实：{sentence}")
        for sentence in proof.faults:
            note(f"不符：{sentence}")
        if proof.ok:
            say("结论：证书属实。")
        else:
            note("结论：证书不能采信。（M24-7.3c）")
    if not proof.ok:
        raise typer.Exit(2)


def _promise(
    promise: "object",
    panel: str,
    leave_out_held: str | None,
    as_: str | None,
    data: Path | None,
    as_of: str | None,
    as_json: bool,
) -> None:
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import record, say_json

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        by = office_or(here.desk, as_)
        made: Committed = promise(here.desk, panel, by=by, as_of=now, leave_out_held_because=leave_out_held)  # type: ignore[operator]
    if as_json:
        say_json(record(made))
        return
    _show(made)


def _show(made: "Committed") -> None:
    from cli.showing import pairs, say

    say(f"专家组{made.panel}第{made.round}轮，抽取{made.seats}人。请在抽取公开数字之前公布：\n")
    pairs(
        {
            "专家库": f"{made.pool}人，排除{made.excluded}人（其中待核定{made.held}人）",
            "专家库哈希": made.pool_sha256,
            "抽取条件哈希": made.frame_sha256,
            "密钥承诺": made.commitment,
        }
    )
    say(
        f"\n公开数字产生后，由另一人运行 linxuan draw run {made.panel} --digits … --source … --supervisor …。"
    )

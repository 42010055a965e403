"""``linxuan extract``: whether an institution stood in the directory on a day, signed, and checked without us."""

from pathlib import Path
from typing import Annotated

import typer

from cli.chinese import Noun
from cli.default_verb import DefaultVerb
from cli.options import AsOf, Data, Json
from states.refusals import Refused

app = Noun("目录摘录：出具、核验、公钥", cls=DefaultVerb)

LARGEST = 6 << 20


@app.command(
    "show",
    epilog="linxuan extract 示例（天津）南屏虚拟现实科技股份有限公司 --on 2025-01-01 -o 摘录.json\nlinxuan extract B3-SJAQ-0007",
)
def show(
    who: Annotated[str, typer.Argument(metavar="机构|编号", help="机构全称、统一社会信用代码，或申报编号")],
    on: Annotated[str | None, typer.Option("--on", metavar="日期", help="哪一天的目录，不写即今天")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="写入文件，不写则输出到屏幕")] = None,
    data: Data = None, as_of: AsOf = None,
) -> None:  # fmt: skip
    """出具签名的目录摘录：某机构某日在不在目录中，凭哪些决定

    摘录含公示起止和计算说明、有效期、职业、等级、状态和审计记录的哈希，不含个人信息；用本机构的密钥签名，任何人可凭公钥核验。"""
    from casework.extracts import make_extract
    from casework.signing import signer
    from cli.as_of import read_as_of, read_day
    from cli.opening import opened
    from cli.output import refused_in_words
    from cli.showing import say
    from states.calendar import day_of

    now = read_as_of(as_of)
    wanted = read_day(on) if on else day_of(now)
    with opened(data, as_of=now) as here:
        key = signer(here.desk.engine, as_of=now)
        content = make_extract(here.desk, who, on=wanted, signer=key, as_of=now)
    if output is None:
        say(content.decode().rstrip("\n"))
        return
    with refused_in_words(output):
        output.write_bytes(content)
    say(f"已写入{output}，由密钥{key.key_id}签名。")


@app.command(epilog="linxuan extract verify 摘录.json --key 公钥.txt")
def verify(
    file: Annotated[Path, typer.Argument(metavar="文件", help="要核验的摘录")],
    key: Annotated[str, typer.Option("--key", metavar="公钥", help="出具单位公布的公钥：44个字符，或存放它的文件（也可为 PEM）")],
    log: Annotated[
        Path | None, typer.Option("--log", metavar="文件", help="另与 audit export 导出的审计日志核对")
    ] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """核验摘录：逐字节校验，说明证明了什么；不需要数据文件夹，也不联网"""
    from casework.extract_proof import prove_extract
    from casework.signing import read_public_key
    from cli.showing import say, say_json

    public = read_public_key(_key_text(key))
    lines = _read(log, None).decode(errors="replace").splitlines() if log else None
    proof = prove_extract(_read(file, LARGEST), public, log=lines)
    if as_json:
        say_json({"proved": proof.proved, "content": proof.says})
        return
    for sentence in proof.proved:
        say(sentence)


@app.command(epilog="linxuan extract key\nlinxuan extract key --pem > 公钥.pem")
def key(
    pem: Annotated[bool, typer.Option("--pem", help="按 PEM 格式输出，供 OpenSSL 等使用")] = False,
    data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """显示签名公钥，供公布；首次使用时生成密钥"""
    from casework.signing import signer
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import say, say_json

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        found = signer(here.installation.engine, as_of=now)
    if as_json:
        say_json({"key_id": found.key_id, "public_key": found.public, "pem": found.pem})
    else:
        say(found.pem.rstrip("\n") if pem else found.public)


def _key_text(given: str) -> str:
    path = Path(given)
    try:
        if path.is_file():
            return _read(path, 1 << 16).decode(errors="replace")
    except (OSError, ValueError):
        pass
    return given


def _read(path: Path, most: int | None) -> bytes:
    from casework.faults import os_fault

    try:
        with path.open("rb") as stream:
            return stream.read() if most is None else stream.read(most)
    except OSError as error:
        raise Refused(f"文件{path}无法读取（{os_fault(error)}），请检查路径和权限。") from None

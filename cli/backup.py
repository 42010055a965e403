"""``linxuan backup``: everything in one file, proved to be readable before it counts."""

from pathlib import Path
from typing import Annotated

import typer

from cli.chinese import Noun
from cli.options import Data, Json

app = Noun("备份到一个文件")


@app.command(epilog="linxuan backup 遴选备份-20240701.zip")
def backup(
    file: Annotated[Path, typer.Argument(metavar="文件", help="新的备份文件，不能已存在")],
    with_key: Annotated[bool, typer.Option("--with-key", help="连同加密密钥，得到文件者即可读取身份证件号码")] = False,
    data: Data = None, as_json: Json = False,
) -> None:  # fmt: skip
    """备份到一个文件

    数据库、材料、通知和设置，运行中也可备份；写完即读回校验，校验不过不留文件。"""
    from casework.backup import backup as write
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.showing import note, say, say_json

    now = read_as_of(None)
    with opened(data, as_of=now) as here:
        done = write(here.installation, file, as_of=now, with_key=with_key)
    if as_json:
        say_json({
            "file": str(done.file), "files": done.files, "size": done.size, "audit_entries": done.audit_entries,
            "notes": list(done.notes),
        })  # fmt: skip
        return
    say(
        f"已备份到{done.file}：{done.files}个文件，{done.size}字节，审计记录{done.audit_entries}条，读回校验无误。"
    )
    for sentence in done.notes:
        note(f"提示：{sentence}")

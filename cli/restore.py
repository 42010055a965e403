"""``linxuan restore``: a backup becomes a data folder again."""

from pathlib import Path
from typing import Annotated

import typer

from cli.chinese import Noun
from cli.options import Data, Json

app = Noun("从备份文件恢复到一个空文件夹")


@app.command(epilog="linxuan restore 遴选备份-20240701.zip --data 恢复")
def restore(
    file: Annotated[Path, typer.Argument(metavar="文件", help="linxuan backup 写的备份文件")],
    data: Data = None, as_json: Json = False,
) -> None:  # fmt: skip
    """从备份文件恢复到一个空文件夹

    先校验全部内容，再放到 --data 指定的文件夹；该文件夹须不存在或是空的。"""
    from casework.restore import restore as unpack
    from cli.opening import settings_for
    from cli.showing import note, say, say_json

    folder = settings_for(data).data
    done = unpack(file, folder)
    if as_json:
        say_json({
            "data": str(folder), "files": len(done.manifest.files), "audit_entries": done.audit_entries,
            "notes": list(done.notes),
        })  # fmt: skip
        return
    say(f"已恢复到{folder}：{len(done.manifest.files)}个文件，审计记录{done.audit_entries}条，校验无误。")
    for sentence in done.notes:
        note(f"提示：{sentence}")

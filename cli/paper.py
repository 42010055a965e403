"""``linxuan paper``: papers to print and sign, as Word files."""

from pathlib import Path
from typing import Annotated

import typer

from cli.chinese import Noun
from cli.options import As, AsOf, Data, Json

app = Noun("文书：抽取记录、承诺书、会议记录、表决汇总、评审报告、复核报批")
OWN_TEMPLATES = "papers"
"""The folder of the data folder in which an office keeps templates of its own."""


@app.command(
    epilog="linxuan paper issue ballot_summary B3-SJAQ-Z01\nlinxuan paper issue declaration B3-SJAQ-Z01 --which 3"
)
def issue(
    kind: Annotated[str, typer.Argument(metavar="文书", help="种类，见 linxuan paper list")],
    panel: Annotated[str, typer.Argument(metavar="专家组", help="专家组编号")],
    which: Annotated[int, typer.Option("--which", metavar="序号", min=1, help="抽取记录的轮次、承诺书的席次或会议的次序")] = 1,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="写入哪个文件，不写则按文书名称")] = None,
    as_: As = None, data: Data = None, as_of: AsOf = None, as_json: Json = False,
) -> None:  # fmt: skip
    """出具一份文书（.docx），编号一经给出不再改变；数据文件夹的 papers 中有同名模板时用该模板"""
    from casework.papers.issuing import issue as write
    from cli.acting import office_or
    from cli.as_of import read_as_of
    from cli.opening import opened
    from cli.output import refused_in_words
    from cli.showing import say, say_json

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        own = here.installation.data / OWN_TEMPLATES
        made = write(
            here.desk, kind, panel, by=office_or(here.desk, as_), as_of=now, which=which, folder=own
        )  # fmt: skip
    path = output or Path(made.file_name)
    with refused_in_words(path):
        path.write_bytes(made.data)
    if as_json:
        say_json({"kind": kind, "number": made.number, "file": str(path)})
    else:
        say(f"已出具{made.number}：{path}")


@app.command("list", epilog="linxuan paper list")
def list_(as_json: Json = False) -> None:
    """列出文书的种类"""
    from casework.papers.wording import PAPERS
    from cli.showing import say_json, table

    rows = [(kind, paper.title, paper.clause) for kind, paper in PAPERS.items()]
    if as_json:
        say_json([dict(zip(("kind", "title", "clause"), row, strict=True)) for row in rows])
    else:
        table(("种类", "名称", "依据"), rows)

"""Options that many commands share, said once."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="目录", help="数据文件夹；也可设环境变量 LINXUAN_DATA，都没有时用当前目录下的 data"
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="时间",
        help="以该时间为准（北京时间），如 2024-06-21 或 2024-06-21T09:30；不写即现在",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取")]
As = Annotated[
    str | None,
    typer.Option("--as", metavar="账号", help="以该账号的身份和范围办理；不写即本机操作员，审计日志会写明"),
]
Limit = Annotated[int, typer.Option("--limit", metavar="条数", min=1, max=100_000, help="最多列出多少条")]

Call = Annotated[str | None, typer.Option("--call", metavar="批次", help="批次代码，如 B3")]
Track = Annotated[
    str | None, typer.Option("--track", metavar="类别", help="evaluation（评价）或 training（培训）")
]
Stage = Annotated[str | None, typer.Option("--stage", metavar="环节", help="环节，如 initial_review 或 初核")]
Province = Annotated[str | None, typer.Option("--province", metavar="省份", help="省份，如 重庆 或 50")]
Channel = Annotated[
    str | None, typer.Option("--channel", metavar="渠道", help="推荐单位，如 P50、D01 或其名称")
]
Occupation = Annotated[
    str | None, typer.Option("--occupation", metavar="职业", help="职业，如 SJAQ 或 数据安全")
]
Institution = Annotated[
    str | None, typer.Option("--institution", metavar="单位", help="单位名称的一部分，或统一社会信用代码")
]
Nos = Annotated[list[str] | None, typer.Option("--no", metavar="编号", help="申报编号，如 B3-SJAQ-0007")]

Stating = Annotated[
    str | None, typer.Option("--stating", metavar="文字", help="该办理要求填写的第一项文字，如理由、核查结论")
]
Setting = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="项=值", help="该办理要求的其他内容，如 letter_no=渝人社函〔2024〕12号"),
]

"""The columns of a sheet of experts: their headings, how each is filled in, and what an empty cell means.

Columns marked ``tells`` decide recusal (M24-7.3b): there an empty cell is unknown, and 无 says that there is nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from casework.intake.labels import spellings
from states.recusal import TieKind

NONE_WORDS = ("无", "没有")
ANY_DAY = "不限"


@dataclass(frozen=True, slots=True)
class PoolColumn:
    """One column: ``how`` tells the clerk how to fill it in; ``parts`` are the columns inside one cell."""

    key: str
    heading: str
    how: str
    required: bool = False
    tells: bool = False
    parts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    code: bool = False


_KINDS = "、".join(kind.label for kind in TieKind)

COLUMNS: tuple[PoolColumn, ...] = (
    PoolColumn("name", "姓名", "真实姓名，不带职务和称呼", required=True, aliases=("专家姓名",)),
    PoolColumn(
        "identity", "身份证号", "18位，单元格设为文本格式；加密保存，不在任何列表中出现", required=True, code=True,
        aliases=("身份证号码", "居民身份证号", "公民身份号码"),
    ),
    PoolColumn(
        "employer", "工作单位", "现工作单位全称，只填一个；以往或兼职单位填入“工作经历”", required=True,
        aliases=("单位名称", "所在单位", "单位"),
    ),
    PoolColumn(
        "uscc", "统一社会信用代码", "现工作单位的18位代码，单元格设为文本格式", required=True, code=True,
        aliases=("单位统一社会信用代码", "工作单位统一社会信用代码", "信用代码"),
    ),
    PoolColumn(
        "fields", "评议职业", "职业名称或代码，多个用顿号隔开，如：数据安全、RGZN", required=True,
        aliases=("职业", "专业领域", "领域", "评议领域"),
    ),
    PoolColumn("title", "职称", "如：教授、正高级工程师", aliases=("专业技术职称", "技术职称")),
    PoolColumn(
        "province", "省份", "现工作单位所在省份的名称或两位代码", required=True, aliases=("所在省份", "所在地")
    ),
    PoolColumn(
        "mail", "电子邮箱", "本人邮箱，抽中后的通知和评审入口只发到这里；每人一个", required=True,
        aliases=("邮箱", "电子邮件"),
    ),
    PoolColumn(
        "phone", "手机号码", "可不填；加密保存", aliases=("联系电话", "电话", "手机", "手机号"), code=True
    ),
    PoolColumn(
        "employment", "工作经历", "近年任职过的单位，没有则填“无”；止日写“至今”的兼职也在这里填写；没有代码的境外等单位，"
        "代码处填“无”", tells=True, parts=("单位名称", "统一社会信用代码", "起", "止"), aliases=("任职经历", "工作履历"),
    ),
    PoolColumn(
        "ties", "利害关系", f"与可能申报的单位或其人员的关系，没有则填“无”；关系分{_KINDS}；单位和人员至少写一项，"
        "只写人员的须人工核定",
        tells=True, parts=("关系", "单位名称", "统一社会信用代码", "相关人员", "说明"), aliases=("需回避的关系", "回避关系"),
    ),
    PoolColumn(
        "legal_representative", "单位法定代表人", "现工作单位的法定代表人（负责人）姓名，没有则填“无”", tells=True,
        aliases=("工作单位法定代表人", "法定代表人"),
    ),
    PoolColumn(
        "shareholders", "单位出资人代码", "现工作单位各出资单位的统一社会信用代码，用顿号隔开；没有出资单位的（如高校）填“无”",
        tells=True, aliases=("出资人代码", "股东代码", "单位股东代码"),
    ),
    PoolColumn(
        "service", "以往评议", "以往评议过的单位，没有则填“无”；批次写批次代码（如 B3）或年份（如 2022）", tells=True,
        parts=("单位统一社会信用代码", "批次"), aliases=("以往评审", "评审经历"),
    ),
    PoolColumn(
        "available", "可参加日期", f"如：2024-07-01至2024-07-12，多段用分号隔开；都可以填“{ANY_DAY}”，都不行填“无”；"
        "可不填", aliases=("可参加时间", "可用日期"),
    ),
)  # fmt: skip

BY_KEY: Mapping[str, PoolColumn] = MappingProxyType({column.key: column for column in COLUMNS})

HEADINGS: Mapping[str, PoolColumn] = MappingProxyType(
    {
        spelling: column
        for column in reversed(COLUMNS)
        for spelling in spellings(column.heading, column.aliases)
    }
)
"""Every spelling of every heading, to its column."""

REQUIRED = tuple(column.heading for column in COLUMNS if column.required)
EXPECTED = tuple(column.heading for column in COLUMNS)


def says_none(text: str) -> bool:
    """Whether a cell says in so many words that there is nothing."""
    return text in NONE_WORDS

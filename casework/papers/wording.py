"""What the papers say: their titles, headings, texts, tables and who signs. The values come from ``content``."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple


class Heading(NamedTuple):
    """A heading."""

    text: str


class Text(NamedTuple):
    """A paragraph, with values in double braces."""

    text: str


class Lines(NamedTuple):
    """One paragraph for each value of a list."""

    each: str
    where: str


class Fields(NamedTuple):
    """A table of labels and values."""

    rows: tuple[tuple[str, str], ...]


class Rows(NamedTuple):
    """A table with one row for each entry of a list: headings with the keys below them, and widths in cm."""

    where: str
    columns: tuple[tuple[str, str], ...]
    widths: tuple[float, ...]


class Room(NamedTuple):
    """Empty lines to write on."""

    lines: int


class Signatures(NamedTuple):
    """Who signs, each with a date."""

    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of paper: the character in its number, its title, the mark of confidence, its clause, its parts."""

    character: str
    title: str
    mark: str
    clause: str
    parts: tuple[Heading | Text | Lines | Fields | Rows | Room | Signatures, ...]


_ABOUT = (
    ("遴选批次", "{{ call }}"), ("类别和职业", "{{ track }}　{{ occupation }}"), ("专家组编号", "{{ panel }}"),
)  # fmt: skip
INTERNAL = "内部资料　注意保管"

PAPERS: Mapping[str, Paper] = MappingProxyType(
    {
        "draw_record": Paper(
            "抽", "专家抽取记录", INTERNAL, "M24-7.3c",
            (
                Fields((
                    *_ABOUT, ("抽取轮次", "第{{ round }}轮，抽取{{ seats }}人"),
                    ("冻结专家库", "{{ pool_size }}人，SHA-256：{{ pool_sha256 }}"),
                    ("抽取条件哈希", "{{ frame_sha256 }}"),
                    ("抽取前公布的承诺", "{{ commitment }}（{{ committed_at }}，{{ committed_by }}）"),
                    ("公开数字", "{{ digits }}（{{ source }}）"), ("监督人", "{{ supervisor }}"),
                    ("抽取时间", "{{ drawn_at }}"), ("种子", "{{ seed }}"),
                )),
                Heading("一、公布的条件"),
                Rows("conditions", (("项目", "label"), ("要求", "value"), ("依据", "clause")), (5.5, 7.5, 3.0)),
                Heading("二、排除情况"),
                Rows("exclusions", (("规则", "rule"), ("说明", "label"), ("人次", "count")), (3.0, 10.0, 3.0)),
                Heading("三、抽取结果"),
                Rows("members", (("席次", "place"), ("姓名", "name"), ("工作单位", "institution"), ("签号（前16位）", "ticket")),
                     (1.6, 3.0, 7.4, 4.0)),
                Text("本记录中的姓名只供办理使用，不得向申报单位和推荐单位透露（M24-7.3b）。凭公开证书可用 "
                     "linxuan draw verify 或手工验算抽取结果。"),
                Signatures(("抽取人", "监督人", "记录人")),
            ),
        ),
        "declaration": Paper(
            "诺", "评审专家回避与保密承诺书", "", "M24-7.3b",
            (
                Fields((*_ABOUT, ("专家姓名", "{{ name }}"), ("工作单位", "{{ employer }}"))),
                Heading("一、本专家组评议的申报"),
                Rows("cases", (("申报编号", "no"), ("申报单位", "institution")), (4.5, 11.5)),
                Heading("二、回避承诺"),
                Text("本人确认，与上列申报单位及其推荐表所列人员之间不存在下列情形：现在或近{{ years }}年内在该单位或其"
                     "所属集团任职；与其法定代表人、负责人有亲属关系；担任其顾问或者有其他利益关系；参与编制其标准、题库"
                     "或申报材料；上一轮评议过该单位；以及其他可能影响公正评议的情形。"),
                Text("如有上述情形，说明如下（没有的填写“无”）："),
                Room(4),
                Heading("三、保密和公正承诺"),
                Text("本人独立、客观、公正地评议和投票；不与申报单位私下接触；不透露专家组成员、评议过程、表决情况和申报材料内容；"
                     "评议结束后不留存任何材料。评议期间出现应当回避的情形，立即报告并退出。违反承诺的，愿承担相应责任。"),
                Signatures(("承诺人",)),
            ),
        ),
        "minutes": Paper(
            "议", "专家组会议记录", INTERNAL, "M24-7.3d",
            (
                Fields((
                    *_ABOUT, ("会议", "第{{ meeting }}次，{{ held_at }}"), ("地点", "{{ place }}"),
                    ("出席", "{{ present }}席，共{{ attending }}人（专家组{{ size }}人，法定人数{{ quorum }}人）"),
                    ("登记", "{{ recorded_by }}"),
                )),
                Heading("一、评议的申报"),
                Rows("cases", (("申报编号", "no"), ("申报单位", "institution")), (4.5, 11.5)),
                Heading("二、会议内容"),
                Lines("line", "minutes"),
                Text("出席专家以席次记载，姓名见密封的抽取记录；本记录不得向申报单位和推荐单位透露（M24-7.3b）。"),
                Signatures(("主持人", "记录人")),
            ),
        ),
        "ballot_summary": Paper(
            "票", "专家组表决汇总表", INTERNAL, "M24-7.3d",
            (
                Fields((
                    *_ABOUT, ("表决截止", "{{ closes_at }}"), ("开启时间", "{{ opened_at }}"),
                    ("共同开启人", "{{ opened_by }}（须{{ needed }}人）"),
                    ("选票", "专家组{{ size }}人，法定人数{{ quorum }}人，计入选票{{ counted }}张"),
                    ("开票结果SHA-256", "{{ opened_set }}"), ("计票人", "{{ tallied_by }}（{{ tallied_at }}）"),
                )),
                Heading("一、表决结果"),
                Rows("results", (
                    ("申报编号", "no"), ("申报单位", "institution"), ("推荐", "votes_for"), ("不推荐", "votes_against"),
                    ("弃权", "abstentions"), ("回避", "recused"), ("平均分", "score"), ("结论", "conclusion"),
                ), (2.9, 4.0, 1.2, 1.6, 1.2, 1.2, 1.5, 2.4)),
                Text("推荐比例：{{ ratio }}。"),
                Heading("二、未计入的选票"),
                Lines("line", "turned"),
                Text("表决不记名。任何人可凭开票结果重新计票（linxuan ballot recount）。"),
                Signatures(("计票人", "监票人", "开启人", "开启人")),
            ),
        ),
        "review_report": Paper(
            "评", "专家组评审报告", INTERNAL, "M24-7.3d",
            (
                Fields((*_ABOUT, ("评议会议", "{{ meets_at }}"), ("专家组", "{{ size }}人，到会表决{{ counted }}人"))),
                Heading("一、评审经过"),
                Text("专家组从专家库中随机抽取产生（M24-7.3c），成员均已签署回避与保密承诺书（M24-7.3b）。专家审阅申报材料，"
                     "集中评议，按下列标准逐件评分并不记名投票。"),
                Rows("criteria", (("评分项目", "label"), ("满分", "full"), ("依据", "clause")), (10.0, 3.0, 3.0)),
                Heading("二、评审结果"),
                Rows("results", (
                    ("名次", "place"), ("申报编号", "no"), ("申报单位", "institution"), ("得票", "votes"), ("平均分", "score"),
                    ("结论", "conclusion"),
                ), (1.4, 3.1, 5.4, 1.7, 1.8, 2.6)),
                Lines("line", "notes"),
                Heading("三、评审意见摘录（不署名）"),
                Lines("line", "comments"),
                Heading("四、专家组成员签名"),
                Lines("line", "signatures"),
            ),
        ),
        "recheck_submission": Paper(
            "复", "遴选结果复核报批表", INTERNAL, "M24-7.4",
            (
                Fields((*_ABOUT, ("名额", "{{ quota }}（{{ quota_clause }}）"), ("评审报告", "{{ report }}"))),
                Heading("一、拟列入公示名单"),
                Rows("chosen", (
                    ("名次", "place"), ("申报编号", "no"), ("申报单位", "institution"), ("得票", "votes"), ("平均分", "score"),
                ), (1.8, 3.4, 6.6, 2.1, 2.1)),
                Heading("二、不予列入"),
                Rows("others", (
                    ("名次", "place"), ("申报编号", "no"), ("申报单位", "institution"), ("得票", "votes"), ("理由", "words"),
                ), (1.6, 3.2, 4.6, 1.8, 4.8)),
                Heading("三、候补"),
                Lines("line", "reserve"),
                Heading("四、与专家意见不一致或并列取舍的说明"),
                Lines("line", "departures"),
                Text("专家评议结果是择优的重要参考，不一致的须说明理由（M24-7.3e）。拟公示名单经批准后公示（M24-7.4），"
                     "计票人不得办理复核和发布。"),
                Signatures(("拟办人", "复核人", "审批人")),
            ),
        ),
    }
)  # fmt: skip
"""Kind → paper."""

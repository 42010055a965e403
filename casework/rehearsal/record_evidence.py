"""What the records say happened under each clause: the audit log, letters, digests, refusals, findings, draws, and marks.

A mark is something a record carries without naming the decision it follows from, such as a date that is provisional.
"""

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from casework.rehearsal.audit_words import words_of
from casework.rehearsal.clause_story import Evidence
from casework.rehearsal.journal import Refusal, Witnessed
from casework.rehearsal.letter_titles import title_of
from casework.rehearsal.panel_story import PanelStory
from casework.rehearsal.world import World
from records.transaction import Transaction
from states.effects import EXIT_GROUNDS
from states.facts import instant
from states.grounds import GROUNDS

_LONGEST = 90


def acts(tx: Transaction, world: World) -> Iterator[tuple[str, Evidence]]:
    """Entries of the audit log by clause, kind and name: the first with its case or panel."""
    rows = tx.rows(
        "SELECT g.clause, g.kind, g.name, g.n, a.at, c.no, a.detail FROM (SELECT clause, kind, name, count(*) n,"
        " min(seq) first FROM audit WHERE clause <> '' GROUP BY clause, kind, name) g JOIN audit a ON a.seq = g.first"
        " LEFT JOIN cases c ON c.id = a.case_id ORDER BY g.first"
    )
    for clause, kind, name, count, at, no, detail in rows:
        if kind == "move":
            what = world.move_label(name)
        elif kind == "reminder":
            what = f"提醒：{title_of(name)}" if title_of(name) != name else "到期提醒"
        else:
            what = words_of(kind, name)
        yield clause, Evidence(what, count, instant(at), no or _about(detail))


def letters(tx: Transaction) -> Iterator[tuple[str, Evidence]]:
    """Letters to applicants and recommenders, and the lines of staff's digests."""
    rows = tx.rows(
        "SELECT clause, letter, count(*), min(created_at), min(id) FROM letter WHERE clause <> '' GROUP BY clause, letter"
        " ORDER BY min(id)"
    )
    first = dict(
        tx.rows(
            "SELECT l.id, c.no FROM letter l JOIN cases c ON c.id = l.case_id WHERE l.id IN"
            " (SELECT min(id) FROM letter GROUP BY clause, letter)"
        )
    )
    for clause, letter, count, at, id_ in rows:
        yield clause, Evidence(f"通知《{title_of(letter)}》", count, instant(at), first.get(id_, ""))
    for clause, count, at in tx.rows(
        "SELECT clause, count(*), min(at) FROM notice WHERE clause <> '' GROUP BY clause ORDER BY clause"
    ):
        yield clause, Evidence("列入工作人员每日汇总或督办", count, instant(at))


def findings(tx: Transaction) -> Iterator[tuple[str, Evidence]]:
    """What the eligibility check found and somebody had to answer or see."""
    rows = tx.rows(
        "SELECT f.clause, count(*), min(c.no), sum(CASE WHEN f.answer IS NULL THEN 0 ELSE 1 END) FROM finding f"
        " JOIN cases c ON c.id = f.case_id WHERE f.clause <> '' GROUP BY f.clause ORDER BY f.clause"
    )
    for clause, count, no, answered in rows:
        told = f"（已书面说明{answered}件）" if answered else ""
        yield clause, Evidence(f"受理时提示核实{told}", count, about=no)


def refusals(found: Sequence[Refusal]) -> Iterator[tuple[str, Evidence]]:
    """What was turned down, by clause and what was asked."""
    counted: dict[tuple[str, str], list[Refusal]] = {}
    for each in found:
        counted.setdefault((each.clause, each.what), []).append(each)
    for (clause, what), all_ in counted.items():
        first = all_[0]
        said = first.sentence if len(first.sentence) <= _LONGEST else f"{first.sentence[:_LONGEST]}……"
        yield clause, Evidence(f"不予办理“{what}”：{said}", len(all_), first.at, first.about)


def witnessed(found: Sequence[Witnessed]) -> Iterator[tuple[str, Evidence]]:
    """What was done and left no entry."""
    for each in found:
        yield each.clause, Evidence(each.what, 1, each.at, each.about)


def draws(stories: Sequence[PanelStory]) -> Iterator[tuple[str, Evidence]]:
    """Who was left out of a draw, by rule."""
    for story in stories:
        for kept in story.rounds:
            for each in kept.excluded:
                yield (
                    each.clause,
                    Evidence(f"抽取时排除：{each.label}", each.count, kept.committed_at, story.no),
                )


def grounds(tx: Transaction) -> Iterator[tuple[str, Evidence]]:
    """Why institutions left, and the violations they were called to account for."""
    for ground, count, no, at in tx.rows(
        "SELECT exit_ground, count(*), min(no), min(entered_at) FROM cases WHERE exit_ground IS NOT NULL"
        " GROUP BY exit_ground ORDER BY exit_ground"
    ):
        words, clause = EXIT_GROUNDS.get(ground, (ground, ""))
        yield clause, Evidence(f"退出目录：{words}", count, instant(at), no)
    for at_text, no, detail in tx.rows(
        "SELECT a.at, c.no, a.detail FROM audit a JOIN cases c ON c.id = a.case_id WHERE a.kind = 'move'"
        " AND a.name IN ('order_rectification', 'remove') ORDER BY a.seq"
    ):
        found = GROUNDS.get(json.loads(detail).get("ground") or "")
        if found:
            yield found.clause, Evidence(f"违规情形：{found.words}", 1, instant(at_text), no)
    for ground, at_text, no in tx.rows(
        "SELECT o.ground, o.recorded_at, c.no FROM inspection_object o JOIN cases c ON c.id = o.case_id"
        " WHERE o.result = 'corrected' ORDER BY o.recorded_at, c.no"
    ):
        found = GROUNDS.get(ground)
        if found:
            yield found.clause, Evidence(f"立行立改的情形：{found.words}", 1, instant(at_text), no)


class _Mark(NamedTuple):
    clause: str
    what: str
    sql: str
    """Count, first instant, what it is about."""


_MARKS = (
    _Mark("D-1", "公示期起止按工作日和上班时间推算", "SELECT count(*), min(posted_at), min(no) FROM publicity"),
    _Mark(
        "D-3", "有效期末日按三年后的对应日推算",
        "SELECT count(*), min(t.starts_at), min(c.no) FROM term t JOIN cases c ON c.id = t.case_id",
    ),
    _Mark(
        "D-6", "放假安排未公布，到期日标为暂定",
        "SELECT count(*), NULL, min(c.no) FROM timer t JOIN cases c ON c.id = t.case_id WHERE t.provisional",
    ),
    _Mark(
        "D-7", "停机恢复后补办，以法定时间为准",
        "SELECT count(*), min(a.at), min(c.no) FROM audit a JOIN cases c ON c.id = a.case_id"
        " WHERE a.kind = 'move' AND a.at <> a.written_at",
    ),
    _Mark(
        "D-8", "提前通过续期，新有效期自原有效期届满次日起算",
        "SELECT count(*), min(a.at), min(c.no) FROM audit a JOIN cases c ON c.id = a.case_id JOIN term t"
        " ON t.case_id = c.id AND t.number > 1 AND t.starts_at > a.at WHERE a.kind = 'move' AND a.name = 'approve_renewal'",
    ),
    _Mark(
        "D-13", "移出或主动退出，不适用3年限制",
        "SELECT count(*), min(entered_at), min(no) FROM cases WHERE stage = 'exited' AND cooling_until IS NULL",
    ),
    _Mark(
        "D-14", "3年限制自有效期末日起算",
        "SELECT count(*), min(entered_at), min(no) FROM cases WHERE cooling_until IS NOT NULL",
    ),
    _Mark("I21-4.1", "列入目录，目录逐日可查", "SELECT count(*), min(t.starts_at), min(c.no) FROM term t"
          " JOIN cases c ON c.id = t.case_id"),
    _Mark("I21-4.6.1", "报送年度总结和下一年度计划", "SELECT count(*), min(r.filed_at), min(c.no) FROM yearly_report r"
          " JOIN cases c ON c.id = r.case_id"),
    _Mark("I21-4.6.4", "公布收费标准", "SELECT count(*), min(f.filed_at), min(c.no) FROM fee_schedule f"
          " JOIN cases c ON c.id = f.case_id"),
    _Mark("I21-6.2", "双随机抽查并公布结果",
          "SELECT count(*), min(published_at), min(no) FROM inspection WHERE state = 'published'"),
    _Mark(
        "CQ23-5.2", "同一单位申报多个职业",
        "SELECT count(*), min(first), min(no) FROM (SELECT min(filed_at) first, min(no) no FROM cases"
        " GROUP BY call, track, institution_id HAVING count(DISTINCT occupation) > 1) several",
    ),
    _Mark("B3-4.3", "推荐单位凭本单位账号同步网上申报", "SELECT count(*), min(a.at), min(c.no) FROM audit a"
          " JOIN cases c ON c.id = a.case_id WHERE a.kind = 'move' AND a.name = 'file' AND a.actor LIKE 'recommender:%'"),
    _Mark("B3-5.1", "按专家评议排名择优决定", "SELECT count(*), min(d.released_at), min(c.no) FROM decision d"
          " JOIN cases c ON c.id = d.case_id WHERE d.released_at IS NOT NULL"),
    _Mark("M24-2", "培训机构和评价机构分类列入目录", "SELECT count(*), min(t.starts_at), min(c.no) FROM term t"
          " JOIN cases c ON c.id = t.case_id"),
    _Mark("M24-15", "行业主管部门推荐的机构按部门统计", "SELECT count(*), min(t.starts_at), min(c.no) FROM term t"
          " JOIN cases c ON c.id = t.case_id WHERE c.channel LIKE 'D%'"),
    _Mark(
        "M24-23", "依原办法遴选的机构，2024年8月22日起依管理办法办理",
        "SELECT count(*), min(a.at), min(c.no) FROM audit a JOIN cases c ON c.id = a.case_id WHERE a.kind = 'move'"
        " AND a.at >= '2024-08-21 16:00:00' AND a.clause LIKE 'M24-%' AND c.term_no > 0",
    ),
)  # fmt: skip


def marks(tx: Transaction) -> Iterator[tuple[str, Evidence]]:
    """What records carry without naming the decision it follows from."""
    for clause, what, sql in _MARKS:
        row = tx.one(sql)
        if row and row[0]:
            yield clause, Evidence(what, row[0], instant(row[1]), row[2] or "")


def _about(detail: str) -> str:
    told = json.loads(detail)
    found = next(
        (told[key] for key in ("panel", "publicity", "objection", "inspection", "call") if told.get(key)), ""
    )
    return str(found)

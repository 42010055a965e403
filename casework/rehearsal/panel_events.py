"""What the audit log tells of a panel, in words; it names seats and never a person (law 10)."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from casework.panels.seat import STATES
from records.transaction import Transaction
from states.facts import instant
from states.recusal import RULES, Verdict

Detail = Mapping[str, Any]


class Event(NamedTuple):
    """One entry about a panel."""

    at: datetime
    kind: str
    name: str
    clause: str
    detail: Detail


def events_of(tx: Transaction, panel: str) -> list[Event]:
    """Every entry about a panel, in order."""
    rows = tx.rows(
        "SELECT at, kind, name, clause, detail FROM audit WHERE kind IN ('panel', 'ballot', 'recusal')"
        " AND detail LIKE ? ORDER BY at, seq",
        (f"%{panel}%",),
    )
    found = []
    for at, kind, name, clause, text in rows:
        detail, when = json.loads(text), instant(at)
        if detail.get("panel") == panel and when is not None:
            found.append(Event(when, kind, name, clause, detail))
    return found


def told(events: list[Event]) -> Iterator[tuple[datetime, str, str]]:
    """The events worth telling, in words; looks at the material, links and single casts are not."""
    for each in events:
        say = _WORDS.get((each.kind, each.name))
        words = say(each.detail) if say else ""
        if words:
            yield each.at, words, each.clause


def _changed(detail: Detail) -> str:
    parts = {
        "of_field": "本领域专家人数下限改为{}人",
        "recusal": "回避方式改为{}",
        "quorum": "法定人数改为{}人",
    }
    labels = {"case": "按件回避", "panel": "整组回避"}
    said = [
        words.format(labels.get(str(detail[key]), detail[key]))
        for key, words in parts.items()
        if key in detail
    ]
    return f"{'，'.join(said)}：{detail['because']}" if said else ""


def _decided(detail: Detail) -> str:
    about = f"申报{detail['case']}" if detail["case"] else "本人情况"
    rule = RULES[detail["rule"]].label if detail["rule"] in RULES else detail["rule"]
    return f"核定回避情形“{rule}”（{about}）：{Verdict(detail['verdict']).label}，{detail['reason']}"


def _objection(detail: Detail) -> str:
    agreed = "同意" if detail["verdict"] == Verdict.EXCLUDED else "不同意"
    return f"申报{detail['case']}申请一名专家回避，{agreed}：{detail['reason']}"


def _left(state: str) -> Callable[[Detail], str]:
    return lambda detail: f"第{detail['seat']}席{STATES[state]}"


_WORDS: Mapping[tuple[str, str], Callable[[Detail], str]] = {
    ("panel", "planned"): lambda d: f"设定专家组{d['size']}人，法定人数{d['quorum']}人，评议{d['cases']}件",
    ("panel", "changed"): _changed,
    ("panel", "committed"): lambda d: (
        f"第{d['round']}轮冻结专家库{d['pool']}人、排除{d['excluded']}人（待核定{d['held']}人），公布承诺，抽{d['seats']}人"
    ),
    ("panel", "drawn"): lambda d: (
        f"第{d['round']}轮录入公开数字{d['digits']}（{d['source']}），抽出{d['seats']}人"
    ),
    ("panel", "void"): lambda d: f"第{d['round']}轮录入公开数字{d['digits']}，可抽专家不足，作废",
    ("panel", "seat_declined"): _left("declined"),
    ("panel", "seat_silent"): _left("silent"),
    ("panel", "seat_conflicted"): _left("conflicted"),
    ("panel", "seat_released"): _left("released"),
    ("panel", "confirmed"): lambda d: f"{d['seats']}个席位全部确认",
    ("panel", "joined"): lambda d: f"后到的{d['cases']}件申报编入专家组",
    ("panel", "vote_begun"): lambda _: "开始表决",
    ("panel", "vote_closed"): lambda d: f"表决截止，收到选票{d['cast']}张（在席{d['seats']}人）",
    ("panel", "vote_extended"): lambda d: f"延长投票：{d['because']}",
    ("ballot", "prepare_keys"): lambda d: (
        f"准备表决密钥，{len(d['officers'])}名开启人中须{d['needed']}名共同开启"
    ),
    ("ballot", "open_refused"): lambda d: f"开启选票未获准（到场{d['officers']}人）",
    ("ballot", "open_ballots"): lambda d: f"{len(d['officers'])}名开启人共同开启选票，计入{d['counted']}张",
    ("ballot", "tally"): lambda d: f"计票{d['cases']}件，推荐{d['recommended']}件",
    ("recusal", "decide"): _decided,
    ("recusal", "decide_objection"): _objection,
}

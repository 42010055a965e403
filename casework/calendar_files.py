"""A year of the State Council's calendar as a file that reads like the notice, and as it is stored.

year = 2026
notice = "国务院办公厅关于2026年部分节假日安排的通知"

[[holiday]]
name = "元旦"
from = 2026-01-01
to = 2026-01-03
makeup = [2026-01-04]
"""

import json
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from casework.faults import os_fault, toml_fault
from states.calendar import FIRST_DAY, LAST_DAY, YearPlan
from states.refusals import Refused
from states.year_plans import SATURDAY, notice_name

# 全国年节及纪念日放假办法: the festivals every yearly arrangement must deal with.
FESTIVALS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
LONGEST_HOLIDAY = 15
LARGEST_FILE = 1 << 20


def read_plan(file: Path) -> tuple[int, YearPlan]:
    """The year and its plan. Raises Refused, with one sentence, for a file that cannot be that year's plan."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise Refused(f"放假安排文件{file}过大，不是放假安排，请核对。")
        content = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise Refused(f"放假安排文件{file}无法读取（{os_fault(error)}），请检查路径和权限。") from None
    except UnicodeDecodeError:
        raise Refused(f"放假安排文件{file}不是 UTF-8 编码，请另存为 UTF-8 后重试。") from None
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"放假安排文件{file}{toml_fault(error)}，请改正后重试。") from None
    return _plan(content)


def plan_text(plan: YearPlan) -> str:
    """A plan as stored in a row."""
    days = {
        "holidays": {str(day): name for day, name in plan.holidays.items()},
        "makeup_days": {str(day): name for day, name in plan.makeup_days.items()},
    }
    return json.dumps(days, ensure_ascii=False, separators=(",", ":"))


def plan_from(notice: str, text: str) -> YearPlan:
    """The plan of a stored row."""
    kept = json.loads(text)
    holidays, makeup_days = (
        {date.fromisoformat(day): name for day, name in kept[kind].items()}
        for kind in ("holidays", "makeup_days")
    )
    return YearPlan(notice, holidays, makeup_days)


def _plan(content: Mapping[str, Any]) -> tuple[int, YearPlan]:
    if unknown := content.keys() - {"year", "notice", "holiday"}:
        raise _refused(
            f"放假安排中有不认识的内容“{min(unknown)}”，只能有 year、notice 和 [[holiday]]，请改正"
        )
    year = content.get("year")
    if type(year) is not int or not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise _refused(
            f"放假安排缺少年度，请写明 year（{FIRST_DAY.year}至{LAST_DAY.year}），例如 year = 2027"
        )
    notice = content.get("notice", notice_name(year))
    if not isinstance(notice, str) or not notice.strip():
        raise _refused(f"{year}年放假安排的 notice 应是通知的名称，请改正")
    entries = content.get("holiday")
    if not isinstance(entries, list) or not entries or not all(isinstance(each, dict) for each in entries):
        raise _refused(f"{year}年放假安排中没有节日，请为每个节日写一段 [[holiday]]")
    holidays: dict[date, str] = {}
    makeup_days: dict[date, str] = {}
    for entry in entries:
        _add(year, entry, holidays, makeup_days)
    plan = YearPlan(notice.strip(), holidays, makeup_days)
    plan.check(year)
    names = "".join(holidays.values())
    if missing := [festival for festival in FESTIVALS if festival not in names]:
        raise _refused(f"{year}年放假安排缺少{'、'.join(missing)}，请补全后重试")
    return year, plan


def _add(
    year: int, entry: Mapping[str, Any], holidays: dict[date, str], makeup_days: dict[date, str]
) -> None:
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip():
        raise _refused(f"{year}年放假安排中有一个节日没有名称，请写明 name")
    if unknown := entry.keys() - {"name", "from", "to", "makeup"}:
        raise _refused(f"{name}中有不认识的内容“{min(unknown)}”，只能有 name、from、to 和 makeup，请改正")
    first, last = (_day(name, entry.get(key), key) for key in ("from", "to"))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if not 1 <= len(days) <= LONGEST_HOLIDAY:
        raise _refused(f"{name}从{first}放假至{last}，应为1至{LONGEST_HOLIDAY}天，请核对日期")
    if all(day.weekday() >= SATURDAY for day in days):
        raise _refused(f"{name}（{first}至{last}）全部落在周末，没有放任何工作日，请核对日期")
    for day in days:
        if day in holidays:
            raise _refused(f"{day}同时列在{holidays[day]}和{name}的放假日期中，请只保留一项")
        holidays[day] = name.strip()
    worked = entry.get("makeup", [])
    if not isinstance(worked, list):
        raise _refused(f"{name}的 makeup 应是补班日期的列表，例如 [2027-02-06]，请改正")
    for value in worked:
        day = _day(name, value, "makeup")
        if day in makeup_days:
            raise _refused(f"{day}两次列为补班日（{makeup_days[day]}和{name}），请只保留一项")
        makeup_days[day] = name.strip()


def _day(name: str, value: Any, key: str) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        shown = "没有写明" if value is None else f"“{value}”不是日期"
        raise _refused(f"{name}的 {key} {shown}，应形如 2027-01-01（不加引号）")
    return value


def _refused(sentence: str) -> Refused:
    return Refused(f"{sentence}。", clause="D-6")

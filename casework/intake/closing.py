"""The end of a form, which is running text: the commitment with its date, and the recommender's block."""

import re

from casework.intake.characters import compact
from casework.intake.prompts import without_prompt

_STOP = r"(?=申报单位|法定代表人|推荐单位|推荐理由|联系电话|$)"
_DATE = re.compile(
    r"(?:[\d〇○零一二三四五六七八九]\s*){4}(?:年|[./\-－][\d\s])[^\n]*|(?<![\d\-－])[12１２]\d{7}(?!\d)"
)
_COMMITMENT = {
    "sealed_by": rf"申报单位[（(]盖章[）)]\s*[:：]?([\s\S]*?){_STOP}",
    "signatory": rf"法定代表人[（(]或委托代理人[）)]\s*[:：]?([\s\S]*?){_STOP}",
}
_RECOMMENDATION = {
    "recommender": rf"推荐单位[（(]盖章[）)]\s*[:：]?([\s\S]*?){_STOP}",
    "recommender_head": rf"推荐单位负责人签字\s*[:：]?([\s\S]*?){_STOP}",
    "recommender_contact": rf"推荐单位联系人\s*[:：]?([\s\S]*?){_STOP}",
    "recommender_phone": r"联系电话[^\S\n]*[:：]?([^\n]*)",
}


def closing_texts(text: str) -> dict[str, str]:
    """The closing fields' raw texts by key, from everything that follows the heading 承诺."""
    before, reason, after = _parted(text)
    texts = {"signed_on": _date_in(before)}
    for key, pattern in _COMMITMENT.items():
        texts[key] = _answer(pattern, before)
    texts["recommendation_reason"] = reason
    texts["recommended_on"] = _date_in(after.partition("推荐单位联系人")[0])
    for key, pattern in _RECOMMENDATION.items():
        texts[key] = _answer(pattern, after)
    return {key: value for key, value in texts.items() if value}


def _parted(text: str) -> tuple[str, str, str]:
    commitment, found, rest = text.partition("推荐理由")
    if not found:
        place = re.search(r"推荐单位", text)
        return (text[: place.start()], "", text[place.start() :]) if place else (text, "", "")
    place = re.search(r"推荐单位\s*[（(]盖章", rest)
    reason, after = (rest[: place.start()], rest[place.start() :]) if place else (rest, "")
    return commitment, without_prompt(reason, "").lstrip("：: \n").strip(), after


def _date_in(text: str) -> str:
    found = _DATE.findall(text)
    return found[-1].strip() if found else ""


def _answer(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if not found:
        return ""
    # The printed 年 月 日, a date, and rows added below are not part of the answer.
    lines = (_DATE.sub("", line).strip() for line in found[1].split("\n"))
    return next((line for line in lines if compact(line) not in ("", "年月日")), "")

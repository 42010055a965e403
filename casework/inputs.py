"""What is stated with a move: checked once, in words, before anything else happens."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from states.declaration import Ask, Move
from states.forms.identities import identity_fault
from states.refusals import Refused

LONGEST = 20_000
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")


def checked(move: Move, stated: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a move in their proper kinds. Raises Refused naming what is missing, unknown or unreadable."""
    known = {ask.key: ask for ask in move.asks}
    unknown = sorted(set(stated) - set(known))
    if unknown:
        asks = "、".join(f"{ask.label}（{ask.key}）" for ask in move.asks) or "无"
        raise Refused(f"“{move.label}”不需要“{'、'.join(unknown)}”，可填写：{asks}。", clause=move.clause)
    values = {key: _read(ask, stated.get(key), move) for key, ask in known.items()}
    missing = [ask.label for key, ask in known.items() if ask.required and values[key] in (None, "")]
    if missing:
        raise Refused(f"“{move.label}”须填写{'、'.join(missing)}。", clause=move.clause)
    return values


def refuse_identities(text: str, label: str, clause: str = "M24-11.6a") -> None:
    """Raises Refused when a text holds an identity number: what is written down stays readable."""
    if any(identity_fault(number.upper()) is None for number in _IDENTITY.findall(text)):
        raise Refused(f"{label}中含有居民身份证号，个人信息不得写入办理记录，请删去后再办理。", clause=clause)


def _read(ask: Ask, value: Any, move: Move) -> Any:
    if value is None:
        return None
    if ask.choices and not ask.required and not str(value).strip():
        return None
    if ask.choices:
        return _chosen(ask, str(value).strip(), move)
    if ask.kind is str:
        text = str(value).strip()
        if len(text) > LONGEST:
            raise Refused(f"{ask.label}过长（{len(text)}字），限{LONGEST}字。", clause=move.clause)
        refuse_identities(text, ask.label)
        return text
    if isinstance(value, ask.kind) and not isinstance(value, bool):
        if isinstance(value, int) and value < 0:
            raise Refused(f"{ask.label}不能为负数（{value}）。", clause=move.clause)
        return value
    try:
        if ask.kind is date:
            return date.fromisoformat(str(value))
        number = int(str(value))
    except ValueError:
        wanted = "日期（如2024-06-20）" if ask.kind is date else "整数"
        raise Refused(f"{ask.label}应为{wanted}，收到的是“{value}”。", clause=move.clause) from None
    if number < 0:
        raise Refused(f"{ask.label}不能为负数（{value}）。", clause=move.clause)
    return number


def _chosen(ask: Ask, text: str, move: Move) -> str:
    """The key of a choice, from the key itself or its words."""
    for key, words in ask.choices:
        if text in (key, words):
            return key
    offered = "、".join(f"{key}（{words}）" for key, words in ask.choices)
    raise Refused(f"{ask.label}应为下列之一：{offered}，收到的是“{text}”。", clause=move.clause)

"""Which cases were meant: names as people type them become the codes that are stored."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from states.refusals import Refused

if TYPE_CHECKING:
    from casework.calls import CallState
    from casework.desk import Desk
    from casework.selection import Selection


def choose(
    desk: "Desk",
    *,
    call: str | None = None,
    track: str | None = None,
    stage: str | None = None,
    province: str | None = None,
    channel: str | None = None,
    occupation: str | None = None,
    institution: str | None = None,
    nos: Sequence[str] | None = None,
) -> "Selection":
    """The selection these options ask for. Raises Refused for a name that means nothing here."""
    from casework.calls import kept_calls
    from casework.history import case_number
    from casework.selection import Selection
    from states.call_rules import one_of_tracks

    calls = kept_calls(desk)
    if call is not None:
        call = call_code(call)
        calls = [each for each in calls if each.code == call]
        if not calls:
            raise Refused(f"批次“{call}”尚未开放，请先用 linxuan call open {call} 开放。")
    return Selection(
        call=call,
        track=one_of_tracks(track) if track is not None else None,
        stage=_stage(desk, stage, calls) if stage is not None else None,
        province=province_code(province) if province is not None else None,
        channel=_channel(channel) if channel is not None else None,
        occupation=_occupation(occupation, calls) if occupation is not None else None,
        institution=_text(institution, "--institution") if institution is not None else None,
        nos=tuple(case_number(_text(no, "--no")) for no in nos or ()),
    )


def call_code(text: str) -> str:
    """A call's code as stored."""
    return _text(text, "批次").upper()


def province_code(text: str) -> str:
    """The two digits of a province. Raises Refused for anything that is none."""
    from states.places import find

    try:
        office = find(text)
    except Refused:
        raise Refused(f"没有省份“{text.strip()}”，请填写省份名称或两位代码，如 重庆 或 50。") from None
    if not office.region:
        raise Refused(f"“{text}”是行业主管部门，不是省份；按推荐单位选择请用 --channel。")
    return office.region


def _channel(text: str) -> str:
    from states.places import find

    return find(text).code


def _stage(desk: "Desk", text: str, calls: "Sequence[CallState]") -> str:
    labels: dict[str, str] = {}
    for call in calls:
        for track in call.rules.tracks:
            process = desk.processes.process(desk.processes.key_for(call.code, track))
            labels |= {key: each.label for key, each in process.stages.items()}
    for key, label in labels.items():
        if text.strip() in (key, label):
            return key
    near = get_close_matches(text, [*labels, *labels.values()], n=1)
    hint = f"是否应为“{near[0]}”？" if near else ""
    listed = "、".join(f"{label}（{key}）" for key, label in labels.items()) or "无（尚未开放批次）"
    raise Refused(f"没有环节“{text}”，{hint}可用的有：{listed}。")


def _occupation(text: str, calls: "Sequence[CallState]") -> str:
    from states.occupations import OCCUPATIONS, find_occupation

    offered = {each.code: each for call in calls for each in call.rules.occupations.value}
    return find_occupation(text, (offered or OCCUPATIONS).values()).code


def _text(text: str, what: str) -> str:
    plain = text.strip()
    if not plain:
        raise Refused(f"{what}是空的，请写明。")
    return plain

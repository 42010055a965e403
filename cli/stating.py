"""What is stated with a move on the command line: ``--stating TEXT`` and ``--set key=value``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from states.refusals import Refused

if TYPE_CHECKING:
    from states.declaration import Move


def stated_inputs(move: "Move", stating: str | None, settings: Sequence[str] | None) -> dict[str, str]:
    """The inputs of a move as typed; the gate reads them in their kinds.

    ``stating`` fills the first required text that ``settings`` leave open, or the first text when none is
    required. Raises Refused when there is none to fill, when something is stated twice, and when something
    required is missing: then everything missing is named, with the option that fills it.
    """
    inputs = typed_pairs(settings or ())
    if stating is not None:
        texts = [ask for ask in move.asks if ask.kind is str and not ask.choices and ask.key not in inputs]
        ask = next((each for each in texts if each.required), texts[0] if texts else None)
        if ask is None:
            raise Refused(f"“{move.label}”没有别的文字要填写，请去掉 --stating。", clause=move.clause)
        inputs[ask.key] = stating
    missing = [ask for ask in move.asks if ask.required and not inputs.get(ask.key, "").strip()]
    if missing:
        named = "、".join(f"{ask.label}（{ask.key}）" for ask in missing)
        filled = " ".join(f"--set {ask.key}=…" for ask in missing)
        raise Refused(f"“{move.label}”须填写{named}，请加上 {filled}。", clause=move.clause)
    return inputs


def typed_pairs(settings: Sequence[str]) -> dict[str, str]:
    """``key=value`` as typed, each key once. Raises Refused for anything else."""
    inputs: dict[str, str] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key.strip():
            raise Refused(f"--set 应写成 项=值，收到的是“{setting}”。")
        if key.strip() in inputs:
            raise Refused(f"--set {key.strip()} 写了两次，请只写一次。")
        inputs[key.strip()] = value
    return inputs

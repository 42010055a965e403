"""Reading codes of eighteen characters: what Excel and people do to them."""

import re

from casework.intake.characters import NOTHING, compact
from casework.intake.unclear import Unclear


def code_of(text: str) -> str | None:
    """A credit code or identity number in upper case, without signs between; None when nothing is written."""
    # 9.15E+17 is what Excel makes of an 18-digit number; the digits are gone for good.
    code = re.sub(r"[-.·_]", "", compact(text)) if "E+" not in text.upper() else compact(text)
    if re.fullmatch(r"\d(\.\d+)?E\+\d+", code.upper()):
        raise Unclear("已被 Excel 改成科学计数，末尾数字已丢失，请把该列设为“文本”格式后重新填写")
    return code.upper() if code not in NOTHING else None

"""Reading a .csv whatever it was saved by: UTF-8 with or without mark, UTF-16, GBK; commas, semicolons, tabs."""

import csv
import io

from states.refusals import Refused

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def csv_rows(data: bytes, name: str, *, most: int) -> list[list[str]]:
    """The rows of a csv file, at most `most`; Refused when its encoding or its make-up cannot be told."""
    text = _decoded(data, name)
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False):
            if len(rows) >= most:
                raise Refused(f"“{name}”超过 {most} 行的上限，请分成几个文件导入")
            rows.append(row)
    except csv.Error:
        raise Refused(f"“{name}”不是有效的 CSV 文件，请用 Excel 另存为 .xlsx 后再导入") from None
    return rows


def _decoded(data: bytes, name: str) -> str:
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    if not marked and b"\0" in data:
        # Separators and digits have a zero byte in UTF-16, after or before their own.
        marked = ["utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(f"“{name}”的文字编码无法识别，请用 Excel 另存为 .xlsx 或 UTF-8 编码的 CSV 后再导入")

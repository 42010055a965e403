"""Reading rule files: TOML in, validated tables out, and one Chinese sentence for whatever is wrong."""

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from states.refusals import Refused

M = TypeVar("M", bound=BaseModel)
Table = dict[str, Any]

SHOWN = 5
_WRONG_TYPE = {
    "int_type": "应为整数",
    "bool_type": "应为 true 或 false",
    "string_type": "应为文字",
    "date_type": "应为日期，如 2024-06-21",
    "time_type": "应为时间，如 09:00:00",
    "tuple_type": '应为列表，如 ["…"]',
    "dict_type": "应为表",
    "model_type": '应写成 { value = …, clause = "…" }',
    "dataclass_exact_type": '应为文字写成的时限，如 "5 working days"',
    "is_instance_of": '应为文字写成的比例，如 "2/3"',
    "string_pattern_mismatch": "写法不对，应为月-日，如 01-31",
}


class RuleSource(Protocol):
    """Anything with a name and bytes: a file, a package resource, a text kept in the database."""

    @property
    def name(self) -> str: ...

    def read_bytes(self) -> bytes: ...


class BadRules(Refused):
    """A rule file that cannot be used; the sentence names the file, the key and what is wrong."""


def read_table(source: RuleSource) -> Table:
    """The TOML table in a file; BadRules when it cannot be read."""
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except OSError:
        raise BadRules(f"规则文件 {source.name} 无法读取，请检查路径和权限。") from None
    except UnicodeDecodeError:
        raise BadRules(f"规则文件 {source.name} 不是UTF-8编码，请另存为UTF-8后再试。") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"第{line[1]}行" if line else "末尾"
        raise BadRules(
            f"规则文件 {source.name} 的{where}不是有效的TOML写法，请检查引号、等号和括号。"
        ) from None


def validated(model: type[M], table: Table, file: str, context: Mapping[str, Any]) -> M:
    """The table as `model`; BadRules naming `file`, every key at fault (the first five) and what is wrong."""
    try:
        return model.model_validate(table, context=dict(context))
    except ValidationError as error:
        faults = error.errors()
        said = "；".join(_say(fault, model) for fault in faults[:SHOWN])
        more = f"；另有{len(faults) - SHOWN}处" if len(faults) > SHOWN else ""
        raise BadRules(f"规则文件 {file} 有误：{said}{more}。") from None


def _say(fault: ErrorDetails, model: type[BaseModel]) -> str:
    key = ".".join(str(part) for part in fault["loc"] if part != "[key]")
    what = _what(fault, model)
    return f"{key} {what}" if key else what


def _what(fault: ErrorDetails, model: type[BaseModel]) -> str:
    kind, given = fault["type"], fault["input"]
    match kind:
        case "missing":
            return "没有填写"
        case "extra_forbidden":
            near = get_close_matches(str(fault["loc"][-1]), _keys(model), n=1)
            return f"不是可用的项目{f'，是否应为 {near[0]}' if near else ''}"
        case "value_error":
            return str(fault["ctx"]["error"])
        case "greater_than":
            return f"应大于{fault['ctx']['gt']}，现为{given}"
        case "too_short":
            return "不能为空"
        case _:
            return f"{_WRONG_TYPE.get(kind, '取值有误')}，现为“{given}”"


def _keys(model: type[BaseModel]) -> list[str]:
    """Every key that may stand somewhere in a file of this model."""
    schema = model.model_json_schema(mode="serialization")
    tables = [schema, *schema.get("$defs", {}).values()]
    return sorted({key for table in tables for key in table.get("properties", {})})

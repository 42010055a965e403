"""Where settings come from, put together, and what a wrong one is told."""

import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from casework.faults import os_fault, toml_fault
from states.refusals import Refused

if TYPE_CHECKING:
    from casework.settings import Settings

PREFIX = "LINXUAN_"
# Where to look, not what to do: read here, and not to be set in the file.
WHERE = ("data", "config")


class _Environment(EnvSettingsSource):
    """The environment as it was handed in, not the process's own."""

    def __init__(self, settings: type[BaseSettings], env: Mapping[str, str]) -> None:
        self._env = {name.lower(): value for name, value in env.items() if value}
        super().__init__(settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return self._env


def gather_settings(kind: "type[Settings]", data: Path | None, env: Mapping[str, str]) -> "Settings":
    """The file, the environment above it, the named data folder above both. Raises Refused."""
    ours = {name: value for name, value in env.items() if name.startswith(PREFIX) and value}
    names = {_env_name(path): path for path, _ in _leaves(kind)}
    for name in ours:
        if name not in names and name != f"{PREFIX}CONFIG":
            raise Refused(f"没有名为 {name} 的环境变量设置{_nearest(name, names)}")
    folder = (data or Path(ours.get(f"{PREFIX}DATA", "data"))).expanduser().absolute()
    file = (
        Path(ours[f"{PREFIX}CONFIG"]).expanduser() if f"{PREFIX}CONFIG" in ours else folder / "linxuan.toml"
    )
    stated = _read_toml(file, named=f"{PREFIX}CONFIG" in ours)
    environment = _Environment(kind, ours)()
    merged = {**stated, **environment}
    for group in merged:
        if isinstance(stated.get(group), dict) and isinstance(environment.get(group), dict):
            merged[group] = {**stated[group], **environment[group]}
    try:
        return kind(**{**merged, "data": folder})
    except ValidationError as wrong:
        raise Refused(_in_words(wrong, kind, environment, file)) from None


def _read_toml(file: Path, *, named: bool) -> dict[str, Any]:
    try:
        stated = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        if named:
            raise Refused(f"环境变量 {PREFIX}CONFIG 指定的配置文件{file}不存在，请检查路径。") from None
        return {}
    except OSError as error:
        raise Refused(f"配置文件{file}无法读取（{os_fault(error)}），请检查路径和权限。") from None
    except UnicodeDecodeError:
        raise Refused(f"配置文件{file}不是 UTF-8 编码，请另存为 UTF-8 后重试。") from None
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"配置文件{file}{toml_fault(error)}，请改正后重试。") from None
    for where in WHERE:
        if where in stated:
            raise Refused(
                f"配置文件{file}中不能设置 {where}，请改用环境变量 {PREFIX}{where.upper()}"
                f"{' 或命令行参数 --data' if where == 'data' else ''}。"
            )
    return stated


def _in_words(
    wrong: ValidationError, kind: type[BaseModel], environment: Mapping[str, Any], file: Path
) -> str:
    first, *others = wrong.errors()
    path = tuple(str(part) for part in first["loc"])[:2]
    more = f"（另有{len(others)}项设置有误）" if others else ""
    fields = dict(_leaves(kind))
    own = str(first.get("ctx", {}).get("error", ""))
    if first["type"] == "extra_forbidden":
        known = {".".join(each): each for each in fields}
        return f"配置文件{file}中没有名为 {'.'.join(path)} 的设置{more}{_nearest('.'.join(path), known)}"
    if path not in fields:
        groups = {each[0] for each in fields if len(each) == 2}
        if path and path[0] in groups and first["type"] != "value_error":
            return f"配置文件{file}中的 {path[0]} 应是一组设置，写作 [{path[0]}]{more}。"
        return f"设置有误：{own}，请在配置文件{file}或环境变量中改正{more}。"
    inside: Any = environment
    for part in path:
        inside = inside.get(part) if isinstance(inside, Mapping) else None
    where = f"环境变量 {_env_name(path)} " if inside is not None else f"配置文件{file}中 {'.'.join(path)} "
    allowed = own if first["type"] == "value_error" else fields[path].description
    return f"{where}的值{_shown(path, fields[path].annotation, first['input'])}无效，应为{allowed}{more}。"


def _shown(path: tuple[str, ...], annotation: Any, value: Any) -> str:
    """The value between quotation marks, or nothing when it is, or holds, a secret."""
    if path == ("database",):
        try:
            return f"“{make_url(str(value)).render_as_string(hide_password=True)}”"
        except ArgumentError:
            return ""
    if "SecretStr" in str(annotation) or annotation is SecretStr:
        return ""
    text = " ".join(str(value).split())
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def _leaves(kind: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, field in kind.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _leaves(inner, (*above, name))
        else:
            yield (*above, name), field


def _env_name(path: tuple[str, ...]) -> str:
    return PREFIX + "_".join(path).upper()


def _nearest(name: str, known: Mapping[str, Any]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"，是否应为 {close[0]}？" if close else "，请核对名称。"

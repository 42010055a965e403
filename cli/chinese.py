"""Typer in Chinese: its help pages and its complaints, in words a clerk reads, aligned for Chinese characters."""

import inspect
import shutil
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import Any
from unicodedata import east_asian_width

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from states.refusals import Refused

WIDEST = 100


class Command(TyperCommand):
    """A command whose help page is Chinese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write("\n".join(_page(self, ctx)))


class Group(TyperGroup):
    """A noun whose help page is Chinese, and which knows what to say of a verb it does not have."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write("\n".join([*_page(self, ctx), "", "命令：", *_columns(self.lines(ctx))]))

    def lines(self, ctx: Any) -> list[tuple[str, str]]:
        """Every command with its one line."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        return [(name, first_line(command.help)) for name, command in found if command is not None]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, names = args[0], self.list_commands(ctx)
        if name not in names and not name.startswith("-"):
            near = get_close_matches(name, names, n=1)
            hint = f"，是否应为 {near[0]}？" if near else "。"
            raise Refused(f"没有命令“{ctx.command_path} {name}”{hint}可用的有：{'、'.join(names)}。")
        return super().resolve_command(ctx, args)


class Noun(typer.Typer):
    """A noun of the command line: ``help`` is the one line that says what can be done with it."""

    def __init__(self, help: str, *, cls: type[TyperGroup] = Group) -> None:  # noqa: A002 - Typer's own name
        super().__init__(
            help=help, cls=cls, no_args_is_help=True, add_completion=False, rich_markup_mode=None,
            pretty_exceptions_enable=False,
        )  # fmt: skip

    def command(self, name: str | None = None, **kwargs: Any) -> Callable[[Any], Any]:
        return super().command(name, **{"cls": Command, **kwargs})


def usage_sentence(error: typer.TyperException, typed: Sequence[str] = ()) -> str:
    """What is wrong with what was ``typed``, in one Chinese sentence that says where help is."""
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx else " ".join(["linxuan", *typed[:1]])
    return f"{_complaint(error)}，用法见 {path} --help。"


def _complaint(error: Any) -> str:
    param = getattr(error, "param", None)
    match type(error).__name__:
        case "NoSuchOption":
            near = f"，是否应为 {error.possibilities[0]}" if error.possibilities else ""
            return f"没有选项 {error.option_name}{near}"
        case "MissingParameter" if param is not None:
            return f"缺少{_named(param)}（{_plain(param.help)}）"
        case "BadParameter" if param is not None:
            return f"{_named(param)} 的值{_given(error)}无效，应为{_wanted(param)}"
        case "BadOptionUsage":
            return f"选项 {error.option_name} 后面要写一个值"
    if "unexpected extra argument" in error.message:
        return f"多写了{error.message.partition('(s) (')[2].removesuffix(')')}"
    return f"命令写法有误（{error.message}）"


def _named(param: Any) -> str:
    return f"选项 {param.opts[-1]}" if isinstance(param, TyperOption) else f"参数 {_metavar(param)}"


def _given(error: Any) -> str:
    cause = error.__cause__
    return f"“{cause.errors()[0]['input']}”" if hasattr(cause, "errors") else ""


def _wanted(param: Any) -> str:
    if param.type_descriptor.annotation is not int:
        return param.help or "别的值"
    least, most = param.min, param.max
    return "整数" + (
        f"（{least}至{most}）" if most is not None else f"（不小于{least}）" if least is not None else ""
    )


def _page(command: Any, ctx: Any) -> list[str]:
    arguments = [param for param in command.params if isinstance(param, TyperArgument)]
    options = [
        param for param in command.get_params(ctx) if isinstance(param, TyperOption) and not param.hidden
    ]
    usage = [ctx.command_path]
    if isinstance(command, Group):
        usage.append("命令 …")
    for param in arguments:
        many = "…" if param.nargs != 1 else ""
        usage.append(f"{_metavar(param)}{many}" if param.required else f"[{_metavar(param)}{many}]")
    lines = [f"用法：{' '.join([*usage, '[选项]'])}", ""]
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        lines += [*_wrapped("".join(paragraph.split("\n")), _width()), ""]
    if arguments:
        lines += ["参数：", *_columns((_metavar(param), _plain(param.help)) for param in arguments), ""]
    lines += ["选项：", *_columns(map(_option, options))]
    if command.epilog:
        lines += ["", "例：", *(f"  {line}" for line in inspect.cleandoc(command.epilog).splitlines())]
    return lines


def _option(param: TyperOption) -> tuple[str, str]:
    names = "，".join(sorted(param.opts, key=len))
    if "--help" in param.opts:
        return names, "显示这一页"
    value = "" if param.is_flag else f" {_metavar(param)}"
    notes = [word for word, said in (("必填", param.required), ("可重复", param.multiple)) if said]
    if param.default not in (None, False, (), [], ""):
        notes.append(f"默认 {param.default}")
    return f"{names}{value}", _plain(param.help) + (f"（{'，'.join(notes)}）" if notes else "")


def _metavar(param: Any) -> str:
    return param.metavar or str(param.name).upper()


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


def first_line(text: str | None) -> str:
    """The first paragraph of a help text on one line: what a command is for."""
    return inspect.cleandoc(text or "").split("\n\n", 1)[0].replace("\n", "").rstrip("。")


def _width() -> int:
    return min(shutil.get_terminal_size().columns, WIDEST)


def _columns(rows: Iterable[Sequence[str]]) -> list[str]:
    listed = list(rows)
    first = min(max((cells(row[0]) for row in listed), default=0), 34)
    lines = []
    for name, text in listed:
        head = f"  {name}{' ' * max(first - cells(name), 0)}  "
        body = _wrapped(text, max(_width() - first - 4, 20)) or [""]
        if cells(name) > first:
            lines.append(f"  {name}")
            head = " " * (first + 4)
        lines.append(f"{head}{body[0]}".rstrip())
        lines += [" " * (first + 4) + line for line in body[1:]]
    return lines


def cells(text: str) -> int:
    """How many columns of a terminal a text fills: a Chinese character fills two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most so many columns; a Latin word stays whole, and no line begins with a closing mark."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and cells(line + piece.rstrip()) > width and piece[0] not in "，。；：、）”？！":
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for letter in text:
        wide = east_asian_width(letter) in "WF"
        if (
            pieces
            and not wide
            and not pieces[-1].endswith(" ")
            and east_asian_width(pieces[-1][-1]) not in "WF"
        ):
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces

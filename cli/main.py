"""``linxuan``: every noun that can be typed, and how what goes wrong is said.

A noun's file is imported when it is typed: the help page needs none of them.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cli.chinese import Group, Noun, usage_sentence
from cli.failing import Failed, failure
from cli.showing import NobodyReads, note, say
from states.refusals import Refused

NOUNS = {
    "up": "启动网页和时钟（单机）",
    "rehearse": "演练一个批次的全过程，不影响正式数据",
    "call": "批次：列出、查看、开放、截止",
    "import": "导入推荐表（.docx）、汇总表（.xlsx、.csv）或整个文件夹",
    "case": "申报：列出、查看、经过、办理",
    "batch": "批量办理：先预览，再照预览执行",
    "panel": "专家组：设定、列出、查看、核定回避",
    "draw": "抽取专家：承诺、抽取、补抽、证书、核验",
    "ballot": "表决：准备密钥、共同开票、计票、重新计票、核对回执",
    "recheck": "复核：查看排名、逐件拟定、一并发布",
    "publicity": "公示：列出、查看、公示通知，以及异议的登记、核查、办结",
    "paper": "文书：抽取记录、承诺书、会议记录、表决汇总、评审报告、复核报批",
    "stuck": "滞留：超过期限的和不能自动办理的，最久的在前",
    "sweep": "到期处理：办理所有到期事项，可反复运行",
    "post": "发送待发的通知",
    "directory": "目录：任何一天在册的机构",
    "expert": "专家库：导入、列出、查看、暂停、退出、恢复",
    "renewal": "续期：申请期、报告表、提交和补正、审核要点、退回、说明出入",
    "change": "变更和退出：名称、地址、联系方式等的变更，主动退出目录",
    "extract": "目录摘录：出具、核验、公钥",
    "publish": "对外公布：推送目录和公示名单、查看、重推",
    "inspect": "监督：随机抽查、违规情形、推荐单位督促、移送",
    "duty": "列入目录后的义务：清单、年度总结和计划、省级目录报送、年度汇总",
    "exam": "考试和培训：预告、报告、证书数据、取消",
    "site": "考试点：报备、列出、停用",
    "fee": "收费标准：公布、查看",
    "emergency": "突发事件：报告、列出、确认收到、续报、办结",
    "bpmn": "流程图：把一个批次的流程写成BPMN 2.0文件",
    "audit": "审计日志：校验、导出",
    "log": "事件日志：导出，供流程挖掘工具分析",
    "check": "一致性检查：核对全部记录",
    "incident": "异常：列出、重试、办结",
    "user": "账号：新增、列出、停用",
    "calendar": "工作日历：查看、解释日期、导入放假安排",
    "purge": "清除保存期满的申报内容：先试看，再清除",
    "backup": "备份到一个文件",
    "restore": "从备份文件恢复到一个空文件夹",
    "db": "数据库：查看结构版本、升级",
}
"""Every noun with its one line, in the order of the help page."""

SIGPIPE_EXIT, INTERRUPT_EXIT = 141, 130


class Nouns(Group):
    """The nouns, each from its own file when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(NOUNS)

    def lines(self, ctx: Any) -> list[tuple[str, str]]:
        return list(NOUNS.items())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in NOUNS:
            return None
        module = import_module("cli.import_" if cmd_name == "import" else f"cli.{cmd_name}")
        found = typer.main.get_command(module.app)
        found.name = cmd_name
        return found


app = Noun("遴选（linxuan）：从遴选通知到期满退出，数字技术工程师培育项目机构遴选的全过程。", cls=Nouns)


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"linxuan {version('linxuan')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="显示版本")
    ] = False,
) -> None:
    """遴选（linxuan）：从遴选通知到期满退出，数字技术工程师培育项目机构遴选的全过程。"""


def main() -> None:
    """The program ``linxuan``."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; its exit code. Whatever goes wrong becomes one sentence on standard error."""
    try:
        if not list(arguments):
            arguments = ["--help"]
        command: TyperGroup = typer.main.get_command(app)  # type: ignore[assignment]
        outcome = command.main(args=list(arguments), prog_name="linxuan", standalone_mode=False)
        sys.stdout.flush()
    except Refused as refusal:
        return _end(str(refusal), 2)
    except Failed as failed:
        return _end(str(failed), 1)
    except typer.Abort:
        return _end("已取消。", INTERRUPT_EXIT)
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            return _end(error.format_message(), 2)
        return _end(usage_sentence(error, arguments), 2)
    except (NobodyReads, BrokenPipeError):
        return _quietly()
    except KeyboardInterrupt:
        outcome = INTERRUPT_EXIT
    except Exception as error:  # noqa: BLE001 - nobody is shown a traceback
        return _end(str(failure(error)), 1)
    if outcome == INTERRUPT_EXIT:
        return _end("已中断；已经提交的办理不受影响，没有提交的没有保存。", INTERRUPT_EXIT)
    return outcome if isinstance(outcome, int) else 0


def _end(sentence: str, code: int) -> int:
    try:
        sys.stdout.flush()
        note(sentence)
        sys.stderr.flush()
    except BrokenPipeError:
        return _quietly()
    return code


def _quietly() -> int:
    """The reader of a pipe went away: end as a Unix program does, without a word."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return SIGPIPE_EXIT

"""What disks, files and databases say when they fail, in Chinese: half a sentence for a refusal to finish."""

import errno
import re
import sqlite3
import tomllib

from sqlalchemy.exc import DBAPIError

from states.refusals import Refused

_DISK_FULL = "磁盘空间不足"
_OS_FAULTS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在磁盘只读",
    errno.ENOSPC: _DISK_FULL,
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件大小超出系统限制",
    errno.ENOENT: "路径不存在",
    errno.ENOTDIR: "路径中有一段是文件而不是文件夹",
    errno.EISDIR: "是文件夹而不是文件",
    errno.EIO: "磁盘读写出错",
    errno.ELOOP: "符号链接成环",
    errno.ENAMETOOLONG: "名称过长",
    errno.EMFILE: "打开的文件过多",
}
_DATABASE_FAULTS = (
    ("disk is full", _DISK_FULL),
    ("readonly database", "数据库文件只读"),
    ("unable to open database file", "数据库文件无法打开，请检查路径和权限"),
    ("is not a database", "文件不是数据库，可能已损坏，请从备份恢复"),
    ("malformed", "数据库文件已损坏，请从备份恢复"),
    ("disk i/o error", "磁盘读写出错"),
    ("database is locked", "数据库正被另一个程序长时间占用，请稍后重试"),
    ("connection refused", "数据库服务器未启动或拒绝连接"),
    ("password authentication failed", "数据库用户名或密码不符"),
)


def os_fault(error: OSError) -> str:
    """Why a file operation failed."""
    return _OS_FAULTS.get(error.errno or 0) or error.strerror or "原因不明"


def toml_fault(error: tomllib.TOMLDecodeError) -> str:
    """Where a TOML text stops being one."""
    place = re.search(r"line (\d+), column (\d+)", str(error))
    return f"第{place[1]}行第{place[2]}列不符合 TOML 格式" if place else "不符合 TOML 格式"


def database_refusal(error: DBAPIError | sqlite3.Error) -> Refused | None:
    """The refusal for a fault outside this program (disk, file, server); None when it is a fault of its own."""
    said = str(getattr(error, "orig", error)).lower()
    for sign, words in _DATABASE_FAULTS:
        if sign in said:
            return Refused(f"数据库操作未能完成：{words}；已提交的数据不受影响。")
    return None

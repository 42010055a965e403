"""``linxuan db``: which version of the tables a database has, and bringing it to this program's."""

from typing import TYPE_CHECKING

from cli.chinese import Noun
from cli.options import Data, Json

if TYPE_CHECKING:
    from casework.settings import Settings

app = Noun("数据库：查看结构版本、升级")
STANDINGS = {
    "empty": "还没有表", "current": "与本程序一致", "older": "比本程序旧，请运行 linxuan db upgrade",
    "newer": "比本程序新，请改用新版 linxuan", "foreign": "其中是其他程序的表",
}  # fmt: skip


@app.command(epilog="linxuan db status")
def status(data: Data = None, as_json: Json = False) -> None:
    """查看数据库的结构版本，只看不改"""
    from cli.opening import refuse_without_data, settings_for
    from cli.showing import pairs, say_json
    from records.upgrade import head

    settings = settings_for(data)
    refuse_without_data(settings)
    standing, revision = _standing(settings)
    if as_json:
        say_json({"standing": standing, "revision": revision, "program": head()})
    else:
        pairs(
            {
                "数据库": _where(settings),
                "结构版本": revision,
                "本程序需要": head(),
                "状态": STANDINGS[standing],
            }
        )


@app.command(epilog="linxuan db upgrade")
def upgrade(data: Data = None, as_json: Json = False) -> None:
    """把数据库升级到本程序的结构版本，升级前先留一份副本；新文件夹则建立数据库"""
    from cli.as_of import read_as_of
    from cli.opening import opened, settings_for
    from cli.showing import say, say_json
    from records.upgrade import head, revision_of

    now = read_as_of(None)
    with opened(data, as_of=now, creating=True, upgrading=True) as here:
        revision = revision_of(here.installation.engine)
    if as_json:
        say_json({"revision": revision, "program": head()})
    else:
        say(f"数据库{_where(settings_for(data))}的结构版本是{revision}，与本程序一致。")


def _standing(settings: "Settings") -> tuple[str, str | None]:
    from sqlite3 import Error

    from sqlalchemy.exc import DBAPIError

    from casework.faults import database_refusal
    from records.engine import open_engine
    from records.upgrade import revision_of, standing

    engine = open_engine(settings.database_url)
    try:
        return str(standing(engine)), revision_of(engine)
    except (DBAPIError, Error) as error:
        raise (database_refusal(error) or error) from None
    finally:
        engine.dispose()


def _where(settings: "Settings") -> str:
    from sqlalchemy import make_url

    url = make_url(settings.database_url)
    return (
        url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    )

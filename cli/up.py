"""``linxuan up``: pages, clock and the local Prefect, in one process tree on one data folder."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.chinese import Noun
from cli.opening import opened
from cli.options import Data
from cli.showing import note
from states.refusals import Refused

if TYPE_CHECKING:
    from casework.installation import Installation

LOOPBACK = "127.0.0.1"
PORT = 8000

app = Noun("启动网页和时钟（单机）。")


@app.command()
def up(
    data: Data = None,
    port: Annotated[
        int, typer.Option("--port", metavar="端口", min=0, max=65535, help="网页的端口；0 为任选一个")
    ] = PORT,
    host: Annotated[
        str,
        typer.Option(
            "--host", metavar="地址", help="网页的监听地址，默认只供本机访问；对外须经 https 反向代理"
        ),
    ] = LOOPBACK,
) -> None:
    """启动网页和时钟（单机）。

    网页立即可用；本机的 Prefect 随后就绪，只用来查看运行记录，它不在时时钟照常运行。按 Ctrl-C 停止。
    """
    _refuse_without_files()
    clean = serve(data, host, port)
    sys.stdout.flush()
    sys.stderr.flush()
    if not clean:
        # Something would not end (a mail server that hangs): all of it is safe to cut off, and found again.
        os._exit(0)


def _refuse_without_files() -> None:
    """The pages need files that are installed at set-up, not kept in the repository."""
    from dashboard.vendored import missing

    if missing():
        raise Refused("网页所需的文件还没有安装，请先在程序目录运行 make install（需要能访问 npm 软件源）。")


def serve(data: Path | None, host: str, port: int) -> bool:
    """Serve until SIGINT or SIGTERM. False when an errand was still running at the end."""
    with (
        opened(data, as_of=_now(), creating=True, upgrading=True) as place,
        _listening(host, port) as listener,
    ):
        return _serve(place.installation, listener)


def _serve(installation: "Installation", listener: socket.socket) -> bool:
    from dashboard.app import create_app
    from flows.logs import log_to
    from flows.prefect_server import PrefectServer
    from flows.runner import Runner
    from flows.workplace import Workplace

    _tell_samples(installation)
    log_to(installation.data / "logs", installation.settings.log_level)
    workplace = Workplace.of(installation)
    prefect = PrefectServer(installation.data)
    runner = Runner(workplace, now=_now, api=prefect)
    runner.start()
    clean = False
    try:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        prefect.start(runner.note_prefect)
        app = create_app(installation, now=_now)
        app.state.ground.prefect_url = lambda: prefect.url
        _answer(app, listener)
    except KeyboardInterrupt:
        pass  # told to stop before the pages were there to be told
    finally:
        note("正在停止……")
        clean = runner.stop()
        prefect.stop()
        workplace.close()
    note("已停止。")
    return clean


def _tell_samples(installation: "Installation") -> None:
    """The accounts of a rehearsed folder; a real one has none."""
    from casework.access.sample import accounts_of

    accounts = accounts_of(installation)
    if accounts:
        print(f"演练账号（密码均为 {accounts[0].password}，登录页上可一键填写）：")
        for each in accounts:
            print(f"  {each.kind}  {each.login}")


def _answer(application: object, listener: socket.socket) -> None:
    """Answer requests until told to stop; a second Ctrl-C does not wait for open connections."""
    import uvicorn

    host, port = listener.getsockname()[:2]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    class Pages(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            loop = asyncio.get_running_loop()
            for each in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(each, self.handle_exit, each, None)
            print(f"遴选已启动：{url}（按 Ctrl-C 停止）", flush=True)
            yield

    config = uvicorn.Config(
        application,  # type: ignore[arg-type]
        log_config=None, access_log=False, timeout_graceful_shutdown=3, lifespan="off", server_header=False,
    )  # fmt: skip
    asyncio.run(Pages(config).serve([listener]))


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A listening socket, taken before anything else starts. Raises Refused in words."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise Refused(f"监听地址“{host}”无法识别，请用本机的地址，如 127.0.0.1。") from None
    listener = socket.socket(family, kind, proto)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
        listener.set_inheritable(False)
    except PermissionError:
        listener.close()
        raise Refused(f"没有权限使用端口{port}，请用 --port 换一个1024以上的端口。") from None
    except OSError:
        listener.close()
        raise Refused(f"{host}的端口{port}已被占用或不可用，请用 --port 换一个端口。") from None
    with listener:
        yield listener


def _now() -> datetime:
    return datetime.now(UTC)

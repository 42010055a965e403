"""The local Prefect API as a process of its own: ``python -m flows.prefect_child PORT``.

Its parent holds the other end of its standard input. When the parent is gone, however it went, that end closes
and this process leaves: no Prefect is ever left behind.
"""

import contextlib
import os
import sys
import threading

import uvicorn

from flows.prefect_environment import LOOPBACK


def _leave_with_parent() -> None:
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    os._exit(0)


def main() -> None:
    """Serve until terminated, or until standard input ends."""
    threading.Thread(target=_leave_with_parent, name="leave-with-parent", daemon=True).start()
    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True,
        host=LOOPBACK,
        port=int(sys.argv[1]),
        log_level="warning",
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()

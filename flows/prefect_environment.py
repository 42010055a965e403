"""What Prefect is told through the environment, before it is first imported: to stay at home and to be quiet."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

LOOPBACK = "127.0.0.1"
LOGGING = "PREFECT_LOGGING_SETTINGS_PATH"
KEPT = timedelta(days=30)
"""How long the local Prefect keeps finished runs: it is a window, the audit log is the memory."""


def prefect_environment(data: Path, env: Mapping[str, str]) -> dict[str, str]:
    """The variables to set for a local Prefect whose files lie in the data folder; `env` is the present ones.

    No telemetry, no web interface of its own (it calls an outside host), no private server behind our back, and
    no proxy between two processes of one machine.
    """
    spared = [part for part in env.get("NO_PROXY", env.get("no_proxy", "")).split(",") if part]
    direct = ",".join(dict.fromkeys([*spared, LOOPBACK]))
    return {
        "PREFECT_HOME": str(data / "prefect"),
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        LOGGING: str(Path(__file__).with_name("prefect_logging.yml")),
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(int(KEPT.total_seconds())),
        "NO_PROXY": direct,
        "no_proxy": direct,
    }

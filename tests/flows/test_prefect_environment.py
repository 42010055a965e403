from pathlib import Path

from flows.prefect_environment import LOGGING, prefect_environment


def test_prefect_stays_in_the_data_folder_and_tells_nobody() -> None:
    told = prefect_environment(Path("/data"), {})
    assert told["PREFECT_HOME"] == "/data/prefect"
    assert {name: told[name] for name in ("PREFECT_SERVER_ANALYTICS_ENABLED", "DO_NOT_TRACK")} == {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    assert (told["PREFECT_SERVER_UI_ENABLED"], told["PREFECT_SERVER_EPHEMERAL_ENABLED"]) == ("false", "false")


def test_what_it_logs_goes_where_we_log() -> None:
    assert Path(prefect_environment(Path("/data"), {})[LOGGING]).is_file()


def test_no_proxy_stands_between_two_processes_of_one_machine() -> None:
    assert prefect_environment(Path("/data"), {})["NO_PROXY"] == "127.0.0.1"
    spared = prefect_environment(Path("/data"), {"NO_PROXY": "intranet.example.cn,127.0.0.1"})
    assert spared["NO_PROXY"] == spared["no_proxy"] == "intranet.example.cn,127.0.0.1"

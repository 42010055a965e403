"""The directory for everybody: search, one entry on a day, and an extract that proves itself."""

import re
from typing import Any

import pytest

LISTED = "/directory/B3-SJAQ-0001"


def found(client: Any, **asked: str) -> list[str]:
    return [
        each["no"] for each in client.get("/directory", params={**asked, "format": "json"}).json()["entries"]
    ]


@pytest.mark.clause("I21-6.1")
def test_the_directory_is_searched_by_name_code_number_place_and_day(client: Any, listed: Any) -> None:
    listed(2)
    both = ["B3-SJAQ-0001", "B3-SJAQ-0002"]
    assert found(client) == both
    assert found(client, who="外泄单位1") == both[1:]
    assert found(client, who="b3-sjaq-0001") == both[:1]
    assert found(client, who="%") == []
    assert found(client, province="11") == []
    assert found(client, on="2024-10-08") == []


@pytest.mark.clause("I21-4.1")
def test_an_entry_has_its_term_and_its_story_and_nothing_personal(client: Any, listed: Any) -> None:
    listed(1)
    page = client.get(LISTED).text
    assert ("第1个有效期" in page, "列入目录" in page, "secret0" in page) == (True, True, False)
    assert "2024年10月8日不在目录中" in client.get(f"{LISTED}?on=2024-10-08").text


def test_who_merely_applied_has_no_page(client: Any, filed: Any) -> None:
    filed(1)
    assert [client.get(path).status_code for path in (LISTED, f"{LISTED}/extract", "/directory/X")] == [
        404
    ] * 3


@pytest.mark.parametrize("on", ["2024-13-01", "tomorrow", "2999-01-01"])
def test_a_day_that_cannot_be_is_refused_in_words(client: Any, listed: Any, on: str) -> None:
    listed(1)
    for path in ("/directory", LISTED, f"{LISTED}/extract"):
        answer = client.get(path, params={"on": on})
        assert answer.status_code == 422
        assert "日期写法不对" in answer.text or "尚未到来" in answer.text


@pytest.mark.clause("I21-6.1")
def test_an_extract_is_genuine_until_a_byte_of_it_changes(client: Any, listed: Any, send: Any) -> None:
    listed(1)
    extract = client.get(f"{LISTED}/extract").content

    def checked(file: bytes) -> tuple[int, bool]:
        shown = client.get("/directory/verify").text
        tokens = {name: re.findall(rf'name="{name}" value="([^"]+)"', shown)[-1] for name in ("csrf", "once")}
        answer = client.post("/directory/verify", data=tokens, files={"extract": ("摘录.json", file)})
        return answer.status_code, "摘录属实" in answer.text

    assert checked(extract) == (200, True)
    assert checked(extract.replace(b"B3-SJAQ-0001", b"B3-SJAQ-0002")) == (422, False)
    assert checked(b"{}") == (422, False)

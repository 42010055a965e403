"""What becomes an edition, for whom, and when: nothing twice, nothing missed."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from casework.actors import Actor
from casework.calls import open_call
from casework.gate import advance
from casework.sweep import sweep
from states.draw.canonical import digest, text
from states.roles import Role

Programme = Any  # of conftest
Receiver = Any
Publish = Any


def at(*when: int) -> datetime:
    """A Shanghai wall-clock hour as UTC."""
    year, month, day, hour = when
    return datetime(year, month, day, hour - 8, tzinfo=UTC)


LISTED = at(2024, 10, 10, 9)
POSTED = at(2024, 9, 26, 17)
PUBLICITY = "publicity/B3-GS-01@platform"


def publicised(programme: Programme, ids: list[int]) -> list[int]:
    """Cases put on one list by one decision."""
    programme.bring(ids, "recheck")
    advance(programme.desk, "publicise", ids, by=Actor("示例", Role.GROUP), as_of=POSTED)
    return ids


@pytest.mark.clause("M24-7.5", "I21-4.1", "B3-4.6")
def test_the_directory_is_pushed_when_somebody_is_listed(
    programme: Programme, platform: Receiver, run: Publish
) -> None:
    programme.bring(programme.begin(), "listed")
    report = run(LISTED)
    assert (report.editions, report.total("sent")) == (1, 1)
    [document] = platform.documents
    assert document == {
        "format": "linxuan publication 1",
        "object": "directory/evaluation@platform",
        "kind": "directory",
        "title": "评价机构目录",
        "clause": "M24-7.5",
        "number": 1,
        "previous": None,
        "made_at": "2024-10-10T09:00:00+08:00",
        "content": {
            "track": "evaluation",
            "entries": [
                {
                    "no": "B3-SJAQ-0001", "occupation": "SJAQ", "occupation_title": "数据安全工程技术人员",
                    "levels": "初级、中级", "institution": "示例机构1", "uscc": "U1", "province": "重庆市",
                    "recommender": "重庆市人力资源和社会保障局", "address": "", "phone": "",
                    "mailbox": "", "call": "B3", "term": 1, "from": "2024-10-10",
                    "to": "2027-10-10", "status": "有效", "fees": None, "publisher": "工程指导协调小组",
                }
            ],
        },
    }  # fmt: skip


def test_nothing_is_pushed_twice(programme: Programme, platform: Receiver, run: Publish) -> None:
    programme.bring(programme.begin(), "listed")
    run(LISTED)
    again = [run(LISTED), run(at(2024, 10, 10, 18)), run(at(2024, 10, 11, 9))]
    assert [(report.editions, report.pushed) for report in again] == [(0, {})] * 3
    assert len(platform.posts) == 1


@pytest.mark.clause("I21-4.1")
def test_every_change_is_an_edition_that_names_the_one_before_even_back_to_what_it_was(
    programme: Programme, platform: Receiver, run: Publish
) -> None:
    (id_,) = programme.bring(programme.begin(), "listed")
    run(LISTED)
    programme.make("order_rectification", id_, at(2025, 3, 3, 10), finding="示例", due_on=date(2025, 4, 3))
    run(at(2025, 3, 3, 11))
    programme.make("report_rectification", id_, at(2025, 3, 20, 10), report="示例")
    programme.make("accept_rectification", id_, at(2025, 4, 1, 10), finding="合格")
    run(at(2025, 4, 1, 11))
    assert [each["content"]["entries"][0]["status"] for each in platform.documents] == [
        "有效",
        "限期整改中",
        "有效",
    ]
    hashes = list(platform.kept)
    assert [each["previous"] for each in platform.documents] == [None, *hashes[:-1]]
    assert [each["number"] for each in platform.documents] == [1, 2, 3]


def test_what_is_left_of_an_emptied_directory_is_published_too(
    programme: Programme, platform: Receiver, run: Publish
) -> None:
    (id_,) = programme.bring(programme.begin(), "listed")
    run(LISTED)
    programme.make("remove", id_, at(2025, 1, 15, 10), ground="violation", finding="示例")
    run(at(2025, 1, 15, 11))
    run(at(2025, 1, 16, 9))
    assert [len(each["content"]["entries"]) for each in platform.documents] == [1, 0]


@pytest.mark.clause("M24-9.4")
def test_the_turn_of_the_day_alone_changes_the_directory(
    programme: Programme, platform: Receiver, run: Publish
) -> None:
    programme.bring(programme.begin(), "listed")
    run(LISTED)
    run(at(2027, 10, 10, 23))
    run(datetime(2027, 10, 10, 16, tzinfo=UTC))  # midnight in Shanghai; no sweep has run
    assert [len(each["content"]["entries"]) for each in platform.documents] == [1, 0]


@pytest.mark.clause("M24-7.4", "B3-4.5", "D-1")
def test_a_list_under_publicity_is_pushed_as_posted_in_an_order_that_ranks_nobody(
    programme: Programme, platform: Receiver, run: Publish
) -> None:
    publicised(programme, [*programme.begin(1), *programme.begin(occupation="JQRG")])
    run(at(2024, 9, 26, 18))
    [document] = platform.documents
    says = document["content"]
    assert (document["object"], document["clause"]) == (PUBLICITY, "B3-4.5")
    assert [each["no"] for each in says["entries"]] == ["B3-JQRG-0001", "B3-SJAQ-0001"]
    assert (says["publisher"], says["last_day"], says["taken_off"]) == ("工程指导协调小组", "2024-10-09", [])
    assert says["explanation"].startswith("自2024-09-26起5个工作日（17:00发布，当日不计，D-1）")
    assert (says["snapshot"]["no"], says["snapshot_sha256"]) == ("B3-GS-01", digest(text(says["snapshot"])))


def test_a_list_loses_whom_it_loses_while_it_runs_and_stays_as_it_is_when_it_has_ended(
    programme: Programme, platform: Receiver, run: Publish
) -> None:
    first, second = publicised(programme, programme.begin(2))
    run(at(2024, 9, 26, 18))
    programme.make("withdraw", first, at(2024, 9, 30, 10))
    run(at(2024, 9, 30, 11))
    sweep(programme.desk, as_of=LISTED)
    run(LISTED)
    programme.make("remove", second, at(2025, 1, 15, 10), ground="violation", finding="示例")
    run(at(2025, 1, 15, 11))
    lists = [each for each in platform.documents if each["kind"] == "publicity"]
    assert [[entry["no"] for entry in each["content"]["entries"]] for each in lists] == [
        ["B3-SJAQ-0001", "B3-SJAQ-0002"],
        ["B3-SJAQ-0002"],
    ]


@pytest.mark.clause("D-2")
def test_a_list_posted_anew_is_another_list(programme: Programme, platform: Receiver, run: Publish) -> None:
    (id_,) = programme.bring(programme.begin(), "publicity")
    run(at(2024, 9, 26, 18))
    programme.make("republish", id_, at(2024, 9, 30, 8), correction="示例更正")
    run(at(2024, 9, 30, 9))
    assert platform.objects() == [
        (PUBLICITY, 1),
        (PUBLICITY, 2),
        ("publicity/B3-GS-02@platform", 1),
    ]
    assert [
        (len(each["content"]["entries"]), each["content"]["taken_off"], each["content"]["corrected_by"])
        for each in platform.documents
    ] == [(1, [], ""), (0, ["B3-SJAQ-0001"], "B3-GS-02"), (1, [], "")]


def test_a_list_that_ran_while_nothing_ran_here_is_published_all_the_same_and_the_office_is_told(
    programme: Programme, platform: Receiver, run: Publish
) -> None:
    run(at(2024, 9, 1, 9))  # publication began, and then the machine stood still
    programme.bring(programme.begin(), "listed")
    run(at(2024, 10, 12, 9))
    assert sorted(platform.objects()) == [("directory/evaluation@platform", 1), (PUBLICITY, 1)]
    [(kind, reason)] = programme.rows("SELECT kind, reason FROM incident")
    assert kind == "publication_late"
    assert reason.endswith("晚于公示首日，请核对该网站的公示是否足期（I21-4.5）。")


def test_lists_over_before_publication_began_are_not_dug_up(
    programme: Programme, platform: Receiver, run: Publish
) -> None:
    programme.bring(programme.begin(), "listed")
    run(at(2024, 10, 12, 9))
    assert platform.objects() == [("directory/evaluation@platform", 1)]


@pytest.mark.clause("CQ23-1.4", "CQ23-4.5", "I21-4.5")
def test_each_call_goes_to_its_own_sites_by_its_own_publisher(
    programme: Programme, platform: Receiver, run: Publish, serve: Any
) -> None:
    desk = programme.desk
    open_call(desk, "CQ23", by=Actor("示例", Role.OFFICE), as_of=at(2023, 6, 1, 9))
    posted = at(2023, 9, 27, 8)
    for track, occupation, by in (
        ("evaluation", "RGZN", Actor("示例", Role.GROUP)),
        ("training", "WLWG", Actor("示例", Role.PROVINCE, "50")),
    ):
        (id_,) = programme.begin(call="CQ23", track=track, occupation=occupation, as_of=at(2023, 6, 5, 10))
        programme.spoil("DELETE FROM timer WHERE case_id = ?", id_)
        programme.spoil("UPDATE cases SET stage = 'decision', panel_recommends = 1 WHERE id = ?", id_)
        advance(desk, "publicise", [id_], by=by, as_of=posted)
    sites = {"platform": platform, "osta": serve(), "P50": serve(), "P46": serve()}
    run(
        at(2023, 9, 27, 9),
        platform=platform.url,
        osta=sites["osta"].url,
        provinces=f"50={sites['P50'].url},46={sites['P46'].url}",
    )
    assert {name: sorted(site.objects()) for name, site in sites.items()} == {
        "platform": [("publicity/CQ23-GS-01@platform", 1), ("publicity/CQ23-GS-02@platform", 1)],
        "osta": [],
        "P50": [("publicity/CQ23-GS-01@province-50", 1), ("publicity/CQ23-GS-02@province-50", 1)],
        "P46": [],
    }
    publishers = {each["content"]["track"]: each["content"]["publisher"] for each in platform.documents}
    assert publishers == {"evaluation": "工程指导协调小组", "training": "重庆市人力资源和社会保障局"}


@pytest.mark.clause("I21-4.5")
def test_under_the_measures_of_2021_both_sites_are_told(
    programme: Programme, platform: Receiver, run: Publish, serve: Any
) -> None:
    programme.bring(programme.begin(), "listed")
    rules = programme.rows("SELECT rules FROM call WHERE code = 'B3'")[0][0]
    both = rules.replace('publication = { value = ["platform"], clause = "B3-4.6" }', "")
    assert both != rules
    programme.spoil("UPDATE call SET rules = ? WHERE code = 'B3'", both)
    programme.desk.processes = type(programme.desk.processes)(programme.desk.engine)
    osta = serve()
    run(LISTED, platform=platform.url, osta=osta.url)
    assert (platform.objects(), osta.objects()) == (
        [("directory/evaluation@platform", 1)],
        [("directory/evaluation@osta", 1)],
    )


def test_a_receiver_set_later_is_given_what_stands(
    programme: Programme, platform: Receiver, run: Publish, serve: Any
) -> None:
    programme.bring(programme.begin(), "listed")
    run(LISTED, provinces=f"50={serve().url}")
    assert platform.posts == []
    run(at(2024, 10, 12, 9))
    assert platform.objects() == [("directory/evaluation@platform", 1)]


def test_nothing_published_names_a_person_or_a_mailbox(
    programme: Programme, platform: Receiver, run: Publish
) -> None:
    programme.bring([*programme.begin(), *programme.begin(occupation="JQRG")], "publicity")
    run(at(2024, 9, 26, 18))
    sweep(programme.desk, as_of=LISTED)
    run(LISTED)
    everything = b"".join(platform.kept.values()).decode()
    assert [word for word in ("contact@", "经办", "示例函", "votes") if word in everything] == []


def test_an_edition_is_a_row_to_the_byte(programme: Programme, platform: Receiver, run: Publish) -> None:
    programme.bring(programme.begin(), "listed")
    run(LISTED)
    [(body, hash_, content)] = programme.rows("SELECT body, sha256, content_sha256 FROM publication_edition")
    assert [body.encode()] == list(platform.kept.values())
    assert (hash_, content) == (digest(body), digest(text(platform.documents[0]["content"])))


def test_without_receivers_nothing_is_written(programme: Programme, run: Publish, settings_for: Any) -> None:
    from casework.publication.publish import publish, worth_publishing

    programme.bring(programme.begin(), "listed")
    settings = settings_for()
    assert publish(programme.desk, settings, as_of=LISTED, worker="test").editions == 0
    assert not worth_publishing(programme.desk, settings, as_of=LISTED)
    assert programme.rows("SELECT * FROM publication_edition") == []

"""Examination sites before they are used, and fees in public."""

from datetime import date
from typing import Any

import pytest

from casework.actors import Actor
from casework.duties.fees import history_of, public_fees, set_fees
from casework.duties.listing import duties
from casework.duties.sites import NewSite, close_site, report_site, sites
from casework.duties.sweep import sweep_duties
from casework.publication.contents import directories
from casework.publication.receivers import Receiver
from states.calendar import at_time, end_of, start_of
from states.duties.fees import fee
from states.refusals import Refused
from states.roles import Role

Listing = Any  # of conftest
NOW = at_time(date(2025, 2, 10), 10)
SITE = NewSite("示例考点", "示例路1号", "50", 60, "李示例")


def kinds(listing: Listing, as_of: Any = NOW) -> list[tuple[str, str]]:
    return [(each.kind, each.label) for each in duties(listing.desk, as_of=as_of) if each.kind != "yearly"]


def charge(listing: Listing, since: date, *items: tuple[str, str], as_of: Any = NOW) -> int:
    kept = [fee(name, amount, "人次") for name, amount in items]
    return set_fees(
        listing.desk, listing.no, kept, effective_on=since, refund="考前3日可退", basis="成本核算", by=listing.office,
        as_of=as_of,
    )  # fmt: skip


@pytest.mark.clause("M24-11.1")
def test_an_examination_at_an_unreported_place_makes_reporting_it_a_duty(listing: Listing) -> None:
    exam = listing.announced(2025, 3, 3)
    [duty] = [each for each in duties(listing.desk, as_of=NOW) if each.kind == "site"]
    assert (duty.label, duty.due_at, duty.clause) == (
        f"示例考点（{exam}）",
        start_of(date(2025, 3, 3)),
        "M24-11.1",
    )
    id_ = report_site(listing.desk, listing.no, SITE, by=listing.office, as_of=NOW)
    assert [kind for kind, _ in kinds(listing)] == ["fees", "examination"]
    ((to, subject, body),) = listing.programme.rows(
        "SELECT recipient, subject, body FROM letter WHERE letter = 'site_reported'"
    )
    assert (to, subject) == ("p50@example.cn", "考试点报备：示例机构1 示例考点")
    assert "李示例" not in body
    later = listing.announced(2025, 6, 3)
    assert [label for kind, label in kinds(listing) if kind == "site"] == []
    assert listing.programme.rows("SELECT no FROM examination WHERE site_id = ? ORDER BY no", id_) == [
        (exam,),
        (later,),
    ]


@pytest.mark.clause("M24-11.1", "M24-11.6a")
def test_sites_are_listed_by_province_to_those_who_may_see_them(listing: Listing, province: Any) -> None:
    id_ = report_site(listing.desk, listing.no, SITE, by=listing.office, as_of=NOW)
    elsewhere = NewSite("外地考点", "示例路2号", "11", 30, "王示例")
    report_site(listing.desk, listing.no, elsewhere, by=listing.office, as_of=NOW)
    seen = {
        code: [each.name for each in sites(listing.desk, actor=province(code))] for code in ("11", "50", "12")
    }
    assert seen == {"11": ["外地考点"], "50": ["外地考点", "示例考点"], "12": []}
    assert [each.name for each in sites(listing.desk, province="11")] == ["外地考点"]
    with pytest.raises(Refused, match="已报备"):
        report_site(listing.desk, listing.no, SITE, by=listing.office, as_of=NOW)
    close_site(listing.desk, id_, by=listing.office, as_of=NOW)
    with pytest.raises(Refused, match="已经停用"):
        close_site(listing.desk, id_, by=listing.office, as_of=NOW)
    assert "李示例" not in listing.programme.contents()


@pytest.mark.clause("M24-11.1")
@pytest.mark.parametrize(
    ("site", "sentence"),
    [
        (NewSite("", "示例路1号", "50", 60, "李示例"), "考试点名称须填写"),
        (NewSite("示例", "示例路1号", "99", 60, "李示例"), "没有省份代码“99”"),
        (NewSite("示例", "示例路1号", "50", 0, "李示例"), "可容纳人数应大于0"),
        (NewSite("示例", "示例路1号", "50", 60, "110101199003070070"), "含有居民身份证号"),
    ],
)
def test_a_site_that_cannot_be_is_refused(listing: Listing, site: NewSite, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        report_site(listing.desk, listing.no, site, by=listing.office, as_of=NOW)


@pytest.mark.clause("M24-12", "I21-4.6.4", "D-3")
def test_who_is_listed_owes_its_fees_within_a_month_and_is_reminded(listing: Listing) -> None:
    [duty] = [each for each in duties(listing.desk, as_of=NOW) if each.kind == "fees"]
    assert (duty.due_at, duty.overdue, duty.days_over) == (end_of(date(2024, 11, 10)), True, 92)
    assert "设置规定，M24-12、D-3" in duty.why
    told = [sweep_duties(listing.desk, as_of=at_time(date(2024, 11, n), 9)) for n in (7, 8, 11, 12)]
    assert [(each.reminded, each.overdue) for each in told] == [(1, 0), (1, 0), (0, 1), (0, 0)]
    charge(listing, date(2025, 2, 10), ("初级考试费", "300"))
    assert kinds(listing) == []


@pytest.mark.clause("M24-12", "I21-4.6.4", "I21-4.1")
def test_fees_are_public_on_every_day_as_they_were_known_then(listing: Listing) -> None:
    charge(listing, date(2025, 1, 1), ("初级考试费", "300"), ("补考费", "150.50"))
    charge(listing, date(2025, 7, 1), ("初级考试费", "280"))
    words = {
        day: {no: each.words for no, each in public_fees(listing.desk.engine, day).items()}
        for day in (date(2025, 2, 9), date(2025, 2, 10), date(2025, 7, 1))
    }
    assert words == {
        date(2025, 2, 9): {},
        date(2025, 2, 10): {listing.no: "初级考试费 300.00元/人次；补考费 150.50元/人次"},
        date(2025, 7, 1): {listing.no: "初级考试费 280.00元/人次"},
    }
    assert [each.number for each in history_of(listing.desk, listing.no)] == [1, 2]
    [content, _] = directories(
        listing.desk, [Receiver("platform", "platform", "https://platform.test/in")], date(2025, 2, 10)
    )
    assert content.says["entries"][0]["fees"] == {
        "effective_on": "2025-01-01", "refund": "考前3日可退", "basis": "成本核算",
        "items": [
            {"name": "初级考试费", "unit": "人次", "yuan": "300.00"}, {"name": "补考费", "unit": "人次", "yuan": "150.50"},
        ],
    }  # fmt: skip


@pytest.mark.clause("M24-12")
def test_a_change_of_fees_does_not_reach_back(listing: Listing) -> None:
    charge(listing, date(2025, 1, 1), ("考试费", "300"))
    with pytest.raises(Refused, match="不能自过去的日期起施行，最早自2025-02-10起"):
        charge(listing, date(2025, 2, 9), ("考试费", "200"))
    with pytest.raises(Refused, match="须填写"):
        set_fees(
            listing.desk, listing.no, [fee("考试费", "1", "人次")], effective_on=date(2025, 3, 1), refund=" ", basis="示例",
            by=Actor("示例", Role.OFFICE), as_of=NOW,
        )  # fmt: skip

"""The notice of a publicity as a Word file, numbered and ready to stamp: the same one every time (M24-7.4, CQ23-1.4)."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.papers.issuing import Issued
from casework.papers.numbering import document_number
from casework.papers.rendering import rendered
from casework.papers.wording import Fields, Heading, Paper, Rows, Text
from casework.publicity.reading import PublicityView, publicity
from casework.wording import spoken
from records.transaction import transaction
from states.calendar import day_of

KIND = "publicity_notice"
TEMPLATES = Path(__file__).parent / "templates"
PAPER = Paper(
    "公", "{{ title }}公示", "", "M24-7.4",
    (
        Text("{{ lead }}"),
        Text("{{ again }}"),
        Fields((
            ("公示时间", "{{ first_day }}至{{ last_day }}，共{{ working_days }}个工作日（{{ clause }}）"),
            ("期限推算", "{{ explanation }}"),
            ("发布", "{{ publisher }}（{{ publisher_clause }}）"),
            ("发布网站", "{{ sites }}（{{ sites_clause }}）"),
        )),
        Heading("拟入选名单"),
        Text("{{ order }}。"),
        Rows("entries", (
            ("序号", "place"), ("职业", "occupation"), ("等级", "levels"), ("机构名称", "institution"),
            ("所在省份", "province"), ("申报编号", "no"),
        ), (1.1, 3.7, 2.2, 4.6, 2.0, 2.9)),
        Text("公示期间，任何单位和个人对上述名单有异议的，可以实名或者匿名向发布单位提出，并提供证据或者线索；实名提出并留有"
             "邮箱的，予以书面答复。异议人的姓名和联系方式依规保密。"),
        Text("公示内容SHA-256：{{ sha256 }}"),
        Text("（{{ publisher }}盖章）　　{{ posted_on }}"),
    ),
)  # fmt: skip


def notice(desk: Desk, no: str, *, by: Actor, as_of: datetime, folder: Path | None = None) -> Issued:
    """The notice of a publicity; its number is given once. ``folder`` may hold the office's own template.

    What it says is the snapshot as it was posted. Raises Refused when there is no such publicity.
    """
    view, _ = publicity(desk, no, as_of=as_of)
    with transaction(desk.engine) as tx:
        number = document_number(tx, KIND, PAPER.character, view.no, clause=view.clause, by=by, as_of=as_of)
        own = folder if folder is not None and (folder / f"{KIND}.docx").exists() else TEMPLATES
        data = rendered(KIND, {**_content(view), "number": number}, own)
        detail = {"paper": KIND, "about": view.no, "number": number}
        append(tx, [Entry(as_of, as_of, by.signature, "paper", "issued", clause=view.clause, detail=detail)])
    return Issued(number, f"公示_{view.no}.docx", data)


def _content(view: PublicityView) -> Mapping[str, Any]:
    says = view.content
    first, last = spoken(day_of(view.posted_at)), spoken(view.told_last_day)
    again = (
        f"本公示更正并取代{says['corrects']}中相应机构的内容，公示期重新计算（D-2）。更正内容：{says['correction']}"
        if says["corrects"]
        else "公示期满无异议的，列入目录；有异议的，待核查后另行处理。"
    )
    entries = [
        {"place": place, **{key: each[key] for key in ("levels", "institution", "province", "no")},
         "occupation": each["occupation_title"]}
        for place, each in enumerate(says["entries"], 1)
    ]  # fmt: skip
    return {
        **{key: says[key] for key in ("title", "publisher", "publisher_clause", "sites_clause", "clause", "working_days",
                                      "explanation", "order")},
        "lead": f"按照遴选程序，现将{says['title']}予以公示。",
        "again": again,
        "first_day": first,
        "last_day": last,
        "sites": "、".join(says["sites"]),
        "entries": entries,
        "sha256": view.sha256,
        "posted_on": first,
    }  # fmt: skip

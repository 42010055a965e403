"""The clauses the rules rest on, by the ids that rules, letters and tests cite."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

SILENT = "设置"
"""What stands in place of a clause id where the texts are silent and the office set a value itself."""

SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "I21": "《专业技术人才知识更新工程数字技术工程师培育项目实施办法》（人社厅发〔2021〕71号）",
        "CQ23": "《关于开展数字技术工程师培育项目第二批培训机构和评价机构申报工作的通知》"
        "（渝人社办〔2023〕138号）",
        "B3": "《关于开展数字技术工程师培育项目第三批评价机构遴选工作的通知》（2024年5月15日）",
        "M24": "《数字技术工程师培育项目培训机构和评价机构管理办法（试行）》（2024年8月22日）",
        "D": "法规未作规定、由系统设定并向工作人员说明的处理方式",
    }
)
"""The texts, by the prefix of their clause ids."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its id, what it asks in our own words (Chinese), and the text it stands in.

    ``reason`` says in Chinese why no rule carries it out, where that is no business of software; else it is empty.
    """

    id: str
    asks: str
    source: str
    reason: str = ""

    @property
    def source_title(self) -> str:
        """The full title of the text, in Chinese."""
        return SOURCES.get(self.source, self.source)


def _load() -> Mapping[str, Clause]:
    text = files("states").joinpath("clauses.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    return MappingProxyType(
        {
            id_: Clause(id_, table["asks"], table["source"], table.get("reason", ""))
            for id_, table in tables.items()
        }
    )


CLAUSES: Mapping[str, Clause] = _load()
"""Every clause, in the order of the texts."""


def clause(id_: str) -> Clause:
    """The clause of that id; KeyError, naming the id, when there is none."""
    try:
        return CLAUSES[id_]
    except KeyError:
        raise KeyError(f"no clause {id_!r} in states/clauses.toml") from None

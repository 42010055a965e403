"""Write docs/clauses.md and the table of the law in both READMEs: ``python -m docs.clause_pages``.

With ``--check`` nothing is written: what is not current is named, and the exit code is 1.
"""

import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from docs.clause_map import ROOT, Place, listed, proved, ruled
from docs.clause_words import seen
from docs.law_table import Section, sections
from states.clauses import SOURCES, Clause, clause

BEGIN, END = "<!-- law: written by make docs -->", "<!-- /law -->"
NAMED_IN_FULL = 16
SENTENCES = 6


def clauses_page() -> str:
    """The whole of docs/clauses.md."""
    lines = [
        "# 条款",
        "",
        "每一条款要求什么、在何处落实、工作人员在何处见到、由哪些测试证明。",
        "本页由 `make docs` 从规则和测试生成，测试保证其与代码一致。",
        "",
        f"共{len(listed())}条：{_counts()}。",
    ]
    for source, ids in groupby(listed(), key=lambda id_: clause(id_).source):
        lines += ["", f"## {SOURCES[source]}"]
        for clause_id in ids:
            lines += ["", *_chapter(clause(clause_id))]
    return "\n".join(lines) + "\n"


def _counts() -> str:
    named = sum(1 for id_ in listed() if id_ in ruled())
    cited = sum(1 for id_ in listed() if id_ in proved())
    exempt = sum(1 for id_ in listed() if clause(id_).reason)
    return f"{named}条由规则落实，{cited}条有测试证明，{exempt}条说明了不由软件落实的理由"


def _chapter(each: Clause) -> Iterator[str]:
    yield f"### {each.id}"
    yield ""
    yield f"{each.asks}。"
    yield ""
    if each.reason:
        yield f"- 不由软件落实：{each.reason}。"
    if each.id in ruled():
        yield f"- 落实：{_by_file(ruled()[each.id])}。"
    for kind, words in seen().get(each.id, {}).items():
        yield f"- {kind}：{_listed(words)}"
    if each.id in proved():
        yield f"- 证明：{_by_file(proved()[each.id])}。"


def _by_file(places: tuple[Place, ...]) -> str:
    in_full = len(places) <= NAMED_IN_FULL
    told = []
    for file, group in groupby(places, key=lambda place: place.file):
        names = [place.name for place in group if place.name]
        if not names:
            told.append(f"`{file}`")
        elif in_full:
            told.append(f"`{file}`（{'、'.join(f'`{name}`' for name in names)}）")
        else:
            told.append(f"`{file}`（{len(names)}处）")
    return "；".join(told)


def _listed(words: tuple[str, ...]) -> str:
    shown = "；".join(word.rstrip("。；") for word in words[:SENTENCES])
    more = f"；等{len(words)}项" if len(words) > SENTENCES else ""
    return f"{shown}{more}。"


def law_table(language: str) -> str:
    """The table of the law for one README (``en`` or ``zh``)."""
    heads = {
        "en": ("Law", "What it asks", "Rule", "Test", "Command"),
        "zh": ("条款", "要求", "规则", "测试", "命令"),
    }
    lines = [
        f"| {' | '.join(heads[language])} |",
        "|---|---|---|---|---|",
        *(_row(each, language) for each in sections()),
    ]
    return "\n".join(lines)


def _row(each: Section, language: str) -> str:
    asks = each.en if language == "en" else each.zh
    test = each.test.removeprefix("tests/")
    return f"| {each.law} | {asks} | [{each.rule}]({each.rule}) | [{test}]({each.test}) | `{each.command}` |"


def within(text: str, table: str) -> str:
    """A README with the table between its marks; ValueError when the marks are not there once each, in order."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in after:
        raise ValueError(f"{BEGIN} and {END} must stand in the file once each")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def pages() -> Mapping[Path, str]:
    """Every page that is written from the sources, as it should now read."""
    readmes = {ROOT / "README.md": "en", ROOT / "README.zh-CN.md": "zh"}
    return {
        ROOT / "docs" / "clauses.md": clauses_page(),
        **{
            path: within(path.read_text(encoding="utf-8"), law_table(tongue))
            for path, tongue in readmes.items()
        },
    }


def stale() -> list[str]:
    """The pages that are not as they should read."""
    return [
        path.relative_to(ROOT).as_posix()
        for path, text in pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main(words: list[str]) -> int:
    """Write the pages, or with ``--check`` only name those that are not current."""
    if words == ["--check"]:
        found = stale()
        sys.stdout.write("".join(f"{name} is not current: make docs\n" for name in found))
        return 1 if found else 0
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

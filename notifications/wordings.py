"""Wordings as files: where they lie, how they are read, and what they may say.

A wording is ``<letter>/<role>.txt.j2`` (or ``notices/<notice>.txt.j2``): the first line is the subject, then a
blank line, then the body. It is plain text with names and conditions in it, nothing else: ``{{ institution }}``,
``{% if cooling_until %} … {% endif %}``. An office may keep its own in the data folder, in the same places.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, meta, nodes

from notifications.vocabulary import LETTERS, NOTICES, STAFF_LETTERS, may_use
from states.refusals import Refused

ROOM = Path(__file__).parent
NOTICE_FOLDER = "notices"
ENDING = ".txt.j2"

_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
)


class Wording(NamedTuple):
    """The text of one letter for one role. ``letter`` is ``notices`` and ``role`` the notice for a digest line."""

    letter: str
    role: str
    subject: str
    body: str
    source: str


def environment() -> Environment:
    """How wordings are compiled: a name that is not given is an error, and nothing else can be reached."""
    found = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found.globals.clear()
    return found


def read_wording(letter: str, role: str) -> Wording:
    """The wording that comes with the program. Raises KeyError when there is none."""
    folder = ROOM if letter == NOTICE_FOLDER else ROOM / "letters"
    path = folder / letter / f"{role}{ENDING}"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise KeyError(f"no wording {letter}/{role}") from None
    return split(text, letter, role, path.relative_to(ROOM).as_posix())


def shipped() -> Iterator[tuple[str, str]]:
    """Every (letter, role) the program has a wording for; notices as ``("notices", notice)``."""
    for folder in (ROOM / "letters", ROOM):
        pattern = f"*/*{ENDING}" if folder != ROOM else f"{NOTICE_FOLDER}/*{ENDING}"
        for path in sorted(folder.glob(pattern)):
            yield path.parent.name, path.name.removesuffix(ENDING)


def office_wordings(folder: Path) -> dict[tuple[str, str], Wording]:
    """The wordings an office keeps in its data folder, each checked.

    A folder that is not there is an office without wordings of its own. Raises Refused, naming the file and
    what is wrong with it.
    """
    known, found = set(shipped()), {}
    for path in sorted(folder.rglob(f"*{ENDING}")):
        name = path.relative_to(folder).as_posix()
        letter, role = path.parent.name, path.name.removesuffix(ENDING)
        if (letter, role) not in known or path.parent.parent != folder:
            raise Refused(f"自定义通知模板{name}不对应任何通知，请改名为“通知名/角色{ENDING}”或删除。")
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(f"自定义通知模板{name}无法读取，请存为UTF-8编码的文本文件。") from error
        wording = split(text, letter, role, name)
        faults = list(faults_of(wording))
        if faults:
            raise Refused(f"自定义通知模板{name}不能使用：{'；'.join(faults)}。请修改后重试。")
        found[letter, role] = wording
    return found


def split(text: str, letter: str, role: str, source: str) -> Wording:
    """A wording's text as subject and body."""
    subject, _, body = text.replace("\r\n", "\n").partition("\n")
    return Wording(letter, role, subject.strip(), body.strip("\n") + "\n", source)


def faults_of(wording: Wording) -> Iterator[str]:
    """What keeps a wording from being used, in Chinese; nothing when it is sound."""
    if not wording.subject:
        yield "第一行应为标题，现为空行"
    if not wording.body.strip() and wording.letter != NOTICE_FOLDER:
        yield "没有正文"
    for part, text in (("标题", wording.subject), ("正文", wording.body)):
        try:
            tree = environment().parse(text)
        except TemplateSyntaxError as error:
            yield f"{part}第{error.lineno}行写法有误（{error.message}）"
            continue
        alien = {type(node).__name__ for node in tree.find_all(nodes.Node) if not isinstance(node, _ALLOWED)}
        if alien:
            yield f"{part}只能使用变量和条件，不能使用{'、'.join(sorted(alien))}"
        strange = meta.find_undeclared_variables(tree) - words_for(wording)
        if strange:
            yield f"{part}用了没有的变量：{'、'.join(sorted(strange))}"


def words_for(wording: Wording) -> frozenset[str]:
    """The names this wording may use; none for a letter the vocabulary does not know."""
    letter = wording.role if wording.letter == NOTICE_FOLDER else wording.letter
    return may_use(letter) if letter in {**LETTERS, **NOTICES, **STAFF_LETTERS} else frozenset()

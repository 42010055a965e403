"""Where each clause is carried out and which tests prove it, read from the sources so that nobody keeps a list."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).parent.parent
RULE_ROOMS = ("states", "casework", "notifications")
ONLY_PLAYED = ("casework/rehearsal/", "states/rehearsals/")
"""What plays a call through names many clauses and rules nothing."""

CLAUSE_LIST = "states/clauses.toml"
CLAUSE_ID = re.compile(r"(?<![\w.-])(?:I21|CQ23|B3|M24|D)-(?:A\d?|\d+(?:\.\d+)*[a-z]?)(?![\w-])")
_TABLE = re.compile(r"\[+(?P<name>[^\]]+)\]+\s*(?:#.*)?")
_KEY = re.compile(r"(?P<name>[\w-]+)\s*=")
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A named part of a file: a function, a class, a constant, a key of a rule file; no name means the file itself."""

    file: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class BadCitation(Exception):
    """A test cites a clause in a way that cannot be read without running it."""

    place: str

    def __str__(self) -> str:
        return f"{self.place}: write each clause id out as a plain string"


@cache
def listed() -> tuple[str, ...]:
    """Every clause id, in the order of the list."""
    return tuple(tomllib.loads((ROOT / CLAUSE_LIST).read_text(encoding="utf-8")))


@cache
def ruled() -> Mapping[str, tuple[Place, ...]]:
    """Clause id → the places in the rules that name it, the list itself not counted."""
    return _gathered(
        (clause_id, place)
        for room in RULE_ROOMS
        for path in sorted((ROOT / room).rglob("*"))
        if path.suffix in _READERS
        and relative(path) != CLAUSE_LIST
        and not relative(path).startswith(ONLY_PLAYED)
        for clause_id, place in named_in(path)
    )


@cache
def proved() -> Mapping[str, tuple[Place, ...]]:
    """Clause id → the tests that cite it; BadCitation when one cannot be read."""
    return _gathered(
        (clause_id, place)
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for clause_id, place in citations_in(path)
    )


def named_in(path: Path) -> Iterator[tuple[str, Place]]:
    """The clause ids in one rule file, each with the part that names it."""
    text = path.read_text(encoding="utf-8")
    names = _READERS[path.suffix](text)
    for number, line in enumerate(text.splitlines(), start=1):
        if path.suffix == ".toml" and line.startswith("#"):
            continue
        for clause_id in CLAUSE_ID.findall(line):
            yield clause_id, Place(relative(path), names.get(number, ""))


def citations_in(path: Path) -> Iterator[tuple[str, Place]]:
    """The clause ids that one test file cites with ``pytest.mark.clause``, each with its test."""
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    names = _names(tree, functions_only=True)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="clause", value=ast.Attribute(attr="mark"))):
                ids = [each.value for each in node.args if isinstance(each, ast.Constant)]
                if not ids or len(ids) != len(node.args) or node.keywords:
                    raise BadCitation(f"{relative(path)}:{node.lineno}")
                for clause_id in ids:
                    yield str(clause_id), Place(relative(path), names.get(node.lineno, ""))


def relative(path: Path) -> str:
    """A path as the pages write it, from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def _gathered(found: Iterator[tuple[str, Place]]) -> Mapping[str, tuple[Place, ...]]:
    places: dict[str, dict[Place, None]] = {}
    for clause_id, place in found:
        places.setdefault(clause_id, {})[place] = None
    return MappingProxyType({clause_id: tuple(sorted(each)) for clause_id, each in places.items()})


def _python_names(text: str) -> Mapping[int, str]:
    return _names(ast.parse(text), functions_only=False)


def _names(tree: ast.Module, *, functions_only: bool) -> dict[int, str]:
    """Line → the name of the outermost definition around it; its decorators are part of a function."""
    names: dict[int, str] = {}
    for node in tree.body:
        if not isinstance(node, _Definition) or (
            functions_only and isinstance(node, ast.Assign | ast.AnnAssign)
        ):
            continue
        name = _name(node)
        if name.startswith("__"):
            continue
        decorators = [] if isinstance(node, ast.Assign | ast.AnnAssign) else node.decorator_list
        first = min([node.lineno, *(each.lineno for each in decorators)])
        names |= dict.fromkeys(range(first, (node.end_lineno or node.lineno) + 1), name)
    return names


def _name(node: _Definition) -> str:
    match node:
        case ast.Assign(targets=[ast.Name(id=name), *_]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
    return ""


def _toml_names(text: str) -> Mapping[int, str]:
    names: dict[int, str] = {}
    table = key = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.fullmatch(line.strip()):
            table, key = header["name"], ""
        elif entry := _KEY.match(line):
            key = entry["name"]
        if line.strip() and not line.startswith("#"):
            names[number] = ".".join(filter(None, (table, key)))
    return names


def _no_names(_: str) -> Mapping[int, str]:
    return {}


_READERS = {".py": _python_names, ".toml": _toml_names, ".j2": _no_names}

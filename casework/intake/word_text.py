"""The text of a piece of a Word document as its reader sees it.

Tracked insertions count, deletions do not; content controls, links, text boxes and symbols speak; prompts that a
content control still shows do not. Every tick becomes ☑ and every empty box □, however it was made. Elements are
told by their local names, so that files in the strict variant of the format read the same.
"""

import re
from collections.abc import Iterator

from lxml import etree

from casework.intake.ticks import TICKED, UNTICKED

_SILENT = frozenset(
    [
        "del",
        "moveFrom",
        "pPr",
        "rPr",
        "sdtPr",
        "sdtEndPr",
        "tblPr",
        "tblGrid",
        "trPr",
        "tcPr",
        "sectPr",
        "delText",
        "delInstrText",
        "fldData",
    ]
)
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}
# Wingdings, Wingdings 2: the places of ticked and empty boxes, with or without the private-use offset.
_SYMBOL_TICKS = {"wingdings": {0xFC, 0xFE, 0xFD, 0x6E}, "wingdings 2": {0x50, 0x52, 0x51, 0x53, 0x54, 0x97}}
_SYMBOL_BOXES = {"wingdings": {0x6F, 0x71, 0x72, 0xA8}, "wingdings 2": {0x2A, 0x30, 0xA3}}


def local(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute's value by its name without namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def number(element: etree._Element | None, name: str, *, base: int = 10, default: int = 0) -> int:
    """An attribute as a whole number; `default` when it is missing or is none."""
    try:
        return int((attribute(element, name) if element is not None else None) or "", base)
    except ValueError:
        return default


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The element reached by going down through first children of these names, or None."""
    for name in names:
        if element is None:
            return None
        element = next((below for below in element if local(below) == name), None)
    return element


def is_on(switch: etree._Element | None) -> bool:
    """Whether a toggle element is there and not set to off."""
    return switch is not None and attribute(switch, "val") not in ("0", "false", "off", "none")


def text_of(element: etree._Element) -> str:
    """The text of `element`, its paragraphs on lines of their own."""
    pieces: list[str] = []
    _gather(element, pieces)
    return re.sub(r"\n{2,}", "\n\n", _overlaid("".join(pieces))).strip("\n")


def _gather(element: etree._Element, pieces: list[str]) -> None:
    for below in element:
        name = local(below)
        if name in _SILENT:
            continue
        if name == "t":
            pieces.append(below.text or "")
        elif name == "r":
            _run(below, pieces)
        elif name in _BREAKS:
            pieces.append(_BREAKS[name])
        elif name == "sym":
            pieces.append(_symbol(attribute(below, "font") or "", number(below, "char", base=16)))
        elif name == "instrText":
            pieces.append(f"\x00{below.text or ''}\x01")
        elif name == "fldChar":
            pieces.append(_legacy_box(below))
        elif name == "AlternateContent":
            _alternate(below, pieces)
        elif name == "sdt":
            _control(below, pieces)
        else:
            _gather(below, pieces)
            if name == "p":
                pieces.append("\n")


def _run(run: etree._Element, pieces: list[str]) -> None:
    properties = child(run, "rPr")
    if is_on(child(properties, "vanish")):
        return
    fonts = child(properties, "rFonts")
    font = (attribute(fonts, "ascii") or "") if fonts is not None else ""
    if not font.lower().startswith("wingdings"):
        _gather(run, pieces)
        return
    inside: list[str] = []
    _gather(run, inside)
    pieces += [_symbol(font, ord(character)) for character in "".join(inside)]


def _symbol(font: str, code: int) -> str:
    if code in (ord(TICKED), ord(UNTICKED), ord("\n"), ord("\t")):
        return chr(code)
    place = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    font = font.strip().lower()
    if place in _SYMBOL_TICKS.get(font, ()):
        return TICKED
    if place in _SYMBOL_BOXES.get(font, ()):
        return UNTICKED
    return "" if 0xF000 <= code <= 0xF0FF else chr(code)


def _legacy_box(field_character: etree._Element) -> str:
    if attribute(field_character, "fldCharType") != "begin":
        return ""
    box = child(field_character, "ffData", "checkBox")
    if box is None:
        return ""
    state = child(box, "checked")
    return TICKED if is_on(state if state is not None else child(box, "default")) else UNTICKED


def _control(control: etree._Element, pieces: list[str]) -> None:
    properties = child(control, "sdtPr")
    checkbox = child(properties, "checkbox")
    if checkbox is not None:
        state = child(checkbox, "checked")
        pieces.append(TICKED if is_on(state) else UNTICKED)
    elif not is_on(child(properties, "showingPlcHdr")):
        content = child(control, "sdtContent")
        if content is not None:
            _gather(content, pieces)


def _alternate(element: etree._Element, pieces: list[str]) -> None:
    for choice in ("Choice", "Fallback"):
        below = child(element, choice)
        if below is not None:
            inside: list[str] = []
            _gather(below, inside)
            if "".join(inside).strip():
                pieces += inside
                return


def _overlaid(text: str) -> str:
    """Field instructions go, except a character laid over a box: eq \\o\\ac(□,√) is a tick."""
    if "\x00" not in text:
        return text
    text = text.replace("\x01\x00", "")

    def shown(found: re.Match[str]) -> str:
        instruction = found[1]
        if re.match(r"\s*eq\s*\\o", instruction, re.IGNORECASE):
            return TICKED if re.search("[√✓✔☑×xX]", instruction.partition("(")[2]) else UNTICKED
        return ""

    return re.sub("\x00([^\x01]*)\x01", shown, text)


def pieces_below(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """The nearest descendants named `wanted`, through content controls, revisions and custom markup."""
    for below in element:
        name = local(below)
        if name == wanted:
            yield below
        elif name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            yield from pieces_below(below, wanted)

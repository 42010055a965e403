"""WordprocessingML for the pieces a form is written with: paragraphs, cells, and every way a tick is made."""

import re
from xml.sax.saxutils import escape

from casework.intake.styles import NEAT, Style
from casework.intake.ticks import TICKED, UNTICKED

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
TWIPS_A_COLUMN = 803

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WHO = 'w:id="1" w:author="申报单位" w:date="2024-06-01T00:00:00Z"'


def paragraph(text: str, style: Style = NEAT, *, align: str = "", bold: bool = False, size: int = 0) -> str:
    """One paragraph. `size` in half points; a tick in `text` is made the way `style` makes it."""
    placed = f'<w:pPr><w:jc w:val="{align}"/></w:pPr>' if align else ""
    look = ("<w:b/>" if bold else "") + (f'<w:sz w:val="{size}"/>' if size else "")
    runs = "".join(_runs(piece, style, look) for piece in re.split(f"([{TICKED}{UNTICKED}])", text) if piece)
    return f"<w:p>{placed}{runs}</w:p>"


def answer(text: str, style: Style, *, long: bool = False) -> str:
    """The paragraphs of an answer, in a text box or as a tracked insertion where `style` says so."""
    lines = text.split("\n") if text else [""]
    if text and long and style.text_boxes:
        inside = "".join(paragraph(line, style) for line in lines)
        return (
            '<w:p><w:r><w:pict><v:shape style="width:400pt;height:200pt"><v:textbox><w:txbxContent>'
            f"{inside}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
        )
    if text and style.tracked and not re.search(f"[{TICKED}{UNTICKED}]", text):
        removed = f"<w:del {_WHO}><w:r><w:delText>原稿</w:delText></w:r></w:del>"
        return "".join(
            f"<w:p>{removed if not place else ''}<w:ins {_WHO}>{_run(line)}</w:ins></w:p>"
            for place, line in enumerate(lines)
        )
    return "".join(paragraph(line, style) for line in lines)


def cell(content: str, span: int, merged: str = "", *, tall: bool = False) -> str:
    """A table cell over `span` columns; `merged` is '', 'restart' or 'continue'; a `tall` one starts at its top."""
    properties = f'<w:tcW w:w="{span * TWIPS_A_COLUMN}" w:type="dxa"/><w:gridSpan w:val="{span}"/>'
    if merged:
        properties += f'<w:vMerge w:val="{merged}"/>'
    upright = "top" if tall else "center"
    return f'<w:tc><w:tcPr>{properties}<w:vAlign w:val="{upright}"/></w:tcPr>{content}</w:tc>'


def row(cells: str, height: int = 420) -> str:
    """A table row at least `height` twips high; a low one stays on one page."""
    whole = "<w:cantSplit/>" if height <= 420 else ""
    tall = f'<w:trPr>{whole}<w:trHeight w:val="{height}" w:hRule="atLeast"/></w:trPr>'
    return f"<w:tr>{tall}{cells}</w:tr>"


def table(rows: str, columns: int) -> str:
    """A table with ruled lines on a grid of `columns` equal columns."""
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = f'<w:gridCol w:w="{TWIPS_A_COLUMN}"/>' * columns
    return (
        f'<w:tbl {NAMESPACES}><w:tblPr><w:tblW w:w="{TWIPS_A_COLUMN * columns}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _run(text: str, look: str = "") -> str:
    safe = escape(_UNWRITABLE.sub("", text))
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{safe}</w:t></w:r>'


def _runs(piece: str, style: Style, look: str) -> str:
    if piece not in (TICKED, UNTICKED):
        return _run(piece, look)
    on = piece == TICKED
    match style.tick_made:
        case "control":
            shown = "☒" if on else "☐"
            box = f'<w14:checkbox><w14:checked w14:val="{int(on)}"/></w14:checkbox>'
            return f"<w:sdt><w:sdtPr>{box}</w:sdtPr><w:sdtContent>{_run(shown)}</w:sdtContent></w:sdt>"
        case "symbol":
            return f'<w:r><w:sym w:font="Wingdings" w:char="{"F0FE" if on else "F0A8"}"/></w:r>'
        case "wingdings":
            font = '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>'
            return _run("R" if on else "\u00a3", font)
        case "legacy":
            state = f'<w:checkBox><w:sizeAuto/><w:default w:val="{int(on)}"/></w:checkBox>'
            begin = f'<w:fldChar w:fldCharType="begin"><w:ffData>{state}</w:ffData></w:fldChar>'
            return (
                f"<w:r>{begin}</w:r><w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r>"
                '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            )
        case "overlaid" if on:
            return (
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
                "<w:r><w:instrText>eq \\o\\ac(□,√)</w:instrText></w:r>"
                '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            )
        case _:
            return _run(style.tick if on else UNTICKED, look)

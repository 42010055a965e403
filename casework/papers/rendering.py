"""From a Word template and what it should say to the bytes of a Word file: the same ones for the same content."""

import io
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from casework.intake.repacking import repacked
from states.refusals import Refused


def rendered(kind: str, content: Mapping[str, Any], folder: Path | None = None) -> bytes:
    """A paper of a kind, filled in.

    ``folder`` may hold an office's own ``<kind>.docx``, which is taken in place of the built-in template. Raises
    Refused when that cannot be read or asks for something there is not.
    """
    try:
        return filled(_template(kind, folder), content)
    except TemplateError as error:
        raise Refused(f"文书模板 {kind}.docx 有误（{error}），请改正模板，或移走后使用内置模板。") from None


def filled(blank: bytes, content: Mapping[str, Any]) -> bytes:
    """A Word template filled in. Raises jinja2.TemplateError when it asks for something there is not."""
    template = DocxTemplate(io.BytesIO(blank))
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    template.render(dict(content), environment, autoescape=True)
    written = io.BytesIO()
    template.save(written)
    return repacked(written.getvalue())


def _template(kind: str, folder: Path | None) -> bytes:
    own = None if folder is None else folder / f"{kind}.docx"
    if own is None or not own.exists():
        return files("casework.papers").joinpath("templates", f"{kind}.docx").read_bytes()
    try:
        data = own.read_bytes()
        DocxTemplate(io.BytesIO(data)).get_docx()
    except (OSError, ValueError, KeyError, BadZipFile, SyntaxError) as error:
        raise Refused(f"文书模板{own}无法读取（{type(error).__name__}），请换用正确的 .docx 文件。") from None
    return data

"""The same office document for the same content: the moment of writing taken out of it."""

import io
import re
import zipfile

_ENTRY_DATE = (1980, 1, 1, 0, 0, 0)
_FILE_DATE = b"2024-05-15T00:00:00Z"


def repacked(data: bytes) -> bytes:
    """The package `data` with fixed dates on its entries and in its core properties."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w") as target:
        for entry in source.infolist():
            dated = zipfile.ZipInfo(entry.filename, _ENTRY_DATE)
            dated.compress_type = zipfile.ZIP_DEFLATED
            dated.external_attr = 0o600 << 16
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + _FILE_DATE, content
                )
            target.writestr(dated, content)
    return packed.getvalue()

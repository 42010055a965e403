"""One way to write everything that is hashed, so that anyone gets the same bytes.

Canonical text is JSON with sorted keys, no spaces, no escapes beyond those JSON requires, in UTF-8; a list of
records is one such line per record, sorted, each ended by a line feed.
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

quoted = json.encoder.encode_basestring
"""The canonical text of a string."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def text(value: Any) -> str:
    """The canonical text of a JSON value."""
    return _ENCODER.encode(value)


def joined(parts: Mapping[str, str]) -> str:
    """The canonical text of an object whose values are canonical texts already."""
    return "{" + ",".join(f"{quoted(key)}:{parts[key]}" for key in sorted(parts)) + "}"


def lines(records: Iterable[Mapping[str, Any]]) -> str:
    """The canonical text of a set of records: the order they come in does not matter."""
    return "".join(f"{line}\n" for line in sorted(map(text, records)))


def digest(written: str) -> str:
    """SHA-256 of a text in UTF-8, in lower-case hexadecimal."""
    return sha256(written.encode()).hexdigest()

"""The same page for programs: JSON when asked by ``?format=json`` or by the Accept header."""

from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any

from fastapi import Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from dashboard.visit import Visit


def wants_json(visit: Visit) -> bool:
    """Whether a program asks."""
    request = visit.request
    return request.query_params.get("format") == "json" or request.headers.get("accept", "").startswith(
        "application/json"
    )


def as_json(visit: Visit, value: Any) -> Response:
    """Dataclasses, days and instants (in UTC, ISO 8601) as JSON."""
    return visit.answer(JSONResponse(jsonable_encoder(plain(value))))


def plain(value: Any) -> Any:
    """Values as JSON has them."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value

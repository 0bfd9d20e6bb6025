"""What all models of bodies, queries and answers share."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

CANONICAL_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)").fullmatch
is_uuid = re.compile(CANONICAL_UUID).fullmatch


class Body(BaseModel):
    """The body of a write: no unknown field, no value of another type made to fit."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Query(BaseModel):
    """Query parameters: text, from which numbers and times are read."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """The body of an answer: closed, so that nothing slips out that is not documented."""

    model_config = ConfigDict(extra="forbid")


def _canonical(value: object) -> object:
    if isinstance(value, UUID) or (isinstance(value, str) and is_uuid(value)):
        return value
    raise PydanticCustomError(
        "uuid", "Should be a UUID in lower case, like 123e4567-e89b-12d3-a456-426614174000"
    )


def _rfc_3339(value: object) -> object:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and RFC_3339(value):
        with suppress(ValueError, OverflowError):  # a day that no month has, a year that UTC has not
            return datetime.fromisoformat(value).astimezone(UTC)
    raise PydanticCustomError("timestamp", "Should be a time with its zone, like 2026-03-04T05:06:07Z")


Id = Annotated[
    UUID,
    BeforeValidator(_canonical),
    WithJsonSchema({"type": "string", "format": "uuid", "pattern": f"^{CANONICAL_UUID}$"}),
]
"""A UUID in the one spelling that is accepted; others would be aliases for caches and limits."""

Timestamp = Annotated[datetime, BeforeValidator(_rfc_3339)]
"""A moment with its zone, read as UTC. Numbers, dates without a time and times without a zone are refused."""


class Page(Query):
    """The part of a list that is asked for."""

    limit: int = Field(default=100, ge=1, le=200, description="How many at most.")
    cursor: str | None = Field(default=None, max_length=1000, description="`next_cursor` of the part before.")

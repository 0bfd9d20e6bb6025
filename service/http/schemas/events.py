"""Query and answer of the calls that read events."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from service.domain.catalog import EVENT_TYPES
from service.http.schemas.base import Answer, Id, Query, Timestamp

LAST = 10**18 - 1


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    names = frozenset(value.split(","))
    if not names <= EVENT_TYPES.keys():
        raise PydanticCustomError(
            "not_one_of", "Should be event types separated by commas, like PageCreated,PageDeleted"
        )
    return names


Types = Annotated[
    frozenset[str],
    BeforeValidator(_split),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z]+(,[A-Za-z]+)*$", "examples": ["PageCreated"]}),
]


MayLack = Id | SkipJsonSchema[None]
"""CloudEvents leaves out what an event does not have, rather than saying null."""


def _lacking() -> None:
    """As a factory: a plain default would be in the schema."""


class _Wanted(Query):
    after: int | None = Field(default=None, ge=0, le=LAST, description="Begin beyond this position.")
    types: Types | None = Field(default=None, description="Only these event types, separated by commas.")
    statuspage_id: Id | None = Field(default=None, description="Only what is about this status page.")


class EventsQuery(_Wanted):
    limit: int = Field(default=100, ge=1, le=200, description="How many at most.")


class LiveQuery(_Wanted):
    pass


class CloudEvent(Answer):
    """A CloudEvents 1.0 envelope; docs/asyncapi.yaml describes the `data` of every event type."""

    specversion: Literal["1.0"]
    id: Id
    source: str
    type: str
    time: Timestamp
    datacontenttype: Literal["application/json"]
    position: int = Field(ge=1, description="Its place in the log; grows, with gaps where others write.")
    stream: str
    version: int = Field(ge=1, description="Its place in its stream, counted from 1 without a gap.")
    schemaversion: int = Field(ge=1)
    actor: str
    subject: MayLack = Field(default_factory=_lacking, description="The status page that it is about.")
    tenantid: MayLack = Field(default_factory=_lacking, description="The organisation.")
    correlationid: MayLack = Field(default_factory=_lacking, description="The same for all of one request.")
    causationid: MayLack = Field(default_factory=_lacking, description="What it follows from.")
    data: dict[str, Any]


class EventsAnswer(Answer):
    events: list[CloudEvent]
    next_after: int = Field(
        ge=0, description="Where to go on; it passes events that were not asked for. At `head`: nothing more."
    )
    head: int = Field(ge=0, description="The position of the organisation's last event.")

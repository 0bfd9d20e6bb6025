"""Bodies of the calls for response times."""

from typing import Annotated

from pydantic import Field

from service.http.schemas.base import Answer, Body
from service.http.schemas.components import Moment

DAY_MS = 24 * 60 * 60 * 1000


class Point(Body):
    """Kept to the microsecond. `at` is when it was measured; it may lie before the component was added."""

    at: Moment
    response_time_ms: Annotated[float, Field(ge=0, le=DAY_MS, allow_inf_nan=False)]


class Points(Body):
    """In any order. Points that were sent before are counted again, unless with the same Idempotency-Key."""

    points: Annotated[list[Point], Field(min_length=1, max_length=1000)]


class RecordedAnswer(Answer):
    """`points`: how many were recorded, which is all of them."""

    message: str
    points: int

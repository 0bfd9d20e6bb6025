"""Response times of components: a histogram of every quarter of an hour.

Key: `<component id>/<yyyy-mm-ddThh>`, in UTC. Document, by the minute at which the quarter begins: {"00":
{"total", "least", "greatest" (microseconds), "counts": {bucket: count}}, ...}. An event touches the hours in
which something was measured, however long the history is; with its component all of its hours are gone.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from eventstore.events import RecordedEvent
from service.domain.histogram import bucket
from workers.projections.projection import Document, Projection, component_of

QUARTER_OF = {f"{minute:02}": f"{minute // 15 * 15:02}" for minute in range(60)}
AFTER = "~"
"""Sorts behind whatever follows an hour in a time."""


def _hours(event: RecordedEvent) -> Sequence[str]:
    component_id = event.data["component_id"]
    return [f"{component_id}/{hour}" for hour in dict.fromkeys(at[:13] for at in event.data["measured_at"])]


def _measured(key: str, document: Document | None, event: RecordedEvent) -> Document:
    quarters = {} if document is None else document
    measured_at, microseconds = event.data["measured_at"], event.data["microseconds"]
    hour = key.partition("/")[2]
    for i in range(bisect_left(measured_at, hour), bisect_left(measured_at, hour + AFTER)):
        _count(quarters, QUARTER_OF[measured_at[i][14:16]], microseconds[i])
    return quarters


def _count(quarters: Document, minute: str, value: int) -> None:
    quarter = quarters.get(minute)
    if quarter is None:
        quarter = quarters[minute] = {"total": 0, "least": value, "greatest": value, "counts": {}}
    quarter["total"] += value
    quarter["least"] = min(quarter["least"], value)
    quarter["greatest"] = max(quarter["greatest"], value)
    name, counts = bucket(value), quarter["counts"]
    counts[name] = counts.get(name, 0) + 1


def _row(key: str, _: Document) -> Sequence[Any]:
    component_id, _slash, hour = key.partition("/")
    return UUID(component_id), datetime.fromisoformat(f"{hour}:00:00+00:00")


RESPONSE_TIMES = Projection(
    name="response_times",
    fold_version=1,
    keys={"ResponseTimesMeasured": _hours},
    folds={"ResponseTimesMeasured": _measured},
    columns={"component_id": "uuid", "hour": "timestamptz"},
    row=_row,
    indexes=("component_id, hour",),
    family="component_id",
    ends={"ComponentRemoved": component_of},
)

"""Fold a run of events into documents in memory: the same for live use, rebuild, time travel and tests."""

from collections.abc import Iterable, MutableMapping

from eventstore.events import RecordedEvent
from workers.projections.projection import Document, Projection

Documents = MutableMapping[str, Document | None]


def touched_keys(projection: Projection, events: Iterable[RecordedEvent]) -> set[str]:
    """The keys of every document that these events touch."""
    return {key for event in events for key in projection.keys_of(event)}


def fold(projection: Projection, documents: Documents, events: Iterable[RecordedEvent]) -> dict[str, int]:
    """Change `documents` by `events`, in order; answers with the last position that touched each key."""
    touched: dict[str, int] = {}
    keys, folds = projection.keys, projection.folds  # this loop is what a rebuild spends its time on
    for event in events:
        find = keys.get(event.type)
        if find is not None:
            evolve = folds[event.type]
            for key in find(event):
                documents[key] = evolve(key, documents.get(key), event)
                touched[key] = event.position
    return touched

"""Fold a run of events into documents in memory: the same for live use, rebuild, time travel and tests."""

from collections.abc import Iterable, MutableMapping

from eventstore.events import RecordedEvent
from workers.projections.projection import Document, Projection, family_of

Documents = MutableMapping[str, Document | None]


def touched_keys(projection: Projection, events: Iterable[RecordedEvent]) -> set[str]:
    """The keys of every document that these events touch."""
    return {key for event in events for key in projection.keys_of(event)}


def ended_families(projection: Projection, events: Iterable[RecordedEvent]) -> dict[str, int]:
    """The families that these events end, and the position at which each did first."""
    ended: dict[str, int] = {}
    if projection.ends:
        for event in events:
            if event.type in projection.ends:
                ended.setdefault(projection.ends[event.type](event), event.position)
    return ended


def fold(projection: Projection, documents: Documents, events: Iterable[RecordedEvent]) -> dict[str, int]:
    """Change `documents` by `events`, in order; answers with the last position that touched each key.

    Of a family that ends only what is among `documents` is changed: whoever keeps others ends them too.
    """
    touched: dict[str, int] = {}
    keys, folds, ends = projection.keys, projection.folds, projection.ends  # a rebuild spends its time here
    for event in events:
        find = keys.get(event.type)
        if find is not None:
            evolve = folds[event.type]
            for key in find(event):
                documents[key] = evolve(key, documents.get(key), event)
                touched[key] = event.position
        elif event.type in ends:
            touched |= _end(documents, ends[event.type](event), event.position)
    return touched


def _end(documents: Documents, family: str, position: int) -> dict[str, int]:
    named = (key for key, found in documents.items() if found is not None and key.startswith(family))
    there = [key for key in named if family_of(key) == family]
    for key in there:
        documents[key] = None
    return dict.fromkeys(there, position)

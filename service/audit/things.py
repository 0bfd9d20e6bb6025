"""The things that events are about, as they stand after each: folded as the read models fold them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from eventstore.events import RecordedEvent
from service.audit.differences import differences
from service.past.words import Words
from service.timestamps import parsed
from workers.projections.folding import Documents, fold
from workers.projections.incidents import INCIDENTS
from workers.projections.maintenances import MAINTENANCES
from workers.projections.pages import PAGES
from workers.projections.projection import Projection
from workers.projections.subscriptions import SUBSCRIPTIONS

Json = dict[str, Any]
View = Callable[[Documents, str], Json | None]

BOOKKEEPING = frozenset(
    {"id", "version", "created_at", "updated_at", "statuspage_id", "page_id", "organisation_id"}
)
CONFIDENTIAL = frozenset({"domain_target"})
SPEAKS_OF = {"ComponentStatusCorrected": "at", "ComponentBackfilled": "start"}
"""Words about a time that is over: where that time begins."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an event changed, and the name that the thing had with it.

    `before` None: the thing was not there; `after` None: it is no more. An event that changes no field of the
    thing has in `after` what it says.
    """

    event: RecordedEvent
    name: str | None
    before: Json | None
    after: Json | None


def changes(category: str, events: Iterable[RecordedEvent]) -> Iterator[Change]:
    """One for each of a stream's events, which come in order."""
    if category == "component":
        return _of_component(events)
    kind = KINDS.get(category)
    return map(_said, events) if kind is None else _of_kind(kind, events)


@dataclass(frozen=True, slots=True)
class _Kind:
    """`key`: where an event has the key of the thing's document; `view`: the thing's own part of it."""

    projection: Projection
    key: str
    view: View


def _of_kind(kind: _Kind, events: Iterable[RecordedEvent]) -> Iterator[Change]:
    documents: Documents = {}
    before: Json | None = None
    for event in events:
        fold(kind.projection, documents, [event])
        after = kind.view(documents, event.data[kind.key])
        yield _changed(event, before, after)
        before = after


def _of_component(events: Iterable[RecordedEvent]) -> Iterator[Change]:
    """Without the rest of the page. Words about the past are compared with what had held then.

    After a gap in the stream's versions its status is unknown until the next word about it, and its past
    is for good.
    """
    documents: Documents = {}
    words: Words | None = None
    version = 0
    for event in events:
        page_id, component_id = event.data["page_id"], event.data["component_id"]
        if version == 0:
            documents[page_id], words = _empty_page(), Words(UUID(component_id))
        elif event.version > version + 1:
            _forget_status(documents[page_id], component_id)
            words = None
        before = _component(documents[page_id], component_id)
        fold(PAGES, documents, [event])
        after = _component(documents[page_id], component_id)
        yield _corrected(event, words, after) if event.type in SPEAKS_OF else _changed(event, before, after)
        if words is not None:
            words.add([event])
        version = event.version


def _forget_status(page: Json | None, component_id: str) -> None:
    component = (page or _empty_page())["components"].get(component_id, {})
    for name in ("status", "status_since"):
        component.pop(name, None)


def _corrected(event: RecordedEvent, words: Words | None, component: Json | None) -> Change:
    held = words and words.held_at(parsed(event.data[SPEAKS_OF[event.type]]))
    return Change(event, _name(component), {"status": held[0].value} if held else {}, _payload(event))


def _changed(event: RecordedEvent, before: Json | None, after: Json | None) -> Change:
    old, new = differences(before, after)
    if not old and not new:
        return Change(event, _name(after), {}, _payload(event))
    return Change(event, _name(after or before), old, new)


def _said(event: RecordedEvent) -> Change:
    return Change(event, event.data.get("name"), {}, _payload(event))


def _payload(event: RecordedEvent) -> Json:
    """What it says, without the id of its thing, which stands beside it, and when, which does too."""
    own = {"page_id", "organisation_id", f"{event.category}_id"} | CONFIDENTIAL
    moment = set() if event.type in SPEAKS_OF else {"at"}
    return {name: value for name, value in event.data.items() if name not in own | moment}


def _name(thing: Json | None) -> str | None:
    return None if thing is None else thing.get("name")


def _empty_page() -> Json:
    return {"page": {}, "components": {}, "incidents": {}, "maintenances": {}}


def _page(documents: Documents, key: str) -> Json | None:
    document = documents.get(key)
    return document and _own({**document["page"], "layout": document["layout"]})


def _component(page: Json | None, component_id: str) -> Json | None:
    component = (page or _empty_page())["components"].get(component_id)
    return component and _own(component)


def _document(documents: Documents, key: str) -> Json | None:
    """Updates by their ids, so that only those show that changed."""
    document = documents.get(key)
    if document is None or "updates" not in document:
        return document and _own(document)
    updates = {update["id"]: _own(update) for update in document["updates"]}
    return {**_own(document), "updates": updates}


def _own(document: Mapping[str, Any]) -> Json:
    return deepcopy(
        {name: value for name, value in document.items() if name not in BOOKKEEPING | CONFIDENTIAL}
    )


KINDS = {
    "statuspage": _Kind(PAGES, "page_id", _page),
    "incident": _Kind(INCIDENTS, "incident_id", _document),
    "maintenance": _Kind(MAINTENANCES, "maintenance_id", _document),
    "subscription": _Kind(SUBSCRIPTIONS, "subscription_id", _document),
}

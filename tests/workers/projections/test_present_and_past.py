"""Whatever is said of a component: the read models say of its present what its own rules say."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from eventstore.events import RecordedEvent
from service.codec import build_codec
from service.domain import component
from service.domain.component import COMPONENT, ComponentRemoved
from service.domain.decider import Decider
from service.domain.errors import Rejected
from service.domain.timeline import Overlay, Statement, intervals, timeline
from service.domain.values import ComponentStatus
from tests.service.domain.commands import component_commands
from tests.service.domain.facts import COMPONENT_ID
from tests.service.domain.test_component import ADD
from workers.projections.folding import Documents, fold
from workers.projections.holds import HOLDS
from workers.projections.pages import PAGES
from workers.projections.statistics import STATISTICS

CODEC = build_codec()
NOW = datetime(2030, 1, 1, tzinfo=UTC)


def history(decider: Decider[Any, Any, Any], commands: Sequence[component.Command]) -> list[component.Event]:
    state, happened = decider.initial, []
    for command in commands:
        try:
            decided = decider.decide(state, command)
        except Rejected:
            continue
        state = decider.fold(decided, state)
        happened += decided
    return happened


def recorded(events: Sequence[component.Event]) -> list[RecordedEvent]:
    """As the log would give them."""
    log = []
    for position, event in enumerate(events, start=1):
        stored = CODEC.encode(event)
        made = (position, "component-x", position, UUID(int=position), stored.type, stored.schema_version)
        log.append(RecordedEvent(*made, stored.data, NOW, "system", None, None, None, None))
    return log


def shown(log: Sequence[RecordedEvent]) -> Documents:
    documents: Documents = {}
    fold(STATISTICS, documents, log)
    fold(HOLDS, documents, log)
    return documents


def past(documents: Documents) -> list[Statement]:
    """What the log says held when, in order."""
    statements, overlays = [], []
    for document in documents.values():
        for at, position, status, *_ in (document or {}).get("changes", ()):
            statements.append(Statement(datetime.fromisoformat(at), position, ComponentStatus(status)))
        for start, end, status, position, *_ in (document or {}).get("overlays", ()):
            span = datetime.fromisoformat(start), datetime.fromisoformat(end)
            overlays.append(Overlay(*span, position, ComponentStatus(status)))
    return timeline(sorted(statements, key=lambda each: (each.at, each.position)), overlays)


def without(*kinds: type[Any]) -> st.SearchStrategy[list[component.Command]]:
    return st.lists(component_commands.filter(lambda command: not isinstance(command, kinds)), max_size=12)


ENDS = component.RemoveComponent, component.AddComponent
# An alert that comes and goes unseen behind a hold leaves no trace in history when the hold is retracted.
living = without(*ENDS)


@given(living)
def test_the_present_is_the_same_in_rules_read_models_and_timeline(commands: list[component.Command]) -> None:
    events = history(COMPONENT, [ADD, *commands])
    state = component.existing(COMPONENT.fold(events))
    documents = shown(recorded(events))
    present = documents[str(COMPONENT_ID)]
    assert present is not None
    assert present["status"] == state.status
    newest, *_ = intervals(past(documents), None)
    assert newest.status is state.status
    since = datetime.fromisoformat(present["status_since"])
    assert present["told_until"] or since == newest.start


@given(living)
def test_a_page_shows_the_same_present(commands: list[component.Command]) -> None:
    events = history(COMPONENT, [ADD, *commands])
    document: Documents = {str(ADD.page_id): {"components": {}}}
    log = recorded(events)
    fold(PAGES, document, log)
    page = document[str(ADD.page_id)]
    assert page is not None
    shown_there = page["components"][str(COMPONENT_ID)]
    statistics = shown(log)[str(COMPONENT_ID)]
    assert statistics is not None
    assert shown_there["status"] == statistics["status"]


@given(living)
def test_what_an_incident_said_is_nowhere_once_it_is_retracted(commands: list[component.Command]) -> None:
    events = history(COMPONENT, [ADD, *commands])
    names = {event.incident_id for event in events if isinstance(event, component.ComponentHeld)}
    retractions = [component.RetractHold(incident_id, ADD.at) for incident_id in sorted(names)]
    after = shown(recorded(history(COMPONENT, [ADD, *commands, *retractions])))
    changes = [change for document in after.values() for change in (document or {}).get("changes", ())]
    assert not {change[5] for change in changes} & set(map(str, names))
    assert not any(after.get(f"{COMPONENT_ID}/{incident_id}") for incident_id in names)


def test_a_removed_component_has_no_present() -> None:
    events = [*history(COMPONENT, [ADD]), ComponentRemoved(ADD.component_id, ADD.page_id, ADD.at)]
    assert shown(recorded(events))[str(COMPONENT_ID)] is None

"""What holds of every aggregate, whatever is asked of it, in whatever order, by whatever clock."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.codec import build_codec
from service.domain import component, maintenance, name, organisation, statuspage, subscription
from service.domain.component import COMPONENT, ComponentAdded, ComponentStatusChanged
from service.domain.decider import Command, Decider, Event, State
from service.domain.errors import Rejected
from service.domain.incident import INCIDENT
from service.domain.incident_template import INCIDENT_TEMPLATES, IncidentTemplateCreated
from service.domain.maintenance import MAINTENANCE, MaintenanceCompleted, MaintenanceStarted
from service.domain.name import COOL_DOWN, DOMAIN, SUBDOMAIN, NameClaimed
from service.domain.organisation import ORGANISATION, TokenIssued
from service.domain.resource import RESOURCE
from service.domain.statuspage import STATUSPAGE, PageDeleted
from service.domain.subscription import (
    SUBSCRIPTION,
    SubscriptionCancelled,
    SubscriptionChoiceChanged,
    SubscriptionQuarantined,
    SubscriptionReactivated,
    SubscriptionVerified,
)
from service.domain.values import PageType
from tests.service.domain.commands import (
    component_commands,
    incident_commands,
    incident_template_commands,
    name_commands,
    organisation_commands,
    page_commands,
    resource_commands,
    subscription_commands,
)
from tests.service.domain.maintenance_commands import maintenance_commands
from tests.service.domain.stored import recorded

CODEC = build_codec()
WINDOWS = component.ComponentWindowEntered, component.ComponentWindowLeft
WORDS = (
    ComponentAdded,
    ComponentStatusChanged,
    component.ComponentHeld,
    component.ComponentReleased,
    *WINDOWS,
)
AGGREGATES = [
    pytest.param(STATUSPAGE, page_commands, id="statuspage"),
    pytest.param(COMPONENT, component_commands, id="component"),
    pytest.param(INCIDENT, incident_commands, id="incident"),
    pytest.param(INCIDENT_TEMPLATES, incident_template_commands, id="incident_template"),
    pytest.param(MAINTENANCE, maintenance_commands, id="maintenance"),
    pytest.param(SUBDOMAIN, name_commands, id="subdomain"),
    pytest.param(DOMAIN, name_commands, id="domain"),
    pytest.param(RESOURCE, resource_commands, id="resource"),
    pytest.param(SUBSCRIPTION, subscription_commands, id="subscription"),
    pytest.param(ORGANISATION, organisation_commands, id="organisation"),
]


def answer(decider: Decider[State, Command, Event], state: State, command: Command) -> list[Event] | str:
    """The events, or the name and the reason of the refusal. Anything else than Rejected is a failure."""
    try:
        return decider.decide(state, command)
    except Rejected as refused:
        return f"{type(refused).__name__}: {refused}"


def play(decider: Decider[State, Command, Event], commands: Sequence[Command]) -> tuple[State, list[Event]]:
    """The last state, built step by step, and all events on the way."""
    state, happened = decider.initial, []
    for command in commands:
        decided = answer(decider, state, command)
        if isinstance(decided, list):
            for event in decided:
                state = decider.evolve(state, event)
            happened += decided
    return state, happened


def history(decider: Decider[State, Command, Event], commands: Sequence[Command]) -> list[Event]:
    return play(decider, commands)[1]


@pytest.mark.parametrize(("decider", "commands"), AGGREGATES)
@given(data=st.data())
def test_folding_all_events_gives_the_state_that_was_built_step_by_step(
    decider: Decider[Any, Any, Any], commands: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    state, happened = play(decider, data.draw(st.lists(commands)))
    assert decider.fold(happened) == state


@pytest.mark.parametrize(("decider", "commands"), AGGREGATES)
@given(data=st.data())
def test_deciding_is_deterministic_and_touches_nothing(
    decider: Decider[Any, Any, Any], commands: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    state, happened = play(decider, data.draw(st.lists(commands)))
    command = data.draw(commands)
    first = answer(decider, state, command)
    assert answer(decider, state, command) == first
    assert state == decider.fold(happened)


@pytest.mark.parametrize(("decider", "commands"), AGGREGATES)
@given(data=st.data())
def test_the_same_command_twice_is_the_same_as_once(
    decider: Decider[Any, Any, Any], commands: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    asked = data.draw(st.lists(commands))
    twice = [again for command in asked for again in (command, command)]
    assert history(decider, twice) == history(decider, asked)


@pytest.mark.parametrize(("decider", "commands"), AGGREGATES)
@given(data=st.data())
def test_every_event_survives_being_stored(
    decider: Decider[Any, Any, Any], commands: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    for event in history(decider, data.draw(st.lists(commands))):
        stored = CODEC.encode(event)
        assert CODEC.decode(recorded(stored.type, stored.schema_version, stored.data)) == event


@given(st.lists(name_commands))
def test_a_name_never_has_two_holders_and_no_stranger_has_it_too_soon(commands: list[name.Command]) -> None:
    holder: UUID | None = None
    last_claim: NameClaimed | None = None
    free_from = None
    for event in history(SUBDOMAIN, commands):
        if isinstance(event, NameClaimed):
            assert holder is None
            if free_from is not None and last_claim is not None and event.at < free_from:
                assert event.organisation_id == last_claim.organisation_id
            holder, last_claim = event.page_id, event
        else:
            assert holder == event.page_id
            holder, free_from = None, event.at + COOL_DOWN


@given(st.lists(incident_template_commands))
def test_no_two_templates_of_an_organisation_have_one_name(commands: list[Any]) -> None:
    names: dict[UUID, str] = {}
    for event in history(INCIDENT_TEMPLATES, commands):
        if isinstance(event, IncidentTemplateCreated):
            assert event.name not in names.values()
            names[event.template_id] = event.name
        else:
            del names[event.template_id]


@given(st.lists(page_commands))
def test_a_private_page_always_has_a_gate_and_a_public_one_never(commands: list[statuspage.Command]) -> None:
    page, _ = play(STATUSPAGE, commands)
    if page is not None:
        has_gate = page.password_id is not None or bool(page.settings.ip_addresses)
        assert has_gate == (page.settings.type is PageType.PRIVATE)


@given(st.lists(page_commands))
def test_nothing_happens_to_a_page_after_its_end(commands: list[statuspage.Command]) -> None:
    happened = history(STATUSPAGE, commands)
    assert not any(isinstance(event, PageDeleted) for event in happened[:-1])


@given(st.lists(component_commands))
def test_the_present_of_a_component_never_goes_back_in_time(commands: list[component.Command]) -> None:
    """What was retracted was never said; a window that changed nothing said nothing."""
    words: list[Any] = []
    for event in history(COMPONENT, commands):
        if isinstance(event, component.ComponentHoldRetracted):
            words = [word for word in words if getattr(word, "incident_id", None) != event.incident_id]
        elif isinstance(event, WORDS) and not (isinstance(event, WINDOWS) and not event.said):
            words.append(event)
    assert words == sorted(words, key=lambda event: event.at)


@given(st.lists(component_commands))
def test_a_report_of_the_present_changes_it(commands: list[component.Command]) -> None:
    state = COMPONENT.initial
    for event in history(COMPONENT, commands):
        if isinstance(event, ComponentStatusChanged):
            assert component.existing(state).status is not event.status
        state = COMPONENT.evolve(state, event)


@given(st.lists(component_commands))
def test_every_word_says_what_the_component_has_then(commands: list[component.Command]) -> None:
    state = COMPONENT.initial
    for event in history(COMPONENT, commands):
        state = COMPONENT.evolve(state, event)
        if isinstance(event, (*WORDS, component.ComponentHoldRetracted)):
            assert component.existing(state).status is event.status


@given(st.lists(maintenance_commands))
def test_a_maintenance_starts_once_and_ends_once_after_that(commands: list[maintenance.Command]) -> None:
    happened = history(MAINTENANCE, commands)
    turns = [event for event in happened if isinstance(event, (MaintenanceStarted, MaintenanceCompleted))]
    assert [type(turn) for turn in turns] in (
        [],
        [MaintenanceStarted],
        [MaintenanceStarted, MaintenanceCompleted],
    )


@given(st.lists(subscription_commands))
def test_a_subscription_is_verified_once_between_a_request_and_its_end(
    commands: list[subscription.Command],
) -> None:
    before: subscription.Event | None = None
    for event in history(SUBSCRIPTION, commands):
        if isinstance(event, SubscriptionChoiceChanged):
            assert not isinstance(before, SubscriptionCancelled | None)
            continue
        if isinstance(event, SubscriptionVerified):
            assert isinstance(before, subscription.SubscriptionRequested)
        if isinstance(event, SubscriptionCancelled):
            assert not isinstance(before, SubscriptionCancelled | None)
        if isinstance(event, SubscriptionQuarantined):
            assert isinstance(before, SubscriptionVerified | SubscriptionReactivated)
        if isinstance(event, SubscriptionReactivated):
            assert isinstance(before, SubscriptionQuarantined)
        before = event


@given(st.lists(organisation_commands))
def test_a_token_is_issued_at_most_once_in_its_life(commands: list[organisation.Command]) -> None:
    happened = history(ORGANISATION, commands)
    issued = [event.token_id for event in happened if isinstance(event, TokenIssued)]
    assert len(issued) == len(set(issued))

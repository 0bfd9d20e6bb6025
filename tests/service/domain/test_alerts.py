"""What alerts make of a component, however often and in whatever order they are told."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from service.domain.component import (
    COMPONENT,
    Alert,
    ChangeDetails,
    Component,
    ComponentAdded,
    ComponentAlertFired,
    ComponentAlertResolved,
    ComponentDetailsChanged,
    ComponentHeld,
    ComponentHoldRetracted,
    ComponentReleased,
    ComponentStatusChanged,
    ComponentWindowEntered,
    Details,
    Event,
    HearAlerts,
    ReleaseComponent,
    RetractHold,
    existing,
)
from service.domain.component.alerts import STRAGGLING
from service.domain.errors import NotFound
from service.domain.values import SEVERITY, ComponentStatus, ComponentType
from tests.service.domain.commands import alerts
from tests.service.domain.facts import (
    COMPONENT_ID,
    HOUR,
    INCIDENT_ID,
    MAINTENANCE_ID,
    MINUTE,
    NOON,
    ORGANISATION_ID,
    OTHER_ORGANISATION_ID,
    PAGE_ID,
    RESOURCE_ID,
)
from tests.service.domain.scenario import given

OPERATIONAL, MAINTENANCE, DEGRADED, PARTIAL, MAJOR = ComponentStatus
DETAILS = Details("API", None, ComponentType.RESOURCE, RESOURCE_ID)
ADDED = ComponentAdded(COMPONENT_ID, PAGE_ID, ORGANISATION_ID, DETAILS, OPERATIONAL, NOON)
AT = NOON + HOUR
CRITICAL = Alert("c", "Down", MAJOR, AT - MINUTE, None)
WARNING = Alert("w", "Slow", DEGRADED, AT - MINUTE, None)


def hear(*told: Alert, at: datetime = AT) -> HearAlerts:
    return HearAlerts(ORGANISATION_ID, told, at)


def over(alert: Alert, at: datetime = AT + HOUR) -> Alert:
    return replace(alert, ends_at=at)


def fired(alert: Alert, at: datetime = AT) -> ComponentAlertFired:
    told = alert.fingerprint, alert.name, alert.status, alert.starts_at
    return ComponentAlertFired(COMPONENT_ID, PAGE_ID, *told, at)


def resolved(alert: Alert, at: datetime = AT + HOUR) -> ComponentAlertResolved:
    return ComponentAlertResolved(COMPONENT_ID, PAGE_ID, alert.fingerprint, at, at)


def changed(status: ComponentStatus, at: datetime = AT, reason: str | None = None) -> ComponentStatusChanged:
    return ComponentStatusChanged(COMPONENT_ID, PAGE_ID, status, at, reason)


def held(status: ComponentStatus, at: datetime = AT) -> ComponentHeld:
    return ComponentHeld(COMPONENT_ID, PAGE_ID, INCIDENT_ID, status, at, at)


DOWN = (ADDED, changed(MAJOR, AT, "Alert Down"), fired(CRITICAL))


def after(*events: Event) -> Component:
    return existing(COMPONENT.fold(events))


def test_an_alert_that_fires_changes_the_status_from_now_on() -> None:
    given(COMPONENT, ADDED).when(hear(CRITICAL)).then(changed(MAJOR, AT, "Alert Down"), fired(CRITICAL))


def test_told_again_it_changes_nothing_though_somebody_said_otherwise_meanwhile() -> None:
    given(COMPONENT, *DOWN).when(hear(CRITICAL, at=AT + HOUR)).then_nothing()
    given(COMPONENT, *DOWN, changed(DEGRADED)).when(hear(CRITICAL, at=AT + HOUR)).then_nothing()


def test_the_worst_holds_until_all_are_resolved() -> None:
    both = (*DOWN, fired(WARNING))
    given(COMPONENT, *DOWN).when(hear(WARNING)).then(fired(WARNING))
    eased = (changed(DEGRADED, AT + HOUR), resolved(CRITICAL))
    given(COMPONENT, *both).when(hear(over(CRITICAL), at=AT + HOUR)).then(*eased)
    calm = (changed(OPERATIONAL, AT + HOUR), resolved(WARNING))
    given(COMPONENT, *both, *eased).when(hear(over(WARNING), at=AT + HOUR)).then(*calm)


def test_many_in_one_telling_are_one_change() -> None:
    events = (changed(MAJOR, AT, "Alert Down"), fired(WARNING), fired(CRITICAL))
    given(COMPONENT, ADDED).when(hear(WARNING, CRITICAL)).then(*events)


def test_the_last_of_two_tellings_of_one_alert_counts() -> None:
    given(COMPONENT, ADDED).when(hear(CRITICAL, over(CRITICAL, AT))).then(resolved(CRITICAL, AT))


def test_another_organisation_finds_no_component() -> None:
    stranger = replace(hear(CRITICAL), organisation_id=OTHER_ORGANISATION_ID)
    given(COMPONENT, ADDED).when(stranger).then_refused(NotFound)


class TestOutOfOrder:
    def test_a_beginning_that_comes_after_its_end_is_not_believed(self) -> None:
        ended = (ADDED, resolved(CRITICAL, AT))
        given(COMPONENT, ADDED).when(hear(over(CRITICAL, AT))).then(resolved(CRITICAL, AT))
        given(COMPONENT, *ended).when(hear(CRITICAL, at=AT + MINUTE)).then_nothing()

    def test_told_long_after_its_end_it_goes_on(self) -> None:
        late = AT + STRAGGLING
        events = (changed(MAJOR, late, "Alert Down"), fired(CRITICAL, late))
        given(COMPONENT, ADDED, resolved(CRITICAL, AT)).when(hear(CRITICAL, at=late)).then(*events)

    def test_a_new_beginning_is_believed_at_once(self) -> None:
        again, at = replace(CRITICAL, starts_at=AT + MINUTE), AT + MINUTE
        events = (changed(MAJOR, at, "Alert Down"), fired(again, at))
        given(COMPONENT, ADDED, resolved(CRITICAL, AT)).when(hear(again, at=at)).then(*events)

    def test_an_end_before_its_present_beginning_is_another_time_s(self) -> None:
        early = over(CRITICAL, CRITICAL.starts_at - MINUTE)
        given(COMPONENT, *DOWN).when(hear(early, at=AT + HOUR)).then_nothing()

    def test_an_earlier_beginning_told_later_does_not_hide_the_end(self) -> None:
        """Two Prometheus servers see an alert begin at different moments; Alertmanager tells the earlier."""
        merged = over(replace(CRITICAL, starts_at=AT - HOUR))
        given(COMPONENT, *DOWN).when(replace(hear(merged), at=AT + HOUR)).then(
            changed(OPERATIONAL, AT + HOUR), resolved(CRITICAL)
        )

    def test_what_ended_long_ago_is_forgotten(self) -> None:
        at = AT + STRAGGLING
        state = after(ADDED, resolved(CRITICAL, AT), fired(WARNING, at))
        assert set(state.alerts) == {WARNING.fingerprint}


class TestAmongOthers:
    def test_it_raises_and_never_lowers_what_others_said(self) -> None:
        given(COMPONENT, ADDED, held(MAJOR)).when(hear(WARNING)).then(fired(WARNING))
        events = (changed(MAJOR, AT, "Alert Down"), fired(CRITICAL))
        given(COMPONENT, ADDED, held(DEGRADED)).when(hear(CRITICAL)).then(*events)

    def test_its_end_leaves_what_others_said_since(self) -> None:
        told = hear(over(CRITICAL), at=AT + HOUR)
        given(COMPONENT, *DOWN, changed(PARTIAL)).when(told).then(resolved(CRITICAL))

    def test_its_end_leaves_what_an_open_incident_says(self) -> None:
        events = (changed(PARTIAL, AT + HOUR), resolved(CRITICAL))
        story = (ADDED, held(PARTIAL), *DOWN[1:])
        given(COMPONENT, *story).when(hear(over(CRITICAL), at=AT + HOUR)).then(*events)

    def test_its_end_inside_a_window_leaves_maintenance(self) -> None:
        window = ComponentWindowEntered(COMPONENT_ID, PAGE_ID, MAINTENANCE_ID, MAINTENANCE, True, AT)
        events = (changed(MAINTENANCE, AT + HOUR), resolved(CRITICAL))
        given(COMPONENT, ADDED, window, *DOWN[1:]).when(hear(over(CRITICAL), at=AT + HOUR)).then(*events)

    def test_an_incident_that_ends_leaves_what_alerts_say(self) -> None:
        story = (ADDED, held(MAJOR), fired(WARNING))
        released = ComponentReleased(
            COMPONENT_ID, PAGE_ID, INCIDENT_ID, DEGRADED, False, {}, DEGRADED, AT + HOUR, AT + HOUR
        )
        given(COMPONENT, *story).when(ReleaseComponent(INCIDENT_ID, None, AT + HOUR)).then(released)
        ended = hear(over(WARNING), at=AT + HOUR)
        events = (changed(OPERATIONAL, AT + HOUR), resolved(WARNING))
        given(COMPONENT, *story, released).when(ended).then(*events)

    def test_an_incident_that_is_retracted_lets_alerts_speak(self) -> None:
        story = (ADDED, held(MAJOR), fired(WARNING))
        retracted = ComponentHoldRetracted(
            COMPONENT_ID, PAGE_ID, INCIDENT_ID, (AT,), OPERATIONAL, NOON, AT + HOUR
        )
        events = (retracted, changed(DEGRADED, AT))
        given(COMPONENT, *story).when(RetractHold(INCIDENT_ID, AT + HOUR)).then(*events)

    def test_then_each_holds_from_when_it_was_heard(self) -> None:
        partly = Alert("p", "Partly", PARTIAL, AT, None)
        story = (ADDED, held(MAJOR), fired(WARNING, AT + MINUTE), fired(partly, AT + 2 * MINUTE))
        [_, *said] = COMPONENT.decide(after(*story), RetractHold(INCIDENT_ID, AT + HOUR))
        assert said == [changed(DEGRADED, AT + MINUTE), changed(PARTIAL, AT + 2 * MINUTE)]

    def test_but_not_those_after_which_a_person_spoke(self) -> None:
        story = (ADDED, held(MAJOR), fired(CRITICAL), changed(PARTIAL, AT + MINUTE))
        retracted = ComponentHoldRetracted(
            COMPONENT_ID, PAGE_ID, INCIDENT_ID, (AT,), PARTIAL, AT + MINUTE, AT + HOUR
        )
        given(COMPONENT, *story).when(RetractHold(INCIDENT_ID, AT + HOUR)).then(retracted)

    @pytest.mark.parametrize("details", [Details("API"), replace(DETAILS, resource_id=PAGE_ID)])
    def test_a_component_that_shows_something_else_forgets_them(self, details: Details) -> None:
        moved = ComponentDetailsChanged(COMPONENT_ID, PAGE_ID, details, AT + HOUR)
        events = (changed(OPERATIONAL, AT + HOUR), moved)
        given(COMPONENT, *DOWN).when(ChangeDetails(details, AT + HOUR)).then(*events)
        assert after(*DOWN, *events).alerts == {}

    def test_another_name_keeps_them(self) -> None:
        details = replace(DETAILS, name="Shop")
        moved = ComponentDetailsChanged(COMPONENT_ID, PAGE_ID, details, AT + HOUR)
        given(COMPONENT, *DOWN).when(ChangeDetails(details, AT + HOUR)).then(moved)
        assert after(*DOWN, moved).alerts == after(*DOWN).alerts


tellings = st.lists(st.lists(alerts, min_size=1, max_size=3), max_size=8)


@whatever(tellings)
def test_where_nobody_else_speaks_the_status_is_that_of_the_worst(told: list[list[Alert]]) -> None:
    state, firing = COMPONENT.fold([ADDED]), {}
    for i, each in enumerate(told):
        command = hear(*each, at=AT + i * HOUR)
        state = COMPONENT.fold(COMPONENT.decide(state, command), state)
        firing = {name: one.status for name, one in existing(state).alerts.items() if one.status}
        worst = max(firing.values(), key=SEVERITY.__getitem__, default=OPERATIONAL)
        assert existing(state).status is worst


@whatever(st.permutations([WARNING, CRITICAL, over(WARNING, AT), over(CRITICAL, AT)]), st.booleans())
def test_in_whatever_order_an_end_and_its_beginning_come_it_is_over(told: list[Alert], twice: bool) -> None:
    state = COMPONENT.fold([ADDED])
    for i, alert in enumerate([*told, *told] if twice else told):
        command = hear(alert, at=AT + i * timedelta(seconds=1))
        state = COMPONENT.fold(COMPONENT.decide(state, command), state)
    assert existing(state).status is OPERATIONAL

"""A status page: its gate, its settings, its layout, its visibility, its end."""

from dataclasses import replace
from uuid import UUID

import pytest

from service.domain.errors import Fault, Invalid, NotAllowed, NotFound
from service.domain.layout import Group, Layout
from service.domain.statuspage import (
    STATUSPAGE,
    ArrangePage,
    ChangeSettings,
    Command,
    CreatePage,
    DeletePage,
    Event,
    PageArranged,
    PageCreated,
    PageDeleted,
    PageDisabled,
    PageEnabled,
    PageSettingsChanged,
    SetEnabled,
    Settings,
    owned,
)
from service.domain.values import PageType
from tests.service.domain.facts import (
    COMPONENT_ID,
    GROUP_ID,
    HOUR,
    NOON,
    ORGANISATION_ID,
    OTHER_ORGANISATION_ID,
    OTHER_PASSWORD_ID,
    PAGE_ID,
    PASSWORD_ID,
)
from tests.service.domain.scenario import given

LATER = NOON + HOUR
LAYOUT = Layout((COMPONENT_ID,))
OTHER_LAYOUT = Layout((), (Group(GROUP_ID, "Core", (COMPONENT_ID,)),))
PUBLIC = Settings("Acme", "All of Acme", "acme", PageType.PUBLIC)
PRIVATE = replace(PUBLIC, type=PageType.PRIVATE)
LISTED = replace(PRIVATE, ip_addresses=("192.0.2.0/24",))

CREATE = CreatePage(PAGE_ID, ORGANISATION_ID, PUBLIC, None, "target", LAYOUT, NOON)
CREATED = PageCreated(PAGE_ID, ORGANISATION_ID, PUBLIC, None, "target", LAYOUT, NOON)
CREATED_PRIVATE = replace(CREATED, settings=PRIVATE, password_id=PASSWORD_ID)
CREATED_LISTED = replace(CREATED, settings=LISTED)
DELETED = PageDeleted(PAGE_ID, LATER)

GATE_REQUIRED = Fault("/password", "gate_required", "A private page needs a password or ip_addresses.")

CHANGES: list[Command] = [
    ChangeSettings(PUBLIC, False, None, LATER),
    ArrangePage(OTHER_LAYOUT, LATER),
    SetEnabled(False, LATER),
    DeletePage(LATER),
]


def change(settings: Settings) -> ChangeSettings:
    return ChangeSettings(settings, False, None, LATER)


def changed(settings: Settings, *, password: bool = False) -> PageSettingsChanged:
    return PageSettingsChanged(PAGE_ID, settings, PASSWORD_ID if password else None, LATER)


def test_a_page_is_created_with_its_settings_and_layout() -> None:
    given(STATUSPAGE).when(CREATE).then(CREATED)


def test_a_page_is_not_created_twice() -> None:
    given(STATUSPAGE, CREATED).when(CREATE).then_refused(NotAllowed)


def test_a_deleted_page_is_not_created_again() -> None:
    given(STATUSPAGE, CREATED, DELETED).when(CREATE).then_refused(NotAllowed)


@pytest.mark.parametrize("command", CHANGES, ids=lambda command: type(command).__name__)
def test_a_page_that_never_was_takes_no_command(command: Command) -> None:
    given(STATUSPAGE).when(command).then_refused(NotFound)


@pytest.mark.parametrize("command", CHANGES, ids=lambda command: type(command).__name__)
def test_a_deleted_page_takes_no_command_not_even_a_second_delete(command: Command) -> None:
    given(STATUSPAGE, CREATED, DELETED).when(command).then_refused(NotFound)


def test_a_page_is_deleted() -> None:
    given(STATUSPAGE, CREATED).when(DeletePage(LATER)).then(DELETED)


def test_a_disabled_page_can_be_deleted() -> None:
    given(STATUSPAGE, CREATED, PageDisabled(PAGE_ID, NOON)).when(DeletePage(LATER)).then(DELETED)


class TestGate:
    def test_a_private_page_without_password_and_addresses_is_refused_at_the_password(self) -> None:
        command = replace(CREATE, settings=PRIVATE)
        assert given(STATUSPAGE).when(command).then_refused(Invalid).faults == (GATE_REQUIRED,)

    def test_a_password_is_gate_enough(self) -> None:
        command = replace(CREATE, settings=PRIVATE, password_id=PASSWORD_ID)
        given(STATUSPAGE).when(command).then(CREATED_PRIVATE)

    def test_addresses_are_gate_enough(self) -> None:
        given(STATUSPAGE).when(replace(CREATE, settings=LISTED)).then(CREATED_LISTED)

    def test_a_private_page_may_have_both(self) -> None:
        command = replace(CREATE, settings=LISTED, password_id=PASSWORD_ID)
        given(STATUSPAGE).when(command).then(replace(CREATED, settings=LISTED, password_id=PASSWORD_ID))

    def test_a_public_page_keeps_no_gate_though_one_was_sent(self) -> None:
        settings = replace(LISTED, type=PageType.PUBLIC)
        given(STATUSPAGE).when(replace(CREATE, settings=settings, password_id=PASSWORD_ID)).then(CREATED)

    def test_turning_public_drops_the_gate(self) -> None:
        both = replace(CREATED, settings=LISTED, password_id=PASSWORD_ID)
        given(STATUSPAGE, both).when(change(replace(LISTED, type=PageType.PUBLIC))).then(changed(PUBLIC))

    def test_turning_private_needs_a_gate(self) -> None:
        refused = given(STATUSPAGE, CREATED).when(change(PRIVATE)).then_refused(Invalid)
        assert refused.faults == (GATE_REQUIRED,)

    def test_the_gate_of_a_former_private_time_does_not_come_back(self) -> None:
        history = (CREATED_PRIVATE, changed(PUBLIC))
        given(STATUSPAGE, *history).when(change(PRIVATE)).then_refused(Invalid)

    def test_turning_private_with_a_new_password(self) -> None:
        command = ChangeSettings(PRIVATE, True, PASSWORD_ID, LATER)
        given(STATUSPAGE, CREATED).when(command).then(changed(PRIVATE, password=True))

    def test_the_password_stays_unless_its_change_is_asked_for(self) -> None:
        command = ChangeSettings(replace(PRIVATE, name="Acme & Co"), False, OTHER_PASSWORD_ID, LATER)
        expected = changed(replace(PRIVATE, name="Acme & Co"), password=True)
        given(STATUSPAGE, CREATED_PRIVATE).when(command).then(expected)

    def test_the_password_is_replaced_when_asked_for(self) -> None:
        command = ChangeSettings(PRIVATE, True, OTHER_PASSWORD_ID, LATER)
        expected = PageSettingsChanged(PAGE_ID, PRIVATE, OTHER_PASSWORD_ID, LATER)
        given(STATUSPAGE, CREATED_PRIVATE).when(command).then(expected)

    def test_the_password_is_removed_if_addresses_remain(self) -> None:
        both = replace(CREATED, settings=LISTED, password_id=PASSWORD_ID)
        given(STATUSPAGE, both).when(ChangeSettings(LISTED, True, None, LATER)).then(changed(LISTED))

    def test_the_last_part_of_the_gate_cannot_be_removed(self) -> None:
        command = ChangeSettings(PRIVATE, True, None, LATER)
        given(STATUSPAGE, CREATED_PRIVATE).when(command).then_refused(Invalid)
        given(STATUSPAGE, CREATED_LISTED).when(change(PRIVATE)).then_refused(Invalid)


class TestSettings:
    def test_a_change_is_recorded_whole(self) -> None:
        settings = replace(PUBLIC, name="Acme & Co", dark_theme=True)
        given(STATUSPAGE, CREATED).when(change(settings)).then(changed(settings))

    def test_the_same_settings_again_change_nothing(self) -> None:
        given(STATUSPAGE, CREATED).when(change(PUBLIC)).then_nothing()
        given(STATUSPAGE, CREATED_PRIVATE).when(change(PRIVATE)).then_nothing()

    def test_a_gate_sent_to_a_public_page_changes_nothing(self) -> None:
        command = ChangeSettings(replace(PUBLIC, ip_addresses=("192.0.2.1",)), True, PASSWORD_ID, LATER)
        given(STATUSPAGE, CREATED).when(command).then_nothing()

    def test_a_change_is_compared_with_the_newest_settings(self) -> None:
        settings = replace(PUBLIC, name="Acme & Co")
        given(STATUSPAGE, CREATED, changed(settings)).when(change(settings)).then_nothing()
        given(STATUSPAGE, CREATED, changed(settings)).when(change(PUBLIC)).then(changed(PUBLIC))


class TestLayout:
    def test_an_arrangement_is_recorded(self) -> None:
        arranged = PageArranged(PAGE_ID, OTHER_LAYOUT, LATER)
        given(STATUSPAGE, CREATED).when(ArrangePage(OTHER_LAYOUT, LATER)).then(arranged)

    def test_the_same_arrangement_changes_nothing(self) -> None:
        given(STATUSPAGE, CREATED).when(ArrangePage(LAYOUT, LATER)).then_nothing()

    def test_the_newest_arrangement_counts(self) -> None:
        arranged = PageArranged(PAGE_ID, OTHER_LAYOUT, NOON)
        given(STATUSPAGE, CREATED, arranged).when(ArrangePage(OTHER_LAYOUT, LATER)).then_nothing()
        back = PageArranged(PAGE_ID, LAYOUT, LATER)
        given(STATUSPAGE, CREATED, arranged).when(ArrangePage(LAYOUT, LATER)).then(back)


class TestVisibility:
    def test_a_new_page_is_enabled(self) -> None:
        given(STATUSPAGE, CREATED).when(SetEnabled(True, LATER)).then_nothing()

    def test_a_page_is_disabled_once(self) -> None:
        disabled = PageDisabled(PAGE_ID, LATER)
        given(STATUSPAGE, CREATED).when(SetEnabled(False, LATER)).then(disabled)
        given(STATUSPAGE, CREATED, disabled).when(SetEnabled(False, LATER)).then_nothing()

    def test_a_disabled_page_is_enabled_again(self) -> None:
        disabled = PageDisabled(PAGE_ID, NOON)
        given(STATUSPAGE, CREATED, disabled).when(SetEnabled(True, LATER)).then(PageEnabled(PAGE_ID, LATER))

    def test_a_disabled_page_still_takes_changes(self) -> None:
        settings = replace(PUBLIC, name="Acme & Co")
        disabled = PageDisabled(PAGE_ID, NOON)
        given(STATUSPAGE, CREATED, disabled).when(change(settings)).then(changed(settings))


class TestOwnership:
    def test_the_organisation_sees_its_page(self) -> None:
        page = owned(STATUSPAGE.fold([CREATED]), ORGANISATION_ID)
        assert (page.page_id, page.settings, page.layout) == (PAGE_ID, PUBLIC, LAYOUT)

    def test_another_organisation_cannot_tell_a_foreign_page_from_none(self) -> None:
        histories: list[tuple[list[Event], UUID]] = [
            ([], ORGANISATION_ID),
            ([CREATED, DELETED], ORGANISATION_ID),
            ([CREATED], OTHER_ORGANISATION_ID),
        ]
        messages = set()
        for events, organisation_id in histories:
            with pytest.raises(NotFound) as refused:
                owned(STATUSPAGE.fold(events), organisation_id)
            messages.add(str(refused.value))
        assert len(messages) == 1

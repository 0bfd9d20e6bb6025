"""A resource: which components show it."""

import pytest

from service.domain.errors import NotFound
from service.domain.resource import (
    RESOURCE,
    BindComponent,
    Resource,
    ResourceBound,
    ResourceUnbound,
    UnbindComponent,
    existing,
    key,
)
from tests.service.domain.facts import (
    COMPONENT_ID,
    HOUR,
    NOON,
    ORGANISATION_ID,
    OTHER_COMPONENT_ID,
    OTHER_ORGANISATION_ID,
    OTHER_PAGE_ID,
    PAGE_ID,
    RESOURCE_ID,
)
from tests.service.domain.scenario import given

BIND = BindComponent(RESOURCE_ID, ORGANISATION_ID, COMPONENT_ID, PAGE_ID, NOON)
BOUND = ResourceBound(RESOURCE_ID, ORGANISATION_ID, COMPONENT_ID, PAGE_ID, NOON)
OTHER = ResourceBound(RESOURCE_ID, ORGANISATION_ID, OTHER_COMPONENT_ID, OTHER_PAGE_ID, NOON)
UNBOUND = ResourceUnbound(RESOURCE_ID, ORGANISATION_ID, COMPONENT_ID, PAGE_ID, NOON + HOUR)


def test_a_component_is_bound_once() -> None:
    given(RESOURCE).when(BIND).then(BOUND)
    given(RESOURCE, BOUND).when(BIND).then_nothing()


def test_it_is_let_go_and_may_come_back() -> None:
    given(RESOURCE, BOUND).when(UnbindComponent(COMPONENT_ID, NOON + HOUR)).then(UNBOUND)
    given(RESOURCE, BOUND, UNBOUND).when(BIND).then(BOUND)


def test_letting_go_of_what_is_not_bound_does_nothing() -> None:
    given(RESOURCE).when(UnbindComponent(COMPONENT_ID, NOON)).then_nothing()
    given(RESOURCE, OTHER).when(UnbindComponent(COMPONENT_ID, NOON)).then_nothing()


def test_it_knows_the_components_of_each_page() -> None:
    resource = RESOURCE.fold([BOUND, OTHER])
    assert resource.by_page() == {PAGE_ID: [COMPONENT_ID], OTHER_PAGE_ID: [OTHER_COMPONENT_ID]}
    assert existing(resource) is resource


@pytest.mark.parametrize("resource", [Resource(), RESOURCE.fold([BOUND, UNBOUND])])
def test_without_components_it_is_not_there(resource: Resource) -> None:
    with pytest.raises(NotFound):
        existing(resource)


def test_the_same_id_in_two_organisations_is_two_resources() -> None:
    assert key(ORGANISATION_ID, RESOURCE_ID) != key(OTHER_ORGANISATION_ID, RESOURCE_ID)

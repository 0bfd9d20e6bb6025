"""An organisation's incident templates: their names, their number, the variables of their texts."""

from dataclasses import replace
from uuid import UUID

import pytest

from service.domain.errors import Invalid, NameTaken, NotAllowed, NotFound
from service.domain.incident_template import (
    INCIDENT_TEMPLATES,
    MOST,
    CreateTemplate,
    DeleteTemplate,
    IncidentTemplateCreated,
    IncidentTemplateDeleted,
    placeholders,
)
from service.domain.values import ComponentStatus
from tests.service.domain.facts import (
    COMPONENT_ID,
    HOUR,
    NOON,
    ORGANISATION_ID,
    OTHER_TEMPLATE_ID,
    TEMPLATE_ID,
)
from tests.service.domain.scenario import given

COMPONENTS = {COMPONENT_ID: ComponentStatus.MAJOR_OUTAGE}
NAME, BODY = "Trouble in {{region}}", "{{ service }} is slow in {{region}}."
CREATE = CreateTemplate(ORGANISATION_ID, TEMPLATE_ID, NAME, BODY, COMPONENTS, None, NOON)
CREATED = IncidentTemplateCreated(
    ORGANISATION_ID, TEMPLATE_ID, NAME, BODY, COMPONENTS, ("region", "service"), NOON
)
DELETE = DeleteTemplate(TEMPLATE_ID, NOON + HOUR)
DELETED = IncidentTemplateDeleted(ORGANISATION_ID, TEMPLATE_ID, NOON + HOUR)


def test_its_variables_are_the_placeholders_of_name_and_body_as_they_appear() -> None:
    given(INCIDENT_TEMPLATES).when(CREATE).then(CREATED)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{a}} {{ b }} {{a}}", ("a", "b")),
        ("nothing", ()),
        ("{{ 7*7 }} {{A}} {{}} {{a.b}} {a} {{a b}} {{ _a }}", ()),
        ("{{{a}}}", ("a",)),
        ("{{" + "x" * 51 + "}}", ()),
        ("{{a\n}}", ()),
    ],
)
def test_only_a_plain_name_in_two_braces_is_a_placeholder(text: str, names: tuple[str, ...]) -> None:
    assert placeholders(text) == names


def test_listed_variables_keep_their_order() -> None:
    listed = ("service", "region")
    created = replace(CREATED, variables=listed)
    given(INCIDENT_TEMPLATES).when(replace(CREATE, variables=listed)).then(created)


def test_a_list_that_differs_from_the_texts_is_refused_where_it_does() -> None:
    refused = given(INCIDENT_TEMPLATES).when(replace(CREATE, variables=("region", "city")))
    faults = refused.then_refused(Invalid).faults
    assert {(fault.pointer, fault.code) for fault in faults} == {
        ("/variables/1", "unused_variable"),
        ("/variables", "missing_variable"),
    }


@pytest.mark.parametrize("name", [NAME, NAME.upper()])
def test_a_name_is_taken_whatever_its_case(name: str) -> None:
    another = replace(CREATE, template_id=OTHER_TEMPLATE_ID, name=name, body="x")
    given(INCIDENT_TEMPLATES, CREATED).when(another).then_refused(NameTaken)


def test_a_name_is_free_again_when_its_template_is_deleted() -> None:
    another = replace(CREATE, template_id=OTHER_TEMPLATE_ID)
    created = replace(CREATED, template_id=OTHER_TEMPLATE_ID)
    given(INCIDENT_TEMPLATES, CREATED, DELETED).when(another).then(created)


def test_there_is_a_limit_which_a_deletion_makes_room_below() -> None:
    full = [
        replace(CREATED, template_id=UUID(int=number), name=f"Template {number}") for number in range(MOST)
    ]
    given(INCIDENT_TEMPLATES, *full).when(CREATE).then_refused(NotAllowed)
    room = replace(DELETED, template_id=UUID(int=7))
    given(INCIDENT_TEMPLATES, *full, room).when(CREATE).then(CREATED)


def test_one_is_deleted_once() -> None:
    given(INCIDENT_TEMPLATES, CREATED).when(DELETE).then(DELETED)
    given(INCIDENT_TEMPLATES, CREATED, DELETED).when(DELETE).then_refused(NotFound)
    given(INCIDENT_TEMPLATES).when(DELETE).then_refused(NotFound)

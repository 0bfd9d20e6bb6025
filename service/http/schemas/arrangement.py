"""Bodies of the calls for one component or one group."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from service.domain.values import ComponentStatus, ComponentType
from service.http.schemas.base import Answer, Body, Id
from service.http.schemas.components import Component, Group
from service.http.schemas.fields import ShortDescription, Title


class NewComponent(Body):
    """`group_id`: the group at whose end it is placed; without it, the ungrouped."""

    name: Title
    description: ShortDescription | None = None
    status: ComponentStatus = ComponentStatus.OPERATIONAL
    type: ComponentType = ComponentType.MANUAL
    resource_id: Id | None = Field(None, validate_default=True)
    only_show_if_degraded: bool = False
    group_id: Id | None = None

    @field_validator("resource_id")
    @classmethod
    def _resource_named(cls, value: UUID | None, info: ValidationInfo) -> UUID | None:
        if value is None and info.data.get("type") is ComponentType.RESOURCE:
            raise PydanticCustomError("required", "A component of type resource needs a resource_id")
        return value


class ChangeComponent(Body):
    """What is left out stays. `group_id` moves it, null out of any group. Its status has calls of its own."""

    name: Title | None = None
    description: ShortDescription | None = None
    type: ComponentType | None = None
    resource_id: Id | None = None
    only_show_if_degraded: bool | None = None
    group_id: Id | None = None


Members = Annotated[list[Id], Field(max_length=200)]


class NewGroup(Body):
    """`component_ids`: components of the page that move into it, in this order."""

    name: Title
    component_ids: Members = Field(default_factory=list)


class ChangeGroup(Body):
    """What is left out stays. `component_ids` is the whole new list; what it leaves out is ungrouped."""

    name: Title | None = None
    component_ids: Members | None = None


class ComponentAnswer(Answer):
    component: Component


class ChangedComponentAnswer(Answer):
    message: str
    component: Component


class GroupAnswer(Answer):
    group: Group


class ChangedGroupAnswer(Answer):
    message: str
    group: Group

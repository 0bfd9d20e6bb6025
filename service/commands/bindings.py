"""What adds, changes or removes a component also says, in the same append, which resource it shows."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from service.commands.work import Work
from service.domain.component import COMPONENT, AddComponent, ChangeDetails, Component, RemoveComponent
from service.domain.component import State as ComponentState
from service.domain.resource import RESOURCE, BindComponent, UnbindComponent, key

Change = AddComponent | ChangeDetails | RemoveComponent


async def decide_component(work: Work, component_id: UUID, command: Change) -> None:
    """Raises what the component's rules raise."""
    before = await work.load(COMPONENT, component_id)
    if not await work.decide(COMPONENT, component_id, command):
        return
    after = await work.load(COMPONENT, component_id)
    if before is not None and _shown_by(before) not in (None, _shown_by(after)):
        await work.decide(RESOURCE, _shown_by(before), UnbindComponent(component_id, command.at))
    if after is not None and _shown_by(after) is not None:
        await _bind(work, after, command.at)


async def preload_resources(work: Work, organisation_id: UUID, resource_ids: Iterable[UUID | None]) -> None:
    """Load many at once rather than one after the other."""
    await work.preload(RESOURCE, {key(organisation_id, each) for each in resource_ids if each is not None})


async def _bind(work: Work, component: Component, at: datetime) -> None:
    resource_id = component.details.shown_resource
    if resource_id is not None:
        bind = BindComponent(
            resource_id, component.organisation_id, component.component_id, component.page_id, at
        )
        await work.decide(RESOURCE, key(component.organisation_id, resource_id), bind)


def _shown_by(state: ComponentState) -> str | None:
    if state is None or state.removed or state.details.shown_resource is None:
        return None
    return key(state.organisation_id, state.details.shown_resource)

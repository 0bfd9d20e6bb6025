"""Carrying what a monitor says of a resource to all components that show it, a batch at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from service.commands.handler import CommandHandler, Origin
from service.commands.resources import Batch, FindBatches, TellBatch
from service.domain.component import (
    ComponentStatusChanged,
    ComponentStatusCorrected,
    Event,
    HearAlerts,
    ReportStatus,
)
from service.domain.resource import RESOURCE, key
from service.http.call import Call
from service.http.endpoints.origins import origin

SAID = ComponentStatusChanged, ComponentStatusCorrected


@dataclass(frozen=True, slots=True)
class Told:
    """What happened to each component, and the position that the log has reached with it."""

    events: dict[UUID, list[Event]]
    position: int

    def verdicts(self) -> list[dict[str, object]]:
        return [
            {"component_id": each, "status": "changed" if _says(events) else "unchanged"}
            for each, events in self.events.items()
        ]


class Telling:
    def __init__(self, commands: CommandHandler) -> None:
        self._commands = commands

    async def tell(self, call: Call, resource_id: UUID, command: ReportStatus | HearAlerts) -> Told:
        """Each batch changes as a whole. Raises Rejected and TooManyConflicts; what was told before stays,
        and telling it again changes nothing."""
        each = 1 + len(command.alerts) if isinstance(command, HearAlerts) else 1
        find = FindBatches(call.organisation_id, resource_id, each)
        lock = RESOURCE.stream(key(call.organisation_id, resource_id))
        found = await self._commands.run(_origin(call), lock, find)
        told = [await self._tell(call, resource_id, batch, command) for batch in found.result or ()]
        events = {component_id: said for one in told for component_id, said in one.events.items()}
        return Told(events, max([found.position, *(one.position for one in told)]))

    async def _tell(
        self, call: Call, resource_id: UUID, batch: Batch, command: ReportStatus | HearAlerts
    ) -> Told:
        lock = RESOURCE.stream(key(call.organisation_id, resource_id))
        tell = TellBatch(call.organisation_id, resource_id, batch, command)
        done = await self._commands.run(_origin(call), lock, tell)
        return Told(done.result or {}, done.position)


def _origin(call: Call) -> Origin:
    """A repeated call tells it all again under new ids: the rules know what they have heard already."""
    whole = origin(call)
    return Origin(uuid4(), whole.actor, whole.correlation_id)


def _says(events: Iterable[Event]) -> bool:
    return any(isinstance(event, SAID) for event in events)

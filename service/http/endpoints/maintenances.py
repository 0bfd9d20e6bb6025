"""The calls that plan maintenances and change them, and with them the components in their windows."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from service.clock import Clock
from service.commands import maintenances as use_cases
from service.commands.handler import CommandHandler, Done, UseCase
from service.domain import maintenance
from service.domain.maintenance import MAINTENANCE, Plan
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.endpoints.maintenance_answers import MaintenanceAnswers
from service.http.endpoints.origins import origin
from service.http.routing import Endpoint
from service.http.schemas import maintenance_answers as answers
from service.http.schemas import maintenances as schemas
from service.http.schemas.pages import MessageAnswer

TAG = "Maintenance"
CLEARABLE = {"remind_before_minutes", "recurrence"}


class MaintenanceCommands:
    def __init__(self, commands: CommandHandler, maintenances: MaintenanceAnswers, clock: Clock) -> None:
        self._commands = commands
        self._maintenances = maintenances
        self._clock = clock

    async def schedule(self, call: Call) -> Reply:
        """It starts and ends by itself unless told otherwise. Its operational components are then
        `under_maintenance`; those in an outage go on showing the outage."""
        body: schemas.NewMaintenance = call.body
        maintenance_id = uuid5(call.command_id, "maintenance")
        plan = Plan(**_fields(body, type(body).model_fields))
        command = maintenance.ScheduleMaintenance(
            maintenance_id, call.ids["id"], call.organisation_id, plan, self._clock()
        )
        done = await self._run(call, maintenance_id, use_cases.ScheduleMaintenance(command))
        return await self._maintenances.created(call, maintenance_id, done.position)

    async def edit(self, call: Call) -> Reply:
        """What is left out stays. Once it has started, its start stands."""
        body: schemas.EditMaintenance = call.body
        maintenance_id = call.ids["id"]
        use_case = use_cases.EditMaintenance(
            maintenance_id,
            call.organisation_id,
            call.if_match,
            _fields(body, body.model_fields_set),
            self._clock(),
        )
        done = await self._run(call, maintenance_id, use_case)
        message = "The maintenance has been updated."
        return await self._maintenances.changed(call, maintenance_id, done.position, message)

    async def update(self, call: Call) -> Reply:
        """Says how it goes; with another status it starts, is being verified, is completed or cancelled."""
        body: schemas.UpdateMaintenance = call.body
        command = maintenance.UpdateMaintenance(
            uuid5(call.command_id, "update"), body.status, body.body, body.notify, self._clock()
        )
        maintenance_id = call.ids["id"]
        done = await self._run(call, maintenance_id, self._change(call, command))
        return await self._maintenances.created(call, maintenance_id, done.position)

    async def cancel(self, call: Call) -> Reply:
        """It stays readable as `cancelled`. Of a series the next window follows unless `series` is true."""
        query: schemas.CancelQuery | None = call.query
        command = maintenance.CancelMaintenance(query is not None and query.series, self._clock())
        done = await self._run(call, call.ids["id"], self._change(call, command))
        return Reply(200, {"message": "The maintenance has been cancelled."}, None, done.position)

    def _change(
        self, call: Call, command: maintenance.UpdateMaintenance | maintenance.CancelMaintenance
    ) -> use_cases.ChangeMaintenance:
        return use_cases.ChangeMaintenance(call.ids["id"], call.organisation_id, call.if_match, command)

    async def _run(self, call: Call, maintenance_id: UUID, use_case: UseCase[None]) -> Done[None]:
        return await self._commands.run(origin(call), MAINTENANCE.stream(maintenance_id), use_case)

    def endpoints(self) -> list[Endpoint]:
        return [*self._of_telling(), *self._of_changing()]

    def _of_telling(self) -> list[Endpoint]:
        """What readers are told: that it is planned, and how it goes."""
        return [
            Endpoint(
                method="POST",
                path="/v1/statuspage/{id}/maintenance",
                handler=self.schedule,
                summary="Schedule a maintenance",
                scope=Scope.INCIDENTS_WRITE,
                tag=TAG,
                body=schemas.NewMaintenance,
                answers={201: answers.MaintenanceAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="POST",
                path="/v1/maintenance/{id}/update",
                handler=self.update,
                summary="Post an update of a maintenance",
                scope=Scope.INCIDENTS_WRITE,
                tag=TAG,
                body=schemas.UpdateMaintenance,
                answers={201: answers.MaintenanceAnswer},
                problems=(404, 409),
            ),
        ]

    def _of_changing(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="PUT",
                path="/v1/maintenance/{id}",
                handler=self.edit,
                summary="Move or change a maintenance",
                scope=Scope.INCIDENTS_WRITE,
                tag=TAG,
                body=schemas.EditMaintenance,
                answers={200: answers.ChangedMaintenanceAnswer},
                problems=(404, 409),
            ),
            Endpoint(
                method="DELETE",
                path="/v1/maintenance/{id}",
                handler=self.cancel,
                summary="Cancel a maintenance",
                scope=Scope.INCIDENTS_WRITE,
                tag=TAG,
                query=schemas.CancelQuery,
                answers={200: MessageAnswer},
                problems=(404, 409),
            ),
        ]


def _fields(body: schemas.NewMaintenance | schemas.EditMaintenance, names: Iterable[str]) -> dict[str, Any]:
    """Those of the plan that were sent. Null takes away what may be missing, and leaves the rest alone."""
    sent = {name: getattr(body, name) for name in names}
    fields = {name: value for name, value in sent.items() if value is not None or name in CLEARABLE}
    if "components" in fields:
        fields["component_ids"] = tuple(fields.pop("components"))
    return fields

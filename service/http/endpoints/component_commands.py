"""The calls that change a component."""

from service.clock import Clock
from service.commands.components import ReportComponentStatus
from service.commands.handler import CommandHandler
from service.domain.component import COMPONENT
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.endpoints.origins import origin
from service.http.routing import Endpoint
from service.http.schemas import components as schemas

CHANGED = "The status has been changed."
UNCHANGED = "The component has this status already; nothing has been changed."


class ComponentCommands:
    def __init__(self, commands: CommandHandler, clock: Clock) -> None:
        self._commands = commands
        self._clock = clock

    async def report(self, call: Call) -> Reply:
        """The status holds from now on, or from `at`: in the past it corrects the component's history."""
        body: schemas.ReportStatus = call.body
        component_id = call.ids["id"]
        stream = COMPONENT.stream(component_id)
        command = ReportComponentStatus(
            component_id,
            call.organisation_id,
            body.status,
            body.at,
            body.reason,
            call.if_match,
            self._clock(),
        )
        done = await self._commands.run(origin(call), stream, command)
        answer = {
            "message": CHANGED if done.changed else UNCHANGED,
            "component": {"id": component_id, "status": body.status},
        }
        return Reply(200, answer, f"v{done.versions[stream]}", done.position)

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="PUT",
                path="/v1/component/{id}/status",
                handler=self.report,
                summary="Report a component's status",
                scope=Scope.STATUS_WRITE,
                tag="Components",
                body=schemas.ReportStatus,
                answers={200: schemas.ReportedAnswer},
                problems=(404,),
            )
        ]

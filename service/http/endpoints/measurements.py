"""The call by which monitors say how fast a component answers."""

from service.clock import Clock
from service.commands.handler import CommandHandler
from service.commands.measurements import MeasureComponent
from service.domain.measurement import MEASUREMENT, Point
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.endpoints.origins import origin
from service.http.routing import Endpoint
from service.http.schemas import measurements as schemas

RECORDED = "The response times have been recorded."


class Measurements:
    def __init__(self, commands: CommandHandler, clock: Clock) -> None:
        self._commands = commands
        self._clock = clock

    async def record(self, call: Call) -> Reply:
        """Up to 1000 response times at once, all of them or none. The component's statistics have them."""
        body: schemas.Points = call.body
        component_id = call.ids["id"]
        points = tuple(Point(each.at, round(each.response_time_ms * 1000)) for each in body.points)
        command = MeasureComponent(component_id, call.organisation_id, points, self._clock())
        done = await self._commands.run(origin(call), MEASUREMENT.stream(component_id), command)
        return Reply(201, {"message": RECORDED, "points": len(points)}, None, done.position)

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path="/v1/component/{id}/metrics",
                handler=self.record,
                summary="Record a component's response times",
                scope=Scope.STATUS_WRITE,
                tag="Components",
                body=schemas.Points,
                answers={201: schemas.RecordedAnswer},
                problems=(404,),
            )
        ]

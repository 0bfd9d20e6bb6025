"""Many components' statuses reported at once, each with a verdict of its own."""

import asyncio
from uuid import uuid5

from service.clock import Clock
from service.commands.components import ReportComponentStatus
from service.commands.handler import CommandHandler, Origin
from service.domain.component import COMPONENT
from service.domain.errors import Rejected
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.endpoints.origins import origin
from service.http.routing import Endpoint
from service.http.schemas import components as schemas

AT_ONCE = 50


class BulkStatus:
    def __init__(self, commands: CommandHandler, clock: Clock) -> None:
        self._commands = commands
        self._clock = clock

    async def report(self, call: Call) -> Reply:
        """Up to 1000 reports. One that is refused changes nothing about the others."""
        body: schemas.BulkReports = call.body
        turns = asyncio.Semaphore(AT_ONCE)
        reports = [self._report(call, i, each, turns) for i, each in enumerate(body.components)]
        done = await asyncio.gather(*reports)
        position = max((position for _, position in done), default=0)
        return Reply(200, {"results": [verdict for verdict, _ in done]}, None, position or None)

    async def _report(
        self, call: Call, index: int, report: schemas.BulkReport, turns: asyncio.Semaphore
    ) -> tuple[dict[str, object], int]:
        """The verdict, and the position that the log has reached with it."""
        command = ReportComponentStatus(
            report.component_id,
            call.organisation_id,
            report.status,
            report.at,
            report.reason,
            None,
            self._clock(),
        )
        async with turns:
            try:
                done = await self._commands.run(
                    _origin(call, index), COMPONENT.stream(report.component_id), command
                )
            except Rejected as refused:
                return _verdict(report, "refused") | {"error": str(refused)}, 0
        return _verdict(report, "changed" if done.changed else "unchanged"), done.position

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path="/v1/components/status",
                handler=self.report,
                summary="Report the statuses of many components",
                scope=Scope.STATUS_WRITE,
                tag="Components",
                body=schemas.BulkReports,
                answers={200: schemas.BulkAnswer},
            )
        ]


def _origin(call: Call, index: int) -> Origin:
    """A command of its own for each, the same one when the call is repeated."""
    whole = origin(call)
    return Origin(
        uuid5(call.command_id, str(index)), whole.actor, whole.correlation_id, repeatable=whole.repeatable
    )


def _verdict(report: schemas.BulkReport, status: str) -> dict[str, object]:
    return {"component_id": str(report.component_id), "status": status}

"""The call by which a monitor reports on what it watches, whatever components show it."""

from service.clock import Clock
from service.domain.component import ReportStatus
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.endpoints.telling import Telling
from service.http.routing import Endpoint
from service.http.schemas import resources as schemas

CHANGED = "The status has been changed."
UNCHANGED = "All components have this status already; nothing has been changed."


class ResourceReports:
    def __init__(self, telling: Telling, clock: Clock) -> None:
        self._telling = telling
        self._clock = clock

    async def report(self, call: Call) -> Reply:
        """Every component of the organisation that shows the resource gets the status, page by page.

        It holds from now on, or from `at`: in the past it corrects history. A resource that no component
        shows is 404.
        """
        body: schemas.ReportResource = call.body
        command = ReportStatus(call.organisation_id, body.status, self._clock(), body.at, body.reason)
        told = await self._telling.tell(call, call.ids["resource_id"], command)
        verdicts = told.verdicts()
        changed = any(verdict["status"] == "changed" for verdict in verdicts)
        answer = {"message": CHANGED if changed else UNCHANGED, "components": verdicts}
        return Reply(200, answer, None, told.position)

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="PUT",
                path="/v1/resource/{resource_id}/status",
                handler=self.report,
                summary="Report a resource's status",
                scope=Scope.STATUS_WRITE,
                tag="Monitoring",
                ids=("resource_id",),
                body=schemas.ReportResource,
                answers={200: schemas.ResourceAnswer},
            )
        ]

"""Alertmanager's webhook: alerts that fire and resolve, carried to the components they are about."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from service.clock import Clock
from service.domain.component import Alert, ComponentAlertFired, ComponentAlertResolved, HearAlerts
from service.domain.errors import Rejected
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.endpoints.alert_reading import Unreadable, fingerprint_of, read, resource_of, status_of
from service.http.endpoints.telling import Telling, Told
from service.http.routing import Endpoint
from service.http.schemas import resources as schemas

AT_ONCE = 50
NEWS = ComponentAlertFired, ComponentAlertResolved


@dataclass(slots=True)
class _Reading:
    """`alerts` by resource; `results` of those that go no further, by their place in the request."""

    alerts: dict[UUID, list[Alert]] = field(default_factory=dict)
    results: dict[int, dict[str, object]] = field(default_factory=dict)


class Alertmanager:
    def __init__(self, telling: Telling, clock: Clock) -> None:
        self._telling = telling
        self._clock = clock

    async def hear(self, call: Call) -> Reply:
        """The worst alert that fires for a resource holds its components until all are resolved.

        The label `resource_id` names the resource; `severity` (critical, error, warning, info), or
        `component_status` if it is there, says what it makes of them. Telling it again changes nothing. An
        alert that is refused changes nothing about the others. What is not read of Alertmanager's body may
        be anything.
        """
        body: schemas.AlertGroup = call.body
        now = self._clock()
        reading = _read(body.alerts, now)
        turns = asyncio.Semaphore(AT_ONCE)
        tellings = [self._tell(call, turns, each, said, now) for each, said in reading.alerts.items()]
        told = dict(zip(reading.alerts, await asyncio.gather(*tellings), strict=True))
        news = {each: _news(one) for each, one in told.items()}
        results = [reading.results.get(i) or _result(alert, news) for i, alert in enumerate(body.alerts)]
        reached = {each: one for each, one in told.items() if isinstance(one, Told)}
        position = max((one.position for one in reached.values()), default=0)
        return Reply(200, {"results": results, "components": _components(reached)}, None, position or None)

    async def _tell(
        self, call: Call, turns: asyncio.Semaphore, resource_id: UUID, alerts: Iterable[Alert], now: datetime
    ) -> Told | Rejected:
        command = HearAlerts(call.organisation_id, tuple(alerts), now)
        async with turns:
            try:
                return await self._telling.tell(call, resource_id, command)
            except Rejected as refused:
                return refused

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path="/v1/integrations/alertmanager",
                handler=self.hear,
                summary="Take Alertmanager's webhook",
                scope=Scope.STATUS_WRITE,
                tag="Monitoring",
                body=schemas.AlertGroup,
                answers={200: schemas.AlertsAnswer},
            )
        ]


def _read(alerts: Iterable[schemas.Alert], now: datetime) -> _Reading:
    reading = _Reading()
    for i, alert in enumerate(alerts):
        try:
            resource_id, status = resource_of(alert), status_of(alert)
        except Unreadable as unreadable:
            reading.results[i] = _verdict(alert, "refused") | {"error": str(unreadable)}
            continue
        if status is None:
            reading.results[i] = _verdict(alert, "ignored")
        else:
            reading.alerts.setdefault(resource_id, []).append(read(alert, status, now))
    return reading


def _news(told: Told | Rejected) -> set[str] | Rejected:
    """The fingerprints of the alerts that were news to a component."""
    if isinstance(told, Rejected):
        return told
    events = (event for each in told.events.values() for event in each)
    return {event.fingerprint for event in events if isinstance(event, NEWS)}


def _result(alert: schemas.Alert, news: dict[UUID, set[str] | Rejected]) -> dict[str, object]:
    outcome = news[resource_of(alert)]
    if isinstance(outcome, Rejected):
        return _verdict(alert, "refused") | {"error": str(outcome)}
    return _verdict(alert, "changed" if fingerprint_of(alert) in outcome else "unchanged")


def _verdict(alert: schemas.Alert, status: str) -> dict[str, object]:
    return {
        "fingerprint": fingerprint_of(alert),
        "resource_id": alert.labels.get("resource_id"),
        "status": status,
    }


def _components(told: dict[UUID, Told]) -> list[dict[str, object]]:
    return [
        {"resource_id": resource_id, **verdict}
        for resource_id, one in told.items()
        for verdict in one.verdicts()
    ]

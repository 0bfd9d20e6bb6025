"""Bodies of the calls of monitors: reports on resources, and Alertmanager's webhook."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.http.schemas.base import Answer, Id, Timestamp
from service.http.schemas.components import Moment, ReportStatus, Verdict

MOST_ALERTS, MOST_LABELS = 500, 100
LabelName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
LabelValue = Annotated[str, StringConstraints(max_length=1000)]
Fingerprint = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class ReportResource(ReportStatus):
    """`at` in the past corrects history; left out, the status holds from now on."""


class ResourceAnswer(Answer):
    """What happened to each component that shows the resource."""

    message: str
    components: list[Verdict]


class Foreign(BaseModel):
    """A body whose form is somebody else's: what their next version adds is ignored, not refused."""

    model_config = ConfigDict(extra="ignore", strict=True)


class Alert(Foreign):
    """One alert as Alertmanager tells it. `endsAt` says something of a resolved one only. Its labels
    are its identity; `fingerprint`, which versions before 0.19 don't send, is short for them."""

    status: Literal["firing", "resolved"]
    labels: Annotated[dict[LabelName, LabelValue], Field(max_length=MOST_LABELS)]
    startsAt: Moment
    endsAt: Timestamp | None = None
    fingerprint: Fingerprint | None = None


class AlertGroup(Foreign):
    """The body of Alertmanager's webhook, version 4
    (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config), as far as it is read."""

    version: Literal["4"]
    alerts: Annotated[list[Alert], Field(max_length=MOST_ALERTS)]


class AlertVerdict(Answer):
    """`ignored`: such an alert says nothing about a component. `error`: why it was refused."""

    fingerprint: str
    resource_id: str | None
    status: Literal["changed", "unchanged", "ignored", "refused"]
    error: str | None = None


class AlertedComponent(Answer):
    resource_id: Id
    component_id: Id
    status: Literal["changed", "unchanged"]


class AlertsAnswer(Answer):
    """What became of each alert, in the order of the request, and of the components told of them."""

    results: list[AlertVerdict]
    components: list[AlertedComponent]

"""What an incident or an update of one would do."""

from service.http.schemas.base import Answer, Id
from service.http.schemas.components import StatusName
from service.http.schemas.incident_answers import ImpactName, IncidentStatusName


class ComponentChange(Answer):
    id: Id
    name: str
    before: StatusName
    after: StatusName


class ByChannel(Answer):
    email: int
    webhook: int
    slack: int
    discord: int
    teams: int


class Recipients(Answer):
    """Verified subscriptions that want it. `sample`: the addresses of the oldest, at most 20, masked for
    callers without the scope `subscriptions:write`."""

    total: int
    by_channel: ByChannel
    sample: list[str]


class Preview(Answer):
    """`notify`: whether subscribers are told at all. `subject`, `text` and `html`: what they are told,
    without the link by which each unsubscribes; null for an incident of the past, which nobody is told of.
    `status` and `impact`: the incident's with it. `components`: those whose status it changes now."""

    notify: bool
    subject: str | None
    text: str | None
    html: str | None
    status: IncidentStatusName
    impact: ImpactName
    components: list[ComponentChange]
    recipients: Recipients


class PreviewAnswer(Answer):
    preview: Preview

"""What Alertmanager's alerts mean here: the resource by one label, the status by another."""

from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from service.domain.component import Alert
from service.domain.values import ComponentStatus
from service.http.schemas import resources as schemas
from service.http.schemas.base import is_uuid

RESOURCE, SEVERITY, STATUS, NAME = "resource_id", "severity", "component_status", "alertname"
LONGEST_NAME = 200
OUTAGES = {
    status.value: status
    for status in (
        ComponentStatus.DEGRADED_PERFORMANCE,
        ComponentStatus.PARTIAL_OUTAGE,
        ComponentStatus.MAJOR_OUTAGE,
    )
}
STATUS_OF: dict[str, ComponentStatus | None] = {
    "critical": ComponentStatus.MAJOR_OUTAGE,
    "page": ComponentStatus.MAJOR_OUTAGE,
    "error": ComponentStatus.PARTIAL_OUTAGE,
    "major": ComponentStatus.PARTIAL_OUTAGE,
    "warning": ComponentStatus.DEGRADED_PERFORMANCE,
    "minor": ComponentStatus.DEGRADED_PERFORMANCE,
    "info": None,
    "none": None,
}
"""By severity, which Prometheus leaves to its users. None: it says nothing about the component."""
OTHERWISE = ComponentStatus.DEGRADED_PERFORMANCE
"""Somebody named the resource in the alert: it is not for nothing."""


class Unreadable(ValueError):
    """The alert can't be understood; its text says why."""


def resource_of(alert: schemas.Alert) -> UUID:
    """Raises Unreadable."""
    named = alert.labels.get(RESOURCE, "")
    if not is_uuid(named):
        raise Unreadable(f"The label {RESOURCE} names no resource: it should be a UUID in lower case.")
    return UUID(named)


def status_of(alert: schemas.Alert) -> ComponentStatus | None:
    """What its firing makes of a component; None: nothing. Raises Unreadable."""
    wished = alert.labels.get(STATUS)
    if wished is None:
        return STATUS_OF.get(alert.labels.get(SEVERITY, "").lower(), OTHERWISE)
    if wished not in OUTAGES:
        raise Unreadable(f"The label {STATUS} should be one of {', '.join(OUTAGES)}.")
    return OUTAGES[wished]


def fingerprint_of(alert: schemas.Alert) -> str:
    """The sender's, else one of our own from the labels, which are all that an alert is known by."""
    if alert.fingerprint is not None:
        return alert.fingerprint
    return blake2b(repr(sorted(alert.labels.items())).encode(), digest_size=8).hexdigest()


def read(alert: schemas.Alert, status: ComponentStatus, now: datetime) -> Alert:
    """A resolved alert without an end, or with one before its start, ends now."""
    fingerprint = fingerprint_of(alert)
    name = alert.labels.get(NAME, fingerprint)[:LONGEST_NAME]
    ends_at = None
    if alert.status == "resolved":
        told = alert.endsAt
        ends_at = told if told is not None and told >= alert.startsAt else max(now, alert.startsAt)
    return Alert(fingerprint, name, status, alert.startsAt, ends_at)

"""What a monitoring system said in alerts, and which of it is news.

Alerts are told again and again, by several senders, and not always in order. Each is known by its
fingerprint; when it began and ended says which of its times a telling is about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.values import SEVERITY, ComponentStatus

STRAGGLING = timedelta(minutes=10)
"""How long after an alert's end a telling of its beginning may still be under way. Later the same beginning
means that it goes on: so it looks when the sender had lost sight of it for a while."""


@dataclass(frozen=True, slots=True)
class Alert:
    """As it was told. `status`: what its firing makes of a component. `ends_at` None: it fires."""

    fingerprint: str
    name: str
    status: ComponentStatus
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Heard:
    """The last news of an alert, heard `at`. `status` None: it ended at `moment`; else it began then."""

    status: ComponentStatus | None
    moment: datetime
    at: datetime


Alerts = Mapping[str, Heard]
"""By fingerprint."""


def news(known: Alerts, told: Iterable[Alert], at: datetime) -> list[Alert]:
    """Each alert once, as it was told last, if that is not known yet."""
    last = {alert.fingerprint: alert for alert in told}
    return [alert for alert in last.values() if _is_news(known.get(alert.fingerprint), alert, at)]


def _is_news(known: Heard | None, alert: Alert, at: datetime) -> bool:
    if known is None:  # or so long over that it is forgotten
        return alert.ends_at is None or at < alert.ends_at + STRAGGLING
    if alert.ends_at is not None:
        return alert.ends_at >= known.moment if known.status else alert.ends_at > known.moment
    if known.status is not None:
        return alert.starts_at > known.moment or alert.status is not known.status
    return alert.starts_at > known.moment or at >= known.at + STRAGGLING


def hearing(known: Alerts, fingerprint: str, heard: Heard) -> Alerts:
    """With this; what ended so long ago that nobody speaks of it any more is forgotten."""
    kept = {
        each: one
        for each, one in known.items()
        if one.status or heard.at < max(one.at, one.moment) + STRAGGLING
    }
    return {**kept, fingerprint: heard}


def worst(alerts: Alerts) -> ComponentStatus | None:
    """Of those that fire; None if none does."""
    firing = [heard.status for heard in alerts.values() if heard.status is not None]
    return max(firing, key=SEVERITY.__getitem__, default=None)

"""Messages of every kind, and a subscriber who gets them at some URL."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from service.domain.values import ChannelType, ComponentStatus, Impact, IncidentStatus, MaintenanceStatus
from service.notices import Kind, Letter, Letterhead, Told, Window, letter_of, notice_of
from service.vault.contacts import Contact
from tests.service.domain.facts import (
    COMPONENT_ID,
    HOUR,
    INCIDENT_ID,
    MAINTENANCE_ID,
    NOON,
    OTHER_COMPONENT_ID,
    PAGE_ID,
    SUBSCRIPTION_ID,
    UPDATE_ID,
)
from workers.delivery.channel import Message, Tidings

PAGE = "https://status.example.com/p/acme"
MANAGE = "https://status.example.com/subscription/MANAGE"
VERIFY = "https://status.example.com/subscription/VERIFY"
LETTERHEAD = Letterhead("Acme", PAGE, None, "en", ZoneInfo("UTC"))
NAMES = {COMPONENT_ID: "Website", OTHER_COMPONENT_ID: "API"}


def told(kind: Kind, name: str = "Database down", body: str = "We are looking.") -> Told:
    of_incident = kind.startswith("incident.")
    return Told(
        kind,
        PAGE_ID,
        INCIDENT_ID if of_incident else MAINTENANCE_ID,
        name,
        IncidentStatus.INVESTIGATING if of_incident else MaintenanceStatus.SCHEDULED,
        body,
        {COMPONENT_ID: ComponentStatus.MAJOR_OUTAGE, OTHER_COMPONENT_ID: None},
        Impact.CRITICAL if of_incident else None,
        None if of_incident else Window(NOON, NOON + HOUR),
        notify=True,
    )


def notice(kind: Kind = Kind.INCIDENT_OPENED, **fields: str) -> Message:
    telling = told(kind, **fields)
    written = notice_of(telling, LETTERHEAD, NAMES)
    return Message(
        UPDATE_ID,
        PAGE_ID,
        "Acme",
        Tidings(telling, written),
        letter_of(written, MANAGE),
        NOON + timedelta(seconds=1),
        MANAGE,
        f"{MANAGE}/unsubscribe",
    )


def question() -> Message:
    letter = Letter(
        "Confirm your subscription to Acme", f"Confirm: {VERIFY}", f"<a href='{VERIFY}'>Confirm</a>"
    )
    return Message(UPDATE_ID, PAGE_ID, "Acme", None, letter, NOON, MANAGE, f"{MANAGE}/unsubscribe", VERIFY)


def subscriber(channel: ChannelType, address: str) -> Contact:
    return Contact(SUBSCRIPTION_ID, PAGE_ID, channel, address)

"""What each kind of event tells, and how every channel says it."""

from dataclasses import dataclass

from service.domain.values import ChannelType
from service.notices import Kind
from tests.service.told.readers import Said
from tests.service.told.story import BODY, Act, Story, update, wait

PAGE = "Acme"
LEADS = {
    Kind.INCIDENT_OPENED: "There is a new incident.",
    Kind.INCIDENT_UPDATED: "There is news of an incident.",
    Kind.INCIDENT_RESOLVED: "An incident is over.",
    Kind.INCIDENT_RETRACTED: "An incident was reported by mistake and has been taken back.",
    Kind.MAINTENANCE_SCHEDULED: "A maintenance is planned.",
    Kind.MAINTENANCE_MOVED: "A planned maintenance has new times.",
    Kind.MAINTENANCE_REMINDED: "A planned maintenance is about to start.",
    Kind.MAINTENANCE_STARTED: "A maintenance has started.",
    Kind.MAINTENANCE_VERIFYING: "A maintenance is done and its result is being verified.",
    Kind.MAINTENANCE_UPDATED: "There is news of a maintenance.",
    Kind.MAINTENANCE_COMPLETED: "A maintenance has been completed.",
    Kind.MAINTENANCE_CANCELLED: "A planned maintenance has been cancelled.",
}


@dataclass(frozen=True)
class Row:
    """`act` brings it about, and `title`, `status`, `body` and `affected` are told."""

    kind: Kind
    act: Act
    title: str
    status: str
    body: str = ""
    affected: str = "API"


TABLE = (
    Row(Kind.INCIDENT_OPENED, Story.open, "Investigating", "Investigating", BODY, "API: Major outage"),
    Row(
        Kind.INCIDENT_UPDATED,
        update("monitoring", "degraded_performance"),
        "Monitoring",
        "Monitoring",
        "Now *monitoring*.",
        "API: Degraded performance",
    ),
    Row(
        Kind.INCIDENT_RESOLVED,
        update("resolved", "operational"),
        "Resolved",
        "Resolved",
        "Now *resolved*.",
        "API: Operational",
    ),
    Row(Kind.INCIDENT_UPDATED, update("postmortem"), "Postmortem", "Postmortem", "Now *postmortem*."),
    Row(Kind.INCIDENT_OPENED, Story.open, "Investigating", "Investigating", BODY, "API: Major outage"),
    Row(Kind.INCIDENT_RETRACTED, Story.retract, "Retracted", "Investigating"),
    Row(Kind.MAINTENANCE_SCHEDULED, Story.schedule, "Maintenance scheduled", "Scheduled", BODY),
    Row(Kind.MAINTENANCE_MOVED, Story.move, "Maintenance moved", "Scheduled", BODY),
    Row(Kind.MAINTENANCE_REMINDED, wait(minutes=-59), "Maintenance soon", "Scheduled", BODY),
    Row(Kind.MAINTENANCE_STARTED, wait(minutes=1), "Maintenance started", "In progress", BODY),
    Row(Kind.MAINTENANCE_COMPLETED, wait(minutes=61), "Maintenance completed", "Completed"),
    Row(Kind.MAINTENANCE_SCHEDULED, Story.schedule, "Maintenance scheduled", "Scheduled", BODY),
    Row(
        Kind.MAINTENANCE_STARTED,
        update("in_progress"),
        "Maintenance started",
        "In progress",
        "Now *in_progress*.",
    ),
    Row(
        Kind.MAINTENANCE_UPDATED,
        update("in_progress"),
        "Maintenance update",
        "In progress",
        "Now *in_progress*.",
    ),
    Row(
        Kind.MAINTENANCE_VERIFYING,
        update("verifying"),
        "Maintenance being verified",
        "Verifying",
        "Now *verifying*.",
    ),
    Row(
        Kind.MAINTENANCE_COMPLETED,
        update("completed"),
        "Maintenance completed",
        "Completed",
        "Now *completed*.",
    ),
    Row(Kind.MAINTENANCE_SCHEDULED, Story.schedule, "Maintenance scheduled", "Scheduled", BODY),
    Row(Kind.MAINTENANCE_CANCELLED, Story.cancel, "Maintenance cancelled", "Cancelled"),
)


def told(row: Row, story: Story) -> dict[ChannelType, Said]:
    """What readers of every channel are told by what has just happened in the story."""
    of_incident = row.kind.startswith("incident.")
    name = "Slow answers" if of_incident else "Upgrade"
    starts, ends = (f"{at.day} {at:%B %Y, %H:%M} UTC" for at in story.window)
    fact = "Impact: Critical" if of_incident else f"Planned time: {starts} to {ends}"
    body = [row.body] if row.body else []
    words = [LEADS[row.kind], *body, f"Status: {row.status}", fact]
    link = story.page_url if row.kind is Kind.INCIDENT_RETRACTED else f"{story.page_url}/{story.thing}"
    subject = f"[{PAGE}] {row.title}: {name}"
    lines = {"letter": _letter(row, name, words), "card": _card(row, words)}
    return {channel: Said(subject, lines[form], link) for channel, form in FORMS.items()}


def _letter(row: Row, name: str, words: list[str]) -> list[str]:
    return [
        f"{PAGE}: {name}",
        *words,
        "Affected:",
        f"- {row.affected}",
        "Details and updates:",
        f"You get this because you subscribed to the updates of {PAGE}.",
        "Unsubscribe:",
    ]


def _card(row: Row, words: list[str]) -> list[str]:
    return [*words, f"Affected: {row.affected}", "Details and updates", "Unsubscribe"]


FORMS = {
    ChannelType.EMAIL: "letter",
    ChannelType.WEBHOOK: "letter",
    ChannelType.SLACK: "card",
    ChannelType.DISCORD: "card",
    ChannelType.TEAMS: "card",
}

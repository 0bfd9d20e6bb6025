"""A page of theirs moves in: read, told as steps, and taken in by the command handler in one append."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from pydantic import TypeAdapter, ValidationError

from service.administration import OPERATOR
from service.atlassian import incidents, maintenances, objects
from service.atlassian.layout import joining, layout_of, present
from service.atlassian.outcome import Outcome, outcome
from service.atlassian.snapshot import Snapshot
from service.atlassian.telling import Page, Telling
from service.commands.arrival import Arrive, Known, LookForPage
from service.commands.drafts import PageDraft
from service.commands.handler import CommandHandler, Origin
from service.commands.pages import CreatePage
from service.domain.errors import Fault, Invalid
from service.domain.layout import Layout
from service.domain.statuspage import STATUSPAGE
from service.domain.values import PageType
from service.http.schemas.fields import Subdomain


@dataclass(frozen=True, slots=True)
class Destination:
    """`domain_target`: see statuspage.CreatePage."""

    organisation_id: UUID
    subdomain: str
    domain_target: str

    def page_id(self, their_page_id: str) -> UUID:
        return uuid5(self.organisation_id, f"atlassian:{self.subdomain}:{their_page_id}")


async def move_in(commands: CommandHandler, snapshot: Snapshot, to: Destination, now: datetime) -> Outcome:
    """What is here already stays as it is, so that it can be done again. Nobody is notified of anything.

    Raises Invalid naming every place that does not fit, Rejected otherwise, StoreUnavailable.
    """
    _check(snapshot, to, now)
    page_id = to.page_id(snapshot.page.id)
    looking = LookForPage(page_id, to.organisation_id)
    known = (await commands.run(Origin(uuid4(), OPERATOR), str(uuid4()), looking)).result or Known(None)
    telling = Telling(_page(page_id, to, snapshot, known), now)
    arrive = told(telling, snapshot, to, page_is_new=known.component_ids is None)
    done = await commands.run(Origin(uuid4(), OPERATOR), STATUSPAGE.stream(page_id), arrive)
    return outcome(telling, snapshot, done.result or frozenset())


def told(telling: Telling, snapshot: Snapshot, to: Destination, *, page_is_new: bool) -> Arrive:
    """Leaves remarks with `telling`."""
    for place, incident in snapshot.incidents.items():
        incidents.tell(telling, place, incident)
    for place, maintenance in snapshot.maintenances.items():
        maintenances.tell(telling, place, maintenance)
    create = _creation(telling, snapshot, to)
    if not page_is_new:
        return Arrive(create, (), Layout(), telling.steps, ())
    return Arrive(
        create,
        joining(telling, snapshot),
        layout_of(telling, snapshot),
        telling.steps,
        present(telling, snapshot),
    )


def _creation(telling: Telling, snapshot: Snapshot, to: Destination) -> CreatePage:
    settings = {
        "name": telling.name("#/page", snapshot.page.name),
        "description": "",
        "subdomain": to.subdomain,
        "type": PageType.PUBLIC,
        "time_zone": snapshot.page.time_zone,
    }
    page_id, draft = telling.page.page_id, PageDraft(settings)
    return CreatePage(page_id, to.organisation_id, draft, None, to.domain_target, telling.now)


def _page(page_id: UUID, to: Destination, snapshot: Snapshot, known: Known) -> Page:
    """With the components that it has, or will have."""
    ids = {
        each.id: uuid5(page_id, f"component:{each.id}")
        for each in snapshot.components.values()
        if not each.group
    }
    if known.component_ids is not None:
        ids = {theirs: own for theirs, own in ids.items() if own in known.component_ids}
    return Page(page_id, to.organisation_id, ids)


def _check(snapshot: Snapshot, to: Destination, now: datetime) -> None:
    faults = [*_subdomain_faults(to.subdomain)]
    for place, incident in snapshot.incidents.items():
        faults += _future(place, incident.incident_updates, now)
    for place, maintenance in snapshot.maintenances.items():
        faults += _future(place, maintenance.incident_updates, now)
        if maintenance.scheduled_until <= maintenance.scheduled_for:
            message = "It should end after it starts."
            faults.append(Fault(f"{place}/scheduled_until", "not_after_start", message))
    if faults:
        raise Invalid(faults)


def _subdomain_faults(subdomain: str) -> list[Fault]:
    try:
        TypeAdapter(Subdomain).validate_python(subdomain)
    except ValidationError as error:
        return [Fault("--subdomain", "not_acceptable", each["msg"]) for each in error.errors()]
    return []


def _future(place: str, updates: Sequence[objects.Update], now: datetime) -> list[Fault]:
    return [
        Fault(f"{place}/incident_updates/{index}/display_at", "in_the_future", "It lies in the future.")
        for index, update in enumerate(updates)
        if update.moment > now
    ]

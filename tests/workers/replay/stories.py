"""Logs for replays: pages with components whose status keeps changing."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from eventstore.codec import Codec
from eventstore.events import ANY, Append, Appended, Context, NewEvent, StreamWrite
from eventstore.postgres import PostgresStore
from service.codec import build_codec
from service.domain import component, incident_template, measurement, organisation, statuspage
from service.domain.component import Details
from service.domain.layout import Layout
from service.domain.statuspage import Settings
from service.domain.values import ComponentStatus, PageType, Scope

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
CODEC: Codec = build_codec()


class Story:
    """Appends to a log what happens to one organisation's pages, in an order of its own."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store
        self._now = START
        self.organisation_id = uuid4()
        self.pages: list[UUID] = []
        self.components: list[tuple[UUID, UUID]] = []

    async def begins(self, pages: int = 3, components: int = 2) -> None:
        created = organisation.OrganisationCreated(self.organisation_id, "Acme", START)
        issued = organisation.TokenIssued(self.organisation_id, uuid4(), (Scope.ADMIN,), None, START)
        template = incident_template.IncidentTemplateCreated(
            self.organisation_id, uuid4(), "Slow", "In {{region}}.", {}, ("region",), START
        )
        await self.happens([(f"organisation-{self.organisation_id}", [created, issued])])
        await self.happens([(f"incident_templates-{self.organisation_id}", [template])])
        for number in range(pages):
            await self.happens(self._page(number, components))

    async def goes_on(self, changes: int) -> None:
        await self.happens([self._change(number) for number in range(changes)])

    async def measures(self, requests: int) -> None:
        """Of every component in turn, an hour apart."""
        await self.happens([self._measurement(number) for number in range(requests)])

    async def ends_a_page(self) -> None:
        page_id = self.pages[0]
        mine = [each for each in self.components if each[1] == page_id]
        removed = [
            (f"component-{each}", [component.ComponentRemoved(each, page_id, START)]) for each, _ in mine
        ]
        deleted = (f"statuspage-{page_id}", [statuspage.PageDeleted(page_id, START)])
        await self.happens([*removed, deleted])

    async def happens(self, streams: Sequence[tuple[str, Sequence[object]]]) -> None:
        encoded = [(stream, tuple(CODEC.encode(event) for event in events)) for stream, events in streams]
        await asyncio.gather(*(self.stores(stream, events) for stream, events in encoded))

    async def stores(self, stream: str, events: tuple[NewEvent, ...]) -> None:
        verdict = await self._store.append(Append((StreamWrite(stream, ANY, events),), Context(uuid4())))
        assert isinstance(verdict, Appended)

    def _page(self, number: int, components: int) -> list[tuple[str, Sequence[object]]]:
        page_id, members = uuid4(), tuple(uuid4() for _ in range(components))
        self.pages.append(page_id)
        self.components += [(each, page_id) for each in members]
        settings = Settings(f"Page {number}", "About", f"page-{page_id.hex}", PageType.PUBLIC)
        created = statuspage.PageCreated(
            page_id, self.organisation_id, settings, None, "target", Layout(members, ()), START
        )
        added = [
            component.ComponentAdded(
                each, page_id, self.organisation_id, Details("Website"), ComponentStatus.OPERATIONAL, START
            )
            for each in members
        ]
        return [
            (f"statuspage-{page_id}", [created]),
            *((f"component-{event.component_id}", [event]) for event in added),
        ]

    def _measurement(self, number: int) -> tuple[str, Sequence[object]]:
        self._now += timedelta(hours=1)
        component_id, page_id = self.components[number % len(self.components)]
        at = (self._now - timedelta(minutes=10), self._now)
        measured = measurement.ResponseTimesMeasured(component_id, page_id, at, (80_000, number), self._now)
        return f"measurement-{component_id}", [measured]

    def _change(self, number: int) -> tuple[str, Sequence[object]]:
        self._now += timedelta(hours=1)
        component_id, page_id = self.components[number % len(self.components)]
        status = list(ComponentStatus)[number % len(ComponentStatus)]
        changed = component.ComponentStatusChanged(component_id, page_id, status, self._now, "disk full")
        return f"component-{component_id}", [changed]

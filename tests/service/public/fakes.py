"""Stand-ins for the read models, and pages to put into them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from eventstore.store import StoreUnavailable
from service.domain.uptime import Change, Course
from service.domain.values import ComponentStatus
from service.readmodels.rendering import PageView, Places, render

START = "2026-08-01T00:00:00.000000Z"
PLACES = Places("https://status.test", "https://media.test")


@dataclass
class SteppedClock:
    """Stands still until it is moved."""

    now: datetime = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class MemoryPages:
    """Raises StoreUnavailable while `away`; `lookups` counts the queries by subdomain."""

    views: dict[UUID, PageView] = field(default_factory=dict)
    away: bool = False
    lookups: int = 0

    async def get(self, page_id: UUID) -> PageView | None:
        self._reach()
        return self.views.get(page_id)

    async def by_subdomain(self, subdomain: str) -> PageView | None:
        self.lookups += 1
        await asyncio.sleep(0)
        self._reach()
        found = (view for view in self.views.values() if view.statuspage["subdomain"] == subdomain)
        return next(found, None)

    def put(self, view: PageView) -> PageView:
        self.views[view.page_id] = view
        return view

    def _reach(self) -> None:
        if self.away:
            raise StoreUnavailable("away")


@dataclass
class MemoryHistory:
    """Raises StoreUnavailable while `away`; answers once `open` is set; `reads` counts."""

    changes: dict[UUID, list[Change]] = field(default_factory=dict)
    away: bool = False
    reads: int = 0
    open: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()

    async def courses_of(
        self, components: Sequence[UUID], window: tuple[datetime, datetime], zone: ZoneInfo, now: datetime
    ) -> Mapping[UUID, Course]:
        self.reads += 1
        await self.open.wait()
        if self.away:
            raise StoreUnavailable("away")
        return {each: self.changes[each] for each in components if each in self.changes}


@dataclass
class MemoryArticles:
    """Incidents, or maintenances; raises StoreUnavailable while `away`; `reads` counts."""

    documents: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    away: bool = False
    reads: int = 0

    async def get(self, article_id: UUID) -> dict[str, Any] | None:
        self.reads += 1
        if self.away:
            raise StoreUnavailable("away")
        return self.documents.get(article_id)


def component(name: str, status: str = ComponentStatus.OPERATIONAL, **changes: Any) -> dict[str, Any]:
    """As the read model holds it."""
    return {
        "id": str(uuid4()),
        "name": name,
        "description": None,
        "type": "manual",
        "resource_id": None,
        "status": str(status),
        "status_since": START,
        "only_show_if_degraded": False,
        "created_at": START,
        "updated_at": START,
    } | changes


def page(
    *components: dict[str, Any], groups: dict[str, list[dict[str, Any]]] | None = None, **settings: Any
) -> PageView:
    """A page as it comes out of the read model, at position 1. `groups`: components by the group's name."""
    members = groups or {}
    every = [*components, *(each for entries in members.values() for each in entries)]
    layout: dict[str, Any] = {
        "component_ids": [each["id"] for each in components],
        "groups": [
            {"group_id": str(uuid4()), "name": name, "component_ids": [each["id"] for each in entries]}
            for name, entries in members.items()
        ],
    }
    known = {each["id"]: each for each in every}
    document: dict[str, Any] = {
        "page": _page(settings),
        "layout": layout,
        "components": known,
        "updated_at": START,
    }
    return render(UUID(document["page"]["id"]), document, 1, PLACES)


def changed(view: PageView, **settings: Any) -> PageView:
    """The same page after one more event."""
    document = {**view.document, "page": view.document["page"] | settings}
    return render(view.page_id, document, view.position + 1, PLACES)


def reported(view: PageView, name: str, status: str) -> PageView:
    """The same page after a report about the component of that name."""
    components = {
        key: entry | {"status": str(status)} if entry["name"] == name else entry
        for key, entry in view.document["components"].items()
    }
    return render(view.page_id, {**view.document, "components": components}, view.position + 1, PLACES)


def component_id(view: PageView, name: str) -> UUID:
    return next(UUID(key) for key, entry in view.document["components"].items() if entry["name"] == name)


def _page(settings: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "organisation_id": str(uuid4()),
        "name": "Example",
        "description": "",
        "subdomain": f"page-{uuid4().hex[:12]}",
        "domain": None,
        "type": "public",
        "page_name": None,
        "dark_theme": False,
        "favicon": None,
        "logo": None,
        "redirect_to_https": False,
        "remove_branding": False,
        "robots_meta_contents": [],
        "website_url": None,
        "privacy_url": None,
        "support_url": None,
        "ga_tracking": None,
        "ip_addresses": [],
        "subscription_enabled": True,
        "password_id": None,
        "time_zone": "UTC",
        "language": "en",
        "enabled": True,
        "version": 1,
        "created_at": START,
        "updated_at": START,
    } | settings

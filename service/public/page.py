"""GET and HEAD of a status page and of what is told on it, for people: under /p/{subdomain}, and by Host."""

from dataclasses import dataclass

from aiohttp import web

from service.clock import Clock
from service.domain.uptime import DEFAULT_WEIGHTS, Weights
from service.public.answers import shown
from service.public.articles import INCIDENT, MAINTENANCE, Articles, Source
from service.public.copies import Copies, History
from service.public.directory import Directory, Pages
from service.public.entrance import ClientAddress, Entrance
from service.readmodels.rendering import PageView


@dataclass(frozen=True, slots=True)
class ReadModels:
    """Of which public pages are made."""

    pages: Pages
    history: History
    incidents: Source
    maintenances: Source


def mount_public(
    app: web.Application,
    models: ReadModels,
    clock: Clock,
    base_domain: str,
    client_address: ClientAddress,
    weights: Weights = DEFAULT_WEIGHTS,
) -> None:
    """`client_address`: a request's client as an IP address, seen through trusted proxies."""
    entrance = Entrance(Directory(models.pages), base_domain, client_address)
    copies = Copies(models.history, clock, weights)

    async def show(request: web.Request, view: PageView) -> web.Response:
        copy = await copies.of(view)
        return shown(request, view, copy.body, copy.etag)

    async def close(_: web.Application) -> None:
        await copies.close()

    entrance.mount(app, "", show)
    entrance.mount(app, "/incident/{id}", Articles(INCIDENT, models.incidents, clock).show)
    entrance.mount(app, "/maintenance/{id}", Articles(MAINTENANCE, models.maintenances, clock).show)
    app.on_cleanup.append(close)

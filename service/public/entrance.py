"""Which page a visitor came for, and whether it may be seen: every public answer asks here first."""

from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

from eventstore.store import StoreUnavailable
from service.public.answers import NOT_KEPT, PRIVATE, SOON, answered
from service.public.directory import Directory
from service.public.hosts import is_label, subdomain_of
from service.public.markup import refusal_html
from service.public.visitors import Visitor, may_see
from service.readmodels.rendering import PageView

ClientAddress = Callable[[web.Request], str]
Show = Callable[[web.Request, PageView], Awaitable[web.Response]]
Handler = Callable[[web.Request], Awaitable[web.Response]]

NOTHING_HERE = refusal_html("There is no status page here", "Check the address, or ask who gave it to you.")
CLOSED = refusal_html("This page is private", "You need to be allowed in to see it.")
AWAY = refusal_html("This page cannot be shown at the moment", "Please try again in a few seconds.")


class Entrance:
    """`client_address`: a request's client as an IP address, seen through trusted proxies."""

    def __init__(self, directory: Directory, base_domain: str, client_address: ClientAddress) -> None:
        self._directory = directory
        self._base_domain = base_domain
        self._client_address = client_address

    def mount(self, app: web.Application, path: str, show: Show) -> None:
        """`path` below every page, by its address and by its host. `show` may raise StoreUnavailable."""
        app.router.add_get(f"/p/{{subdomain}}{path}", self._guarded(show))
        app.router.add_get(path or "/", self._guarded(show))

    def _guarded(self, show: Show) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            try:
                return await self._answer(request, show)
            except StoreUnavailable:
                return answered(503, AWAY, SOON)

        return handle

    async def _answer(self, request: web.Request, show: Show) -> web.Response:
        subdomain = self._asked_for(request)
        view = await self._directory.find(subdomain) if subdomain else None
        if view is None:
            return answered(404, NOTHING_HERE, NOT_KEPT)
        if not may_see(view.statuspage, Visitor(self._client_address(request))):
            return answered(403, CLOSED, PRIVATE)
        return await show(request, view)

    def _asked_for(self, request: web.Request) -> str | None:
        subdomain = request.match_info.get("subdomain")
        if subdomain is None:
            return subdomain_of(request.headers.get(hdrs.HOST, ""), self._base_domain)
        return subdomain if is_label(subdomain) else None

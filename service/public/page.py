"""GET and HEAD of a status page, for people: under /p/{subdomain}, and by Host."""

from collections.abc import Callable

from aiohttp import hdrs, web

from eventstore.store import StoreUnavailable
from service.clock import Clock
from service.domain.uptime import DEFAULT_WEIGHTS, Weights
from service.domain.values import PageType
from service.public.copies import Copies, Copy, History
from service.public.directory import Directory, Pages
from service.public.hosts import is_label, subdomain_of
from service.public.markup import STYLE_HASH, refusal_html
from service.public.visitors import Visitor, may_see
from service.readmodels.rendering import PageView

ClientAddress = Callable[[web.Request], str]

POLICY = (
    f"default-src 'none'; style-src {STYLE_HASH}; img-src https: http:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: dict[str, str] = {
    hdrs.CONTENT_TYPE: "text/html; charset=utf-8",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
PUBLIC: dict[str, str] = {
    hdrs.CACHE_CONTROL: "public, max-age=5, stale-while-revalidate=60, stale-if-error=86400"
}
PRIVATE: dict[str, str] = {hdrs.CACHE_CONTROL: "private, no-store", "X-Robots-Tag": "noindex"}
NOT_KEPT: dict[str, str] = {hdrs.CACHE_CONTROL: "no-store"}
SOON: dict[str, str] = {**NOT_KEPT, hdrs.RETRY_AFTER: "5"}
NOTHING_HERE = refusal_html("There is no status page here", "Check the address, or ask who gave it to you.")
CLOSED = refusal_html("This page is private", "You need to be allowed in to see it.")
AWAY = refusal_html("This page cannot be shown at the moment", "Please try again in a few seconds.")


def mount_public(
    app: web.Application,
    pages: Pages,
    history: History,
    clock: Clock,
    base_domain: str,
    client_address: ClientAddress,
    weights: Weights = DEFAULT_WEIGHTS,
) -> None:
    """`client_address`: a request's client as an IP address, seen through trusted proxies."""
    copies = Copies(history, clock, weights)
    front = _Front(Directory(pages), copies, base_domain, client_address)
    app.router.add_get("/p/{subdomain}", front.by_path)
    app.router.add_get("/", front.by_host)

    async def close(_: web.Application) -> None:
        await copies.close()

    app.on_cleanup.append(close)


class _Front:
    def __init__(
        self, directory: Directory, copies: Copies, base_domain: str, client_address: ClientAddress
    ) -> None:
        self._directory = directory
        self._copies = copies
        self._base_domain = base_domain
        self._client_address = client_address

    async def by_path(self, request: web.Request) -> web.Response:
        subdomain = request.match_info["subdomain"]
        return await self._answer(request, subdomain if is_label(subdomain) else None)

    async def by_host(self, request: web.Request) -> web.Response:
        host = request.headers.get(hdrs.HOST, "")
        return await self._answer(request, subdomain_of(host, self._base_domain))

    async def _answer(self, request: web.Request, subdomain: str | None) -> web.Response:
        try:
            view = await self._directory.find(subdomain) if subdomain else None
        except StoreUnavailable:
            return _html(503, AWAY, SOON)
        if view is None:
            return _html(404, NOTHING_HERE, NOT_KEPT)
        if not may_see(view.statuspage, Visitor(self._client_address(request))):
            return _html(403, CLOSED, PRIVATE)
        return _page(request, view, await self._copies.of(view))


def _page(request: web.Request, view: PageView, copy: Copy) -> web.Response:
    caching = PUBLIC if view.statuspage["type"] == PageType.PUBLIC else PRIVATE
    headers: dict[str, str] = {hdrs.ETAG: f'"{copy.etag}"', **caching}
    known = request.if_none_match or ()
    if any(tag.value in (copy.etag, "*") for tag in known):
        return web.Response(status=304, headers=headers)
    return _html(200, copy.body, headers)


def _html(status: int, body: bytes, headers: dict[str, str]) -> web.Response:
    return web.Response(status=status, body=body, headers={**HEADERS, **headers})

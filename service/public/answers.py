"""What a visitor's browser is told beside the HTML: how long to keep it, and what it may do."""

from aiohttp import hdrs, web

from service.domain.values import PageType
from service.public.markup import STYLE_HASH
from service.readmodels.rendering import PageView

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


def shown(request: web.Request, view: PageView, body: bytes, etag: str) -> web.Response:
    """Something of the page, to somebody who may see it. `etag` without quotes."""
    caching = PUBLIC if view.statuspage["type"] == PageType.PUBLIC else PRIVATE
    headers: dict[str, str] = {hdrs.ETAG: f'"{etag}"', **caching}
    known = request.if_none_match or ()
    if any(tag.value in (etag, "*") for tag in known):
        return web.Response(status=304, headers=headers)
    return answered(200, body, headers)


def answered(status: int, body: bytes, headers: dict[str, str]) -> web.Response:
    return web.Response(status=status, body=body, headers={**HEADERS, **headers})

"""The page that a mail's link opens. Opening it changes nothing, since mail scanners do; its button does."""

from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from eventstore.store import StoreUnavailable
from service.commands.handler import Origin, TooManyConflicts
from service.domain.errors import Gone, Rejected
from service.domain.subscription import CancelReason, Status
from service.subscriptions import Opened, Subscriptions
from service.vault.links import Purpose

STYLE = """
:root { color-scheme: light dark }
body { margin: 0; font: 1.0625rem/1.5 system-ui, sans-serif; color: #1d2433; background: #f5f6f9 }
main { max-width: 34rem; margin: 10vh auto; padding: 2rem 1.5rem; background: #fff; border-radius: .75rem }
h1 { margin-top: 0; font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere }
button { width: 100%; min-height: 3rem; padding: .75rem 1.25rem; font: inherit; font-weight: 600;
  color: #fff; background: #1f4fd8; border: 0; border-radius: .5rem; cursor: pointer }
button:focus-visible { outline: 3px solid #e08a00; outline-offset: 2px }
@media (prefers-color-scheme: dark) {
  body { color: #e8eaf0; background: #11141b } main { background: #1b202b }
}
"""
STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
TEMPLATE = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
).get_template("subscription.html")
Handler = Callable[[web.Request], Awaitable["Shown"]]


@dataclass(frozen=True, slots=True)
class Shown:
    """`button` None: there is nothing to do. `outcome`: the text says what was just done."""

    title: str
    text: str
    button: str | None = None
    outcome: bool = False
    status: int = 200


CONFIRMED = Shown("You are subscribed", "You will be told when something happens.", outcome=True)
ENDED = Shown("You are unsubscribed", "Your address is erased; nothing more will be sent.", outcome=True)
UNKNOWN = Shown("This link leads nowhere", "It is incomplete, or its subscription has ended.", status=404)
EXPIRED = Shown(
    "This link has expired",
    "It worked for seven days. Please subscribe again on the status page.",
    status=410,
)
AWAY = Shown("Not possible at the moment", "Please try again in a minute.", status=503)


def mount_subscription_page(app: web.Application, subscriptions: Subscriptions) -> None:
    """GET shows /subscription/{token} with its button, POST is the button."""

    async def show(request: web.Request) -> Shown:
        return _question(await subscriptions.open(request.match_info["token"]))

    async def act(request: web.Request) -> Shown:
        token = request.match_info["token"]
        origin = Origin(uuid4(), "visitor")
        if (await subscriptions.open(token)).purpose is Purpose.VERIFY:
            await subscriptions.verify(origin, token)
            return CONFIRMED
        await subscriptions.cancel(origin, token)
        return ENDED

    app.router.add_get("/subscription/{token}", _answering(show))
    app.router.add_post("/subscription/{token}", _answering(act))


def _question(opened: Opened) -> Shown:
    name, status = opened.page_name, opened.subscription.status
    if opened.purpose is Purpose.MANAGE:
        if status is Status.CANCELLED:
            return ENDED
        text = f"You will get no more messages about {name}, and your address will be erased."
        return Shown(f"Unsubscribe from {name}?", text, "Unsubscribe")
    if status is Status.VERIFIED:
        return CONFIRMED
    if status is Status.CANCELLED:
        return EXPIRED if opened.subscription.cancelled_for is CancelReason.EXPIRED else UNKNOWN
    text = f"Confirm that you want to be told when something happens at {name}."
    return Shown(f"Subscribe to {name}?", text, "Confirm the subscription")


def _answering(handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Refusals as pages for people, not as problems for programs."""

    async def answer(request: web.Request) -> web.Response:
        try:
            return _response(await handler(request))
        except Gone:
            return _response(EXPIRED)
        except Rejected:
            return _response(UNKNOWN)
        except (StoreUnavailable, TooManyConflicts):
            return _response(AWAY)

    return answer


def _response(shown: Shown) -> web.Response:
    page = TEMPLATE.render(
        title=shown.title,
        text=shown.text,
        button=shown.button,
        outcome=shown.outcome,
        style=STYLE,
    )
    headers = {**HEADERS, "Retry-After": "5"} if shown.status == AWAY.status else HEADERS
    return web.Response(status=shown.status, text=page, content_type="text/html", headers=headers)

"""The page that a mail's link opens. Opening it changes nothing, since mail scanners do; its button does."""

from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs
from uuid import UUID, uuid4

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from eventstore.store import StoreUnavailable
from service.commands.handler import Origin, TooManyConflicts
from service.commands.subscriptions import Choice
from service.domain.errors import Fault, Gone, Invalid, Rejected
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
form + form { margin-top: 2.5rem }
fieldset { margin: 0 0 1rem; padding: 0; border: 0 }
legend { padding: 0; margin-bottom: .5rem }
label { display: flex; align-items: center; gap: .75rem; min-height: 2.75rem; overflow-wrap: anywhere }
input { flex: none; width: 1.25rem; height: 1.25rem }
button:focus-visible, input:focus-visible { outline: 3px solid #e08a00; outline-offset: 2px }
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
MOST_FIELDS = 2000
Handler = Callable[[web.Request], Awaitable["Shown"]]


@dataclass(frozen=True, slots=True)
class Box:
    """One component to choose."""

    component_id: UUID
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """`button` None: there is nothing to do. `boxes`: what can be chosen, beside the button. `outcome`: the
    text says what was just done."""

    title: str
    text: str
    button: str | None = None
    boxes: tuple[Box, ...] = ()
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
CHOSEN = Shown("Your choice is kept", "From now on you will be told of what you chose.", outcome=True)
CHANGED = Shown("That is not there", "The page has changed. Please go back and choose again.", status=422)
AWAY = Shown("Not possible at the moment", "Please try again in a minute.", status=503)


def mount_subscription_page(app: web.Application, subscriptions: Subscriptions) -> None:
    """GET shows /subscription/{token} with its buttons, POST is the button that was pressed."""

    async def show(request: web.Request) -> Shown:
        token = request.match_info["token"]
        opened = await subscriptions.open(token)
        shown = _question(opened)
        if shown.button is None or opened.purpose is not Purpose.MANAGE:
            return shown
        return replace(shown, boxes=_boxes(await subscriptions.choice(token)))

    async def act(request: web.Request) -> Shown:
        token = request.match_info["token"]
        origin = Origin(uuid4(), "visitor")
        if (await subscriptions.open(token)).purpose is Purpose.VERIFY:
            await subscriptions.verify(origin, token)
            return CONFIRMED
        form = await _form(request)
        if form.get("do") == ["choose"]:
            await subscriptions.choose(origin, token, _chosen(form))
            return CHOSEN
        await subscriptions.cancel(origin, token)
        return ENDED

    app.router.add_get("/subscription/{token}", _answering(show))
    app.router.add_post("/subscription/{token}", _answering(act))


async def _form(request: web.Request) -> dict[str, list[str]]:
    """Empty for what is no form: the button that has no fields unsubscribes."""
    if request.content_type != "application/x-www-form-urlencoded":
        return {}
    try:
        return parse_qs((await request.read()).decode("ascii", "replace"), max_num_fields=MOST_FIELDS)
    except ValueError:
        raise _unreadable() from None


def _chosen(form: dict[str, list[str]]) -> list[UUID]:
    try:
        return [UUID(text) for text in form.get("component", ())]
    except ValueError:
        raise _unreadable() from None


def _unreadable() -> Invalid:
    return Invalid([Fault("/component", "unknown_id", "The page has no such component.")])


def _boxes(choice: Choice) -> tuple[Box, ...]:
    """None for a subscription to one incident, which is told of that whatever it touches."""
    if choice.subscription.incident_id is not None:
        return ()
    chosen = choice.subscription.component_ids
    return tuple(Box(each, name, each in chosen) for each, name in choice.names.items())


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
        except Invalid:
            return _response(CHANGED)
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
        boxes=shown.boxes,
        outcome=shown.outcome,
        style=STYLE,
    )
    headers = {**HEADERS, "Retry-After": "5"} if shown.status == AWAY.status else HEADERS
    return web.Response(status=shown.status, text=page, content_type="text/html", headers=headers)

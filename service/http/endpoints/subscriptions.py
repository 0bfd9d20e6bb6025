"""The calls that subscribers make, without a token of the API; a link's token says what they may do."""

import asyncio

from service.commands.subscribable import Address
from service.domain.errors import Fault, Invalid, NotFound
from service.domain.subscription import SUBSCRIPTION
from service.http.call import Call, Reply
from service.http.endpoints.origins import origin
from service.http.endpoints.shown_subscription import shown_subscription
from service.http.kernel import Freshness
from service.http.limits import Limit, client_key
from service.http.page_places import named, visited
from service.http.routing import Endpoint, Handler
from service.http.schemas import subscriptions as schemas
from service.http.schemas.pages import MessageAnswer
from service.outgoing import Networks
from service.subscriptions import Subscriptions, Wish
from service.vault.channel_address import ChannelAddress, parse_address
from service.vault.contacts import Contacts
from service.vault.email_address import NotAnAddress, masked

TAG = "Subscriptions"
ACCEPTED = "Thank you. If the address can be subscribed, a message with a link to confirm it is on its way."
VERIFIED = "Your subscription is confirmed. You will be told when something happens."
CANCELLED = "You are unsubscribed, and your address is erased."
EVEN_SECONDS = 0.1
"""Requests are answered at multiples of this, so that the time tells nothing about the address."""


class SubscriptionCommands:
    """`base_domain`: the domain below which pages have their subdomains. `allowed`: networks
    that webhooks may be in beside the public ones. The limits are per minute."""

    def __init__(
        self,
        subscriptions: Subscriptions,
        contacts: Contacts,
        freshness: Freshness,
        base_domain: str,
        allowed: Networks,
    ) -> None:
        self._subscriptions = subscriptions
        self._contacts = contacts
        self._freshness = freshness
        self._base_domain = base_domain
        self._allowed = allowed
        self._requests = Limit(20)
        self._of_page = Limit(300)
        self._guesses = Limit(60)

    async def request(self, call: Call) -> Reply:
        """Asks there whether the address wants to be told. The answer is the same whether or not the
        address was known: in words, status and time. `domain` is the page's domain or subdomain; with
        neither that nor `statuspage_id` the page is the one of the request's Host or Origin. A webhook
        confirms by answering its challenge. A URL that is not public is 422 `url_not_allowed`. 409: the page
        takes no subscriptions, or has a million and no room for more. An address
        gets at most three confirmations a day, whatever is asked for. 429: more than 20 requests a minute
        from one client, or 300 for one page."""
        started = asyncio.get_running_loop().time()
        self._requests.take(client_key(call.remote))
        body: schemas.RequestSubscription = call.body
        components = tuple(dict.fromkeys(body.component_ids or ()))
        places = self._places(call)
        self._of_page.take(str(places[0]))
        wish = Wish(places, components, self._address(body), body.incident_id)
        position = await self._subscriptions.request(origin(call), wish)
        if call.wait > 0:
            await self._freshness.wait_for(position, call.wait)
        await _evenly(started)
        return Reply(201, {"message": ACCEPTED})

    async def verify(self, call: Call) -> Reply:
        """Confirms the subscription that the mail's link belongs to; doing so again changes nothing. A link
        older than seven days is 410."""
        try:
            done = await self._subscriptions.verify(origin(call), call.path["token"])
        except NotFound:
            self._guesses.take(client_key(call.remote))
            raise
        subscription = done.result
        if subscription is None:
            raise NotFound("There is no such link.")
        contact = await self._contacts.get(subscription.subscription_id)
        address = None if contact is None else masked(contact.address)
        body = {"message": VERIFIED, "subscription": shown_subscription(subscription, address)}
        version = done.versions[SUBSCRIPTION.stream(subscription.subscription_id)]
        return Reply(200, body, f"v{version}", done.position)

    async def cancel(self, call: Call) -> Reply:
        """Ends the subscription and erases its address; doing so again changes nothing. The link that
        confirms cannot do this."""
        return await self._cancel(call)

    async def unsubscribe(self, call: Call) -> Reply:
        """One-click unsubscription by a mail program, as RFC 8058 has it; the form body is
        `List-Unsubscribe=One-Click`."""
        return await self._cancel(call)

    async def _cancel(self, call: Call) -> Reply:
        try:
            done = await self._subscriptions.cancel(origin(call), call.path["token"])
        except NotFound:
            self._guesses.take(client_key(call.remote))
            raise
        return Reply(200, {"message": CANCELLED}, position=done.position)

    def _address(self, body: schemas.RequestSubscription) -> ChannelAddress:
        try:
            return parse_address(body.channel_type, body.channel_value, self._allowed)
        except NotAnAddress as error:
            raise Invalid([Fault("/channel_value", error.code, f"It {error}.")]) from None

    def _places(self, call: Call) -> list[Address]:
        body: schemas.RequestSubscription = call.body
        if body.statuspage_id is not None:
            return [Address(page_id=body.statuspage_id)]
        if body.domain is not None:
            return [named(body.domain, self._base_domain)]
        places = list(visited(call.request, self._base_domain))
        if not places:
            raise Invalid([Fault("/domain", "required", "Say which status page: its domain or subdomain.")])
        return places

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path="/v1/subscriptions",
                handler=self.request,
                summary="Subscribe to a status page",
                scope=None,
                tag=TAG,
                body=schemas.RequestSubscription,
                answers={201: MessageAnswer},
                problems=(409, 429),
            ),
            _by_link("PUT", "/verification", self.verify, "Confirm a subscription", expires=True),
            _by_link("DELETE", "", self.cancel, "Unsubscribe"),
            _by_link("POST", "/unsubscribe", self.unsubscribe, "Unsubscribe with one click"),
        ]


def _by_link(method: str, path: str, handler: Handler, summary: str, *, expires: bool = False) -> Endpoint:
    """A call for which the link's token is enough."""
    return Endpoint(
        method=method,
        path="/v1/subscription/{token}" + path,
        handler=handler,
        summary=summary,
        scope=None,
        tag=TAG,
        ids=(),
        answers={200: schemas.VerifiedAnswer if expires else MessageAnswer},
        problems=(404, 410, 429) if expires else (404, 429),
    )


async def _evenly(started: float) -> None:
    elapsed = asyncio.get_running_loop().time() - started
    await asyncio.sleep(EVEN_SECONDS - elapsed % EVEN_SECONDS)

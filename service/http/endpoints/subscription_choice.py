"""What a subscription is to: seen and changed by whoever has the link to manage it."""

from service.domain.errors import NotFound
from service.http.call import Call, Reply
from service.http.endpoints.origins import origin
from service.http.endpoints.shown_subscription import shown_subscription
from service.http.limits import Limit, client_key
from service.http.routing import Endpoint
from service.http.schemas import subscriptions as schemas
from service.subscriptions import Subscriptions
from service.vault.contacts import Contacts
from service.vault.email_address import masked

TAG = "Subscriptions"
PATH = "/v1/subscription/{token}"
KEPT_NOWHERE = {"Cache-Control": "no-store"}


class SubscriptionChoice:
    def __init__(self, subscriptions: Subscriptions, contacts: Contacts) -> None:
        self._subscriptions = subscriptions
        self._contacts = contacts
        self._guesses = Limit(60)

    async def look(self, call: Call) -> Reply:
        """The subscription that the link manages, and the components that it could be to. The link that
        confirms cannot see this."""
        try:
            return Reply(200, await self._answer(call), headers=KEPT_NOWHERE)
        except NotFound:
            self._guesses.take(client_key(call.remote))
            raise

    async def choose(self, call: Call) -> Reply:
        """Says which components to be told of from now on; none: all of them. A subscription to one incident
        is 409, a component that the page has not 422."""
        body: schemas.ChangeChoice = call.body
        try:
            done = await self._subscriptions.choose(origin(call), call.path["token"], body.component_ids)
        except NotFound:
            self._guesses.take(client_key(call.remote))
            raise
        return Reply(200, await self._answer(call), position=done.position)

    async def _answer(self, call: Call) -> dict[str, object]:
        choice = await self._subscriptions.choice(call.path["token"])
        contact = await self._contacts.get(choice.subscription.subscription_id)
        address = None if contact is None else masked(contact.address)
        return {
            "subscription": shown_subscription(choice.subscription, address),
            "statuspage_name": choice.page.settings.name,
            "components": [{"id": str(each), "name": name} for each, name in choice.names.items()],
        }

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path=PATH,
                handler=self.look,
                summary="See a subscription",
                scope=None,
                tag=TAG,
                ids=(),
                answers={200: schemas.ChoiceAnswer},
                problems=(404, 429),
            ),
            Endpoint(
                method="PUT",
                path=PATH,
                handler=self.choose,
                summary="Choose what a subscription is to",
                scope=None,
                tag=TAG,
                ids=(),
                body=schemas.ChangeChoice,
                answers={200: schemas.ChoiceAnswer},
                problems=(404, 409, 429),
            ),
        ]

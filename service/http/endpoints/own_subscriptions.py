"""The calls by which a page's owner adds subscribers, takes them off and wakes those that rest."""

from service.commands.own_subscriptions import FindOwnPage, Owned
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.endpoints.origins import origin
from service.http.endpoints.shown_subscription import shown_subscription
from service.http.routing import Endpoint
from service.http.schemas import subscriptions as schemas
from service.http.schemas.pages import MessageAnswer
from service.own_subscriptions import OwnSubscriptions
from service.vault.contacts import Contacts
from service.vault.email_address import parse_email

TAG = "Subscriptions"
PATH = "/v1/statuspage/{id}/subscriptions"
ONE = PATH + "/{subscription_id}"
REMOVED = "The subscription has ended, and its address is erased."


class OwnSubscriptionCommands:
    def __init__(self, subscriptions: OwnSubscriptions, contacts: Contacts) -> None:
        self._subscriptions = subscriptions
        self._contacts = contacts

    async def add(self, call: Call) -> Reply:
        """Adds a subscriber by hand. The address is asked to confirm like any other, at most three times a
        day over all pages (429); with `confirmed` it is asked nothing: you have its consent, and the audit
        trail says who said so. Whoever unsubscribed from this page is asked all the same, and one that
        rests is left to rest. 200: it was subscribed before."""
        body: schemas.AddSubscription = call.body
        components = tuple(dict.fromkeys(body.component_ids or ()))
        find = FindOwnPage(call.ids["id"], call.organisation_id, components, body.incident_id)
        email = parse_email(body.channel_value)
        added = await self._subscriptions.add(origin(call), find, email, confirmed=body.confirmed)
        owned = Owned(added.subscription_id, find.page_id, find.organisation_id)
        answer = await self._answer(owned)
        return Reply(201 if added.changed else 200, answer, position=added.position)

    async def remove(self, call: Call) -> Reply:
        """Ends the subscription and erases its address; doing so again changes nothing."""
        done = await self._subscriptions.remove(origin(call), _owned(call))
        return Reply(200, {"message": REMOVED}, position=done.position)

    async def reactivate(self, call: Call) -> Reply:
        """Sends to a quarantined subscription again. One that waits for its confirmation is 409."""
        owned = _owned(call)
        done = await self._subscriptions.reactivate(origin(call), owned)
        return Reply(200, await self._answer(owned), position=done.position)

    async def _answer(self, owned: Owned) -> dict[str, object]:
        subscription = await self._subscriptions.look(owned)
        contact = await self._contacts.get(owned.subscription_id)
        address = None if contact is None else contact.address
        return {"subscription": shown_subscription(subscription, address)}

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path=PATH,
                handler=self.add,
                summary="Add a subscription",
                scope=Scope.SUBSCRIPTIONS_WRITE,
                tag=TAG,
                body=schemas.AddSubscription,
                answers={201: schemas.SubscriptionAnswer, 200: schemas.SubscriptionAnswer},
                problems=(404, 409, 429),
            ),
            Endpoint(
                method="DELETE",
                path=ONE,
                handler=self.remove,
                summary="Remove a subscription",
                scope=Scope.SUBSCRIPTIONS_WRITE,
                tag=TAG,
                ids=("id", "subscription_id"),
                answers={200: MessageAnswer},
                problems=(404,),
            ),
            Endpoint(
                method="POST",
                path=ONE + "/reactivate",
                handler=self.reactivate,
                summary="Reactivate a subscription",
                scope=Scope.SUBSCRIPTIONS_WRITE,
                tag=TAG,
                ids=("id", "subscription_id"),
                answers={200: schemas.SubscriptionAnswer},
                problems=(404, 409),
            ),
        ]


def _owned(call: Call) -> Owned:
    return Owned(call.ids["subscription_id"], call.ids["id"], call.organisation_id)

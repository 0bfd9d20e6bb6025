"""Subscribers from a file that the page's owner has, such as an export."""

import asyncio

from service.commands.own_subscriptions import FindOwnPage
from service.commands.vouching import ADDED, KNOWN
from service.domain.values import Scope
from service.http.bodies import TextBody
from service.http.call import Call, Reply
from service.http.csv_text import MEDIA_TYPE
from service.http.endpoints.origins import origin
from service.http.routing import Endpoint
from service.http.schemas.subscriptions import ImportAnswer, LeftOut
from service.http.subscriber_file import read_subscribers
from service.subscriber_import import SubscriberImport

SECONDS = 60.0
FILE = TextBody(MEDIA_TYPE.partition(";")[0], largest=4 * 1024 * 1024)


class SubscriptionImport:
    def __init__(self, subscribers: SubscriberImport) -> None:
        self._subscribers = subscribers

    async def take(self, call: Call) -> Reply:
        """Subscribes the e-mail addresses of a CSV file whose consent you have: they are asked nothing, as
        with `confirmed`, and the audit trail says who said so. The columns are those of the export, of which
        `channel_type` and `channel_value` are needed; at most 10,000 rows and 4 MiB. If anything in the file
        is wrong, 422 names every line and column (`/7/channel_value`), and nobody is subscribed. Who is
        subscribed already is `known` and stays as is, so a file can be sent again after an interruption.
        `left_out` are rows that you cannot vouch for: other channels, rows whose status says that nobody
        confirmed or that it has ended, and whoever unsubscribed from this page or rests here."""
        find = FindOwnPage(call.ids["id"], call.organisation_id)
        file = await asyncio.to_thread(read_subscribers, call.body)
        imported = await self._subscribers.run(origin(call), find, file.people)
        counts = file.left_out + imported.counts
        left_out = {reason: counts[reason] for reason in LeftOut.model_fields}
        answer = {"added": counts[ADDED], "known": counts[KNOWN], "left_out": left_out}
        return Reply(200, {"imported": answer}, position=imported.position)

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path="/v1/statuspage/{id}/subscriptions/import",
                handler=self.take,
                summary="Import subscriptions",
                scope=Scope.SUBSCRIPTIONS_WRITE,
                tag="Subscriptions",
                text=FILE,
                seconds=SECONDS,
                answers={200: ImportAnswer},
                problems=(404, 409),
            )
        ]

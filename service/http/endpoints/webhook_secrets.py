"""The call by which a webhook's receiver gets a new secret."""

from service.clock import Clock
from service.domain.errors import NotAllowed, NotFound
from service.http.call import Call, Reply
from service.http.limits import Limit, client_key
from service.http.routing import Endpoint
from service.http.schemas.webhook_secrets import SecretAnswer
from service.timestamps import text
from service.vault.links import Links, Purpose
from service.vault.webhook_secrets import OVERLAP, WebhookSecrets, shown

KEPT_NOWHERE = {"Cache-Control": "no-store"}


class WebhookSecretCommands:
    def __init__(self, links: Links, secrets: WebhookSecrets, clock: Clock) -> None:
        self._links = links
        self._secrets = secrets
        self._clock = clock
        self._guesses = Limit(60)

    async def rotate(self, call: Call) -> Reply:
        """A new secret for a webhook's signatures, shown this once. The one before signs beside it for a day.
        What is no webhook is 409."""
        link = await self._links.find(call.path["token"])
        if link is None or link.purpose is not Purpose.MANAGE:
            self._guesses.take(client_key(call.remote))
            raise NotFound("There is no such link.")
        secret = await self._secrets.rotate(link.subscription_id)
        if secret is None:
            raise NotAllowed("There is no webhook to sign for.")
        body = {"secret": shown(secret), "old_valid_until": text(self._clock() + OVERLAP)}
        return Reply(200, body, headers=KEPT_NOWHERE)

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="POST",
                path="/v1/subscription/{token}/secret",
                handler=self.rotate,
                summary="Change a webhook's secret",
                scope=None,
                tag="Subscriptions",
                ids=(),
                answers={200: SecretAnswer},
                problems=(404, 409, 429),
            )
        ]

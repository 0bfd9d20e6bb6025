"""One attempt at one delivery: what speaks against it, its message, its channel, its outcome as a value."""

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from eventstore.store import StoreUnavailable
from service.commands.handler import TooManyConflicts
from service.domain.errors import Rejected
from service.domain.values import ChannelType
from workers.delivery.channel import Channel
from workers.delivery.compose import Composer
from workers.delivery.delivery import Delivery
from workers.delivery.outcomes import Expired, Gone, Later, Outcome, Refused, Superseded, Untried
from workers.delivery.resting import Resting

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sending:
    """Sends by `channels` alone."""

    composer: Composer
    channels: Mapping[ChannelType, Channel]
    resting: Resting

    async def prepare(self, deliveries: Sequence[Delivery]) -> None:
        """Before they are attempted. Raises StoreUnavailable."""
        await self.composer.prepare([each for each in deliveries if each.is_wanted])

    async def attempt(self, delivery: Delivery) -> Outcome:
        """Of a delivery that is prepared. Whatever goes wrong with it is its outcome, and nobody else's."""
        if delivery.superseded:
            return Superseded()
        if delivery.late:
            return Expired()
        try:
            return await self._send(delivery)
        except StoreUnavailable as error:
            return Untried(f"store: {type(error).__name__}")
        except Rejected as error:
            return Refused(str(error))
        except TooManyConflicts:
            return Later("too_many_conflicts")
        except Exception as error:  # noqa: BLE001 - one delivery's fault must not stop the others
            return _internal_error(delivery, error)

    async def close(self) -> None:
        for channel in self.channels.values():
            await channel.close()

    async def _send(self, delivery: Delivery) -> Outcome:
        contact = delivery.contact
        if contact is None:
            return Refused("erased")
        channel = self.channels[contact.channel_type]
        outcome = await channel.send(await self.composer.compose(delivery), contact)
        if isinstance(outcome, Gone):
            await self.resting.begin(delivery, contact.channel_type)
        return outcome


def _internal_error(delivery: Delivery, error: Exception) -> Later:
    """It is tried again, since a new release may have mended it. The error's text may hold the address."""
    log.error(
        "a delivery fails by a fault of this program",
        advice="please report it; the delivery is tried again, and parked after the last attempt",
        delivery_id=str(delivery.delivery_id),
        error=type(error).__name__,
        where="".join(traceback.format_tb(error.__traceback__)),
    )
    return Later(f"internal_error: {type(error).__name__}")

"""One attempt at one delivery: what speaks against it, its message, its channel, its outcome as a value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from service.commands.handler import TooManyConflicts
from service.domain.errors import Rejected
from service.domain.values import ChannelType
from workers.delivery.channel import Channel
from workers.delivery.compose import Composer
from workers.delivery.delivery import Delivery
from workers.delivery.outcomes import Expired, Gone, Later, Outcome, Refused, Superseded
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
        """Of a delivery that is prepared. Raises StoreUnavailable."""
        if delivery.superseded:
            return Superseded()
        if delivery.late:
            return Expired()
        try:
            return await self._send(delivery)
        except Rejected as error:
            return Refused(str(error))
        except TooManyConflicts:
            return Later("too_many_conflicts")
        except ValueError as error:  # one recipient's mail cannot be made; the others' can
            log.error("message cannot be composed", delivery_id=str(delivery.delivery_id), exc_info=True)
            return Refused(f"cannot_be_composed: {type(error).__name__}")

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

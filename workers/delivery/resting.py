"""A subscription rests once the other side says that nobody is there any more."""

from dataclasses import dataclass
from uuid import uuid5

from service.clock import Clock
from service.commands.handler import CommandHandler, Origin
from service.commands.subscriptions import Quarantine
from service.domain.subscription import SUBSCRIPTION, QuarantineReason
from service.domain.values import ChannelType
from workers.delivery.delivery import Delivery


@dataclass(frozen=True, slots=True)
class Resting:
    commands: CommandHandler
    clock: Clock

    async def begin(self, delivery: Delivery, channel_type: ChannelType) -> None:
        """One that waits for its confirmation goes on waiting. Raises Rejected, TooManyConflicts and
        StoreUnavailable."""
        by_mail = channel_type is ChannelType.EMAIL
        reason = QuarantineReason.MAILBOX_GONE if by_mail else QuarantineReason.ENDPOINT_GONE
        command_id = uuid5(delivery.delivery_id, "quarantine")
        origin = Origin(command_id, "deliverer", causation_id=delivery.event_id, repeatable=True)
        command = Quarantine(delivery.subscription_id, reason, self.clock())
        await self.commands.run(origin, SUBSCRIPTION.stream(delivery.subscription_id), command)

"""The channels by which subscribers are told, each with what it needs."""

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID, uuid4

from service.commands.handler import Origin
from service.commands.subscriptions import Verify
from service.dns import addresses_of
from service.domain.subscription import SUBSCRIPTION
from service.domain.values import ChannelType
from service.outgoing import NamedBy, Outgoing
from service.readmodels.headlines import Headlines
from service.vault.webhook_secrets import WebhookSecrets
from service.wiring.core import Core
from workers.delivery.channel import Channel
from workers.delivery.channels.discord import DiscordChannel
from workers.delivery.channels.email import EmailChannel
from workers.delivery.channels.posting import Poster
from workers.delivery.channels.slack import SlackChannel
from workers.delivery.channels.teams import TeamsChannel
from workers.delivery.channels.webhook import WebhookChannel
from workers.delivery.email import Mailer
from workers.delivery.mailers import Mailers
from workers.delivery.smtp_url import SmtpServer


def mail_of(core: Core, server: SmtpServer) -> Mapping[ChannelType, Channel]:
    sender = core.settings.mail_from
    mailers = Mailers(lambda: Mailer(server, helo=sender.rpartition("@")[2]))
    return {ChannelType.EMAIL: EmailChannel(sender, mailers)}


def posts_of(core: Core) -> Mapping[ChannelType, Channel]:
    """Those that post to URLs which strangers gave."""
    allowed = core.settings.outgoing_allowed
    poster = Poster(Outgoing(allowed, _names(core.settings.dns_servers)), allowed, core.clock)

    async def confirm(subscription_id: UUID) -> None:
        command = Verify(subscription_id, core.clock())
        await core.commands.run(Origin(uuid4(), "deliverer"), SUBSCRIPTION.stream(subscription_id), command)

    return {
        ChannelType.WEBHOOK: WebhookChannel(
            poster, WebhookSecrets(core.pool), confirm, Headlines(core.pool).told_by
        ),
        ChannelType.SLACK: SlackChannel(poster),
        ChannelType.DISCORD: DiscordChannel(poster),
        ChannelType.TEAMS: TeamsChannel(poster),
    }


def _names(servers: Sequence[str]) -> NamedBy | None:
    """None: by the system, which also knows the names of its hosts file."""
    return NamedBy(partial(addresses_of, servers)) if servers else None

"""Where a channel reaches somebody, in the one form that is kept, and what tells two apart."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from yarl import URL

from service.domain.values import ChannelType
from service.outgoing import Networks, UrlNotAllowed, parse_url
from service.vault.email_address import NotAnAddress, parse_email

DISCORD = frozenset({"discord.com", "ptb.discord.com", "canary.discord.com", "discordapp.com"})
TEAMS = (".webhook.office.com", ".logic.azure.com", ".api.powerplatform.com")
EXAMPLES = {
    ChannelType.SLACK: "https://hooks.slack.com/services/...",
    ChannelType.DISCORD: "https://discord.com/api/webhooks/...",
    ChannelType.TEAMS: "https://example.webhook.office.com/...",
}


@dataclass(frozen=True, slots=True)
class ChannelAddress:
    """`key`: the same for all spellings of one address. `mailbox`: the same for all that may be one, for
    limits alone. `host`: the other side."""

    channel_type: ChannelType
    text: str
    key: str
    mailbox: str
    host: str


def parse_address(channel_type: ChannelType, text: str, allowed: Networks = ()) -> ChannelAddress:
    """Raises NotAnAddress. `allowed`: see service.outgoing.parse_url."""
    if channel_type is ChannelType.EMAIL:
        email = parse_email(text)
        return ChannelAddress(channel_type, str(email), email.key, email.mailbox, email.domain)
    try:
        url = parse_url(text, allowed)
    except UrlNotAllowed as error:
        raise NotAnAddress(str(error), "url_not_allowed") from None
    own = OWN_PLACES.get(channel_type)
    if own is not None and not own(url) and _is_public(url):
        raise NotAnAddress(f"must be a webhook of it such as {EXAMPLES[channel_type]}", "url_not_allowed")
    mailbox = f"{channel_type}:{url.with_query(None)}"
    return ChannelAddress(channel_type, str(url), str(url), mailbox, url.raw_host or "")


def _is_public(url: URL) -> bool:
    """Whether everybody may reach it; what the operator has allowed by hand may stand for any service."""
    try:
        parse_url(str(url))
    except UrlNotAllowed:
        return False
    return True


def _of_slack(url: URL) -> bool:
    return url.raw_host == "hooks.slack.com"


def _of_discord(url: URL) -> bool:
    return url.raw_host in DISCORD and url.raw_path.startswith("/api/webhooks/")


def _of_teams(url: URL) -> bool:
    return (url.raw_host or "").endswith(TEAMS)


OWN_PLACES: Mapping[ChannelType, Callable[[URL], bool]] = {
    ChannelType.SLACK: _of_slack,
    ChannelType.DISCORD: _of_discord,
    ChannelType.TEAMS: _of_teams,
}

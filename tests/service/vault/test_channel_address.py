"""Where channels reach people: which addresses each takes, and what it keeps of them."""

from ipaddress import ip_network

import pytest

from service.domain.values import ChannelType
from service.vault.channel_address import parse_address
from service.vault.email_address import NotAnAddress, masked
from tests.service.outgoing.forbidden import FORBIDDEN

OWN = {
    ChannelType.SLACK: "https://hooks.slack.com/services/T000/B000/XXXX",
    ChannelType.DISCORD: "https://discord.com/api/webhooks/1/abc",
    ChannelType.TEAMS: "https://example.webhook.office.com/webhookb2/1",
    ChannelType.WEBHOOK: "https://hooks.example.com/x?a=b",
}


@pytest.mark.parametrize("channel", OWN)
def test_each_channel_takes_its_own(channel: ChannelType) -> None:
    address = parse_address(channel, OWN[channel])
    assert address.text == address.key == OWN[channel]
    assert address.host == OWN[channel].split("/")[2]


@pytest.mark.parametrize(
    ("channel", "url"),
    [
        (ChannelType.SLACK, OWN[ChannelType.DISCORD]),
        (ChannelType.SLACK, "https://hooks.slack.com.evil.example/services/x"),
        (ChannelType.SLACK, "https://evil.example/hooks.slack.com"),
        (ChannelType.DISCORD, "https://discord.com/channels/1"),
        (ChannelType.TEAMS, "https://webhook.office.com.evil.example/"),
        (ChannelType.TEAMS, "https://evilwebhook.office.com/"),
    ],
)
def test_a_chat_takes_no_other(channel: ChannelType, url: str) -> None:
    with pytest.raises(NotAnAddress) as refused:
        parse_address(channel, url, (ip_network("127.0.0.0/8"),))
    assert refused.value.code == "url_not_allowed"


@pytest.mark.parametrize("channel", OWN)
@pytest.mark.parametrize("url", FORBIDDEN)
def test_no_channel_takes_a_forbidden_place(channel: ChannelType, url: str) -> None:
    with pytest.raises(NotAnAddress) as refused:
        parse_address(channel, url)
    assert refused.value.code == "url_not_allowed"


def test_an_email_address_is_kept_as_before() -> None:
    address = parse_address(ChannelType.EMAIL, "Ada.L+x@Gmail.com")
    assert (address.text, address.key) == ("Ada.L+x@gmail.com", "ada.l+x@gmail.com")
    assert (address.mailbox, address.host) == ("adal@gmail.com", "gmail.com")


def test_a_query_does_not_make_another_mailbox() -> None:
    first, second = (parse_address(ChannelType.WEBHOOK, f"https://a.example.com/x?n={n}") for n in (1, 2))
    assert first.key != second.key
    assert first.mailbox == second.mailbox


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://hooks.slack.com/services/T/B/X", "https://hooks.slack.com/***"),
        ("https://a.example.com?token=x", "https://a.example.com/***"),
        ("https://a.example.com:8443/x", "https://a.example.com:8443/***"),
    ],
)
def test_a_url_is_masked_but_for_its_host(address: str, shown: str) -> None:
    assert masked(address) == shown

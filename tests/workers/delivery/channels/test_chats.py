"""Slack, Discord and Teams: every kind of message once, whole, harmless and within their limits."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest

from service.domain.values import ChannelType
from service.notices import Kind
from tests.environment.sink import Sink
from tests.workers.delivery.channels.messages import MANAGE, VERIFY, notice, question, subscriber
from workers.delivery.channel import Channel, Message
from workers.delivery.channels.card import clipped
from workers.delivery.channels.discord import DiscordChannel
from workers.delivery.channels.posting import Poster
from workers.delivery.channels.slack import SlackChannel
from workers.delivery.channels.teams import TeamsChannel
from workers.delivery.outcomes import Sent

CHATS: dict[ChannelType, Callable[[Poster], Channel]] = {
    ChannelType.SLACK: SlackChannel,
    ChannelType.DISCORD: DiscordChannel,
    ChannelType.TEAMS: TeamsChannel,
}
chats = pytest.mark.parametrize("chat", CHATS)
MENTIONS = "@everyone <!channel> <@U123> <at>All</at> [x](javascript:alert(1)) & <https://evil.example|here>"


async def told(poster: Poster, receiver: Sink, chat: ChannelType, message: Message) -> Any:
    contact = subscriber(chat, receiver.url())
    assert await CHATS[chat](poster).send(message, contact) == Sent()
    [received] = receiver.received
    assert received.headers["content-type"] == "application/json"
    return orjson.loads(received.body)


@chats
@pytest.mark.parametrize("kind", Kind)
async def test_every_kind_arrives_once_and_says_all_of_it(
    poster: Poster, receiver: Sink, chat: ChannelType, kind: Kind
) -> None:
    message = notice(kind)
    assert message.tidings is not None
    words = message.tidings.notice
    said = strings(await told(poster, receiver, chat, message))
    facts = [value for _, value in words.facts]
    for part in (words.subject, words.lead, words.body, *facts, "Website: Major outage", words.link, MANAGE):
        assert any(part in each for each in said), part


@chats
async def test_a_chat_is_asked_by_a_link(poster: Poster, receiver: Sink, chat: ChannelType) -> None:
    said = strings(await told(poster, receiver, chat, question()))
    assert any(VERIFY in each for each in said)
    assert any("Acme" in each for each in said)


@chats
async def test_a_chat_is_asked_in_the_language_of_the_page(
    poster: Poster, receiver: Sink, chat: ChannelType
) -> None:
    said = strings(await told(poster, receiver, chat, replace(question(), language="de")))
    for words in ("Bestätigen Sie, dass dieser Kanal", "Abonnement bestätigen", "Abbestellen"):
        assert any(words in each for each in said), words


async def test_nobody_is_mentioned_in_slack(poster: Poster, receiver: Sink) -> None:
    body = await told(poster, receiver, ChannelType.SLACK, notice(name=MENTIONS, body=MENTIONS))
    assert "<" not in body["text"]
    *plain, links = body["blocks"]
    assert all(each["type"] == "plain_text" for each in texts(plain))
    assert links["elements"][0]["text"].count("<") == 2


async def test_nobody_is_mentioned_in_discord(poster: Poster, receiver: Sink) -> None:
    body = await told(poster, receiver, ChannelType.DISCORD, notice(name=MENTIONS, body=MENTIONS))
    assert body["allowed_mentions"] == {"parse": []}
    assert "content" not in body


async def test_nobody_is_mentioned_in_teams(poster: Poster, receiver: Sink) -> None:
    body = await told(poster, receiver, ChannelType.TEAMS, notice(name=MENTIONS, body=MENTIONS))
    assert "msteams" not in body["attachments"][0]["content"]


@pytest.mark.parametrize("letter", ["x", "ü", "😀"])
async def test_the_longest_message_stays_within_slacks_limits(
    poster: Poster, receiver: Sink, letter: str
) -> None:
    body = await told(poster, receiver, ChannelType.SLACK, longest(letter))
    header, section, fields, _ = body["blocks"]
    assert units(header["text"]["text"]) <= 150
    assert units(section["text"]["text"]) <= 3000
    assert all(units(each["text"]) <= 2000 for each in fields["fields"])


@pytest.mark.parametrize("letter", ["x", "ü", "😀"])
async def test_the_longest_message_stays_within_discords_limits(
    poster: Poster, receiver: Sink, letter: str
) -> None:
    body = await told(poster, receiver, ChannelType.DISCORD, longest(letter))
    [embed] = body["embeds"]
    assert units(embed["title"]) <= 256
    assert units(embed["description"]) <= 4096
    assert all(units(each["value"]) <= 1024 for each in embed["fields"])
    assert sum(map(units, strings(embed))) <= 6000


@pytest.mark.parametrize("letter", ["x", "ü", "😀"])
async def test_the_longest_message_stays_within_teams_limits(
    poster: Poster, receiver: Sink, letter: str
) -> None:
    await told(poster, receiver, ChannelType.TEAMS, longest(letter))
    assert len(receiver.received[0].body) <= 28_000


def test_clipping_never_halves_a_character() -> None:
    assert clipped("abc", 3) == "abc"
    assert clipped("abcd", 3) == "ab…"
    assert clipped("😀😀", 3) == "😀…"


def longest(letter: str) -> Message:
    return notice(name=letter * 255, body=letter * 20_000)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [found for each in value.values() for found in strings(each)]
    return [found for each in value for found in strings(each)] if isinstance(value, list) else []


def texts(blocks: list[Any]) -> list[dict[str, Any]]:
    return [text for block in blocks for text in ([block["text"]] if "text" in block else block["fields"])]

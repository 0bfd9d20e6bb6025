"""What a preview shows is what is sent: to as many by every channel, in the same words."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

import orjson
import pytest

from tests.environment.sink import Sink, sink
from tests.environment.waiting import eventually
from tests.service.api.incidents import a_page, giving
from tests.service.api.test_channels import CHATS, answering, ask, got, token_in
from tests.service.mailing import Confirmation, Mailing, mailing, somebody

LEAVING = re.compile(r'<p style="font-size:14px;color:#4a5468">.*</p>\n')
STORIES = (("investigating", "identified", "monitoring"), ("identified", "resolved"))
"""Two incidents, each from its beginning."""


@pytest.fixture(scope="module")
async def post(database: str) -> AsyncIterator[Mailing]:
    async with mailing(database, outgoing_allowed=(ip_network("127.0.0.0/8"),)) as running:
        yield running


@dataclass
class Audience:
    """Two by mail, one by each other channel, and one who chose what is not affected."""

    post: Mailing
    page: dict[str, Any]
    sinks: dict[str, Sink]
    addresses: tuple[str, ...] = field(default_factory=lambda: (somebody(), somebody()))
    elsewhere: str = field(default_factory=somebody)

    async def subscribe(self) -> None:
        for address in self.addresses:
            await self.post.subscribed(self.page, address)
        other = {"component_ids": [self.page["components"][1]["id"]]}
        await self.post.subscribe(self.page, self.elsewhere, **other)
        await self.post.verify((await self.post.mail_to(self.elsewhere)).verify)
        for channel, receiver in self.sinks.items():
            assert (await ask(self.post, self.page, channel, receiver.url())).status == 201
            question = await got(receiver, 1)
            if channel in CHATS:
                assert (await self.post.verify(token_in(question))).status == 200
        await eventually(self._verified, 10, "all are verified")

    async def _verified(self) -> bool:
        return bool((await self.post.listed(self.page))["counts"]["verified"] == 7)

    def counts(self) -> dict[str, int]:
        """How many notices came by each channel. What came first was the question whether to confirm."""
        mails = sum(len(self.post.mails_to(address)) - 1 for address in self.addresses)
        return {"email": mails, **{name: len(each.received) - 1 for name, each in self.sinks.items()}}

    async def are_told(self, preview: dict[str, Any], before: dict[str, int]) -> dict[str, int]:
        """What the preview says, by as many messages as it says; how many came in all."""
        recipients = preview["recipients"]
        assert recipients["total"] == sum(recipients["by_channel"].values()) == 6
        wanted = {channel: count + recipients["by_channel"][channel] for channel, count in before.items()}

        def all_of_it() -> bool:
            return all(count >= wanted[channel] for channel, count in self.counts().items())

        await eventually(all_of_it, 20, f"told {wanted}")
        assert self.counts() == wanted
        check_words(self, preview)
        return wanted

    def mails(self) -> list[Confirmation]:
        return [self.post.mails_to(address)[-1] for address in self.addresses]

    def last(self, channel: str) -> Any:
        return orjson.loads(self.sinks[channel].received[-1].body)


@pytest.fixture
async def audience(post: Mailing) -> AsyncIterator[Audience]:
    async with AsyncExitStack() as stack:
        sinks = {name: await stack.enter_async_context(sink()) for name in ("webhook", *CHATS)}
        sinks["webhook"].answer = answering
        made = Audience(post, await a_page(post.owner), sinks)
        await made.subscribe()
        yield made


async def previewed(post: Mailing, path: str, body: object) -> dict[str, Any]:
    answer = await post.owner.post(f"{path}/preview", body)
    assert answer.status == 200, answer.json
    found: dict[str, Any] = answer.json["preview"]
    return found


def plain(text: str) -> str:
    """With line ends as they were before it was a mail."""
    return text.replace("\r\n", "\n")


def without_leaving(text: str, preview: str) -> str:
    """A sent text without the lines by which its own reader leaves."""
    assert [bool(line) for line in text.removeprefix(preview).splitlines()] == [False, True, True, True]
    return text[: len(preview)]


def in_a_chat(audience: Audience, channel: str) -> tuple[str, str]:
    """Title and text of the last message."""
    message = audience.last(channel)
    match channel:
        case "slack":
            header, section, *_ = message["blocks"]
            return header["text"]["text"], section["text"]["text"]
        case "discord":
            [embed] = message["embeds"]
            return embed["title"], embed["description"].rpartition("\n\n")[0]
        case _:
            title, text, *_ = message["attachments"][0]["content"]["body"]
            return title["text"], text["text"]


def check_words(audience: Audience, preview: dict[str, Any]) -> None:
    for mail in audience.mails():
        assert mail.message["Subject"] == preview["subject"]
        assert without_leaving(plain(mail.text), preview["text"]) == preview["text"]
        html = mail.message.get_body(("html",))
        assert html is not None
        assert LEAVING.sub("", plain(html.get_content())) == preview["html"]
    notice = audience.last("webhook")["notice"]
    assert notice["subject"] == preview["subject"]
    assert without_leaving(notice["text"], preview["text"]) == preview["text"]
    for chat in CHATS:
        title, text = in_a_chat(audience, chat)
        assert (title, text in preview["text"]) == (preview["subject"], True)


@pytest.mark.parametrize("story", STORIES, ids=" then ".join)
async def test_every_kind_of_notice_is_sent_as_it_was_previewed(
    post: Mailing, audience: Audience, story: tuple[str, ...]
) -> None:
    path = f"/v1/statuspage/{audience.page['id']}/incident"
    opening = {"name": "Slow <answers> & more", "components": giving(audience.page, "major_outage")}
    preview = await previewed(post, path, body_of(story[0], opening))
    incident_id = (await posted(post, path, body_of(story[0], opening)))["incident"]["id"]
    told = await audience.are_told(with_link(preview, incident_id), dict.fromkeys(audience.counts(), 0))
    for status in story[1:]:
        path = f"/v1/incident/{incident_id}"
        preview = await previewed(post, path, body_of(status))
        await posted(post, f"{path}/update", body_of(status))
        told = await audience.are_told(preview, told)
    assert len(post.mails_to(audience.elsewhere)) == 1


def body_of(status: str, opening: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"status": status, "body": f"We are **{status}** & <busy>.\n\nMore follows.", **(opening or {})}


async def posted(post: Mailing, path: str, body: object) -> Any:
    answer = await post.owner.post(path, body)
    assert answer.status == 201, answer.json
    return answer.json


def with_link(preview: dict[str, Any], incident_id: str) -> dict[str, Any]:
    """The id in a preview of an opening is an example."""
    made_up = re.compile(r"(/incidents?/)[0-9a-f-]{36}")
    replaced = {name: made_up.sub(rf"\g<1>{incident_id}", preview[name]) for name in ("text", "html")}
    return preview | replaced

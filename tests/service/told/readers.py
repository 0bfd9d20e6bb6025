"""One reader for each channel, and what it has been told: the subject and the lines, links apart."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Protocol

import orjson

from service.domain.values import ChannelType
from tests.environment.sink import Received, Sink, status
from tests.environment.smtp import SmtpSink

LINK = re.compile(r"http://\S+").fullmatch


@dataclass(frozen=True)
class Said:
    """`lines`: all words but the subject. `link`: the first of `links`; others are the reader's own."""

    subject: str
    lines: list[str]
    link: str
    links: list[str] = field(default_factory=list, compare=False)

    @property
    def own(self) -> list[str]:
        """Where the reader confirms, and unsubscribes."""
        return [link for link in self.links if "/subscription/" in link]


class Reader(Protocol):
    @property
    def address(self) -> str: ...

    def heard(self) -> list[Said]:
        """Everything, the oldest first."""


@dataclass(frozen=True)
class MailReader:
    sink: SmtpSink
    address: str

    def heard(self) -> list[Said]:
        mails = [mail for mail in self.sink.messages if mail.recipients == [self.address]]
        return [
            _of_mail(message_from_bytes(mail.content, _class=EmailMessage, policy=policy.default))
            for mail in mails
        ]


@dataclass(frozen=True)
class PostReader:
    """At a path of its own in `sink`; `read`: how its channel's messages are read."""

    sink: Sink
    path: str
    read: Callable[[Any], Said]

    @property
    def address(self) -> str:
        return self.sink.url(self.path)

    def heard(self) -> list[Said]:
        return [self.read(orjson.loads(each.body)) for each in self.requests()]

    def requests(self) -> list[Received]:
        return [each for each in self.sink.received if each.path == self.path]


def post_readers(sink: Sink) -> dict[ChannelType, PostReader]:
    """The webhook answers its challenge."""
    sink.answer = _answering
    return {channel: PostReader(sink, f"/{channel}", read) for channel, read in READ.items()}


def _answering(request: Received) -> bytes:
    return status(200, body=orjson.loads(request.body).get("challenge", "").encode())(request)


def _of_mail(mail: EmailMessage) -> Said:
    body = mail.get_body(("plain",))
    assert body is not None
    return _of_text(str(mail["Subject"]), str(body.get_content()))


def _of_text(subject: str, text: str) -> Said:
    lines = [line for line in text.splitlines() if line]
    links = [line for line in lines if LINK(line)]
    return Said(subject, [line for line in lines if line not in links], links[0], links)


def _of_webhook(body: Mapping[str, Any]) -> Said:
    """A challenge has no words, and nothing to follow but where its subscription is managed."""
    if "challenge" in body:
        return Said(body["type"], [], "", [body["manage_url"]])
    return _of_text(body["notice"]["subject"], body["notice"]["text"])


def _of_slack(body: Mapping[str, Any]) -> Said:
    header, section, *facts, links = body["blocks"]
    fields = [field["text"] for block in facts for field in block["fields"]]
    labelled = re.findall(r"<(\S+?)\|(.+?)>", links["elements"][0]["text"])
    return _of_card(header["text"]["text"], section["text"]["text"], fields, labelled)


def _of_discord(body: Mapping[str, Any]) -> Said:
    [embed] = body["embeds"]
    text, _, links = embed["description"].rpartition("\n\n")
    facts = [f"{each['name']}: {each['value']}" for each in embed["fields"]]
    labelled = [(url, label) for label, url in re.findall(r"\[(.+?)\]\((\S+?)\)", links)]
    return _of_card(embed["title"], text, facts, labelled)


def _of_teams(body: Mapping[str, Any]) -> Said:
    [attachment] = body["attachments"]
    title, text, *sets = attachment["content"]["body"]
    facts = [f"{each['title']}: {each['value']}" for each_set in sets for each in each_set["facts"]]
    labelled = [(action["url"], action["title"]) for action in attachment["content"]["actions"]]
    return _of_card(title["text"], text["text"], facts, labelled)


def _of_card(title: str, text: str, facts: list[str], labelled: list[tuple[str, str]]) -> Said:
    words = [line for part in (text, *facts) for line in part.splitlines() if line]
    links = [url for url, _ in labelled]
    return Said(title, [*words, *(label for _, label in labelled)], links[0], links)


READ: dict[ChannelType, Callable[[Any], Said]] = {
    ChannelType.WEBHOOK: _of_webhook,
    ChannelType.SLACK: _of_slack,
    ChannelType.DISCORD: _of_discord,
    ChannelType.TEAMS: _of_teams,
}

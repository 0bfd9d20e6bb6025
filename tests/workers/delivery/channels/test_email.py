"""Messages as mails: every kind once, whole, and those of one thing together."""

from collections.abc import AsyncIterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import uuid4

import pytest

from service.config import LONGEST_URL
from service.domain.values import ChannelType
from service.notices import Kind
from service.vault.links import Purpose, token
from tests.environment.scripted_smtp import ScriptedSmtp, scripted_smtp
from tests.workers.delivery.channels.messages import VERIFY, notice, question, subscriber
from workers.delivery.channel import Message
from workers.delivery.channels.email import EmailChannel
from workers.delivery.email import Mailer
from workers.delivery.mailers import Mailers
from workers.delivery.outcomes import Refused, Sent
from workers.delivery.smtp_url import parse_smtp_url


@pytest.fixture
async def smtp() -> AsyncIterator[ScriptedSmtp]:
    async with scripted_smtp() as smtp:
        yield smtp


async def mailed(smtp: ScriptedSmtp, message: Message) -> EmailMessage:
    server = parse_smtp_url(f"smtp://127.0.0.1:{smtp.port}")
    mailers = Mailers(lambda: Mailer(server, "example.net", timeout=5))
    channel = EmailChannel("status@example.net", mailers)
    assert await channel.send(message, subscriber(ChannelType.EMAIL, "ada@example.com")) == Sent()
    await channel.close()
    return message_from_bytes(smtp.messages[-1], _class=EmailMessage, policy=policy.default)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("kind", Kind)
async def test_every_kind_arrives_once_with_its_words(smtp: ScriptedSmtp, kind: Kind) -> None:
    message = notice(kind)
    mail = await mailed(smtp, message)
    assert len(smtp.messages) == 1
    assert mail["Subject"] == message.letter.subject
    assert text_of(mail).strip(".\n") == message.letter.text.strip(".\n")


async def test_mails_about_one_incident_stand_together(smtp: ScriptedSmtp) -> None:
    opened, resolved, other = [
        await mailed(smtp, notice(kind))
        for kind in (Kind.INCIDENT_OPENED, Kind.INCIDENT_RESOLVED, Kind.MAINTENANCE_STARTED)
    ]
    assert opened["References"] == resolved["References"] != other["References"]


async def test_the_question_stands_alone(smtp: ScriptedSmtp) -> None:
    mail = await mailed(smtp, question())
    assert VERIFY in text_of(mail)
    assert mail["References"] is None


@pytest.mark.parametrize("address", ["ada@example.com> SIZE=1 <", "team: ada@example.com;", "ada@[127.0.0.1"])
async def test_an_address_that_should_not_be_there_is_refused_unsaid(
    smtp: ScriptedSmtp, address: str
) -> None:
    server = parse_smtp_url(smtp.url)
    channel = EmailChannel("status@example.net", Mailers(lambda: Mailer(server, "example.net", timeout=5)))
    assert await channel.send(notice(), subscriber(ChannelType.EMAIL, address)) == Refused("not_an_address")
    assert smtp.connections == 0


async def test_the_link_to_leave_is_one_whole_line_also_when_it_is_the_longest(smtp: ScriptedSmtp) -> None:
    base_url = "https://example.com/".ljust(LONGEST_URL, "x")
    one_click = f"{base_url}/v1/subscription/{token(b'secret', Purpose.MANAGE, uuid4())}/unsubscribe"
    await mailed(smtp, replace(notice(), one_click_url=one_click))
    lines = smtp.messages[-1].split(b"\r\n")
    assert f"List-Unsubscribe: <{one_click}>".encode() in lines
    assert max(map(len, lines)) <= 998

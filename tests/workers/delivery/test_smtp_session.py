"""A session: replies in their order, and nothing that a server sends is taken for another thing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiosmtplib
import pytest

from tests.environment.scripted_smtp import STEP_BY_STEP, ScriptedSmtp, scripted_smtp
from tests.environment.waiting import eventually
from workers.delivery import smtp_session
from workers.delivery.smtp_session import Reply, SmtpSession


@asynccontextmanager
async def session_with(smtp: ScriptedSmtp) -> AsyncIterator[SmtpSession]:
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=smtp.port)
    await client.connect()
    await client.ehlo()
    session = SmtpSession(client)
    try:
        yield session
    finally:
        session.close()


async def test_what_is_told_together_is_answered_in_its_order() -> None:
    script = {"MAIL": "250 2.1.0 fine", "RCPT": "550-no\r\n550 such reader"}
    async with scripted_smtp(script) as smtp, session_with(smtp) as session:
        assert session.pipelining
        session.tell("MAIL FROM:<a@example.net>", "RCPT TO:<b@example.net>", "NOOP")
        replies = [await session.reply() for _ in range(3)]
    assert replies == [Reply(250, "2.1.0 fine"), Reply(550, "no\nsuch reader"), Reply(250, "fine")]


async def test_a_server_that_does_not_offer_it_is_not_told_things_together() -> None:
    async with scripted_smtp({"EHLO": STEP_BY_STEP}) as smtp, session_with(smtp) as session:
        assert not session.pipelining


@pytest.mark.parametrize("command", ["NOOP\r\nDATA", "NOOP\nx", "NOOP\x00", "RCPT TO:<\u00e4@example.net>"])
async def test_a_command_is_one_line_of_ascii(command: str) -> None:
    async with scripted_smtp() as smtp, session_with(smtp) as session:
        with pytest.raises(ValueError, match=r"one line|ascii"):
            session.tell(command)
        assert (await session.ask("NOOP")).code == 250


@pytest.mark.parametrize(
    ("message", "wire"),
    [
        (b"a\r\n.b\r\n", b"a\r\n..b\r\n.\r\n"),
        (b"a\n.\nMAIL FROM:<x>", b"a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n"),
        (b"a\r.\rb", b"a\r\n..\r\nb\r\n.\r\n"),
    ],
)
async def test_nothing_in_a_message_ends_it(message: bytes, wire: bytes) -> None:
    async with scripted_smtp() as smtp, session_with(smtp) as session:
        await session.ask("DATA")
        session.tell_message(message)
        assert (await session.reply()).code == 250
        assert smtp.messages == [wire]


@pytest.mark.parametrize("answer", ["nonsense", " ", "250 fine\r\n421 and goodbye"])
async def test_what_is_no_reply_or_one_to_nothing_ends_the_session(answer: str) -> None:
    async with scripted_smtp({"NOOP": answer}) as smtp, session_with(smtp) as session:
        session.tell("NOOP")
        await eventually(lambda: not session.is_open, 5, "the session over")
        with pytest.raises(aiosmtplib.SMTPServerDisconnected):
            session.tell("NOOP")


@pytest.mark.parametrize("endless", ["x" * 200, "250-more\r\n" * 20])
async def test_an_endless_reply_ends_the_session(endless: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_session, "LONGEST", 60)
    async with scripted_smtp({"NOOP": endless}) as smtp, session_with(smtp) as session:
        with pytest.raises(aiosmtplib.SMTPServerDisconnected):
            await asyncio.wait_for(session.ask("NOOP"), 5)

"""What an SMTP server can do, and which outcome that is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.environment.scripted_smtp import (
    END_OF_DATA,
    FALL_SILENT,
    GREETING,
    HANG_UP,
    PIPELINING,
    STEP_BY_STEP,
    ScriptedSmtp,
    scripted_smtp,
)
from workers.delivery import email
from workers.delivery.email import Mailer
from workers.delivery.outcomes import Fault, Gone, Later, Outcome, Refused, Sent
from workers.delivery.smtp_url import parse_smtp_url

TO = "ada@example.com"


@asynccontextmanager
async def mailer_to(port: int, timeout: float = 5) -> AsyncIterator[Mailer]:  # noqa: ASYNC109 - of the mailer
    server = parse_smtp_url(f"smtp://127.0.0.1:{port}")
    mailer = Mailer(server, helo="example.net", timeout=timeout)
    try:
        yield mailer
    finally:
        await mailer.close()


async def send(mailer: Mailer) -> Outcome:
    return await mailer.send("status@example.net", TO, b"Subject: x\r\n\r\nHello\r\n")


@pytest.fixture(params=[STEP_BY_STEP, PIPELINING], ids=["step by step", "pipelining"])
def hello(request: pytest.FixtureRequest) -> dict[str, str]:
    """The script of a server without and of one with PIPELINING."""
    return {"EHLO": request.param}


@pytest.mark.parametrize(
    ("point", "answer", "fault"),
    [
        (GREETING, "554 not you", Fault.SERVER),
        ("MAIL", "550 5.7.1 not you", Fault.SERVER),
        ("MAIL", "451 4.3.0 later", Fault.READER),
        ("RCPT", "450 4.2.1 full", Fault.READER),
        ("RCPT", "421 going down", Fault.MESSAGE),
        ("RCPT", HANG_UP, Fault.HOST),
        ("DATA", "554 no", Fault.MESSAGE),
        (END_OF_DATA, "554 5.7.1 spam", Fault.MESSAGE),
    ],
)
async def test_what_is_in_trouble_depends_on_what_the_server_knew(
    hello: dict[str, str], point: str, answer: str, fault: Fault
) -> None:
    async with scripted_smtp() as smtp, mailer_to(smtp.port) as mailer:
        smtp.script = {**hello, point: answer}
        outcome = await send(mailer)
    assert isinstance(outcome, Later)
    assert outcome.fault is fault


@pytest.mark.parametrize(
    ("point", "answer", "outcome"),
    [
        (GREETING, "421 busy", Later("connect: 421")),
        (GREETING, "554 not you", Later("connect: 554")),
        ("MAIL", "451 4.3.0 later", Later("mail: 451 4.3.0")),
        ("MAIL", "550 5.7.1 not you", Later("mail: 550 5.7.1")),
        ("RCPT", "450 4.2.1 full", Later("rcpt: 450 4.2.1")),
        ("RCPT", "550 5.1.1 <ada@example.com> unknown", Gone("rcpt: 550 5.1.1")),
        ("RCPT", "553 no such name ada@example.com", Gone("rcpt: 553")),
        ("RCPT", "550 5.7.1 your host is listed", Refused("rcpt: 550 5.7.1")),
        ("DATA", "451 later", Later("data: 451")),
        ("DATA", "554 no", Later("data: 554")),
        (END_OF_DATA, "452 4.3.1 full", Later("data: 452 4.3.1")),
        (END_OF_DATA, "554 5.7.1 spam", Later("data: 554 5.7.1")),
        ("MAIL", "421 going down", Later("mail: 421")),
    ],
)
async def test_a_refusal_of_the_recipient_is_final_and_any_other_may_pass(
    hello: dict[str, str], point: str, answer: str, outcome: Outcome
) -> None:
    async with scripted_smtp(hello) as smtp, mailer_to(smtp.port) as mailer:
        smtp.script[point] = answer
        assert await send(mailer) == outcome
        del smtp.script[point]
        assert await send(mailer) == Sent()
        assert [message.count(b"Hello") for message in smtp.messages] == [1]


@pytest.mark.parametrize("point", [GREETING, "EHLO", "MAIL", "RCPT", "DATA", END_OF_DATA])
@pytest.mark.parametrize("behaviour", [HANG_UP, FALL_SILENT])
async def test_a_server_that_goes_away_is_tried_later(
    hello: dict[str, str], point: str, behaviour: str
) -> None:
    async with scripted_smtp(hello) as smtp, mailer_to(smtp.port, timeout=0.3) as mailer:
        smtp.script[point] = behaviour
        assert isinstance(await send(mailer), Later)
        smtp.script = dict(hello)
        assert await send(mailer) == Sent()


async def test_a_server_that_is_not_there_is_tried_later() -> None:
    async with scripted_smtp() as smtp:
        port = smtp.port
    async with mailer_to(port) as mailer:
        assert await send(mailer) == Later("connect: SMTPConnectError")


async def test_one_connection_carries_many_messages(hello: dict[str, str]) -> None:
    async with scripted_smtp(hello) as smtp, mailer_to(smtp.port) as mailer:
        assert [await send(mailer) for _ in range(5)] == [Sent()] * 5
        assert (smtp.connections, len(smtp.messages)) == (1, 5)


@pytest.mark.parametrize("to_data", ["503 nobody to send to", "354 go on"])
async def test_a_refused_recipient_does_not_cost_the_connection(hello: dict[str, str], to_data: str) -> None:
    async with scripted_smtp(hello) as smtp, mailer_to(smtp.port) as mailer:
        smtp.script |= {"RCPT": "550 no", "DATA": to_data}
        assert await send(mailer) == Gone("rcpt: 550")
        smtp.script = dict(hello)
        assert await send(mailer) == Sent()
        assert smtp.connections == 1


async def test_a_connection_that_was_closed_while_idle_costs_no_attempt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(email, "CHECK_AFTER", 0.0)
    async with scripted_smtp() as smtp, mailer_to(smtp.port) as mailer:
        await send(mailer)
        smtp.script["NOOP"] = HANG_UP
        assert await send(mailer) == Sent()
        assert smtp.connections == 2


async def test_starttls_that_is_required_and_not_offered_sends_nothing() -> None:
    async with scripted_smtp() as smtp:
        server = parse_smtp_url(f"smtp://127.0.0.1:{smtp.port}?starttls=require")
        mailer = Mailer(server, helo="example.net", timeout=2)
        assert isinstance(await send(mailer), Later)
        assert smtp.messages == []


async def test_a_send_that_is_cancelled_leaves_no_half_conversation() -> None:
    async with scripted_smtp() as smtp, mailer_to(smtp.port) as mailer:
        await cancelled_in_data(smtp, mailer)
        smtp.script.clear()
        assert await send(mailer) == Sent()
        assert smtp.connections == 2


async def cancelled_in_data(smtp: ScriptedSmtp, mailer: Mailer) -> None:
    smtp.script[END_OF_DATA] = FALL_SILENT
    sending = asyncio.create_task(send(mailer))
    await asyncio.wait({sending}, timeout=0.2)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending

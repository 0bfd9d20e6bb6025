import pytest
from aiosmtplib import SMTP, SMTPDataError

from tests.environment import rabbitmq
from tests.environment.smtp import SmtpSink
from tests.environment.waiting import eventually

MAIL = b"Subject: hello\r\n\r\nworld\r\n"


@pytest.mark.skipif(rabbitmq.find_server() is None, reason="no rabbitmq-server on this machine")
async def test_a_broker_of_our_own_answers_and_is_gone_afterwards() -> None:
    with rabbitmq.started_broker() as url:
        await eventually(lambda: rabbitmq.answers(url), rabbitmq.START_SECONDS, "RabbitMQ answering")
    assert not await rabbitmq.answers(url)


async def test_a_named_broker_that_does_not_answer_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    [unused] = rabbitmq.free_ports(1)
    monkeypatch.setenv("AMQP_URL", f"amqp://127.0.0.1:{unused}/")
    with pytest.raises(rabbitmq.NoBroker, match="AMQP_URL"):
        async with rabbitmq.broker():
            pass


async def test_the_sink_keeps_a_mail_as_it_came_over_the_wire(smtp_sink: SmtpSink) -> None:
    async with SMTP(hostname="127.0.0.1", port=smtp_sink.port) as client:
        await client.sendmail("a@example.org", ["b@example.org"], MAIL)
    [mail] = await smtp_sink.wait_for(1)
    assert (mail.sender, mail.recipients, mail.content) == ("a@example.org", ["b@example.org"], MAIL)


async def test_the_sink_refuses_as_told_and_keeps_nothing(smtp_sink: SmtpSink) -> None:
    smtp_sink.answer = "451 later"
    async with SMTP(hostname="127.0.0.1", port=smtp_sink.port) as client:
        with pytest.raises(SMTPDataError):
            await client.sendmail("a@example.org", ["b@example.org"], MAIL)
    assert (smtp_sink.attempts, smtp_sink.messages) == (1, [])


async def test_waiting_for_what_never_comes_true_names_it() -> None:
    with pytest.raises(AssertionError, match="the impossible"):
        await eventually(lambda: False, 0.05, "the impossible")

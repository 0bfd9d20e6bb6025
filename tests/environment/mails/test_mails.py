"""The mail server that others are judged by."""

from pathlib import Path

import pytest
from aiosmtplib import SMTP

from tests.environment.mails.mail_sink import MailSink, mail_sink
from tests.environment.waiting import eventually

MESSAGE = "Subject: hello\r\nMessage-ID: <{}@example.org>\r\n\r\n..dots\r\n"


async def send(sink: MailSink, *names: str, goodbye: bool) -> None:
    client = SMTP(hostname="127.0.0.1", port=int(sink.url.rpartition(":")[2]))
    await client.connect()
    for name in names:
        await client.sendmail("a@example.org", [f"{name}@example.com"], MESSAGE.format(name))
    if goodbye:
        await client.quit()
    client.close()


async def test_every_message_is_written_down_before_it_is_answered(tmp_path: Path) -> None:
    async with mail_sink(tmp_path, "mails") as sink:
        await send(sink, "ada", "bob", goodbye=True)
        assert await sink.progress() == 2
        found = [(each.conversation, each.message_id, each.recipient) for each in sink.record.taken]
    assert found == [("mails 0", f"{name}@example.org", f"{name}@example.com") for name in ("ada", "bob")]


@pytest.mark.parametrize(("goodbye", "cut"), [(True, set()), (False, {"mails 0"})])
async def test_a_conversation_without_goodbye_was_cut(tmp_path: Path, goodbye: bool, cut: set[str]) -> None:
    async with mail_sink(tmp_path, "mails") as sink:
        await send(sink, "ada", goodbye=goodbye)
        await send(sink, "bob", goodbye=True)
        await eventually(lambda: sink.record.path.read_text().count("\n") == 4, 5, "two mails, two ends")
        await sink.progress()
    assert sink.record.cut == cut


async def test_messages_are_taken_at_the_pace_that_is_set(tmp_path: Path) -> None:
    async with mail_sink(tmp_path, "mails", rate=20) as sink:
        await send(sink, "ada", "bob", "cy", "di", goodbye=True)
        await sink.progress()
    first, *_, last = (each.at for each in sink.record.taken)
    assert last - first >= 3 / 20 - 0.01

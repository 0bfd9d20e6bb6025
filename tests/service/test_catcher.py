"""The mail catcher: it takes real mails and shows them, harmlessly."""

from email.message import EmailMessage

import aiosmtplib
from aiohttp import ClientSession

from service.catcher import KEPT, MailCatcher


def a_mail(subject: str, text: str = "Open http://127.0.0.1:1/x?a=1&b=2 now") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", subject
    message.set_content(text)
    return message


async def send(catcher: MailCatcher, *mails: EmailMessage) -> None:
    port = int(catcher.smtp_url.partition("?")[0].rpartition(":")[2])
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, local_hostname="localhost") as client:
        for mail in mails:
            await client.send_message(mail)


async def test_a_mail_shows_on_the_page_and_as_json() -> None:
    async with MailCatcher().listening() as catcher, ClientSession() as session:
        await send(catcher, a_mail("Grüße"))
        async with session.get(catcher.mail_url + "mails.json") as answer:
            [mail] = (await answer.json())["mails"]
        assert (mail["to"], mail["subject"]) == (["b@example.com"], "Grüße")
        assert mail["text"].startswith("Open http")
        async with session.get(catcher.mail_url) as answer:
            html = await answer.text()
        assert "Grüße" in html
        assert '<a href="http://127.0.0.1:1/x?a=1&amp;b=2"' in html


async def test_before_the_first_mail_the_page_says_so() -> None:
    async with (
        MailCatcher().listening() as catcher,
        ClientSession() as session,
        session.get(catcher.mail_url) as answer,
    ):
        assert "None yet" in await answer.text()


async def test_what_a_mail_holds_stays_text() -> None:
    async with MailCatcher().listening() as catcher, ClientSession() as session:
        await send(catcher, a_mail("<script>1</script>", '<img src=x> http://x/"onclick=1'))
        async with session.get(catcher.mail_url) as answer:
            html = await answer.text()
        assert "<script" not in html
        assert "<img" not in html
        assert '"onclick' not in html


async def test_the_newest_come_first_and_the_oldest_go() -> None:
    async with MailCatcher().listening() as catcher, ClientSession() as session:
        await send(catcher, *(a_mail(str(number)) for number in range(KEPT + 1)))
        async with session.get(catcher.mail_url + "mails.json") as answer:
            subjects = [mail["subject"] for mail in (await answer.json())["mails"]]
        assert subjects == [str(number) for number in range(KEPT, 0, -1)]


async def test_it_listens_on_loopback_alone() -> None:
    async with MailCatcher().listening() as catcher:
        assert catcher.smtp_url.startswith("smtp://127.0.0.1:")
        assert catcher.mail_url.startswith("http://127.0.0.1:")

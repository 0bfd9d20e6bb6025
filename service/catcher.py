"""The mail catcher of `statuspages up`: takes the mails that no SMTP_URL would send and shows them on a page.

Loopback only, in memory, the last 200.
"""

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"
KEPT = 200
LINK = re.compile(r"https?://[^\s<>\"]+")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Caught mails</title>
<style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}}
article{{border-top:1px solid #8888;padding:1rem 0}}pre{{white-space:pre-wrap;overflow-wrap:anywhere}}</style>
</head><body><h1>Caught mails</h1>
<p>The last {kept} mails, newest first. They went nowhere else. The same <a href="mails.json">as JSON</a>.</p>
{mails}
</body></html>
"""


@dataclass(frozen=True, slots=True)
class CaughtMail:
    """`raw`: as it came over the wire."""

    sender: str
    recipients: list[str]
    raw: bytes
    received_at: datetime

    def as_json(self) -> dict[str, object]:
        message = message_from_bytes(self.raw, _class=EmailMessage, policy=policy.default)
        return {
            "from": self.sender,
            "to": self.recipients,
            "subject": str(message["Subject"] or ""),
            "received_at": self.received_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "text": _part(message, "plain"),
            "html": _part(message, "html"),
            "raw": self.raw.decode("ascii", "replace"),
        }


class MailCatcher:
    """Two listeners on loopback: SMTP for the deliverer, HTTP for the person at the machine."""

    def __init__(self) -> None:
        self.mails: deque[CaughtMail] = deque(maxlen=KEPT)
        self.smtp_url = ""
        self.mail_url = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.original_content or b""
        mail = CaughtMail(envelope.mail_from or "", list(envelope.rcpt_tos), raw, datetime.now(UTC))
        self.mails.appendleft(mail)
        return "250 OK"

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["MailCatcher"]:
        """`smtp_url` and `mail_url` are set inside."""
        loop = asyncio.get_running_loop()
        smtp = await loop.create_server(lambda: SMTP(self, hostname="localhost"), LOOPBACK, 0)
        runner = web.AppRunner(self._pages(), access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, LOOPBACK, 0).start()
            self.smtp_url = f"smtp://{LOOPBACK}:{smtp.sockets[0].getsockname()[1]}?starttls=never"
            self.mail_url = f"http://{LOOPBACK}:{runner.addresses[0][1]}/"
            yield self
        finally:
            smtp.close()
            await runner.cleanup()

    def _pages(self) -> web.Application:
        async def as_html(_: web.Request) -> web.Response:
            mails = "\n".join(_article(mail.as_json()) for mail in self.mails) or "<p>None yet.</p>"
            page = PAGE.format(kept=KEPT, mails=mails)
            return web.Response(text=page, content_type="text/html", headers=HEADERS)

        async def as_json(_: web.Request) -> web.Response:
            return web.json_response({"mails": [mail.as_json() for mail in self.mails]}, headers=HEADERS)

        app = web.Application()
        app.router.add_get("/", as_html)
        app.router.add_get("/mails.json", as_json)
        return app


def _part(message: EmailMessage, subtype: str) -> str | None:
    body = message.get_body((subtype,))
    return None if body is None else str(body.get_content())


def _article(mail: dict[str, object]) -> str:
    to = ", ".join(map(str, mail["to"])) if isinstance(mail["to"], list) else ""
    return (
        f"<article><h2>{escape(str(mail['subject']))}</h2>"
        f"<p>From {escape(str(mail['from']))} to {escape(to)}, {escape(str(mail['received_at']))}</p>"
        f"<pre>{''.join(_linked(str(mail['text'] or '')))}</pre></article>"
    )


def _linked(text: str) -> Iterator[str]:
    """The text as HTML, its web addresses as links."""
    start = 0
    for match in LINK.finditer(text):
        link = escape(match[0])
        yield escape(text[start : match.start()])
        yield f'<a href="{link}" rel="noreferrer">{link}</a>'
        start = match.end()
    yield escape(text[start:])

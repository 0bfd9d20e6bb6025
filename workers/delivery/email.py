"""Sending a mail over SMTP, on one connection that is kept, with the outcome as a value.

What the server says about the recipient is final; what it says about us or itself may change. Its texts are
not kept, since they often repeat the address.
"""

import asyncio
import re
from time import monotonic

import aiosmtplib

from workers.delivery.outcomes import Fault, Gone, Later, Outcome, Refused, Sent
from workers.delivery.smtp_url import SmtpServer

TIMEOUT = 30.0
CHECK_AFTER = 5.0
"""Seconds after which a kept connection is tried before it is trusted."""
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b").match
OUR_REPUTATION = re.compile(r"5\.7\.").match
"""Of the enhanced codes (RFC 3463) those about policy: the mailbox is there, and does not want it from us."""
CLOSING = 421


class Mailer:
    """One kept connection; one message at a time. `timeout`: seconds for a whole message."""

    def __init__(self, server: SmtpServer, helo: str, timeout: float = TIMEOUT) -> None:
        self._server = server
        self._helo = helo
        self._timeout = timeout
        self._client: aiosmtplib.SMTP | None = None
        self._used_at = 0.0
        self._stage = "connect"

    async def send(self, sender: str, recipient: str, message: bytes) -> Outcome:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._send(sender, recipient, message)
        except aiosmtplib.SMTPResponseException as error:
            await self._reset()
            return self._answered(error.code, error.message)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            self._drop()
            by_us = self._stage in {"connect", "mail"}
            fault = Fault.SERVER if by_us else Fault.HOST
            return Later(f"{self._stage}: {type(error).__name__}", fault=fault)
        except (asyncio.CancelledError, ValueError):  # half a conversation is of no use to the next message
            self._drop()
            raise

    async def close(self) -> None:
        """Say goodbye if somebody is there to hear it."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            async with asyncio.timeout(1):
                await client.quit()
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            client.close()

    async def _send(self, sender: str, recipient: str, message: bytes) -> Outcome:
        self._stage = "connect"
        client = await self._connected()
        self._stage = "mail"
        await _say(client, b"MAIL", f"FROM:<{sender}>")
        self._stage = "rcpt"
        await _say(client, b"RCPT", f"TO:<{recipient}>")
        self._stage = "data"
        await client.data(message, timeout=None)
        self._used_at = monotonic()
        return Sent()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and not await self._alive(self._client):
            self._drop()
        if self._client is None:
            self._client = await self._connect()
        return self._client

    async def _alive(self, client: aiosmtplib.SMTP) -> bool:
        if not client.is_connected:
            return False
        if monotonic() - self._used_at < CHECK_AFTER:
            return True
        try:
            await client.noop()
        except (aiosmtplib.SMTPException, OSError):
            return False
        return True

    async def _connect(self) -> aiosmtplib.SMTP:
        client = aiosmtplib.SMTP(
            hostname=self._server.host,
            port=self._server.port,
            username=self._server.username,
            password=self._server.password,
            use_tls=self._server.tls,
            start_tls=self._server.starttls,
            validate_certs=self._server.verify,
            local_hostname=self._helo,
            timeout=self._timeout,
        )
        await client.connect()
        self._used_at = monotonic()
        return client

    async def _reset(self) -> None:
        """Leave the kept connection ready for the next message, or leave it."""
        try:
            async with asyncio.timeout(1):
                if self._client is not None:
                    await self._client.rset()
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            self._drop()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _answered(self, code: int, text: str) -> Outcome:
        enhanced = ENHANCED(text)
        reason = f"{self._stage}: {code}{f' {enhanced[0]}' if enhanced else ''}"
        if self._stage == "rcpt" and code >= 500:
            return Refused(reason) if OUR_REPUTATION(text) else Gone(reason)
        refuses_us = code >= 500 or code == CLOSING or self._stage == "connect"
        return Later(reason, fault=Fault.SERVER if refuses_us else Fault.READER)


async def _say(client: aiosmtplib.SMTP, command: bytes, argument: str) -> None:
    """As the client's own methods do, without parsing addresses anew or a timeout for each command."""
    code, text = await client.execute_command(command, argument.encode("ascii"), timeout=None)
    if not 200 <= code < 300:
        raise aiosmtplib.SMTPResponseException(code, text)

"""Posting JSON to a subscriber's URL, and what the answer means for the delivery."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from service.clock import Clock
from service.outgoing import Answer, Networks, Outgoing, Unreachable, UrlNotAllowed, parse_url
from workers.delivery.outcomes import Fault, Gone, Later, Outcome, Refused, Sent

LONGEST_WAIT = timedelta(hours=24)
GONE = frozenset({404, 410})
TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Poster:
    """`allowed`: see service.outgoing.parse_url."""

    outgoing: Outgoing
    allowed: Networks
    clock: Clock

    async def send(self, address: str, body: bytes, headers: Mapping[str, str] | None = None) -> Outcome:
        """One attempt; whatever is answered beside the status is not read."""
        return (await self.ask(address, body, headers, read=False))[0]

    async def ask(
        self, address: str, body: bytes, headers: Mapping[str, str] | None = None, *, read: bool = True
    ) -> tuple[Outcome, bytes]:
        """The same, with the beginning of the answer. The address is judged anew: rows outlive rules."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        try:
            answer = await self.outgoing.post(parse_url(address, self.allowed), body, sent, read=read)
        except UrlNotAllowed:
            return Refused("url_not_allowed"), b""
        except Unreachable as error:
            return Later(str(error), fault=Fault.HOST), b""
        return outcome_of(answer, self.clock()), answer.body


def outcome_of(answer: Answer, now: datetime) -> Outcome:
    """A redirect is not followed; being perhaps a mistake, it is tried again like other failures."""
    reason = f"http {answer.status}"
    if 200 <= answer.status < 300:
        return Sent()
    if answer.status in GONE:
        return Gone(reason)
    troubled = answer.status >= 500 or answer.status == TOO_MANY
    fault = Fault.HOST if troubled else Fault.READER
    return Later(reason, _wait(answer.retry_after, now), fault)


def _wait(retry_after: str | None, now: datetime) -> timedelta | None:
    """RFC 9110, section 10.2.3: seconds or a date. What is neither says nothing."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        seconds = min(int(retry_after[:9]), LONGEST_WAIT.total_seconds())
        return timedelta(seconds=seconds)
    try:
        wait = parsedate_to_datetime(retry_after) - now
    except (TypeError, ValueError):  # also a date without a zone
        return None
    return min(max(wait, timedelta(0)), LONGEST_WAIT)

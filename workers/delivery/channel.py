"""The port behind which a channel is one file: what it is given, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from service.notices import Letter, Notice, Told
from service.notices.languages import FALLBACK
from service.vault.contacts import Contact
from workers.delivery.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Tidings:
    """What is told to everybody alike: what happened, and in the page's words."""

    told: Told
    notice: Notice


@dataclass(frozen=True, slots=True)
class Message:
    """One delivery, ready to be put into a channel's own form; the same for every attempt.

    `tidings` None: it asks its reader to confirm, at `verify_url`, in `language` (one of LANGUAGES).
    `page_name` is one line. `written_at`: when that was recorded. `manage_url` is the reader's own; a POST to
    `one_click_url` unsubscribes.
    """

    delivery_id: UUID
    page_id: UUID
    page_name: str
    tidings: Tidings | None
    letter: Letter
    written_at: datetime
    manage_url: str
    one_click_url: str
    verify_url: str | None = None
    language: str = FALLBACK


class Channel(Protocol):
    async def send(self, message: Message, contact: Contact) -> Outcome:
        """One attempt, bounded in time. Whatever the other side does is an outcome, never an error."""

    async def close(self) -> None:
        """Let go of what is kept open."""

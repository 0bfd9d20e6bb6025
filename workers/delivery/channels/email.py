"""A message as a mail."""

from dataclasses import dataclass

from service.vault.contacts import Contact
from workers.delivery.channel import Message
from workers.delivery.email import Mailer
from workers.delivery.message import Mail, to_bytes
from workers.delivery.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class EmailChannel:
    """`sender`: the mails' address."""

    sender: str
    mailer: Mailer

    async def send(self, message: Message, contact: Contact) -> Outcome:
        """Raises ValueError for an address that no mail can be sent to."""
        mail = Mail(
            message.delivery_id,
            self.sender,
            message.page_name,
            contact.address,
            message.letter.subject,
            message.letter.text,
            message.letter.html,
            str(message.page_id),
            message.one_click_url,
            message.written_at,
            None if message.tidings is None else message.tidings.told.thing_id,
        )
        return await self.mailer.send(self.sender, contact.address, to_bytes(mail))

    async def close(self) -> None:
        await self.mailer.close()

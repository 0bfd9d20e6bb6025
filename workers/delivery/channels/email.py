"""A message as a mail."""

from dataclasses import dataclass

from service.vault.contacts import Contact
from service.vault.email_address import NotAnAddress, parse_email
from workers.delivery.channel import Message
from workers.delivery.email import Mailer
from workers.delivery.message import Mail, to_bytes
from workers.delivery.outcomes import Outcome, Refused


@dataclass(frozen=True, slots=True)
class EmailChannel:
    """`sender`: the mails' address."""

    sender: str
    mailer: Mailer

    async def send(self, message: Message, contact: Contact) -> Outcome:
        """The address is judged anew: rows outlive rules, and the library that writes it trips over some."""
        try:
            recipient = str(parse_email(contact.address))
        except NotAnAddress as error:
            return Refused(error.code)
        return await self.mailer.send(self.sender, recipient, to_bytes(self._mail(message, recipient)))

    async def close(self) -> None:
        await self.mailer.close()

    def _mail(self, message: Message, recipient: str) -> Mail:
        return Mail(
            message.delivery_id,
            self.sender,
            message.page_name,
            recipient,
            message.letter.subject,
            message.letter.text,
            message.letter.html,
            str(message.page_id),
            message.one_click_url,
            message.written_at,
            None if message.tidings is None else message.tidings.told.thing_id,
        )

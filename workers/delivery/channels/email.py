"""A message as a mail."""

from dataclasses import dataclass, field

from service.vault.contacts import Contact
from service.vault.email_address import NotAnAddress, parse_email
from workers.delivery.channel import Message, Tidings
from workers.delivery.kept import Kept
from workers.delivery.mailers import Mailers
from workers.delivery.message import Mail, to_bytes
from workers.delivery.outcomes import Outcome, Refused
from workers.delivery.stencil import Stencil, stencil_of


@dataclass(frozen=True, slots=True)
class EmailChannel:
    """`sender`: the mails' address."""

    sender: str
    mailers: Mailers
    _stencils: Kept[Tidings, Stencil | None] = field(default_factory=Kept)

    async def send(self, message: Message, contact: Contact) -> Outcome:
        """The address is judged anew: rows outlive rules, and the library that writes it trips over some."""
        try:
            recipient = str(parse_email(contact.address))
        except NotAnAddress as error:
            return Refused(error.code)
        return await self.mailers.send(self.sender, recipient, self.bytes_of(message, recipient))

    async def close(self) -> None:
        await self.mailers.close()

    def bytes_of(self, message: Message, recipient: str) -> bytes:
        """A notice is made once, and filled in for each of its readers."""
        if message.tidings is None:
            return to_bytes(self._mail(message, recipient))
        token = message.manage_url.rpartition("/")[2]
        stencil = self._stencils.of(
            message.tidings, lambda: stencil_of(self._mail(message, recipient), token)
        )
        if stencil is None:
            return to_bytes(self._mail(message, recipient))
        return stencil.fill(message.delivery_id, token, recipient)

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

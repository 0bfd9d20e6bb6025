"""How many subscribers a page may have."""

from uuid import UUID

from service.domain.errors import NotAllowed
from service.vault.contacts import Contacts


async def require_room(contacts: Contacts, page_id: UUID, more: int = 1) -> None:
    """To be asked before anything about an address, so that its answer tells nothing of it.

    Raises NotAllowed, StoreUnavailable.
    """
    if not await contacts.have_room(page_id, more):
        raise NotAllowed("This status page has no room for more subscriptions.")

"""A page with many confirmed subscribers, their events appended in large steps."""

from uuid import UUID, uuid4

from eventstore.events import NEW, Append, Context, StreamWrite
from eventstore.pool import connection
from service.domain.subscription import SUBSCRIPTION, SubscriptionRequested, SubscriptionVerified
from service.domain.values import ChannelType
from service.wiring.core import Core
from tests.workers.subscribers import ORGANISATION_ID, Subscribers

STEP = 500
DOMAINS = 200
SUBSCRIBE = """
INSERT INTO notify.subscribers (page_id, subscription_id, channel_type, component_ids, verified_position)
SELECT $1, unnest($2::uuid[]), 'email', '{}', 1
"""
CONTACT = """
INSERT INTO vault.contacts (subscription_id, page_id, channel_type, address, address_key, host)
SELECT id, $1, 'email', 'reader@' || host, id::text, host
FROM unnest($2::uuid[]) WITH ORDINALITY AS reader (id, number),
    LATERAL (SELECT 'mail' || number % $3 || '.example.com' AS host) AS domain
"""


async def page_with_readers(core: Core, count: int) -> UUID:
    """Their mailboxes are at DOMAINS hosts."""
    page_id = await Subscribers(core.pool).page()
    for begun in range(0, count, STEP):
        readers = [uuid4() for _ in range(min(STEP, count - begun))]
        writes = tuple(_story(core, page_id, reader) for reader in readers)
        await core.store.append(
            Append(writes, Context(uuid4(), "visitor", None, None, ORGANISATION_ID, page_id))
        )
        async with connection(core.pool) as conn:
            await conn.execute(SUBSCRIBE, page_id, readers)
            await conn.execute(CONTACT, page_id, readers, DOMAINS)
    return page_id


def _story(core: Core, page_id: UUID, reader: UUID) -> StreamWrite:
    at = core.clock()
    asked = SubscriptionRequested(reader, page_id, ORGANISATION_ID, ChannelType.EMAIL, (), None, at)
    events = (asked, SubscriptionVerified(reader, page_id, at))
    return StreamWrite(SUBSCRIPTION.stream(reader), NEW, tuple(map(core.codec.encode, events)))

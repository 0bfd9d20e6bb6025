"""Readers by the thousand who have confirmed, made in a fraction of the time that asking would take.

No worker may run meanwhile: it would hear of them again.
"""

from collections.abc import Sequence
from uuid import UUID, uuid4

from eventstore.events import NEW, Append, Appended, Context, StreamWrite
from eventstore.pool import connection
from service.domain.subscription import SUBSCRIPTION, SubscriptionRequested, SubscriptionVerified
from service.domain.values import ChannelType
from tests.workers.subscribers import ORGANISATION_ID, Subscribers

AT_ONCE = 1000
HOSTS = 100
"""Their addresses are at so many hosts: nobody may be slow because all of them live in one place."""
CONTACTS = """
INSERT INTO vault.contacts (subscription_id, page_id, channel_type, address, address_key, host)
SELECT reader, $2, 'email', address, address, substring(address FROM '@(.+)$')
FROM unnest($1::uuid[], $3::text[]) AS crowd (reader, address)
"""
KNOWN = """
INSERT INTO notify.subscribers (page_id, subscription_id, channel_type, component_ids, verified_position)
SELECT subject_id, (data->>'subscription_id')::uuid, 'email', '{}', position FROM es.events
WHERE subject_id = $1 AND type = 'SubscriptionVerified'
ON CONFLICT DO NOTHING
"""
HEARD = (
    "UPDATE es.checkpoints SET position = (SELECT max(position) FROM es.events) WHERE name LIKE 'policy:%'"
)


async def crowd(subscribers: Subscribers, page_id: UUID, count: int) -> dict[UUID, str]:
    """Their addresses by subscription. What policies have not heard of so far they will not hear."""
    page = page_id.hex[:8]
    addresses = {uuid4(): f"{page}-{number}@host-{number % HOSTS}.example" for number in range(count)}
    readers = list(addresses)
    for start in range(0, count, AT_ONCE):
        part = readers[start : start + AT_ONCE]
        verdict = await subscribers.store.append(_asked_and_confirmed(subscribers, page_id, part))
        assert isinstance(verdict, Appended)
    async with connection(subscribers.pool) as conn:
        await conn.execute(CONTACTS, readers, page_id, list(addresses.values()))
        await conn.execute(KNOWN, page_id)
        await conn.execute(HEARD)
        await conn.execute("ANALYZE")
    return addresses


def _asked_and_confirmed(subscribers: Subscribers, page_id: UUID, readers: Sequence[UUID]) -> Append:
    at, encode = subscribers.clock(), subscribers.codec.encode

    def write(reader: UUID) -> StreamWrite:
        asked = SubscriptionRequested(reader, page_id, ORGANISATION_ID, ChannelType.EMAIL, (), None, at)
        confirmed = SubscriptionVerified(reader, page_id, at)
        return StreamWrite(SUBSCRIPTION.stream(reader), NEW, (encode(asked), encode(confirmed)))

    context = Context(uuid4(), tenant_id=ORGANISATION_ID, subject_id=page_id)
    return Append(tuple(map(write, readers)), context)

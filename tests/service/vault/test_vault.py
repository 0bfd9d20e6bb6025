"""The erasable side, on a real database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from eventstore.pool import Pool, connect_pool
from service.domain.values import ChannelType
from service.vault.confirmations import BUDGET, Confirmations
from service.vault.contacts import Contacts, NewContact
from service.vault.links import Link, Links, Purpose, token
from service.vault.passwords import Passwords

SECRET = b"a secret of the tests, thirty-two bytes long"


@pytest.fixture(scope="module")
async def pool(database: str) -> AsyncIterator[Pool]:
    async with await connect_pool(database) as pool:
        yield pool


def a_contact(page_id: UUID | None = None, address: str = "Ada@example.com") -> NewContact:
    return NewContact(page_id or uuid4(), ChannelType.EMAIL, address, address.lower())


class TestContacts:
    async def test_who_asks_again_keeps_the_first_subscription(self, pool: Pool) -> None:
        contacts, contact, first = Contacts(pool), a_contact(), uuid4()
        assert await contacts.claim(first, contact) == first
        again = NewContact(contact.page_id, ChannelType.EMAIL, "ADA@example.com", contact.address_key)
        assert await contacts.claim(uuid4(), again) == first
        found = await contacts.get(first)
        assert found is not None
        assert found.address == "ADA@example.com"

    async def test_many_at_once_get_one_subscription(self, pool: Pool) -> None:
        contacts, contact = Contacts(pool), a_contact()
        claimed = await asyncio.gather(*(contacts.claim(uuid4(), contact) for _ in range(20)))
        assert len(set(claimed)) == 1

    async def test_another_page_has_a_subscription_of_its_own(self, pool: Pool) -> None:
        contacts = Contacts(pool)
        assert await contacts.claim(uuid4(), a_contact()) != await contacts.claim(uuid4(), a_contact())

    async def test_an_erased_contact_is_gone_and_makes_room_for_a_new_one(self, pool: Pool) -> None:
        contacts, contact, first, second = Contacts(pool), a_contact(), uuid4(), uuid4()
        await contacts.claim(first, contact)
        await contacts.erase(first)
        await contacts.erase(first)
        assert await contacts.get(first) is None
        assert await contacts.claim(second, contact) == second
        assert await contacts.of_page(contact.page_id) == [second]

    async def test_what_was_asked_for_after_the_ending_is_spared(self, pool: Pool) -> None:
        contacts, contact, subscription_id = Contacts(pool), a_contact(), uuid4()
        await contacts.claim(subscription_id, contact)
        ended = await pool.fetchval("SELECT clock_timestamp()")
        await contacts.claim(uuid4(), contact)
        await contacts.erase(subscription_id, asked_before=ended)
        assert await contacts.get(subscription_id) is not None


class TestConfirmations:
    async def test_the_budget_of_a_mailbox_is_three_a_day(self, pool: Pool) -> None:
        confirmations, mailbox = Confirmations(pool, SECRET), f"{uuid4()}@example.com"
        tickets = [await confirmations.take(mailbox) for _ in range(BUDGET + 1)]
        assert [ticket is not None for ticket in tickets] == [True, True, True, False]
        assert await confirmations.take(f"other-{mailbox}") is not None

    async def test_many_at_once_do_not_overdraw_it(self, pool: Pool) -> None:
        confirmations, mailbox = Confirmations(pool, SECRET), f"{uuid4()}@example.com"
        tickets = await asyncio.gather(*(confirmations.take(mailbox) for _ in range(15)))
        assert sum(ticket is not None for ticket in tickets) == BUDGET

    async def test_what_was_not_used_is_given_back(self, pool: Pool) -> None:
        confirmations, mailbox = Confirmations(pool, SECRET), f"{uuid4()}@example.com"
        for _ in range(BUDGET * 2):
            ticket = await confirmations.take(mailbox)
            assert ticket is not None
            await confirmations.give_back(ticket)

    async def test_after_a_day_the_budget_is_whole_again_and_nothing_is_kept(self, pool: Pool) -> None:
        confirmations, mailbox = Confirmations(pool, SECRET), f"{uuid4()}@example.com"
        for _ in range(BUDGET):
            await confirmations.take(mailbox)
        await pool.execute("UPDATE vault.confirmations SET asked_at = asked_at - $1::interval", DAY)
        assert await confirmations.take(mailbox) is not None
        await confirmations.purge()
        assert await pool.fetchval("SELECT count(*) FROM vault.confirmations") == 1

    async def test_the_database_holds_no_address_and_no_plain_hash_of_one(self, pool: Pool) -> None:
        await Confirmations(pool, SECRET).take("ada@example.com")
        mine = "SELECT address_hash FROM vault.confirmations ORDER BY asked_at DESC LIMIT 1"
        with_my_secret = await pool.fetchval(mine)
        await Confirmations(pool, b"another secret").take("ada@example.com")
        assert await pool.fetchval(mine) != with_my_secret


DAY = timedelta(days=1)


class TestLinks:
    def test_a_token_is_the_same_for_its_delivery_and_no_other(self) -> None:
        delivery_id = uuid4()
        verify, manage = (token(SECRET, purpose, delivery_id) for purpose in Purpose)
        assert verify == token(SECRET, Purpose.VERIFY, delivery_id)
        others = {
            token(SECRET, Purpose.VERIFY, uuid4()),
            token(b"other", Purpose.VERIFY, delivery_id),
            manage,
        }
        assert verify not in others
        assert len(verify) == 43

    async def test_a_link_is_found_by_its_token_and_only_its_hash_is_stored(self, pool: Pool) -> None:
        links, link = Links(pool), Link(uuid4(), Purpose.MANAGE)
        secret = token(SECRET, Purpose.MANAGE, uuid4())
        for _ in range(2):
            await links.put(link.subscription_id, {link.purpose: secret})
        assert await links.find(secret) == link
        stored = "SELECT count(*) FROM vault.links l WHERE l::text LIKE '%' || $1 || '%'"
        assert await pool.fetchval(stored, secret) == 0

    @pytest.mark.parametrize("guess", ["", "guess", "\udcff", "x" * 10_000])
    async def test_a_guess_finds_nothing(self, pool: Pool, guess: str) -> None:
        assert await Links(pool).find(guess) is None

    async def test_old_links_of_ended_subscriptions_are_forgotten_and_others_kept(self, pool: Pool) -> None:
        links, contacts, lives = Links(pool), Contacts(pool), uuid4()
        await contacts.claim(lives, a_contact())
        await links.put(lives, {Purpose.MANAGE: "of one that lives"})
        await links.put(uuid4(), {Purpose.MANAGE: "of one that ended"})
        await pool.execute("UPDATE vault.links SET created_at = created_at - interval '91 days'")
        await links.put(uuid4(), {Purpose.MANAGE: "of one that ended lately"})
        await links.purge()
        assert await links.find("of one that lives") is not None
        assert await links.find("of one that ended lately") is not None
        assert await links.find("of one that ended") is None


async def test_passwords_are_erased_by_id_or_with_their_page(pool: Pool) -> None:
    passwords, page_id, old, new, newest = Passwords(pool), uuid4(), uuid4(), uuid4(), uuid4()
    for password_id in (old, new, newest):
        await passwords.put(password_id, page_id, "hash")
    await passwords.erase({old})
    assert [await passwords.get(each) is not None for each in (old, new, newest)] == [False, True, True]
    await passwords.erase_all(page_id)
    assert await passwords.get(newest) is None

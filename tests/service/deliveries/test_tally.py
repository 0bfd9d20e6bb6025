"""The tally says what counting would, whatever happens to the rows."""

from collections.abc import Sequence
from random import Random

from eventstore.pool import Pool, connection
from service.deliveries.tally import Tally, Total, totals
from service.deliveries.wanted import STATES
from tests.service.deliveries.rows import Rows


async def present(rows: Rows) -> dict[str, int]:
    counts = await Tally(rows.pool).of_page(rows.page_id)
    return {state: count for state, count in counts.items() if count}


async def all_totals(pool: Pool) -> Sequence[Total]:
    async with connection(pool) as conn:
        return await totals(conn)


async def total(pool: Pool, state: str) -> Total:
    [found] = [each for each in await all_totals(pool) if each.state == state]
    return found


async def test_a_page_without_any_has_none_of_each_state(rows: Rows) -> None:
    assert await Tally(rows.pool).of_page(rows.page_id) == dict.fromkeys(STATES, 0)


async def test_it_follows_whatever_happens(rows: Rows) -> None:
    chance, known, tally = Random(7), await rows.put("pending", 50), Tally(rows.pool)  # noqa: S311
    for _ in range(60):
        await rows.turn(chance.sample(known, 7), chance.choice(STATES))
        match chance.randrange(4):
            case 0:
                known += await rows.put(chance.choice(STATES), 3)
            case 1:
                gone = chance.sample(known, 2)
                await rows.pool.execute("DELETE FROM notify.deliveries WHERE delivery_id = ANY($1)", gone)
                known = [each for each in known if each not in gone]
            case 2:
                await tally.add_up()
        assert await present(rows) == await rows.states()


async def test_being_claimed_and_put_off_is_waiting_all_the_time(rows: Rows) -> None:
    delivery_ids = await rows.put("pending", 3)
    for state in ("sending", "pending", "sending", "sent"):
        await rows.turn(delivery_ids, state)
    assert await total(rows.pool, "waiting") == Total("email", "waiting", came=3, present=0)
    assert await total(rows.pool, "sent") == Total("email", "sent", came=3, present=3)


async def test_what_came_stays_counted_when_it_is_forgotten(rows: Rows) -> None:
    await rows.put("sent", 3)
    await rows.pool.execute("DELETE FROM notify.deliveries")
    assert await total(rows.pool, "sent") == Total("email", "sent", came=3, present=0)


async def test_adding_up_leaves_one_row_of_a_kind_and_the_same_sums(rows: Rows) -> None:
    delivery_ids = await rows.put("pending", 20)
    await rows.put("sent", channel="webhook")
    for delivery_id in delivery_ids:
        await rows.turn([delivery_id], "sent")
    before = await all_totals(rows.pool)
    await Tally(rows.pool).add_up()
    assert await all_totals(rows.pool) == before
    assert await kept(rows.pool) == [("email", "sent"), ("email", "waiting"), ("webhook", "sent")]


async def kept(pool: Pool) -> Sequence[tuple[str, str]]:
    found = await pool.fetch("SELECT channel_type, state FROM notify.tally ORDER BY 1, 2")
    return [(row["channel_type"], row["state"]) for row in found]

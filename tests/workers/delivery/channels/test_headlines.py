"""What a webhook says of the page as a whole is never older than what it tells."""

from uuid import uuid4

from eventstore.shared_moves import SharedMoves
from service.domain.headline import MAJOR_OUTAGE
from service.readmodels.headlines import Headlines
from tests.workers.subscribers import Subscribers
from workers.projections.registry import PROJECTIONS
from workers.projector import Projector


async def test_a_headline_is_known_once_the_read_model_knows_what_is_told(subscribers: Subscribers) -> None:
    api = uuid4()
    page_id = await subscribers.page("Acme", api)
    await subscribers.reader(page_id)
    moves = SharedMoves(subscribers.pool, "bell")
    pages = Projector(PROJECTIONS["pages"], subscribers.pool, subscribers.codec, moves)
    await subscribers.catch_up(pages)
    await subscribers.open_incident(page_id, api)
    await subscribers.plan()
    [delivery] = await subscribers.deliveries(page_id)
    headlines = Headlines(subscribers.pool)
    assert await headlines.told_by(delivery["delivery_id"]) is None
    await subscribers.catch_up(pages)
    assert await headlines.told_by(delivery["delivery_id"]) == MAJOR_OUTAGE


async def test_there_is_none_for_what_is_no_delivery(subscribers: Subscribers) -> None:
    assert await Headlines(subscribers.pool).told_by(uuid4()) is None

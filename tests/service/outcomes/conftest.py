"""Senders whose patience is short, so that tests need none."""

from collections.abc import Iterator
from functools import partial

import pytest

from service.outgoing import Outgoing
from tests.service.outcomes.patience import PATIENCE
from workers.delivery.email import Mailer


@pytest.fixture(scope="module")
def impatient() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("service.wiring.channels.Mailer", partial(Mailer, timeout=PATIENCE))
        patch.setattr("service.wiring.channels.Outgoing", partial(Outgoing, total_seconds=PATIENCE))
        yield

"""Senders whose patience is short, so that tests need none."""

from collections.abc import Iterator

import pytest

from tests.service.outcomes.patience import PATIENCE, waiting_at_most


@pytest.fixture(scope="module")
def impatient() -> Iterator[None]:
    with waiting_at_most(PATIENCE):
        yield

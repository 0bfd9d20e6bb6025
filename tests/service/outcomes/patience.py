"""How long these tests' senders wait for an answer, in seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from service.outgoing import Outgoing
from workers.delivery.email import Mailer

PATIENCE = 1.0


@contextmanager
def waiting_at_most(seconds: float) -> Iterator[None]:
    """The senders of deployments that are begun meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("service.wiring.channels.Mailer", partial(Mailer, timeout=seconds))
        patch.setattr("service.wiring.channels.Outgoing", partial(Outgoing, total_seconds=seconds))
        yield

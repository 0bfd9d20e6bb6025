"""How many deliveries may be begun, and of which hosts: what keeps one's trouble from being everybody's."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

import structlog

from workers.delivery.choice import Choice
from workers.delivery.circuit import Circuit
from workers.delivery.delivery import Delivery
from workers.delivery.hosts import Hosts
from workers.delivery.outcomes import Fault, Later, Outcome, Sent, Untried
from workers.delivery.smtp_url import CONNECTIONS

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one deliverer. `in_hand`: claimed deliveries; `sending`: of them at a time; `aside`: how many more
    while others take long; `per_host`: in hand."""

    in_hand: int
    sending: int
    aside: int
    per_host: int


POSTS = Bounds(in_hand=200, sending=200, aside=0, per_host=2)


def mails(connections: int) -> Bounds:
    """Two in three are there for those who are quick."""
    sending = math.ceil(connections * 2 / 3)
    return Bounds(in_hand=8 * sending, sending=sending, aside=connections - sending, per_host=5)


MAILS = mails(CONNECTIONS)


@dataclass(slots=True)
class Gate:
    """`server`: what all of it goes through, if that is one. `passed_over`: hosts whose messages it refused
    since it is in trouble; others are tried first, since it may be theirs alone that it refuses."""

    bounds: Bounds
    clock: Callable[[], float] = monotonic
    in_hand: int = 0
    begun: int = 0
    passed_over: set[str] = field(default_factory=set)
    hosts: Hosts = field(init=False)
    server: Circuit = field(init=False)

    def __post_init__(self) -> None:
        self.hosts = Hosts(self.bounds.per_host, self.clock)
        self.server = Circuit(self.clock)

    def room(self) -> int:
        """How many to claim now. Claims are few and large as long as there is enough in hand."""
        room = self.bounds.in_hand - self.in_hand
        if self.waiting and room < self.bounds.in_hand // 2:
            return 0
        return self.server.room(room)

    def choice(self) -> Choice:
        narrow = {**self.hosts.narrow(), **dict.fromkeys(self.passed_over, 0)}
        return Choice(self.room(), self.bounds.per_host, narrow)

    def nothing_found(self) -> None:
        """For the last choice: all that waits is for those passed over."""
        self.passed_over.clear()

    @property
    def waiting(self) -> int:
        return self.in_hand - self.begun

    @contextmanager
    def beginning(self) -> Iterator[bool]:
        """While an attempt is made; False: not now, since the server is in trouble."""
        self.begun += 1
        try:
            yield self.server.may_begin
        finally:
            self.begun -= 1

    def enter(self, delivery: Delivery) -> None:
        self.in_hand += 1
        self.hosts.begin(delivery.host)
        self.server.begin()

    def leave(self, delivery: Delivery, outcome: Outcome) -> Outcome:
        """The outcome, or that it did not count: what the server says of every message while it is in trouble
        is not held against any."""
        self.in_hand -= 1
        self.hosts.end(delivery.host, outcome)
        was_open = self.server.is_open
        match outcome:
            case Sent():
                self.server.succeeded()
                self.passed_over.clear()
            case Later(fault=Fault.SERVER | Fault.MESSAGE):
                self.server.failed()
            case _:
                self.server.undecided()
        self._say(was_open, outcome)
        return self._in_trouble(delivery, outcome) if self.server.is_open else outcome

    def _in_trouble(self, delivery: Delivery, outcome: Outcome) -> Outcome:
        match outcome:
            case Later(reason, fault=Fault.SERVER):
                return Untried(reason)
            case Later(fault=Fault.MESSAGE):
                self.passed_over.add(delivery.host)
        return outcome

    def _say(self, was_open: bool, outcome: Outcome) -> None:
        """Once when it begins, once when it ends."""
        if self.server.is_open and not was_open:
            log.error(
                "mails wait: the mail server cannot be reached or refuses us",
                advice="look at SMTP_URL, STATUSPAGES_MAIL_FROM and the mail server's log; mails go out by"
                " themselves once it takes them",
                reason=getattr(outcome, "reason", None),
            )
        if was_open and not self.server.is_open:
            log.info("mails go out again")

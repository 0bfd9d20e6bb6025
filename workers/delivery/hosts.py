"""Bulkheads: how many deliveries a host may have in hand, so that a slow or dead one delays no other."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic

from workers.delivery.circuit import Circuit
from workers.delivery.outcomes import Fault, Later, Outcome, Sent


@dataclass(slots=True)
class Host:
    circuit: Circuit
    in_hand: int = 0

    def room(self, per_host: int) -> int:
        return max(0, min(per_host - self.in_hand, self.circuit.room(per_host)))


@dataclass(frozen=True, slots=True)
class Hosts:
    """`per_host`: how many at a time. Only what differs from a host at rest is remembered."""

    per_host: int
    clock: Callable[[], float] = monotonic
    _known: dict[str, Host] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", defaultdict(lambda: Host(Circuit(self.clock))))

    def narrow(self) -> Mapping[str, int]:
        """The room of each host that has not all of it."""
        return {name: host.room(self.per_host) for name, host in self._known.items()}

    def begin(self, name: str) -> None:
        host = self._known[name]
        host.in_hand += 1
        host.circuit.begin()

    def end(self, name: str, outcome: Outcome) -> None:
        host = self._known[name]
        host.in_hand -= 1
        match outcome:
            case Sent():
                host.circuit.succeeded()
            case Later(fault=Fault.HOST):
                host.circuit.failed()
            case _:
                host.circuit.undecided()
        if host.in_hand == host.circuit.failures == 0:
            del self._known[name]

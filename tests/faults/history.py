"""What the load asked for and what it was answered: the facts that the checker holds against the log."""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID, uuid4


class Outcome(Enum):
    OK = "acknowledged"
    FAIL = "refused by an answer: nothing may have been recorded"
    UNSENT = "never reached a server: nothing may have been recorded"
    UNKNOWN = "no verdict: recorded once, or not at all"


@dataclass(slots=True)
class Attempt:
    """One request. The log names it: its id is the correlation id of its events.

    `changed`: whether the answer said that something was recorded; None when it left that open.
    """

    request_id: UUID = field(default_factory=uuid4)
    outcome: Outcome = Outcome.UNKNOWN
    status: int | None = None
    position: int | None = None
    changed: bool | None = None


@dataclass(slots=True)
class Operation:
    """One thing that a writer wanted: `event` is the type that tells in the log that it happened."""

    kind: str
    event: frozenset[str]
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def answered(self) -> Attempt | None:
        return next((attempt for attempt in self.attempts if attempt.outcome is Outcome.OK), None)


@dataclass(slots=True)
class History:
    operations: list[Operation] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    """Answers that no fault excuses, such as a 500."""

    def begin(self, kind: str, *events: str) -> Operation:
        operation = Operation(kind, frozenset(events))
        self.operations.append(operation)
        return operation

    def count(self) -> Counter[str]:
        """Requests by outcome."""
        return Counter(attempt.outcome.name for op in self.operations for attempt in op.attempts)

    def __str__(self) -> str:
        outcomes = ", ".join(f"{count} {name}" for name, count in sorted(self.count().items()))
        return f"{len(self.operations)} operations ({outcomes})"

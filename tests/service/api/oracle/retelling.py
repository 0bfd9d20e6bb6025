"""What a log says of one component, told again without any incident that was retracted.

It shares no code with the product. The log is taken at its word for who spoke when and of what time; what the
rules make of that is worked out anew:

- The last word said is shown. An incident that lets go without naming the component leaves the worst that the
  other open ones say, else a running window's under_maintenance, else operational.
- A window turns what is operational, and its end what is still under maintenance; nothing else.
- What a retracted incident said was never said. What others said stays; a window that it hid comes to show.
- An end that is told late, without a status, leaves the component from then on what the incidents make of it
  that had spoken by then and are open when it is told, else the windows that run.
- A statement holds until the next one by time. A span that was told afterwards lies over what had been said
  before it; what is said after it, of a time inside it, lies over the span.
- Before the first that is said of it, nothing is known. If an incident speaks of a time before that, it was
  operational from there on, beneath all that is said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from eventstore.events import RecordedEvent

OPERATIONAL, MAINTENANCE = "operational", "under_maintenance"
SEVERITY = [OPERATIONAL, MAINTENANCE, "degraded_performance", "partial_outage", "major_outage"]
REPORTS = "reports"


@dataclass(frozen=True)
class Rules:
    """What a wrong oracle gets wrong, each in its turn, to prove that it would be noticed."""

    retraction: bool = True
    last_word: bool = True
    windows_spare_outages: bool = True
    spans_lie_over: bool = True
    late_ends_borrow: bool = True


RIGHT = Rules()


@dataclass(frozen=True)
class Said:
    """From `start` on, or up to `end`; `order` is that of telling, 0 beneath all."""

    start: datetime
    end: datetime | None
    order: int
    status: str
    incident_id: str | None = None
    reason: str | None = None
    corrected: bool = False


@dataclass
class Word:
    order: int
    since: datetime
    status: str | None


@dataclass
class Hold:
    incident_id: str
    start: datetime
    end: datetime | None = None


@dataclass
class Retelling:
    """`holds`: who held it when, spans of the past included. `words`: the latest of each who spoke."""

    rules: Rules
    said: list[Said] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    words: dict[str, Word] = field(default_factory=dict)
    open: dict[str, str] = field(default_factory=dict)
    windows: set[str] = field(default_factory=set)
    let_go: str | None = None

    @property
    def present(self) -> str:
        word = max(self.words.values(), key=lambda each: each.order)
        return word.status or self.left()

    def left(self, by: datetime | None = None) -> str:
        """What those make of it who had spoken by then, or all."""
        otherwise = MAINTENANCE if self.windows else OPERATIONAL
        spoken = [status for each, status in self.open.items() if by is None or self.words[each].since <= by]
        return max(spoken, key=SEVERITY.index, default=otherwise)

    def tell(self, order: int, event: RecordedEvent) -> None:
        act = getattr(self, f"_{event.type}", None)
        if act is not None:
            act(order, event.data)
        if event.type == "ComponentReleased":
            self.let_go = None if event.data["said"] else event.data["incident_id"]
        elif event.type == "ComponentHeld":
            self.let_go = None

    def _state(self, order: int, data: Any, status: str | None = None, *, corrected: bool = False) -> None:
        self.said.append(
            Said(
                at(data["at"]),
                None,
                order,
                status or data["status"],
                data.get("incident_id"),
                data.get("reason"),
                corrected,
            )
        )

    def _say(self, source: str, order: int, since: str, status: str | None) -> None:
        self.words[source] = Word(order, at(since), status)

    def _ComponentAdded(self, order: int, data: Any) -> None:
        self._state(order, data)
        self._say(REPORTS, 0, data["at"], data["status"])

    def _ComponentStatusChanged(self, order: int, data: Any) -> None:
        self._state(order, data)
        self._say(REPORTS, order, data["at"], data["status"])

    def _ComponentStatusCorrected(self, order: int, data: Any) -> None:
        if data["incident_id"] is None:
            self._state(order, data, corrected=True)
        else:
            self.said.append(Said(at(data["at"]), None, 0, data["status"], corrected=True))

    def _ComponentHeld(self, order: int, data: Any) -> None:
        incident_id = data["incident_id"]
        self._state(order, data)
        self._say(incident_id, order, data["since"], data["status"])
        if incident_id not in self.open:
            self.holds.append(Hold(incident_id, at(data["since"])))
        self.open[incident_id] = data["status"]

    def _ComponentBackfilled(self, order: int, data: Any) -> None:
        incident_id, start, end = data["incident_id"], at(data["start"]), at(data["end"])
        lent = self.let_go == incident_id and self.rules.late_ends_borrow
        status = self.left(start) if lent else data["status"]
        self.said.append(Said(start, end, order, status, incident_id, None, True))
        self.holds.append(Hold(incident_id, start, end))

    def _ComponentReleased(self, order: int, data: Any) -> None:
        """Told late, when others have spoken of a later time, it changes nothing now."""
        incident_id, since = data["incident_id"], at(data["since"])
        del self.open[incident_id]
        next(each for each in self.holds if each.incident_id == incident_id and not each.end).end = since
        others = [word for source, word in self.words.items() if source != incident_id and word.order]
        if any(word.since > since for word in others):
            del self.words[incident_id]
        else:
            said = data["status"] if data["said"] else None
            self._say(incident_id, order, data["since"], said)
        self._state(order, data, self.present)

    def _ComponentWindowEntered(self, order: int, data: Any) -> None:
        window_id = data["maintenance_id"]
        turns = self.present == OPERATIONAL or not self.rules.windows_spare_outages
        self.windows.add(window_id)
        if data["said"] or turns:
            self._state(order, data, MAINTENANCE)
            self._say(window_id, order, data["at"], MAINTENANCE)

    def _ComponentWindowLeft(self, order: int, data: Any) -> None:
        window_id, turns = data["maintenance_id"], self.present == MAINTENANCE
        self.windows.discard(window_id)
        if data["said"] or turns:
            self._say(window_id, order, data["at"], None)
            self._state(order, data, self.present)


def retell(log: Sequence[RecordedEvent], component_id: str, rules: Rules = RIGHT) -> Retelling:
    gone = retracted(log, rules)
    told = Retelling(rules)
    for order, event in enumerate(log, start=1):
        if event.data.get("component_id") == component_id and event.data.get("incident_id") not in gone:
            told.tell(order, event)
    return told


def retracted(log: Iterable[RecordedEvent], rules: Rules) -> set[str]:
    if not rules.retraction:
        return set()
    return {event.data["incident_id"] for event in log if event.type == "IncidentRetracted"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@dataclass(frozen=True)
class Piece:
    """What held from `start` to `end`, and whose word it was."""

    start: datetime
    end: datetime
    said: Said


def pieces(told: Retelling, now: datetime) -> list[Piece]:
    """All that is known, up to now, cut wherever anything begins or ends."""
    known_from = min(each.start for each in told.said if each.end is None)
    times = {time for each in told.said for time in (each.start, each.end) if time is not None}
    edges = [*sorted(time for time in times if known_from <= time < now), now]
    return [Piece(start, end, holding(told.said, start, told.rules)) for start, end in pairwise(edges)]


def holding(said: Sequence[Said], moment: datetime, rules: Rules) -> Said:
    begun = [each for each in said if each.end is None and each.start <= moment]
    if not rules.last_word:
        return min(begun, key=lambda each: (-each.start.timestamp(), each.order))
    last = max(begun, key=lambda each: (each.start, each.order))
    spans = [each for each in said if each.end is not None and each.start <= moment < each.end]
    over = [span for span in spans if span.order > last.order or span.start > last.start]
    if over and rules.spans_lie_over:
        return max(over, key=lambda span: span.order)
    return last

"""A component's events folded as the read models of statistics fold them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from eventstore.events import RecordedEvent
from service.domain.timeline import Overlay, Statement, intervals, timeline
from service.domain.values import ComponentStatus
from service.readmodels.statistics import Present, overlays_of, present_of, statements_of
from workers.projections.folding import Documents, fold
from workers.projections.holds import HOLDS
from workers.projections.statistics import STATISTICS


@dataclass(frozen=True, slots=True)
class Words:
    """What was said of the component, and which incidents held it."""

    component_id: UUID
    said: Documents = field(default_factory=dict)
    holds: Documents = field(default_factory=dict)

    def add(self, events: Iterable[RecordedEvent]) -> None:
        known = list(events)
        fold(STATISTICS, self.said, known)
        fold(HOLDS, self.holds, known)

    def present(self) -> Present | None:
        """None: there was no such component yet, or it was removed."""
        document = self.said.get(str(self.component_id))
        if document is None:
            return None
        present = present_of(self.component_id, document)
        return self._begun(present) if present.told_late else present

    def statements(self) -> list[Statement]:
        """In order of time, with what was said later of the past laid over them."""
        parts = [
            document for document in self.said.values() if document is not None and "changes" in document
        ]
        return timeline(statements_of(parts), self._overlays())

    def held_at(self, moment: datetime) -> tuple[ComponentStatus, datetime] | None:
        """The status that held, and since when. None: nothing is known of that time."""
        found = intervals([each for each in self.statements() if each.at <= moment], None)
        return (found[0].status, found[0].start) if found else None

    def _begun(self, present: Present) -> Present:
        """As Intervals.status_since has it."""
        newest, *_ = intervals(self.statements(), None)
        return replace(present, status_since=newest.start)

    def _overlays(self) -> list[Overlay]:
        found: list[Overlay] = []
        for key, document in self.holds.items():
            if document is not None:
                found += overlays_of(document, UUID(key.partition("/")[2]))
        return found

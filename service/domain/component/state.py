"""What the rules need to know of a component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from service.domain.component.alerts import Alerts, worst
from service.domain.component.details import Details
from service.domain.component.events import ComponentBackfilled, ComponentStatusCorrected
from service.domain.errors import NotFound
from service.domain.values import SEVERITY, ComponentStatus

Key = TypeVar("Key")
Kept = TypeVar("Kept")
Times = Mapping[UUID, tuple[datetime, ...]]
Source = UUID
"""Whose word: an incident's or a window's id, or REPORTS."""
REPORTS: Source = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Word:
    """Said `at`, of the time `since`.

    `status` None: the source let go, and the holds and windows that are left decide. A word that is
    `hidden_by` incidents shows when all of them are taken back.
    """

    order: int
    at: datetime
    status: ComponentStatus | None
    since: datetime
    hidden_by: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Component:
    """`last`: who spoke last. `holds`: what open incidents say. `times`: when incidents spoke.

    `borrowers`: by incident, those to whose late ends it lent a status.

    Its known history begins at `known_since`, or where an incident has `begun` it earlier.
    """

    component_id: UUID
    page_id: UUID
    organisation_id: UUID
    details: Details
    words: Mapping[Source, Word]
    last: Source
    known_since: datetime
    holds: Mapping[UUID, ComponentStatus] = field(default_factory=dict)
    windows: frozenset[UUID] = frozenset()
    times: Times = field(default_factory=dict)
    alerts: Alerts = field(default_factory=dict)
    hidden: Mapping[Source, Word] = field(default_factory=dict)
    begun: Mapping[UUID, datetime] = field(default_factory=dict)
    borrowers: Mapping[UUID, tuple[UUID, ...]] = field(default_factory=dict)
    removed: bool = False
    last_correction: ComponentStatusCorrected | None = None
    last_backfill: ComponentBackfilled | None = None

    @property
    def last_word(self) -> Word:
        return self.words[self.last]

    @property
    def status(self) -> ComponentStatus:
        word = self.last_word
        return word.status if word.status is not None else self.left_to_itself

    @property
    def status_at(self) -> datetime:
        return self.last_word.at

    @property
    def unheld(self) -> ComponentStatus:
        """What firing alerts, else running windows make of it when nobody says anything."""
        calm = ComponentStatus.UNDER_MAINTENANCE if self.windows else ComponentStatus.OPERATIONAL
        return worst(self.alerts) or calm

    @property
    def left_to_itself(self) -> ComponentStatus:
        """The worst that open incidents say; people are believed before alerts and windows."""
        return max(self.holds.values(), key=SEVERITY.__getitem__, default=self.unheld)

    def not_before(self, at: datetime) -> datetime:
        """Clocks of several processes differ a little; what is said now holds from now on all the same."""
        return max(at, self.status_at)

    def held_before(self, moment: datetime) -> "Component":
        """With those holds and alerts alone that began by then."""
        began = {each: status for each, status in self.holds.items() if self.words[each].since <= moment}
        heard = {each: alert for each, alert in self.alerts.items() if alert.at <= moment}
        return replace(self, holds=began, alerts=heard)

    def saying(
        self, source: Source, at: datetime, status: ComponentStatus | None, since: datetime | None = None
    ) -> "Component":
        word = Word(self.last_word.order + 1, at, status, since or at)
        return replace(self, words={**self.words, source: word}, last=source)

    def unsaid(self, source: Source) -> "Component":
        """Without its word; the latest of the others' is uncovered."""
        words = left_out(self.words, source)
        if source != self.last:
            return replace(self, words=words)
        return replace(self, words=words, last=max(words, key=lambda each: words[each].order))

    def hiding(self, status: ComponentStatus) -> tuple[UUID, ...]:
        """The incidents but for whose words it would have this status; none if it would not."""
        by: frozenset[UUID] = frozenset()
        # a hidden word was said after the visible one of the same order
        words = [*self.hidden.items(), *self.words.items()]
        for source, word in sorted(words, key=lambda entry: entry[1].order, reverse=True):
            by |= word.hidden_by if word.status else word.hidden_by | self.holds.keys()
            if (word.status or self.unheld) is status:
                return tuple(sorted(by))
            if word.status is None or source not in self.times:
                return ()
            by |= {source}
        return ()

    def saying_unseen(
        self, window_id: UUID, at: datetime, status: ComponentStatus | None, by: Sequence[UUID]
    ) -> "Component":
        word = Word(self.last_word.order, at, status, at, frozenset(by))
        return replace(self, hidden={**self.hidden, window_id: word}, times=noted(self, by, at))

    def overtaken_at(self, incident_id: UUID, moment: datetime) -> datetime | None:
        """When, after that moment, another source spoke next. That it was added counts for nothing."""
        others = [word for source, word in self.words.items() if source != incident_id and word.order]
        return min((word.since for word in others if word.since > moment), default=None)

    def released(
        self, incident_id: UUID, at: datetime, since: datetime, status: ComponentStatus | None
    ) -> "Component":
        """A release of a time about which others have said something later changes nothing now."""
        free = replace(self, holds=left_out(self.holds, incident_id))
        if self.overtaken_at(incident_id, since) is None:
            return free.saying(incident_id, at, status, since)
        if incident_id == self.last:
            return free.unsaid(incident_id)
        beneath = replace(self.words[incident_id], at=at, status=status, since=since)
        return replace(free, words={**free.words, incident_id: beneath})

    def without(self, incident_id: UUID) -> "Component":
        """As if the incident had said nothing: what it alone hid comes to show."""
        hidden = {
            source: replace(word, hidden_by=word.hidden_by - {incident_id})
            for source, word in self.hidden.items()
        }
        seen = {source: word for source, word in hidden.items() if not word.hidden_by}
        words = {**seen, **left_out(self.words, incident_id), **seen}  # of one order, the first is later
        return replace(
            self,
            words=words,
            last=max(words, key=lambda each: words[each].order),
            holds=left_out(self.holds, incident_id),
            times=left_out(self.times, incident_id),
            hidden={source: word for source, word in hidden.items() if word.hidden_by},
            begun=left_out(self.begun, incident_id),
            borrowers=left_out(self.borrowers, incident_id),
        )


State = Component | None


def existing(state: State) -> Component:
    """Raises NotFound for a component that was never added or has been removed."""
    if state is None or state.removed:
        raise NotFound("There is no such component.")
    return state


def left_out(entries: Mapping[Key, Kept], key: Key) -> dict[Key, Kept]:
    """All but the one."""
    return {each: value for each, value in entries.items() if each != key}


def noted(state: Component, incident_ids: Sequence[UUID], at: datetime) -> Times:
    """With those incidents having spoken at that time, too."""
    return {**state.times, **{each: (*state.times.get(each, ()), at) for each in incident_ids}}

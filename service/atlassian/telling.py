"""What becomes of a page's objects: ids, steps in time, and remarks on what does not fit ours."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from service.atlassian import objects
from service.atlassian.texts import LONGEST_NAME, one_line, shortened
from service.commands.arrival import Step


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that is not as it was. `place`: the file and the JSON pointer in it."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """Where things arrive. `component_ids`: those that it has, by their ids there."""

    page_id: UUID
    organisation_id: UUID
    component_ids: Mapping[str, UUID]

    def id_of(self, kind: str, their_id: str) -> UUID:
        """The same however often it is read."""
        return uuid5(self.page_id, f"{kind}:{their_id}")


@dataclass(slots=True)
class Telling:
    """What is gathered while a page is told."""

    page: Page
    now: datetime
    steps: list[Step] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def remark(self, place: str, text: str) -> None:
        self.remarks.append(Remark(place, text))

    def name(self, place: str, name: str) -> str:
        line = one_line(name)
        if len(line) > LONGEST_NAME:
            self.remark(f"{place}/name", f"Shortened to {LONGEST_NAME} characters: {line}")
        return shortened(line, LONGEST_NAME)

    def here(self, place: str, their_ids: Iterable[str]) -> list[tuple[str, UUID]]:
        """Of components that are named, those that the page has."""
        own = self.page.component_ids
        missing = sorted({each for each in their_ids if each not in own})
        if missing:
            self.remark(place, f"Left out, since the page does not have them: {', '.join(missing)}.")
        return [(each, own[each]) for each in dict.fromkeys(their_ids) if each in own]


def metadata(thing: objects.Notice) -> dict[str, str]:
    """Where it comes from, and its whole name."""
    found = {"atlassian_id": thing.id, "atlassian_name": thing.name[:1000]}
    return found | ({"atlassian_shortlink": thing.shortlink[:1000]} if thing.shortlink else {})


def in_order(updates: Collection[objects.Update]) -> list[int]:
    """Their indexes in the file, the earliest first; of one moment, those further down are earlier."""
    numbered = list(enumerate(updates))
    return [index for index, _ in sorted(numbered, key=lambda each: (each[1].moment, -each[0]))]

"""What became of the files: what was new, what was here before, what is not as it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from service.atlassian.snapshot import Snapshot
from service.atlassian.telling import Remark, Telling


@dataclass(frozen=True, slots=True)
class Outcome:
    """By kind of thing. `remarks`: on what is new."""

    page_id: UUID
    page_is_new: bool
    new: Mapping[str, int]
    known: Mapping[str, int]
    remarks: Sequence[Remark]


def outcome(telling: Telling, snapshot: Snapshot, new: frozenset[UUID]) -> Outcome:
    """`new`: the ids of what was recorded."""
    page_is_new = telling.page.page_id in new
    found = _things(telling, snapshot, new, page_is_new=page_is_new)
    stayed = [place for things in found.values() for place, is_new in things.items() if not is_new]
    return Outcome(
        telling.page.page_id,
        page_is_new,
        {kind: sum(things.values()) for kind, things in found.items()},
        {kind: len(things) - sum(things.values()) for kind, things in found.items()},
        [remark for remark in telling.remarks if not _within(remark.place, stayed)],
    )


def _things(
    telling: Telling, snapshot: Snapshot, new: frozenset[UUID], *, page_is_new: bool
) -> dict[str, dict[str, bool]]:
    """Whether each is new, by kind and place."""
    page, components = telling.page, snapshot.components
    return {
        "components": {place: page_is_new for place, each in components.items() if not each.group},
        "groups": {place: page_is_new for place, each in components.items() if each.group},
        "incidents": {
            place: page.id_of("incident", each.id) in new for place, each in snapshot.incidents.items()
        },
        "maintenances": {
            place: page.id_of("maintenance", each.id) in new for place, each in snapshot.maintenances.items()
        },
    }


def _within(place: str, places: Sequence[str]) -> bool:
    return any(place == each or place.startswith(f"{each}/") for each in places)

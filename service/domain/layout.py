"""Where a page's components stand: the ungrouped first, then the groups, each in order."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Group:
    group_id: UUID
    name: str
    component_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """Every component of the page exactly once."""

    component_ids: tuple[UUID, ...] = ()
    groups: tuple[Group, ...] = ()

    def all_component_ids(self) -> tuple[UUID, ...]:
        """In page order."""
        grouped = (component_id for group in self.groups for component_id in group.component_ids)
        return (*self.component_ids, *grouped)

    def without(self, component_ids: frozenset[UUID]) -> "Layout":
        """The same arrangement with these components taken out."""
        groups = tuple(
            Group(group.group_id, group.name, _leave_out(group.component_ids, component_ids))
            for group in self.groups
        )
        return Layout(_leave_out(self.component_ids, component_ids), groups)


def rearrange(
    current: Layout, ungrouped: tuple[UUID, ...] | None, groups: tuple[Group, ...] | None
) -> Layout:
    """The layout after a list or both have been given anew; the list left out stays, less what moved."""
    if ungrouped is None and groups is None:
        return current
    if groups is None:
        given = ungrouped or ()
        return Layout(given, current.without(frozenset(given)).groups)
    if ungrouped is None:
        moved = frozenset(component_id for group in groups for component_id in group.component_ids)
        return Layout(current.without(moved).component_ids, groups)
    return Layout(ungrouped, groups)


def _leave_out(component_ids: tuple[UUID, ...], leaving: frozenset[UUID]) -> tuple[UUID, ...]:
    return tuple(component_id for component_id in component_ids if component_id not in leaving)

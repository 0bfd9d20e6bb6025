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

    def group(self, group_id: UUID) -> Group | None:
        return next((group for group in self.groups if group.group_id == group_id), None)

    def group_of(self, component_id: UUID) -> UUID | None:
        """None: it is in no group."""
        holding = (group.group_id for group in self.groups if component_id in group.component_ids)
        return next(holding, None)

    def placing(self, component_id: UUID, group_id: UUID | None) -> "Layout":
        """With the component at the end of that group, or of the ungrouped."""
        rest = self.without(frozenset({component_id}))
        group = None if group_id is None else rest.group(group_id)
        if group is None:
            return Layout((*rest.component_ids, component_id), rest.groups)
        return rest.with_group(Group(group.group_id, group.name, (*group.component_ids, component_id)))

    def with_group(self, group: Group) -> "Layout":
        """With the group as it is given, in its place or as the last; what it leaves out is ungrouped."""
        known = self.group(group.group_id)
        left = _leave_out(known.component_ids if known else (), frozenset(group.component_ids))
        rest = self.without(frozenset((*group.component_ids, *left)))
        groups = tuple(group if each.group_id == group.group_id else each for each in rest.groups)
        return Layout((*rest.component_ids, *left), groups if known else (*groups, group))

    def without_group(self, group_id: UUID) -> "Layout":
        """Its components stay, ungrouped."""
        group = self.group(group_id)
        left = group.component_ids if group else ()
        groups = tuple(each for each in self.groups if each.group_id != group_id)
        return Layout((*self.component_ids, *left), groups)


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

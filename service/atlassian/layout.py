"""Their components and groups as ours: the ungrouped first, each list by its positions."""

from collections.abc import Iterator
from datetime import UTC, datetime, time

from service.atlassian import objects
from service.atlassian.snapshot import Snapshot
from service.atlassian.telling import Telling
from service.atlassian.texts import LONGEST_DESCRIPTION, shortened
from service.commands.arrival import Joining, Step
from service.commands.components import ReportComponentStatus
from service.commands.drafts import ComponentDraft
from service.domain.component import COMPONENT, Details
from service.domain.layout import Group, Layout
from service.domain.values import ComponentStatus

FULL_LIST = 50
"""So many of the most recent incidents their API gives; a list this long has lost its earlier ones."""


def layout_of(telling: Telling, snapshot: Snapshot) -> Layout:
    """A component of a group that is not there is ungrouped."""
    groups = [(place, each) for place, each in _in_order(snapshot) if each.group]
    known = {each.id for _, each in groups}

    def members(group_id: str | None) -> Iterator[objects.Component]:
        for _, each in _in_order(snapshot):
            if not each.group and (each.group_id if each.group_id in known else None) == group_id:
                yield each

    own = telling.page.component_ids
    return Layout(
        tuple(own[each.id] for each in members(None)),
        tuple(
            Group(
                telling.page.id_of("group", group.id),
                telling.name(place, group.name),
                tuple(own[each.id] for each in members(group.id)),
            )
            for place, group in groups
        ),
    )


def joining(telling: Telling, snapshot: Snapshot) -> list[Joining]:
    """Each as operational since it is known; what happened then is told by the incidents."""
    complete_since = _complete_since(snapshot)
    return [
        _joining(telling, place, each, complete_since)
        for place, each in _in_order(snapshot)
        if not each.group
    ]


def present(telling: Telling, snapshot: Snapshot) -> list[Step]:
    """The status that each has now, whatever its incidents left it with: the last word."""
    return [
        Step(telling.now, COMPONENT, component_id, place, _report(telling, each))
        for place, each in snapshot.components.items()
        if (component_id := telling.page.component_ids.get(each.id)) is not None
    ]


def _joining(
    telling: Telling, place: str, each: objects.Component, complete_since: datetime | None
) -> Joining:
    description = each.description or ""
    if len(description) > LONGEST_DESCRIPTION:
        telling.remark(f"{place}/description", f"Shortened to {LONGEST_DESCRIPTION} characters.")
    details = Details(
        telling.name(place, each.name),
        shortened(description, LONGEST_DESCRIPTION) or None,
        only_show_if_degraded=each.only_show_if_degraded,
    )
    since = each.created_at
    if each.start_date is not None:
        since = min(datetime.combine(each.start_date, time(), UTC), telling.now)
    if complete_since is not None and since < complete_since:
        since = complete_since
        telling.remark(f"{place}/start_date", f"Its incidents before {since:%Y-%m-%d} are in no file.")
    component_id = telling.page.component_ids[each.id]
    return Joining(ComponentDraft(component_id, details, ComponentStatus.OPERATIONAL, place), since)


def _complete_since(snapshot: Snapshot) -> datetime | None:
    """None: the list of incidents goes back to the page's first."""
    if len(snapshot.incidents) < FULL_LIST:
        return None
    return min(each.started_at or each.created_at for each in snapshot.incidents.values())


def _report(telling: Telling, each: objects.Component) -> ReportComponentStatus:
    component_id, organisation_id = telling.page.component_ids[each.id], telling.page.organisation_id
    return ReportComponentStatus(component_id, organisation_id, each.status, None, None, None, telling.now)


def _in_order(snapshot: Snapshot) -> list[tuple[str, objects.Component]]:
    return sorted(snapshot.components.items(), key=lambda each: each[1].position)

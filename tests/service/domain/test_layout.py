"""Where components stand after a list or both were given anew."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from service.domain.layout import Group, Layout, rearrange

A, B, C, D, E = (UUID(int=i) for i in range(1, 6))
CORE, EDGE = UUID(int=101), UUID(int=102)
CURRENT = Layout((A, B), (Group(CORE, "Core", (C,)), Group(EDGE, "Edge", (D,))))


def test_neither_list_given_changes_nothing() -> None:
    assert rearrange(CURRENT, None, None) == CURRENT


def test_both_lists_given_are_the_whole_layout() -> None:
    groups = (Group(CORE, "Core", (A,)),)
    assert rearrange(CURRENT, (E,), groups) == Layout((E,), groups)


def test_a_new_ungrouped_list_leaves_the_groups_alone() -> None:
    assert rearrange(CURRENT, (B,), None) == Layout((B,), CURRENT.groups)


def test_a_component_listed_as_ungrouped_leaves_its_group() -> None:
    expected = Layout((C, A), (Group(CORE, "Core"), Group(EDGE, "Edge", (D,))))
    assert rearrange(CURRENT, (C, A), None) == expected


def test_a_new_list_of_groups_leaves_the_ungrouped_alone() -> None:
    groups = (Group(EDGE, "Edge", (D,)),)
    assert rearrange(CURRENT, None, groups) == Layout((A, B), groups)


def test_a_component_listed_in_a_group_leaves_the_ungrouped() -> None:
    groups = (Group(CORE, "Core", (C, A)),)
    assert rearrange(CURRENT, None, groups) == Layout((B,), groups)


def test_an_empty_list_empties_its_part_only() -> None:
    assert rearrange(CURRENT, (), None) == Layout((), CURRENT.groups)
    assert rearrange(CURRENT, None, ()) == Layout((A, B), ())


def test_page_order_is_the_ungrouped_and_then_each_group() -> None:
    assert CURRENT.all_component_ids() == (A, B, C, D)


def test_taking_components_out_keeps_the_order_and_the_emptied_group() -> None:
    expected = Layout((B,), (Group(CORE, "Core"), Group(EDGE, "Edge", (D,))))
    assert CURRENT.without(frozenset((A, C))) == expected


@st.composite
def parts(draw: st.DrawFn) -> tuple[tuple[UUID, ...], tuple[Group, ...]]:
    """An ungrouped list and groups that together name no component twice."""
    ids = draw(st.lists(st.sampled_from([UUID(int=i) for i in range(1, 9)]), unique=True))
    places = draw(st.lists(st.integers(0, 3), min_size=len(ids), max_size=len(ids)))
    placed = list(zip(ids, places, strict=True))
    groups = (
        Group(UUID(int=100 + n), f"Group {n}", tuple(i for i, place in placed if place == n))
        for n in (1, 2, 3)
    )
    return tuple(i for i, place in placed if place == 0), tuple(groups)


@given(parts(), st.lists(st.tuples(parts(), st.booleans(), st.booleans())))
def test_however_often_it_is_rearranged_each_component_stands_once(
    start: tuple[tuple[UUID, ...], tuple[Group, ...]],
    changes: list[tuple[tuple[tuple[UUID, ...], tuple[Group, ...]], bool, bool]],
) -> None:
    layout = Layout(*start)
    for (ungrouped, groups), gives_ungrouped, gives_groups in changes:
        layout = rearrange(layout, ungrouped if gives_ungrouped else None, groups if gives_groups else None)
        standing = layout.all_component_ids()
        assert len(standing) == len(set(standing))
        if gives_ungrouped:
            assert layout.component_ids == ungrouped
        if gives_groups:
            assert layout.groups == groups
        assert rearrange(layout, layout.component_ids, layout.groups) == layout


def test_a_component_is_placed_at_the_end_of_its_group_or_of_the_ungrouped() -> None:
    assert CURRENT.placing(A, CORE) == Layout((B,), (Group(CORE, "Core", (C, A)), CURRENT.groups[1]))
    assert CURRENT.placing(C, None) == Layout((A, B, C), (Group(CORE, "Core"), CURRENT.groups[1]))
    assert CURRENT.placing(E, None) == Layout((A, B, E), CURRENT.groups)


def test_what_a_groups_new_list_leaves_out_is_ungrouped() -> None:
    front = Group(UUID(int=103), "Front", (B, C))
    expected = Layout((A,), (Group(CORE, "Core"), CURRENT.groups[1], front))
    assert CURRENT.with_group(front) == expected
    inner = Group(CORE, "Inner", (A,))
    assert CURRENT.with_group(inner) == Layout((B, C), (inner, CURRENT.groups[1]))


def test_a_groups_components_outlive_it() -> None:
    assert CURRENT.without_group(CORE) == Layout((A, B, C), CURRENT.groups[1:])
    assert CURRENT.without_group(A) == CURRENT


@given(parts(), parts())
def test_no_component_is_lost_or_doubled_by_groups_that_come_and_go(
    start: tuple[tuple[UUID, ...], tuple[Group, ...]], other: tuple[tuple[UUID, ...], tuple[Group, ...]]
) -> None:
    layout = Layout(*start)
    known = set(layout.all_component_ids())
    for group in other[1]:
        members = tuple(each for each in group.component_ids if each in known)
        layout = layout.with_group(Group(group.group_id, group.name, members))
        assert layout.group(group.group_id) == Group(group.group_id, group.name, members)
        assert sorted(layout.all_component_ids()) == sorted(known)
    layout = layout.without_group(UUID(int=101))
    assert sorted(layout.all_component_ids()) == sorted(known)

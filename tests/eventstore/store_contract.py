"""What every event store must do. The test modules of the adapters inherit these tests."""

import asyncio
from dataclasses import astuple
from datetime import timedelta
from typing import Any, Protocol
from uuid import uuid4

import pytest

from eventstore.events import (
    ANY,
    EXISTS,
    NEW,
    Append,
    Conflict,
    Context,
    NewEvent,
    RecordedEvent,
    Selected,
    Selection,
    Snapshot,
    StreamWrite,
    Wanted,
)
from eventstore.store import BatchStore, EventStore, Unstorable
from tests.eventstore.making import (
    a_stream,
    about,
    an_append,
    an_append_of,
    appended,
    gapless,
    several,
    some_events,
)


class Store(EventStore, BatchStore, Protocol):
    """Both ports at once."""


class StoreContract:
    @pytest.mark.parametrize(
        ("standing", "expected", "accepted"),
        [
            (0, NEW, True),
            (0, ANY, True),
            (0, EXISTS, False),
            (0, 1, False),
            (2, 2, True),
            (2, ANY, True),
            (2, EXISTS, True),
            (2, NEW, False),
            (2, 1, False),
            (2, 3, False),
        ],
    )
    async def test_every_expected_version_is_enforced(
        self, store: Store, standing: int, expected: int, accepted: bool
    ) -> None:
        stream = a_stream()
        await store.append(an_append(stream, NEW, standing))
        verdict = await store.append(an_append(stream, expected))
        if accepted:
            assert appended(verdict).versions == {stream: standing + 1}
        else:
            assert verdict == Conflict(stream, expected, standing)
        assert len(await store.read_stream(stream)) == standing + accepted

    async def test_positions_follow_on_and_versions_count_from_one(self, store: Store) -> None:
        head, stream = await store.head(), a_stream()
        first = appended(await store.append(an_append(stream, NEW, 2)))
        second = appended(await store.append(an_append(stream, 2, 3)))
        assert (first.first_position, first.last_position) == (head + 1, head + 2)
        assert (second.first_position, second.last_position) == (head + 3, head + 5)
        assert await store.head() == head + 5
        assert gapless(await store.read_log(head, 100), head)
        assert [event.version for event in await store.read_stream(stream)] == [1, 2, 3, 4, 5]

    async def test_a_conflict_is_a_value_and_writes_nothing_and_burns_no_position(self, store: Store) -> None:
        head, stream = await store.head(), a_stream()
        assert await store.append(an_append(stream, 7)) == Conflict(stream, 7, 0)
        assert await store.head() == head
        assert appended(await store.append(an_append(stream, NEW))).first_position == head + 1

    async def test_an_append_is_atomic_over_its_streams(self, store: Store) -> None:
        one, other = a_stream(), a_stream()
        await store.append(an_append(other, NEW))
        writes = StreamWrite(one, NEW, some_events(2)), StreamWrite(other, NEW, some_events(1))
        assert await store.append(several(*writes)) == Conflict(other, NEW, 1)
        assert await store.read_stream(one) == []
        both = StreamWrite(one, NEW, some_events(2)), StreamWrite(other, 1, some_events(1))
        assert appended(await store.append(several(*both))).versions == {one: 2, other: 2}

    async def test_a_write_without_events_only_guards(self, store: Store) -> None:
        guarded, written = a_stream(), a_stream()
        await store.append(an_append(guarded, NEW))
        guard = StreamWrite(guarded, 1)
        verdict = appended(await store.append(several(guard, StreamWrite(written, NEW, some_events(1)))))
        assert verdict.versions == {guarded: 1, written: 1}
        await store.append(an_append(guarded, 1))
        refused = await store.append(several(StreamWrite(written, 1, some_events(1)), guard))
        assert refused == Conflict(guarded, 1, 2)

    async def test_an_append_of_guards_alone_records_nothing(self, store: Store) -> None:
        stream = a_stream()
        await store.append(an_append(stream, NEW))
        head = await store.head()
        verdict = appended(await store.append(several(StreamWrite(stream, 1))))
        assert (verdict.first_position, verdict.last_position) == (head, head)
        assert await store.append(several(StreamWrite(stream, 0))) == Conflict(stream, 0, 1)
        assert await store.head() == head

    async def test_an_append_without_writes_records_nothing(self, store: Store) -> None:
        head = await store.head()
        assert appended(await store.append(several())).last_position == head

    async def test_the_same_command_again_answers_with_the_first_result(self, store: Store) -> None:
        stream, command_id = a_stream(), uuid4()
        first = appended(await store.append(an_append(stream, NEW, 2, command_id)))
        await store.append(an_append(stream, 2))
        again = appended(await store.append(an_append(stream, NEW, 2, command_id)))
        assert again.repeated
        assert not first.repeated
        assert astuple(again)[:3] == astuple(first)[:3]
        assert len(await store.read_stream(stream)) == 3

    async def test_a_repeated_command_that_decided_otherwise_still_gets_the_first_result(
        self, store: Store
    ) -> None:
        stream, command_id = a_stream(), uuid4()
        first = appended(await store.append(an_append(stream, NEW, 2, command_id)))
        again = appended(await store.append(an_append(a_stream(), NEW, 1, command_id)))
        assert astuple(again)[:3] == astuple(first)[:3]

    async def test_a_command_that_met_a_conflict_may_try_again(self, store: Store) -> None:
        stream, command_id = a_stream(), uuid4()
        assert isinstance(await store.append(an_append(stream, 1, 1, command_id)), Conflict)
        assert not appended(await store.append(an_append(stream, NEW, 1, command_id))).repeated

    async def test_what_a_command_recorded_is_found_by_its_id(self, store: Store) -> None:
        one, other, command_id = a_stream(), a_stream(), uuid4()
        writes = StreamWrite(one, NEW, some_events(2)), StreamWrite(other, NEW, some_events(1))
        await store.append(several(*writes, command_id=command_id))
        await store.append(an_append(one))
        found = await store.read_command(command_id)
        assert [(event.stream, event.version) for event in found] == [(one, 1), (one, 2), (other, 1)]
        assert await store.read_command(uuid4()) == []

    async def test_in_a_batch_each_append_has_its_own_verdict_and_sees_the_ones_before(
        self, store: Store
    ) -> None:
        stream, command_id = a_stream(), uuid4()
        first, refused, second, again = await store.append_batch(
            [
                an_append(stream, NEW, 2, command_id),
                an_append(stream, NEW),
                an_append(stream, 2),
                an_append(stream, NEW, 2, command_id),
            ]
        )
        assert refused == Conflict(stream, NEW, 2)
        assert appended(second).first_position == appended(first).last_position + 1
        assert appended(again).repeated
        assert appended(again).last_position == appended(first).last_position
        assert len(await store.read_stream(stream)) == 3

    async def test_events_come_back_as_they_were_recorded(self, store: Store) -> None:
        data: dict[str, Any] = {
            "text": "größer ✓ \U0001f600",
            "numbers": [0, -1, 2**53, 0.5],
            "none": None,
            "deep": {"": []},
        }
        context = Context(uuid4(), "somebody", uuid4(), uuid4(), uuid4(), uuid4())
        stream = a_stream()
        await store.append(Append((StreamWrite(stream, NEW, (NewEvent("Happened", data, 3),)),), context))
        [event] = await store.read_stream(stream)
        assert (event.type, event.schema_version, event.data) == ("Happened", 3, data)
        assert (event.stream, event.version, event.category) == (stream, 1, "thing")
        assert event.actor == "somebody"
        assert event.correlation_id == context.correlation_id
        assert event.causation_id == context.causation_id
        assert event.tenant_id == context.tenant_id
        assert event.subject_id == context.subject_id
        assert event.recorded_at.tzinfo is not None

    async def test_the_log_is_read_in_order_a_page_at_a_time(self, store: Store) -> None:
        head, stream = await store.head(), a_stream()
        await store.append(an_append(stream, NEW, 5))
        assert [e.position for e in await store.read_log(head, 2)] == [head + 1, head + 2]
        assert [e.position for e in await store.read_log(head + 2, 100)] == [head + 3, head + 4, head + 5]
        assert await store.read_log(head + 5, 100) == []

    async def test_a_stream_is_read_whole_or_after_a_version(self, store: Store) -> None:
        stream = a_stream()
        await store.append(an_append(stream, NEW, 2500))
        assert [event.version for event in await store.read_stream(stream)] == list(range(1, 2501))
        assert [event.version for event in await store.read_stream(stream, 2498)] == [2499, 2500]
        assert await store.read_stream(a_stream()) == []

    async def test_a_tenants_events_are_read_without_those_of_others(self, store: Store) -> None:
        tenant, other = uuid4(), uuid4()
        first = appended(await store.append(an_append_of(tenant, count=2))).first_position
        await store.append(an_append_of(other, count=3))
        await store.append(an_append(a_stream()))
        await store.append(an_append_of(tenant, count=2))
        own = [first, first + 1, first + 6, first + 7]
        found = await store.read_selected(Selection(tenant), 0, 100)
        assert [event.position for event in found.events] == own
        assert (found.upto, found.head) == (own[-1], own[-1])
        part = await store.read_selected(Selection(tenant), own[0], 2)
        assert [event.position for event in part.events] == own[1:3]
        assert (part.upto, part.head) == (own[2], own[-1])

    async def test_a_tenants_head_does_not_move_with_those_of_others(self, store: Store) -> None:
        tenant = uuid4()
        assert await store.read_selected(Selection(tenant), 0, 10) == Selected([], 0, 0)
        last = appended(await store.append(an_append_of(tenant))).last_position
        await store.append(an_append_of(uuid4(), count=5))
        assert await store.read_selected(Selection(tenant), last, 10) == Selected([], last, last)
        assert await store.read_selected(Selection(tenant), last + 3, 10) == Selected([], last + 3, last)

    async def test_only_some_types_or_one_subject_are_read_and_the_search_goes_past_the_rest(
        self, store: Store
    ) -> None:
        tenant, subject = uuid4(), uuid4()
        about = appended(await store.append(an_append_of(tenant, subject, 2))).last_position
        rare = appended(await store.append(an_append_of(tenant, None, 1, "Rare"))).last_position
        last = appended(await store.append(an_append_of(tenant, uuid4(), 3))).last_position
        one_type = await store.read_selected(Selection(tenant, types=frozenset({"Rare"})), 0, 10)
        assert ([event.position for event in one_type.events], one_type.upto) == ([rare], last)
        one_subject = await store.read_selected(Selection(tenant, subject), 0, 10)
        assert ([e.position for e in one_subject.events], one_subject.upto) == ([about - 1, about], last)
        both = await store.read_selected(Selection(tenant, subject, frozenset({"Rare"})), 0, 10)
        assert both == Selected([], last, last)
        foreign = await store.read_selected(Selection(uuid4(), subject), 0, 10)
        assert foreign == Selected([], 0, 0)

    async def test_a_search_for_something_rare_comes_to_its_end_step_by_step(self, store: Store) -> None:
        tenant = uuid4()
        for _ in range(2):
            await store.append(an_append_of(tenant, count=3000))
        rare = appended(await store.append(an_append_of(tenant, None, 1, "Rare"))).last_position
        selection = Selection(tenant, types=frozenset({"Rare"}))
        after, found = 0, list[RecordedEvent]()
        while after < rare:
            step = await store.read_selected(selection, after, 10)
            assert step.upto > after
            after, found = step.upto, found + step.events
        assert [event.position for event in found] == [rare]

    async def test_a_subject_belongs_to_the_tenant_of_its_first_event(self, store: Store) -> None:
        tenant, subject = uuid4(), uuid4()
        assert await store.owner(subject) is None
        await store.append(an_append_of(tenant, subject))
        assert await store.owner(subject) == tenant

    async def test_no_more_of_a_stream_is_read_than_is_asked_for(self, store: Store) -> None:
        stream = a_stream()
        await store.append(an_append(stream, NEW, 1200))
        assert [event.version for event in await store.read_stream(stream, 1, 2)] == [2, 3]
        assert len(await store.read_stream(stream, 0, 1100)) == 1100
        assert len(await store.read_stream(stream, 0, 5000)) == 1200

    async def test_the_events_of_one_append_were_recorded_at_one_moment(self, store: Store) -> None:
        one, other = a_stream(), a_stream()
        writes = StreamWrite(one, NEW, some_events(200)), StreamWrite(other, NEW, some_events(200))
        await store.append(several(*writes))
        events = await store.read_stream(one) + await store.read_stream(other)
        assert len({event.recorded_at for event in events}) == 1

    async def test_the_position_at_a_moment_is_the_last_one_about_the_subject(self, store: Store) -> None:
        subject_id = uuid4()
        await store.append(about(subject_id, "somebody", "Happened", "Happened"))
        await store.append(an_append(a_stream()))
        await store.append(about(subject_id, "somebody", "Ended"))
        *_, second, third = await store.read_subject(subject_id, await store.head())
        assert await store.position_at(subject_id, third.recorded_at) == third.position
        assert await store.position_at(subject_id, second.recorded_at) == second.position
        assert await store.position_at(subject_id, second.recorded_at - timedelta(microseconds=1)) == 0
        assert await store.position_at(uuid4(), third.recorded_at) == 0

    async def test_a_subjects_events_are_read_by_type_a_part_at_a_time(self, store: Store) -> None:
        subject_id = uuid4()
        await store.append(about(subject_id, "somebody", "Happened", "Ended", "Happened", "Happened"))
        first, _, third, last = await store.read_subject(subject_id, await store.head())
        span = first.position - 1, last.position
        found = await store.read_subject_part(subject_id, span, ["Happened"], 2)
        assert [event.position for event in found] == [first.position, third.position]
        rest = third.position, last.position
        assert await store.read_subject_part(subject_id, rest, ["Happened", "Ended"], 9) == [last]
        assert await store.read_subject_part(subject_id, (0, first.position), ["Ended"], 9) == []

    async def test_a_subjects_events_are_read_back_by_what_is_wanted(self, store: Store) -> None:
        subject_id = uuid4()
        await store.append(about(subject_id, "somebody", "Happened", "Ended"))
        await store.append(about(subject_id, "another", "Happened"))
        await store.append(about(uuid4(), "somebody", "Happened"))
        first, second, third = await store.read_subject(subject_id, await store.head())
        for wanted, found in [
            (Wanted(), [third, second, first]),
            (Wanted(before=third.position), [second, first]),
            (Wanted(type="Happened"), [third, first]),
            (Wanted(actor="somebody"), [second, first]),
            (Wanted(start=third.recorded_at), [third]),
            (Wanted(end=third.recorded_at), [second, first]),
        ]:
            assert await store.read_subject_back(subject_id, wanted, 9) == found
        assert await store.read_subject_back(subject_id, Wanted(), 1) == [third]

    @pytest.mark.parametrize("value", ["a\u0000b", object()])
    async def test_what_cannot_be_stored_is_refused_and_its_neighbours_are_not(
        self, store: Store, value: object
    ) -> None:
        good, bad = a_stream(), a_stream()
        spoiled = several(StreamWrite(bad, NEW, (NewEvent("Happened", {"value": value}),)))
        answers = await asyncio.gather(
            *(store.append(append) for append in [an_append(good), spoiled, an_append(good)]),
            return_exceptions=True,
        )
        assert isinstance(answers[1], Unstorable)
        assert await store.read_stream(bad) == []
        assert len(await store.read_stream(good)) == 2

    async def test_concurrent_writers_of_one_version_have_one_winner(self, store: Store) -> None:
        stream = a_stream()
        verdicts = await asyncio.gather(*(store.append(an_append(stream, NEW)) for _ in range(20)))
        assert sum(isinstance(verdict, Conflict) for verdict in verdicts) == 19
        assert len(await store.read_stream(stream)) == 1

    async def test_the_newest_snapshot_of_a_fold_is_kept(self, store: Store) -> None:
        stream, another = a_stream(), a_stream()
        assert await store.read_snapshot(stream) is None
        first, second = Snapshot(3, 1, {"a": [1, None]}), Snapshot(7, 1, {"a": []})
        for snapshot in (first, second, first):
            await store.keep_snapshot(stream, snapshot)
        assert await store.read_snapshot(stream) == second
        assert await store.read_snapshot(another) is None

    async def test_a_snapshot_of_another_fold_takes_the_place_of_a_newer_one(self, store: Store) -> None:
        stream, snapshot = a_stream(), Snapshot(3, 2, "small")
        await store.keep_snapshot(stream, Snapshot(7, 1, "large"))
        await store.keep_snapshot(stream, snapshot)
        assert await store.read_snapshot(stream) == snapshot

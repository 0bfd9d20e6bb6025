"""Random histories against a store and against a model of dicts; the two must never differ."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from eventstore.events import ANY, EXISTS, Append, Appended, Conflict, StreamWrite, Verdict
from tests.eventstore.making import several, some_events
from tests.eventstore.store_contract import Store

SETTINGS = settings(
    max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
NAMES = ("a", "b", "c")
# (name, what is expected: a special value, or how far off the true version, how many events)
WRITES = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from([ANY, EXISTS, 0, 0, 0, 1]), st.integers(0, 3)),
    max_size=3,
    unique_by=lambda write: write[0],
)


class Model:
    """What the log must hold, without a database."""

    def __init__(self) -> None:
        self.log: list[tuple[str, int]] = []
        self.results: dict[UUID, tuple[int, int]] = {}

    def version(self, stream: str) -> int:
        return sum(name == stream for name, _ in self.log)

    def apply(self, append: Append) -> tuple[int, int] | str:
        """(first, last position) counted from 1, or the stream in conflict."""
        if append.context.command_id in self.results:
            return self.results[append.context.command_id]
        for write in append.writes:
            version = self.version(write.stream)
            if write.expected not in (ANY, version) and not (write.expected == EXISTS and version):
                return write.stream
        before = len(self.log)
        for write in append.writes:
            self.log += [
                (write.stream, self.version(write.stream) + i) for i, _ in enumerate(write.events, 1)
            ]
        result = (min(before + 1, len(self.log)), len(self.log))
        if len(self.log) > before:
            self.results[append.context.command_id] = result
        return result


def run_random_histories(opened: Callable[[], AbstractAsyncContextManager[Store]]) -> None:
    run_state_machine_as_test(lambda: StoreMachine(opened()), settings=SETTINGS)  # type: ignore[arg-type]


class StoreMachine(RuleBasedStateMachine):
    def __init__(self, opened: AbstractAsyncContextManager[Store]) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._opened = opened
        self._store = self._runner.run(opened.__aenter__())
        self._base = self._runner.run(self._store.head())
        self._prefix = f"{uuid4()}-"
        self._model = Model()
        self._seen: list[Append] = []

    def teardown(self) -> None:
        self._runner.run(self._opened.__aexit__(None, None, None))
        self._runner.close()

    @rule(batch=st.lists(WRITES, min_size=1, max_size=4), together=st.booleans())
    def append(self, batch: list[list[tuple[str, int, int]]], together: bool) -> None:
        if together:
            self._record([self._append(writes) for writes in batch])
        else:
            for writes in batch:
                self._record([self._append(writes)])

    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        if self._seen:
            self._record([data.draw(st.sampled_from(self._seen))])

    @invariant()
    def the_log_is_the_model(self) -> None:
        events = self._runner.run(self._store.read_log(self._base, 10_000))
        assert [event.position for event in events] == [
            self._base + number for number in range(1, len(self._model.log) + 1)
        ]
        assert [(event.stream, event.version) for event in events] == self._model.log

    def _append(self, writes: Sequence[tuple[str, int, int]]) -> Append:
        return several(*(self._write(*write) for write in writes))

    def _write(self, name: str, meaning: int, count: int) -> StreamWrite:
        stream = self._prefix + name
        expected = meaning if meaning < 0 else self._model.version(stream) + meaning
        return StreamWrite(stream, expected, some_events(count))

    def _record(self, batch: list[Append]) -> None:
        expected = [self._model.apply(append) for append in batch]
        verdicts = self._runner.run(self._store.append_batch(batch))
        assert [self._plain(verdict) for verdict in verdicts] == expected
        self._seen += batch

    def _plain(self, verdict: Verdict) -> Any:
        match verdict:
            case Conflict(stream=stream):
                return stream
            case Appended(first_position=first, last_position=last):
                return first - self._base, last - self._base

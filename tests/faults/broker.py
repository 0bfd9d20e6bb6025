"""A RabbitMQ node of the test's own that can be stopped and started with its data."""

from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.environment.rabbitmq import (
    START_SECONDS,
    NoBroker,
    answers,
    child,
    free_ports,
    node_environment,
    server_here,
)
from tests.environment.waiting import eventually


class OwnBroker:
    """As a context manager; entering raises NoBroker where there is no local RabbitMQ to start."""

    def __init__(self, folder: Path) -> None:
        port, distribution_port, self._mapper_port = free_ports(3)
        self.url = f"amqp://guest:guest@127.0.0.1:{port}/"
        self._environment = node_environment(folder, port, distribution_port, self._mapper_port)
        self._script = ""
        self._mapper = ExitStack()
        self._node: AbstractContextManager[None] | None = None

    async def __aenter__(self) -> Self:
        self._script = _server()
        self._mapper.enter_context(child(["epmd", "-port", str(self._mapper_port)], self._environment))
        with ExitStack() as undo:
            undo.callback(self._end)
            await self.start()
            undo.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    async def start(self) -> None:
        """Returns when it answers."""
        self._node = child([self._script], self._environment)
        self._node.__enter__()
        await eventually(lambda: answers(self.url), START_SECONDS, "RabbitMQ answering")

    def stop(self) -> None:
        """SIGTERM to the node's process group; returns when it is gone."""
        node, self._node = self._node, None
        if node is not None:
            node.__exit__(None, None, None)

    def _end(self) -> None:
        self.stop()
        self._mapper.close()


def _server() -> str:
    script = server_here()
    if script is None:
        raise NoBroker("These tests stop and start a RabbitMQ of their own: install rabbitmq-server.")
    return script

"""`statuspages dead-letters`: messages that RabbitMQ put aside."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from cyclopts import App

from eventstore.bus.dead_letters import DeadLetter, DeadLetters
from eventstore.bus.protocol import BusUnavailable
from service.cli.running import CommandFailed, load_settings, run, show
from service.timestamps import text

dead_letters = App(
    name="dead-letters",
    help="""See what RabbitMQ put aside, with the reason; put it back or throw it away.

    A copy of an event becomes a dead letter when a consumer rejects it (`rejected`: it is no event), when it
    was handed out too often (`delivery_limit`), or when its queue is full (`maxlen`). Nothing is lost by it:
    consumers take events from the log, and a copy is a hint. Deliveries to subscribers are no dead letters;
    `statuspages deliveries list --state parked` has those that were given up. Needs AMQP_URL.
    """,
)
COLUMNS = "{:<16} {:<36} {:>5}  {:<24} {:<28} {}"
HEAD = COLUMNS.format("reason", "queue", "times", "died", "event", "position or bytes")
Result = TypeVar("Result")


@dead_letters.command(name="list")
def list_(*, limit: int = 50, json: bool = False) -> None:
    """List dead letters, the oldest first, each with its reason and the queue it was in.

    Parameters
    ----------
    limit
        At most so many.
    json
        Print one JSON object: {"dead_letters": [...]}.
    """
    shown = [_shown(letter) for letter in _do(lambda letters: letters.list(limit))]
    show({"dead_letters": shown}, list_text(shown), as_json=json)


@dead_letters.command
def replay(*, json: bool = False) -> None:
    """Put those that are there now back into the queues they were in.

    What cannot be read will come back. Exit status 1 if some stay, because their queue is gone.

    Parameters
    ----------
    json
        Print one JSON object: {"replayed": ..., "left_alone": ...}.
    """
    replayed, left = _do(DeadLetters.replay)
    words = f"Replayed: {replayed:,}." + (f" Left alone: {left:,}, whose queue is gone." if left else "")
    show({"replayed": replayed, "left_alone": left}, words, as_json=json)
    if left:
        raise SystemExit(1)


@dead_letters.command
def drop(*, json: bool = False) -> None:
    """Throw all dead letters away.

    Parameters
    ----------
    json
        Print one JSON object: {"dropped": ...}.
    """
    dropped = _do(DeadLetters.drop)
    show({"dropped": dropped}, f"Dropped: {dropped:,}.", as_json=json)


def _do(work: Callable[[DeadLetters], Awaitable[Result]]) -> Result:
    """Raises CommandFailed."""
    url = load_settings().amqp_url
    if url is None:
        raise CommandFailed("Set AMQP_URL: without RabbitMQ there are no dead letters.")

    async def go() -> Result:
        return await work(DeadLetters(url))

    try:
        return run(go())
    except BusUnavailable as error:
        raise CommandFailed(f"RabbitMQ is out of reach ({error}): is it up, and AMQP_URL right?") from None


def _shown(letter: DeadLetter) -> dict[str, Any]:
    event = letter.event
    return {
        "reason": letter.reason,
        "queue": letter.queue,
        "times": letter.count,
        "died_at": None if letter.died_at is None else text(letter.died_at),
        "type": None if event is None else event.type,
        "position": None if event is None else event.position,
        "bytes": letter.size,
    }


def list_text(shown: Sequence[dict[str, Any]]) -> str:
    return "\n".join([HEAD, *map(_line, shown)]) if shown else "There are none."


def _line(shown: dict[str, Any]) -> str:
    place = shown["position"] or f"{shown['bytes']} bytes"
    reason, queue = shown["reason"] or "unknown", shown["queue"] or "-"
    type_ = shown["type"] or "no event"
    return COLUMNS.format(reason, queue, shown["times"], shown["died_at"] or "-", type_, place)

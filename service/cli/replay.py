"""`statuspages replay`: read models, built anew from the log."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import NoReturn

from cyclopts import App

from eventstore.checkpoints import CheckpointMoved
from service.cli.replay_progress import reported
from service.cli.replay_report import list_text, outcome_json, outcome_text, status_text
from service.cli.running import CommandFailed, load_settings, run, show, with_database
from service.wiring.core import Core, open_core
from service.wiring.schema import prepare_database
from workers.replay.finishing import Outcome
from workers.replay.overview import Entry, overview
from workers.replay.refusals import ReplayRefused
from workers.replay.replay import BATCH, Pace, Replay

replay = App(
    name="replay",
    help="""Build read models anew from the log, beside the live ones, while everything runs.

    A rebuild makes the next generation of a projection, compares it with the live one and swaps: readers and
    workers go on without a gap. One that was killed goes on where it stopped. Policies are never replayed.
    """,
)
LONGEST_STATEMENT = 3600.0
"""Seconds: an index or a comparison of a large read model takes its time."""


@replay.command(name="list")
def list_(*, json: bool = False) -> None:
    """List the generations of every projection: which is live, how far each is, which are out of date.

    Parameters
    ----------
    json
        Print one JSON object: {"generations": [...]}.
    """
    found = run(_overview())
    show({"generations": [asdict(entry) for entry in found]}, list_text(found), as_json=json)


@replay.command
def status(*, watch: bool = False, json: bool = False) -> None:
    """Show how far the live read models are, and what is being built.

    Parameters
    ----------
    watch
        Show it again every second, until Ctrl-C.
    json
        Print one JSON object a look: {"generations": [...]}.
    """
    run(_status(watch=watch, as_json=json))


@replay.command
def rebuild(
    name: str,
    *,
    batch: int = BATCH,
    max_rate: float | None = None,
    anew: bool = False,
    swap: bool = True,
    accept_differences: bool = False,
    json: bool = False,
) -> None:
    """Build a projection anew, compare it with the live one, and let readers see the new one.

    Run it again after an interruption: it goes on. Without a difference it swaps; with one it prints what
    differs, leaves the live one as it is and exits with status 1.

    Parameters
    ----------
    name
        The projection; a wrong name lists those there are.
    batch
        Events read at once.
    max_rate
        Events a second at most, to leave the database to others.
    anew
        Throw away what an earlier run has begun.
    swap
        Without: build and compare only; `replay swap` does the rest.
    accept_differences
        Swap although the two differ: a release that folds differently should give something else.
    json
        Print one JSON object with what was done.
    """
    pace = Pace(batch, max_rate)
    _do(
        lambda replay: replay.rebuild(
            name, pace, anew=anew, swaps=swap, accept_differences=accept_differences
        ),
        accept_differences=accept_differences,
        as_json=json,
    )


@replay.command
def verify(name: str, *, batch: int = BATCH, max_rate: float | None = None, json: bool = False) -> None:
    """Build a projection anew only to compare it with the live one; exit status 1 if they differ.

    Parameters
    ----------
    name
        The projection.
    batch
        Events read at once.
    max_rate
        Events a second at most.
    json
        Print one JSON object with the comparison.
    """
    _do(lambda replay: replay.verify(name, Pace(batch, max_rate)), as_json=json)


@replay.command
def swap(name: str, *, accept_differences: bool = False, json: bool = False) -> None:
    """Let readers see what `rebuild --no-swap` has built, after another comparison.

    Parameters
    ----------
    name
        The projection.
    accept_differences
        Swap although the two differ.
    json
        Print one JSON object with what was done.
    """
    _do(
        lambda replay: replay.swap(name, accept_differences=accept_differences),
        accept_differences=accept_differences,
        as_json=json,
    )


@replay.command
def rollback(name: str, *, json: bool = False) -> None:
    """Go back to the generation that was live before, caught up with the log.

    Parameters
    ----------
    name
        The projection.
    json
        Print one JSON object with what was done.
    """
    _do(lambda replay: replay.rollback(name), as_json=json)


def _do(
    work: Callable[[Replay], Awaitable[Outcome]], *, as_json: bool, accept_differences: bool = False
) -> None:
    """Exit status 1 when there is a difference that was not accepted."""

    async def go() -> Outcome:
        async with _opened() as core:
            with reported() as progress:
                return await work(Replay(core.pool, core.codec, core.leases, progress))

    started = time.monotonic()
    try:
        outcome = run(go())
    except (ReplayRefused, CheckpointMoved) as refusal:
        _fail(refusal)
    seconds = time.monotonic() - started
    show(outcome_json(outcome, seconds), outcome_text(outcome, seconds), as_json=as_json)
    if outcome.differs and not accept_differences:
        raise SystemExit(1)


def _fail(refusal: Exception) -> NoReturn:
    if isinstance(refusal, CheckpointMoved):
        raise CommandFailed(f"Another replay interfered ({refusal}); run this again.") from None
    raise CommandFailed(str(refusal)) from None


async def _overview() -> list[Entry]:
    async with _opened() as core:
        return await overview(core.pool)


async def _status(*, watch: bool, as_json: bool) -> None:
    async with _opened() as core:
        while True:
            found = await overview(core.pool)
            show({"generations": [asdict(entry) for entry in found]}, status_text(found), as_json=as_json)
            if not watch:
                return
            await asyncio.sleep(1)


@asynccontextmanager
async def _opened() -> AsyncIterator[Core]:
    async with with_database(load_settings()) as ready:
        await prepare_database(ready.database_url or "")
        async with open_core(ready, "statuspages replay", LONGEST_STATEMENT) as core:
            yield core

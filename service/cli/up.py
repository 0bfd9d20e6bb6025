"""`statuspages up`: the whole product on one machine, in one command."""

import asyncio
import fcntl
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.cli.running import CommandFailed, load_settings, run, stop_on_signals, with_database
from service.cli.up_report import announce, remove_report, write_report
from service.config import Settings, generated_secret_key
from service.wiring.single import Running, open_single


def up(
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    data_dir: Path | None = None,
    demo: bool = True,
    processes: int = 1,
) -> None:
    """Run everything on this machine: PostgreSQL, API, workers, and a demo page.

    The first start makes the data directory, the second one keeps what is in it. DATABASE_URL and AMQP_URL
    put it on servers of your own; without SMTP_URL mails are caught and shown on a page. Ctrl-C stops it.

    Parameters
    ----------
    host
        Address to listen on.
    port
        Port to listen on; 0 takes a free one.
    data_dir
        Where everything is kept; STATUSPAGES_DATA_DIR, else .statuspages.
    demo
        Make a demo organisation with a page and a token at the first start.
    processes
        How many API processes share the port.
    """
    run(_up(load_settings(data_dir), host, port, demo=demo, processes=processes))


async def _up(settings: Settings, host: str, port: int, *, demo: bool, processes: int) -> None:
    stop = stop_on_signals()
    port = port or _free_port(host)
    with _alone(settings.data_dir):
        async with (
            with_database(_completed(settings, host, port)) as ready,
            open_single(ready, host, port, demo=demo, processes=processes) as running,
        ):
            write_report(settings.data_dir, running)
            try:
                announce(running)
                await _until_stopped(stop, running)
            finally:
                remove_report(settings.data_dir)


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """One `up` a data directory, however the last one ended. Raises CommandFailed."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandFailed(f"Another `statuspages up` runs on {data_dir}; stop it first.") from None
        yield


def _free_port(host: str) -> int:
    with socket.create_server((host, 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


async def _until_stopped(stop: asyncio.Event, running: Running) -> None:
    """Until a signal asks for it, or the background fails for good."""
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({waiting, running.background}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if running.background.done():
        running.background.result()


def _completed(settings: Settings, host: str, port: int) -> Settings:
    """What `up` knows without being told: its own address and a secret key of the data directory."""
    changes: dict[str, object] = {}
    if settings.secret_key is None:
        changes["secret_key"] = generated_secret_key(settings.data_dir)
    if "base_url" not in settings.model_fields_set:
        changes["base_url"] = f"http://{host}:{port}"
    return settings.model_copy(update=changes)

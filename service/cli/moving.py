"""`statuspages export` and `import`: a deployment as one file, and back."""

import gzip as compression
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, FileIO
from pathlib import Path
from typing import IO, Annotated

from cyclopts import Parameter

from eventstore.moving.outgoing import Exported
from eventstore.moving.seals import Write
from service.cli.replay_progress import reported
from service.cli.running import load_settings, run, show, with_database
from service.config import Settings, present_secret_key
from service.wiring.moving import export_database, import_database
from service.wiring.schema import prepare_database

STANDARD = "-"
File = Annotated[str, Parameter(allow_leading_hyphen=True)]
GZIP_MAGIC = b"\x1f\x8b"


def export(file: File, *, gzip: bool = False, with_secrets: bool = True, json: bool = False) -> None:
    """Write everything into one file: the log with its positions and times, and what is kept beside it.

    It shows one moment, however much is written meanwhile. The file holds addresses of subscribers and hashes
    of tokens and passwords: it can be read by its owner alone, so keep it as you keep the database.
    To move, stop the old deployment first: what is due after the export would be sent by both.

    Parameters
    ----------
    file
        Where to; `-` is standard output. A file that exists is replaced when the new one is complete.
    gzip
        Compress it; so is a FILE that ends with `.gz`.
    with_secrets
        Without: no addresses, no hashes, no kept answers. Tokens and passwords then open nothing where it is
        imported.
    json
        Print one JSON object with what was written, on standard error if FILE is `-`.
    """
    started = time.monotonic()
    with _output(file, compressed=gzip or file.endswith(".gz")) as write:
        exported = run(_export(load_settings(), write, secrets=with_secrets))
    _report("Exported", exported, time.monotonic() - started, as_json=json, aside=file == STANDARD)


def import_(file: File, *, accept_other_key: bool = False, json: bool = False) -> None:
    """Read an export into an empty database: all of it, or nothing if it is damaged.

    Positions, times and ids stay, so links, tokens and passwords go on working, and nothing that was sent is
    sent again. Set the STATUSPAGES_SECRET_KEY of the old deployment, and its STATUSPAGES_BASE_URL if answers
    are to be the same. Workers then build the read models from the log. On a data directory, go on with
    `statuspages up --no-demo`.

    Parameters
    ----------
    file
        Where from, compressed or not; `-` is standard input.
    accept_other_key
        Import although STATUSPAGES_SECRET_KEY is not the one of the old deployment.
    json
        Print one JSON object with what was read.
    """
    started = time.monotonic()
    with _input(file) as lines:
        imported = run(_import(load_settings(), lines, other_key=accept_other_key))
    _report("Imported", imported, time.monotonic() - started, as_json=json)


async def _export(settings: Settings, write: Write, *, secrets: bool) -> Exported:
    key = present_secret_key(settings)
    async with with_database(settings) as ready:
        dsn = ready.database_url or ""
        await prepare_database(dsn)
        with reported() as progress:
            return await export_database(dsn, write, key, progress, secrets=secrets)


async def _import(settings: Settings, lines: Iterator[bytes], *, other_key: bool) -> Exported:
    key = present_secret_key(settings)
    async with with_database(settings) as ready:
        with reported() as progress:
            return await import_database(ready.database_url or "", lines, key, progress, other_key=other_key)


@contextmanager
def _output(file: str, *, compressed: bool) -> Iterator[Write]:
    if file == STANDARD:
        with _maybe_compressed(sys.stdout.buffer, compressed=compressed) as output:
            yield output
        return
    partial = Path(f"{file}.part")
    partial.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
            with _maybe_compressed(raw, compressed=compressed) as output:
                yield output
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _maybe_compressed(raw: IO[bytes], *, compressed: bool) -> Iterator[Write]:
    if not compressed:
        yield raw.write
        raw.flush()
        return
    with compression.GzipFile(fileobj=raw, mode="wb") as output:
        yield output.write


@contextmanager
def _input(file: str) -> Iterator[Iterator[bytes]]:
    with BufferedReader(FileIO(sys.stdin.fileno() if file == STANDARD else file)) as raw:
        if raw.peek(2)[:2] == GZIP_MAGIC:
            yield iter(compression.GzipFile(fileobj=raw, mode="rb"))
        else:
            yield iter(raw)


def _report(did: str, what: Exported, seconds: float, *, as_json: bool, aside: bool = False) -> None:
    """`aside`: standard output has the file already."""
    header = what.header
    result = {
        "head": header.head,
        "rows": {part.table: part.rows for part in header.parts},
        "exported_at": header.exported_at,
        "sha256": what.sha256,
        "seconds": round(seconds, 3),
    }
    beside = header.rows - header.head
    text = (
        f"{did} {header.head:,} events and {beside:,} rows beside them in {seconds:.1f} s."
        f" SHA-256 {what.sha256}, as of {header.exported_at}."
    )
    show(result, text, as_json=as_json, to=sys.stderr if aside else sys.stdout)

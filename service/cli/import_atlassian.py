"""`statuspages import-atlassian`: a page of Atlassian Statuspage, from the files of its public API."""

import secrets
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from service.atlassian.moving_in import Destination, move_in
from service.atlassian.outcome import Outcome
from service.atlassian.snapshot import find, read
from service.cli.administering import administration
from service.cli.running import CommandFailed, load_settings, run, show
from service.domain.errors import Invalid

LINE = "{:<14} {:>6} {:>10}"


def import_atlassian(*paths: Path, organisation: UUID, subdomain: str, json: bool = False) -> None:
    """Make a page of an Atlassian Statuspage page: components, incidents with updates, maintenances.

    Save the files of its public API first, in a folder:

        for f in summary components incidents scheduled-maintenances; do
          curl -fsSo $f.json https://YOUR.PAGE/api/v2/$f.json; done

    Everything arrives at its own time in one step, or nothing if a place in the files does not fit. Nobody is
    notified. Run it again with later files to add incidents and maintenances that are new; what is here
    already stays as it is. Their API gives the 50 most recent incidents and maintenances, and no subscribers.

    Parameters
    ----------
    paths
        The files, or the folder with them.
    organisation
        Whose page it becomes; see `statuspages org list`.
    subdomain
        Where the page will be.
    json
        Print one JSON object with what was new, what was known, and every remark.
    """
    if not paths:
        raise CommandFailed(
            "Name the files, or the folder with them; see statuspages import-atlassian --help."
        )
    outcome = run(_import(paths, organisation, subdomain))
    show(_json(outcome), "\n".join(_lines(outcome)), as_json=json)


async def _import(paths: tuple[Path, ...], organisation_id: UUID, subdomain: str) -> Outcome:
    try:
        snapshot = read({path.name: path.read_bytes() for path in find(paths)})
        to = Destination(organisation_id, subdomain, secrets.token_hex(16))
        async with administration(load_settings()) as core:
            return await move_in(core.commands, snapshot, to, core.clock())
    except Invalid as refusal:
        places = "".join(f"\n  {fault.pointer}: {fault.message}" for fault in refusal.faults)
        raise CommandFailed(f"Nothing was imported. These places do not fit:{places}") from None


def _json(outcome: Outcome) -> dict[str, Any]:
    return {
        "statuspage_id": str(outcome.page_id),
        "page_is_new": outcome.page_is_new,
        "new": outcome.new,
        "known": outcome.known,
        "remarks": [asdict(remark) for remark in outcome.remarks],
    }


def _lines(outcome: Outcome) -> Iterator[str]:
    yield f"{'Created' if outcome.page_is_new else 'Added to'} the page {outcome.page_id}."
    yield LINE.format("", "new", "here before")
    for kind, count in outcome.new.items():
        yield LINE.format(kind, count, outcome.known[kind])
    if not outcome.page_is_new and not any(outcome.new.values()):
        yield "Everything was here already: nothing was imported twice."
    if outcome.remarks:
        yield f"{len(outcome.remarks)} remarks on what is not as it was:"
    for remark in outcome.remarks:
        yield f"  {remark.place}: {remark.text}"

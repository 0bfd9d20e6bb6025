"""`statuspages org`: organisations."""

from typing import Any

from cyclopts import App

from service.cli.administering import administration
from service.cli.running import load_settings, run, show
from service.readmodels.organisations import Organisations

org = App(name="org", help="Create and list organisations.")


@org.command
def create(name: str, *, json: bool = False) -> None:
    """Create an organisation.

    Parameters
    ----------
    name
        What it is called.
    json
        Print one JSON object: {"organisation_id": ...}.
    """

    async def work() -> str:
        async with administration(load_settings()) as core:
            return str(await core.administration.create_organisation(name))

    organisation_id = run(work())
    text = (
        f"Created {name}: {organisation_id}\nNext: statuspages token create --organisation {organisation_id}"
    )
    show({"organisation_id": organisation_id}, text, as_json=json)


@org.command(name="list")
def list_(*, json: bool = False) -> None:
    """List organisations.

    Parameters
    ----------
    json
        Print one JSON object: {"organisations": [...]}.
    """

    async def work() -> list[dict[str, Any]]:
        async with administration(load_settings()) as core:
            return await Organisations(core.pool).list()

    found = run(work())
    text = "\n".join(f"{entry['id']}  {entry['name']}" for entry in found) or "There are none yet."
    show({"organisations": found}, text, as_json=json)

"""`statuspages migrate`: bring the database's schema up to date."""

from service.cli.running import load_settings, run, show, with_database
from service.config import Settings
from service.wiring.schema import prepare_database


def migrate(*, json: bool = False) -> None:
    """Apply the migrations that the database lacks. Safe to run at any time, by several at once.

    Parameters
    ----------
    json
        Print one JSON object: {"applied": [...]}.
    """
    applied = run(_migrate(load_settings()))
    text = f"Applied: {', '.join(applied)}." if applied else "The schema is up to date."
    show({"applied": applied}, text, as_json=json)


async def _migrate(settings: Settings) -> list[str]:
    async with with_database(settings) as ready:
        return await prepare_database(ready.database_url or "")

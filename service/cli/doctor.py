"""`statuspages doctor`: is the data sound, and does everything keep up?"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from service.cli.running import load_settings, run, show, with_database
from service.config import Settings
from service.wiring.core import open_core
from service.wiring.workers import open_bus
from workers.doctor.examine import examine
from workers.doctor.finding import Finding

LONGEST_STATEMENT = 3600.0
"""Seconds: it reads the whole log."""


def doctor(*, json: bool = False) -> None:
    """Look for damage and for what stands still; every line that is not ok says what to do.

    It looks at the log (positions, versions, types), migrations, checkpoints, leases, deliveries and the
    broker, and changes nothing. Exit status 1 if something is wrong.

    Parameters
    ----------
    json
        Print one JSON object: {"ok": ..., "findings": [...]}.
    """
    findings = run(_examine(load_settings()))
    show(_json(findings), "\n".join(_line(each) for each in findings), as_json=json)
    if not all(each.well for each in findings):
        raise SystemExit(1)


async def _examine(settings: Settings) -> list[Finding]:
    async with (
        with_database(settings) as ready,
        open_core(ready, "statuspages doctor", LONGEST_STATEMENT) as core,
        open_bus(core) as bus,
    ):
        reach: Callable[[], Awaitable[None]] | None = None
        if ready.amqp_url is not None:

            async def reach() -> None:
                await bus.publish([])

        return await examine(core.pool, [known.name for known in core.codec.types], reach)


def _json(findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "ok": all(each.well for each in findings),
        "findings": [
            {"subject": each.subject, "ok": each.well, "text": each.text, "advice": each.advice or None}
            for each in findings
        ],
    }


def _line(finding: Finding) -> str:
    if finding.well:
        return f"ok     {finding.subject}: {finding.text}"
    return f"WRONG  {finding.subject}: {finding.text}\n       -> {finding.advice}"

"""What a replay did and what there is, for people and as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import orjson

from workers.replay.compare import Comparison
from workers.replay.finishing import Outcome
from workers.replay.overview import Entry

COLUMNS = "{:<16} {:>5} {:<9} {:>5} {:>12} {:>10}  {}"
SHORT = 60


def outcome_json(outcome: Outcome, seconds: float) -> dict[str, Any]:
    comparison = outcome.comparison
    return {
        "projection": outcome.generation.projection.name,
        "generation": outcome.generation.number,
        "position": outcome.position,
        "folded": outcome.folded,
        "seconds": round(seconds, 3),
        "equal": None if comparison is None else comparison.total == 0,
        "compared_at": None if comparison is None else comparison.position,
        "documents": None if comparison is None else comparison.documents,
        "different": None if comparison is None else comparison.total,
        "differences": [] if comparison is None else [asdict(each) for each in comparison.shown],
        "swapped": outcome.swapped,
    }


def outcome_text(outcome: Outcome, seconds: float) -> str:
    return "\n".join(_outcome_lines(outcome, seconds))


def _outcome_lines(outcome: Outcome, seconds: float) -> Iterator[str]:
    name = outcome.generation.checkpoint
    rate = f", {outcome.folded / outcome.fold_seconds:,.0f} events/s" if outcome.fold_seconds else ""
    yield f"{name}: folded {outcome.folded:,} events up to {outcome.position:,} in {seconds:.1f} s{rate}."
    if outcome.comparison is not None:
        yield from _comparison_lines(outcome.comparison)
    if outcome.swapped:
        yield f"Readers see {name} now; `statuspages replay rollback` goes back."
    else:
        yield "Readers see what they saw before."


def _comparison_lines(comparison: Comparison) -> Iterator[str]:
    at = f"the live one at position {comparison.position:,}: {{:,}} documents."
    if comparison.total == 0:
        yield "Equal to " + at.format(comparison.documents)
        return
    yield "Differs from " + at.format(comparison.total)
    for difference in comparison.shown:
        for path, live, built in difference.fields:
            yield f"  {difference.key} {path}: live {_value(live)}, built {_value(built)}"
    if comparison.total > len(comparison.shown):
        yield f"  and {comparison.total - len(comparison.shown):,} more"


def _value(value: Any) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= SHORT else f"{text[:SHORT]}..."


def list_text(entries: Sequence[Entry]) -> str:
    head = COLUMNS.format("projection", "gen.", "state", "fold", "position", "behind", "").rstrip()
    return "\n".join([head, *(_list_line(entry) for entry in entries)])


def _list_line(entry: Entry) -> str:
    return COLUMNS.format(
        entry.projection,
        entry.generation,
        entry.state,
        entry.fold_version,
        f"{entry.position:,}",
        f"{entry.lag:,}",
        _remark(entry),
    ).rstrip()


def _remark(entry: Entry) -> str:
    if entry.error is not None:
        return f"stands still: {entry.error}"
    if entry.outdated and entry.state == "live":
        return f"outdated: run `statuspages replay rebuild {entry.projection} --accept-differences`"
    return "outdated" if entry.outdated else ""


def status_text(entries: Sequence[Entry]) -> str:
    return "\n".join(_status_line(entry) for entry in entries if entry.state != "retired")


def _status_line(entry: Entry) -> str:
    name = f"{entry.projection}@{entry.generation}"
    if entry.state == "live":
        return f"{name} is live at {entry.position:,}, {entry.lag:,} behind. {_remark(entry)}".rstrip()
    head = entry.position + entry.lag
    share = entry.position / head if head else 1.0
    return f"{name} is being built: {entry.position:,} of {head:,} events ({share:.0%})."

"""The results as a Markdown table."""

from collections.abc import Iterable

from benchmarks.measuring import Figures, Result

HEAD = """\
| what | ours | against | bare | ratio | target | met |
|---|---|---|---|---|---|---|
"""


def table(results: Iterable[Result]) -> str:
    """Medians, with the slowest and the fastest round in brackets; then what else there is to say."""
    found = list(results)
    remarks = [f"- {result.row.name}: {remark}\n" for result in found for remark in result.remarks]
    return HEAD + "".join(map(_line, found)) + ("\n" + "".join(remarks) if remarks else "")


def _line(result: Result) -> str:
    row, target = result.row, result.row.target
    cells = (
        row.what,
        _figures(result.ours, row.unit),
        row.against,
        _figures(result.bare, row.unit),
        f"{result.ratio:.2f} x",
        f"{target.bound} {target.ratio:g} x",
        "yes" if result.met else "**no**",
    )
    return f"| {' | '.join(cells)} |\n"


def _figures(figures: Figures, unit: str) -> str:
    low, high = figures.spread
    return f"{_number(figures.median)} {unit} ({_number(low)} .. {_number(high)})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"

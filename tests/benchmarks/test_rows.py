"""The rows of `make bench` run, with a handful of operations; of those that differ in a setting, one does."""

import pytest

from benchmarks.load.http import parse_head, request
from benchmarks.measuring import Figures, Result, measure
from benchmarks.row import Servers, Target
from benchmarks.rows.registry import ROWS
from benchmarks.table import table


def _share(count: int) -> int:
    return max(3, count // 100)


WHOLE_DEPLOYMENTS = [pytest.param(name, marks=pytest.mark.faults) for name in ("put-alone", "get", "visible")]
"""Each takes ten seconds to start what it measures."""


@pytest.mark.parametrize("name", ["append", "rebuild-pages", "planning", "mails", *WHOLE_DEPLOYMENTS])
async def test_both_sides_of_a_row_do_their_work(name: str, postgres_dsn: str, amqp_url: str) -> None:
    row = ROWS[name]
    result = await measure(row, Servers(postgres_dsn, amqp_url), rounds=1, count=_share(row.count))
    assert result.ours.median > 0
    assert result.bare.median > 0


def test_a_line_of_the_table_holds_medians_extremes_ratio_and_verdict() -> None:
    row = ROWS["append"]
    result = Result(row, 10, Figures([900, 1000, 4000]), Figures([500, 400, 2000]), ["as expected"])
    lines = table([result]).splitlines()
    assert "| 1,000 /s (900 .. 4,000) |" in lines[2]
    assert "| 500 /s (400 .. 2,000) | 2.00 x | at least 1.3 x | yes |" in lines[2]
    assert lines[-1] == "- append: as expected"


def test_a_target_is_met_on_its_own_side_of_the_bound_only() -> None:
    ratios = (1.9, 2.0, 2.1)
    assert [Target("at least", 2).met(ratio) for ratio in ratios] == [False, True, True]
    assert [Target("at most", 2).met(ratio) for ratio in ratios] == [True, True, False]


def test_requests_and_heads_are_plain_http() -> None:
    sent = request("PUT", "/x", {"Prefer": "wait=0"}, {"a": 1})
    assert sent.endswith(b'Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}')
    head = parse_head(b'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: 12')
    assert (head.status, head.headers["etag"], head.size) == (200, '"v1"', 12)

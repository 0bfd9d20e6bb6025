"""Every row, in the order of the table, by its name on the command line."""

from benchmarks.row import Row
from benchmarks.rows import append, get_unified, long_history, mails, planning, put_status, rebuild, visible

ROWS: dict[str, Row] = {
    row.name: row
    for row in (
        append.ROW,
        *put_status.ROWS,
        get_unified.ROW,
        visible.ROW,
        rebuild.PAGES,
        rebuild.STATISTICS,
        *long_history.ROWS,
        planning.ROW,
        mails.ROW,
    )
}

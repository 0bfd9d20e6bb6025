"""Is everybody told in time, and what was given up?"""

from eventstore.pool import Connection
from service.deliveries.backlog import Backlog, backlog
from service.deliveries.tally import totals
from workers.doctor.finding import Finding

LATE_SECONDS = 300
DUE = """
SELECT count(*) FROM notify.deliveries
WHERE phase = 'waiting' AND next_attempt_at <= clock_timestamp()
"""
DELIVERER = "is a `statuspages worker deliverer` running?"
MAILS = f"{DELIVERER} Its log says if the mail server refuses; without SMTP_URL no mail is sent"
PARKED = (
    "`statuspages deliveries list --state parked` says why; when that is mended,"
    " `statuspages deliveries retry --state parked`; `statuspages deliveries drop` ends what nobody needs"
)
PLANNER = "is a `statuspages worker planner` running? See its log"


async def deliveries(conn: Connection) -> list[Finding]:
    waiting = await backlog(conn)
    return [await _due(conn, waiting), _plans(waiting), await _parked(conn)]


async def _due(conn: Connection, waiting: Backlog) -> Finding:
    count: int = await conn.fetchval(DUE)
    if count == 0:
        return Finding("deliveries", "none is due")
    channel, seconds = max(waiting.overdue.items(), key=lambda each: each[1], default=("none", 0.0))
    advice = MAILS if channel == "email" else DELIVERER
    text = f"{count:,} due, the oldest for {seconds:,.0f} s, by {channel}"
    return Finding("deliveries", text, advice if seconds > LATE_SECONDS else "")


def _plans(waiting: Backlog) -> Finding:
    if waiting.plans == 0:
        return Finding("plans", "none is open")
    text = f"{waiting.plans:,} open, one untouched for {waiting.untouched:,.0f} s"
    return Finding("plans", text, PLANNER if waiting.untouched > LATE_SECONDS else "")


async def _parked(conn: Connection) -> Finding:
    count = sum(each.present for each in await totals(conn) if each.state == "parked")
    if count == 0:
        return Finding("parked deliveries", "there are none")
    return Finding("parked deliveries", f"{count:,} were given up after their attempts", PARKED)

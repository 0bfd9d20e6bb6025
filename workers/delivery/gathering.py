"""What changes all the time is not told all the time.

Whoever had FEW messages about a thing within WINDOW gets the next one after a QUIET while, or when the first
of those FEW is a WINDOW ago, whichever is sooner; what comes meanwhile takes the place of what waits. So the
last one read says how it stands, and an end that is one waits for QUIET alone.
"""

from datetime import timedelta

FEW = 3
WINDOW = timedelta(minutes=10)
QUIET = timedelta(minutes=1)

# Both for a row of `part`, asked one by one through the index: joins of parts that size have been planned as
# nested loops. To be given the thing's id, and the position of its newest event.
DUE_AT = f"""
coalesce((
    SELECT least(
        clock_timestamp() + interval '{QUIET.total_seconds()} seconds',
        sent.at + interval '{WINDOW.total_seconds()} seconds'
    )
    FROM (
        SELECT coalesce(d.finished_at, clock_timestamp()) AS at FROM notify.deliveries d
        WHERE d.subscription_id = part.subscription_id AND d.thing_id = {{thing_id}}
            AND d.state IN ('sent', 'sending')
        ORDER BY 1 DESC OFFSET {FEW - 1} LIMIT 1
    ) sent
    WHERE sent.at > clock_timestamp() - interval '{WINDOW.total_seconds()} seconds'
), clock_timestamp())
"""
GATHERED = """
coalesce((
    SELECT sum(1 + d.gathered) FROM notify.deliveries d
    WHERE d.subscription_id = part.subscription_id AND d.thing_id = {thing_id}
        AND d.position < {position} AND d.state = 'pending'
), 0)
"""

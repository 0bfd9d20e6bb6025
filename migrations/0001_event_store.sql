-- The event store: one table of facts, the one function that writes it, and the bookkeeping of its readers.
CREATE SCHEMA es;

-- Positions are gapless and in commit order: a number from a sequence can commit after a higher one, and then a
-- reader that remembers "the last one I saw" misses it for ever.
CREATE TABLE es.events (
    position bigint PRIMARY KEY,
    stream text NOT NULL,
    version bigint NOT NULL,
    event_id uuid NOT NULL,
    type text NOT NULL,
    schema_version smallint NOT NULL,
    data jsonb NOT NULL,
    actor text NOT NULL,
    correlation_id uuid,
    causation_id uuid,
    tenant_id uuid,
    subject_id uuid,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT events_once UNIQUE (event_id),
    CONSTRAINT events_in_stream UNIQUE (stream, version)
);
CREATE INDEX events_of_tenant ON es.events (tenant_id, position);
CREATE INDEX events_about_subject ON es.events (subject_id, position);

CREATE FUNCTION es.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are immutable: % of es.events is refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER events_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON es.events
    FOR EACH STATEMENT EXECUTE FUNCTION es.refuse_change();

-- Records a batch of appends; each succeeds or fails alone, and sees the ones before it.
--   Per append: its first event's id (null: it only guards), how many writes it has, its context.
--   Per stream of the batch: its name.
--   Per write: its append and its stream (numbers from 1), the expected version (n, 0 new, -1 any, -2 exists),
--   how many events it has.
--   Per event: its write and its place in it (numbers from 1), what it is.
-- Answers with one row per append, in their order:
--   ok        first_position and last_position (both the head if it wrote nothing), a version for each write
--   repeated  an append with this first event id is recorded already
--   conflict  the stream of write number conflict_write stands at actual
CREATE FUNCTION es.append_many(
    first_ids uuid[], write_counts int[],
    actors text[], correlation_ids uuid[], causation_ids uuid[], tenant_ids uuid[], subject_ids uuid[],
    streams text[],
    write_appends int[], write_streams int[], expected_versions bigint[], event_counts int[],
    event_writes int[], event_places int[],
    event_ids uuid[], types text[], schema_versions smallint[], payloads jsonb[]
) RETURNS TABLE (
    verdict text, first_position bigint, last_position bigint, versions bigint[], conflict_write int, actual bigint
) LANGUAGE plpgsql
-- A session keeps its plans: those of a young, small table must not be scans of what it becomes.
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
AS $$
DECLARE
    recorded_ids uuid[];
    current_versions bigint[];         -- per stream
    versions_before bigint[] := '{}';  -- per write; null unless its append is accepted
    positions_before bigint[] := '{}'; -- likewise
    old_head bigint;
    head bigint;
    first_write int;
    last_write int := 0;
    stream int;
    wanted bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'es.append_many needs READ COMMITTED: others do not see what was committed before the lock'
            USING ERRCODE = 'invalid_transaction_state';
    END IF;
    PERFORM pg_advisory_xact_lock(7305, 1);  -- until the commit: the next one sees the positions given here

    SELECT coalesce(max(e.position), 0) INTO head FROM es.events e;
    old_head := head;
    SELECT coalesce(array_agg(e.event_id), '{}') INTO recorded_ids
        FROM es.events e WHERE e.event_id = ANY (first_ids);
    SELECT array_agg(
        coalesce((SELECT e.version FROM es.events e WHERE e.stream = s.name ORDER BY e.version DESC LIMIT 1), 0)
        ORDER BY s.number
    ) INTO current_versions FROM unnest(streams) WITH ORDINALITY AS s (name, number);

    FOR append IN 1 .. cardinality(write_counts) LOOP
        first_write := last_write + 1;
        last_write := last_write + write_counts[append];
        verdict := 'ok';
        versions := '{}';
        conflict_write := NULL;
        actual := NULL;
        first_position := head;
        IF first_ids[append] = ANY (recorded_ids) THEN
            verdict := 'repeated';
        ELSE
            FOR write IN first_write .. last_write LOOP
                actual := current_versions[write_streams[write]];
                wanted := expected_versions[write];
                IF NOT (wanted = actual OR wanted = -1 OR wanted = -2 AND actual > 0) THEN
                    verdict := 'conflict';
                    conflict_write := write;
                    EXIT;
                END IF;
            END LOOP;
        END IF;
        IF verdict = 'ok' THEN
            recorded_ids := recorded_ids || first_ids[append];
            FOR write IN first_write .. last_write LOOP
                stream := write_streams[write];
                positions_before[write] := head;
                versions_before[write] := current_versions[stream];
                head := head + event_counts[write];
                current_versions[stream] := current_versions[stream] + event_counts[write];
                versions := versions || current_versions[stream];
            END LOOP;
            first_position := least(first_position + 1, head);
        END IF;
        last_position := head;
        RETURN NEXT;
    END LOOP;

    IF head > old_head THEN
        INSERT INTO es.events (
            position, stream, version, event_id, type, schema_version, data,
            actor, correlation_id, causation_id, tenant_id, subject_id
        )
        SELECT positions_before[e.write] + e.place, streams[write_streams[e.write]],
            versions_before[e.write] + e.place, e.id, e.type, e.schema_version, e.payload,
            actors[w.append], correlation_ids[w.append], causation_ids[w.append],
            tenant_ids[w.append], subject_ids[w.append]
        FROM unnest(event_writes, event_places, event_ids, types, schema_versions, payloads)
            AS e (write, place, id, type, schema_version, payload),
            LATERAL (SELECT write_appends[e.write] AS append) AS w
        WHERE positions_before[e.write] IS NOT NULL;
        PERFORM pg_notify('es_appended', '');
    END IF;
END $$;

-- How far each reader of the log has come. The epoch fences off a reader that has lost its lease.
CREATE TABLE es.checkpoints (
    name text PRIMARY KEY,
    position bigint NOT NULL,
    epoch bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Who does what there must be one of. The epoch grows with each change of owner.
CREATE TABLE es.leases (
    name text PRIMARY KEY,
    owner text NOT NULL,
    epoch bigint NOT NULL,
    expires_at timestamptz NOT NULL
);

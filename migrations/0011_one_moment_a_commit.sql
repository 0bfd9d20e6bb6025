-- es.append_many as before, but that all events of one commit have one recorded_at: nobody ever saw a part of a
-- commit, so no moment may lie inside one.
CREATE OR REPLACE FUNCTION es.append_many(
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
    now_recorded timestamptz;
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
        now_recorded := clock_timestamp();
        INSERT INTO es.events (
            position, stream, version, event_id, type, schema_version, data,
            actor, correlation_id, causation_id, tenant_id, subject_id, recorded_at
        )
        SELECT positions_before[e.write] + e.place, streams[write_streams[e.write]],
            versions_before[e.write] + e.place, e.id, e.type, e.schema_version, e.payload,
            actors[w.append], correlation_ids[w.append], causation_ids[w.append],
            tenant_ids[w.append], subject_ids[w.append], now_recorded
        FROM unnest(event_writes, event_places, event_ids, types, schema_versions, payloads)
            AS e (write, place, id, type, schema_version, payload),
            LATERAL (SELECT write_appends[e.write] AS append) AS w
        WHERE positions_before[e.write] IS NOT NULL;
        PERFORM pg_notify('es_appended', '');
    END IF;
END $$;

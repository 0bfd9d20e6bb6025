-- Components that were bound to a resource before resources had streams are said to be bound, so that reports
-- reach them. The newest details of a component count; one that was removed is bound to nothing.
SELECT pg_advisory_xact_lock(7305, 1);  -- the one that es.append_many holds: positions stay gapless

WITH details AS (
    SELECT DISTINCT ON (e.stream) e.stream, e.data, e.tenant_id, e.subject_id
    FROM es.events e
    WHERE e.type IN ('ComponentAdded', 'ComponentDetailsChanged')
    ORDER BY e.stream, e.version DESC
), bound AS (
    SELECT added.position, details.tenant_id, details.subject_id, jsonb_build_object(
        'resource_id', details.data->'details'->'resource_id',
        'organisation_id', added.data->'organisation_id',
        'component_id', details.data->'component_id',
        'page_id', details.data->'page_id',
        'at', details.data->'at'
    ) AS data
    FROM details JOIN es.events added ON added.stream = details.stream AND added.version = 1
    WHERE details.data->'details'->>'type' = 'resource'
        AND details.data->'details'->>'resource_id' IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM es.events removed
            WHERE removed.stream = details.stream AND removed.type = 'ComponentRemoved'
        )
), named AS (
    SELECT bound.*, format('resource-%s.%s', data->>'organisation_id', data->>'resource_id') AS stream FROM bound
)
INSERT INTO es.events (
    position, stream, version, event_id, type, schema_version, data, actor, tenant_id, subject_id
)
SELECT
    (SELECT coalesce(max(position), 0) FROM es.events) + row_number() OVER (ORDER BY position),
    stream,
    row_number() OVER (PARTITION BY stream ORDER BY position),
    gen_random_uuid(), 'ResourceBound', 1, data, 'system', tenant_id, subject_id
FROM named;

-- A policy reacts to what happens from now on; now is when the deployment first knows it, not when it first runs.
INSERT INTO es.checkpoints (name, position)
SELECT policy, (SELECT coalesce(max(position), 0) FROM es.events)
FROM unnest(ARRAY['policy:confirmations', 'policy:erasure']) AS policy
ON CONFLICT (name) DO NOTHING;

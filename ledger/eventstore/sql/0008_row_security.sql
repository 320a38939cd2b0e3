-- What a reader's connection sees of the log: nothing before it says whose reading it is (`pledger.keys`, see 0003); then
-- the facts that touch one of those keys, and the directory, which is everybody's. The writer decides on all facts and
-- the worker concludes from all of them.

-- The keys of one fact, which until now were found only by a key.
CREATE INDEX fact_key_position ON pledger.fact_key (position);

-- Whether a fact touches one of the keys in sight. As the owner, who may do what the writer may: the policy that asks
-- this is of the table it reads.
CREATE FUNCTION pledger.in_sight(fact bigint) RETURNS boolean
STABLE LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM pledger.fact_key k WHERE k.position = fact AND k.key = ANY (pledger.sight()));
END
$$;
REVOKE ALL ON FUNCTION pledger.in_sight FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pledger.in_sight TO pledger_reader;

ALTER TABLE pledger.log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY kept ON pledger.log FOR SELECT TO pledger_writer, pledger_worker USING (true);
CREATE POLICY appended ON pledger.log FOR INSERT TO pledger_writer WITH CHECK (true);
CREATE POLICY seen ON pledger.log FOR SELECT USING (
    (SELECT pledger.sees_all())
    -- A value, not EXISTS: that the planner would make a table of, by reading all that its reader may ever see.
    OR (
        SELECT true FROM pledger.fact_key k
        WHERE k.position = log.position AND k.key = ANY ((SELECT pledger.sight())::text[]) LIMIT 1
    )
    OR (
        stream_kind IN ('organisation', 'framework', 'calendar')
        AND type NOT IN ('organisation.assessed', 'organisation.departed')
        AND (SELECT pledger.sight() IS NOT NULL)
    )
);

-- Of a fact within sight every key, so that it is found by any of them. Those in sight come first: no look is needed.
ALTER TABLE pledger.fact_key ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY kept ON pledger.fact_key FOR SELECT TO pledger_writer, pledger_worker USING (true);
CREATE POLICY appended ON pledger.fact_key FOR INSERT TO pledger_writer WITH CHECK (true);
CREATE POLICY seen ON pledger.fact_key FOR SELECT USING (
    (SELECT pledger.sees_all())
    OR key = ANY ((SELECT pledger.sight())::text[])
    OR ((SELECT pledger.sight() IS NOT NULL) AND pledger.in_sight(position))
);

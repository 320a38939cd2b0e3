-- Who read what, when, and why where a reason is needed. Kept apart from the facts: it grows old and is pruned.

CREATE TABLE pledger.access_log (
    entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    principal uuid NOT NULL,
    role text NOT NULL,
    route text NOT NULL,
    thing uuid,
    about text[] COLLATE "C" NOT NULL,
    asked jsonb NOT NULL,
    status smallint NOT NULL,
    lines int,
    reason text CHECK (char_length(reason) BETWEEN 10 AND 200),
    opened uuid[] NOT NULL
);
COMMENT ON TABLE pledger.access_log IS
    'One row for each reading request. `about` are fact keys of the organisations and partnerships that were asked about;'
    ' `opened` the streams whose texts or confidence a reason opened.';
CREATE INDEX access_log_at ON pledger.access_log (at);
CREATE INDEX access_log_principal ON pledger.access_log (principal, entry);
CREATE INDEX access_log_about ON pledger.access_log USING gin (about);
CREATE INDEX access_log_opened ON pledger.access_log USING gin (opened) WHERE opened <> '{}';

-- Whose reading a transaction is: `pledger.keys` holds the fact keys it may see, '*' for all of them. Unset, or what a
-- transaction before left behind (an empty text): it sees nothing.
CREATE FUNCTION pledger.sees_all() RETURNS boolean STABLE PARALLEL SAFE LANGUAGE sql AS
    $$ SELECT coalesce(current_setting('pledger.keys', true) = '*', false) $$;
CREATE FUNCTION pledger.sight() RETURNS text[] STABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT CASE WHEN current_setting('pledger.keys', true) IN ('', '*') THEN NULL
                ELSE current_setting('pledger.keys', true)::text[] END
$$;

GRANT INSERT ON pledger.access_log TO pledger_access;

-- The only ways to read it. A page of the entries that are about what the transaction may see, in the order of writing
-- or the newest first; a filter that is null does not count. Planned each time: what is asked for decides on the index.
CREATE FUNCTION pledger.accesses(
    following bigint, most int, newest boolean,
    reader uuid, touching text[], asked_route text, since timestamptz, until timestamptz
) RETURNS SETOF pledger.access_log
STABLE LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    mine text[] := pledger.sight();
BEGIN
    IF mine IS NULL AND NOT pledger.sees_all() THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT a.* FROM pledger.access_log a
    WHERE (newest OR a.entry > following)
        AND (NOT newest OR a.entry < following)
        AND (mine IS NULL OR a.about && mine)
        AND (touching IS NULL OR a.about @> touching)
        AND (reader IS NULL OR a.principal = reader)
        AND (asked_route IS NULL OR a.route = asked_route)
        AND (since IS NULL OR a.at >= since)
        AND (until IS NULL OR a.at < until)
    ORDER BY CASE WHEN newest THEN a.entry END DESC, CASE WHEN NOT newest THEN a.entry END
    LIMIT most;
END
$$;

-- The only way out: the oldest entries, at most `most` of them, and never one of the last thirty days before the newest.
CREATE FUNCTION pledger.prune_access_log(before timestamptz, most int) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (
        DELETE FROM pledger.access_log WHERE entry IN (
            SELECT a.entry FROM pledger.access_log a
            WHERE a.at < least(before, (SELECT max(n.at) FROM pledger.access_log n) - interval '30 days')
            ORDER BY a.at LIMIT most
        ) RETURNING 1
    )
    SELECT count(*) FROM gone
$$;

-- When and why an auditor's reason opened a stream.
CREATE FUNCTION pledger.openings(stream uuid) RETURNS TABLE (opened_at timestamptz, why text)
STABLE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.at, a.reason FROM pledger.access_log a
    WHERE a.opened <> '{}' AND a.opened @> ARRAY[stream] AND (pledger.sees_all() OR a.about && pledger.sight())
    ORDER BY a.entry
$$;

REVOKE ALL ON FUNCTION pledger.accesses, pledger.openings, pledger.prune_access_log FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pledger.accesses, pledger.openings TO pledger_reader;
GRANT EXECUTE ON FUNCTION pledger.prune_access_log TO pledger_access;

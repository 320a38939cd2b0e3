-- The log of facts, the keys a claim may lean on, the head that orders every writer, and the vault of text keys.

DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['pledger_writer', 'pledger_reader', 'pledger_worker', 'pledger_vault'] LOOP
        -- Roles belong to the whole cluster: another database of it may be making the same ones at this moment.
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;
            END;
        END IF;
        -- The service connects as the owner and steps down; a superuser needs no membership for that.
        IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', role_name);
        END IF;
    END LOOP;
END
$$;

CREATE SCHEMA vault;

CREATE TABLE pledger.log (
    position bigint PRIMARY KEY CHECK (position > 0),
    version bigint NOT NULL CHECK (version > 0),
    recorded_at timestamptz NOT NULL,
    stream_id uuid NOT NULL,
    event_id uuid NOT NULL UNIQUE,
    actor uuid NOT NULL,
    voice uuid,
    business_on date NOT NULL,
    stream_kind text NOT NULL,
    type text NOT NULL,
    correlation_id text,
    idempotency_key bytea NOT NULL UNIQUE CHECK (octet_length(idempotency_key) = 32),
    content_mac bytea NOT NULL CHECK (octet_length(content_mac) = 32),
    leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
    record bytea NOT NULL CHECK (octet_length(record) BETWEEN 2 AND 65535),
    UNIQUE (stream_id, version)
);
COMMENT ON TABLE pledger.log IS
    'Facts in the order they were recorded. Every column but position, leaf_hash and the two of idempotency repeats record.';

CREATE TABLE pledger.fact_key (
    key text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (key, position)
);
COMMENT ON TABLE pledger.fact_key IS 'The keys each fact touches: what a claim leans on, and what the filters ask for.';

-- Each append updates the one row: room on its page keeps the updates there.
CREATE TABLE pledger.head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL,
    recorded_at timestamptz
) WITH (fillfactor = 10);
INSERT INTO pledger.head (position) VALUES (0);
COMMENT ON TABLE pledger.head IS 'The last position and its moment. Its row lock is the one order lock of all writers.';

CREATE TABLE vault.key (
    key_id uuid PRIMARY KEY,
    epoch text NOT NULL,
    wrapped bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE vault.key IS 'Keys of persons and of texts, wrapped by an epoch key that is kept outside any database.';

CREATE FUNCTION pledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is refused: facts are kept for ever', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pledger.log
    FOR EACH STATEMENT EXECUTE FUNCTION pledger.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pledger.fact_key
    FOR EACH STATEMENT EXECUTE FUNCTION pledger.refuse_change();

GRANT USAGE ON SCHEMA pledger TO pledger_writer, pledger_reader, pledger_worker;
GRANT USAGE ON SCHEMA vault TO pledger_writer, pledger_vault;
GRANT SELECT ON pledger.migration TO pledger_writer, pledger_reader, pledger_worker;
GRANT SELECT ON pledger.log, pledger.fact_key, pledger.head TO pledger_writer, pledger_reader, pledger_worker;
GRANT INSERT ON pledger.log, pledger.fact_key TO pledger_writer;
GRANT UPDATE (position, recorded_at) ON pledger.head TO pledger_writer;
GRANT INSERT ON vault.key TO pledger_writer;
GRANT SELECT, INSERT, DELETE ON vault.key TO pledger_vault;

-- One batch of requests, each all or nothing, decided and written in one round trip and one commit.
--
-- The arrays hold one element per draft, stream, leaned-on key, touched key and vault key; `*_request` and `key_draft`
-- count from 1 in the batch. No request of a batch leans on what another of the same batch touches: the caller sees to it.
--
-- head   the last position before this batch; admitted drafts follow it without a gap, in the order given
-- later  the head's moment where it is later than `stamp`: nothing was decided or written, stamp again
-- taken  [[draft, position, content_mac in hex], …]: idempotency keys the log holds already
-- stale  [[request, key], …]: keys that a fact touched after the position they were read at
CREATE FUNCTION pledger.append(
    stamp timestamptz,
    draft_request int[], draft_version bigint[], draft_stream uuid[], draft_event uuid[], draft_actor uuid[],
    draft_voice uuid[], draft_business_on date[], draft_kind text[], draft_type text[], draft_correlation text[],
    draft_key bytea[], draft_mac bytea[], draft_leaf bytea[], draft_record bytea[],
    stream_request int[], stream_ids uuid[], stream_versions bigint[],
    lean_request int[], lean_key text[], lean_position bigint[],
    key_draft int[], key_text text[],
    vault_request int[], vault_id uuid[], vault_epoch text[], vault_wrapped bytea[],
    OUT head bigint, OUT later text, OUT taken text, OUT stale text
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    head_at timestamptz;
    moved bigint;
    refused int[] := '{}';
    places bigint[];
BEGIN
    SELECT h.position, h.recorded_at INTO head, head_at FROM pledger.head h FOR UPDATE;
    IF head_at > stamp THEN
        later := to_char(head_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
        RETURN;
    END IF;

    -- A statement of its own, after the lock: it sees everything that was committed by whoever held the lock before.
    SELECT
        (SELECT json_agg(json_build_array(d.draft, l.position, encode(l.content_mac, 'hex')) ORDER BY d.draft)
         FROM unnest(draft_key) WITH ORDINALITY AS d(key, draft) JOIN pledger.log l ON l.idempotency_key = d.key),
        (SELECT json_agg(json_build_array(s.request, s.key))
         FROM (
            SELECT n.request, n.key FROM unnest(lean_request, lean_key, lean_position) AS n(request, key, position)
            WHERE EXISTS (SELECT FROM pledger.fact_key f WHERE f.key = n.key AND f.position > n.position)
            UNION ALL
            SELECT n.request, 'stream:' || n.id FROM unnest(stream_request, stream_ids, stream_versions) AS n(request, id, version)
            WHERE n.version <> coalesce((SELECT max(l.version) FROM pledger.log l WHERE l.stream_id = n.id), 0) + 1
         ) s)
    INTO taken, stale;

    IF taken IS NULL AND stale IS NULL THEN
        moved := head + cardinality(draft_request);
        places := ARRAY(SELECT generate_series(head + 1, moved));
    ELSE
        refused := ARRAY(
            SELECT draft_request[(t ->> 0)::int] FROM json_array_elements(taken::json) t
            UNION SELECT (s ->> 0)::int FROM json_array_elements(stale::json) s
        );
        places := ARRAY(
            SELECT CASE WHEN a.good THEN head + count(*) FILTER (WHERE a.good) OVER (ORDER BY a.draft) ELSE 0 END
            FROM (SELECT d.draft, d.request <> ALL (refused) AS good
                  FROM unnest(draft_request) WITH ORDINALITY AS d(request, draft)) a
            ORDER BY a.draft
        );
        SELECT max(p.place) INTO moved FROM unnest(places) AS p(place);
        IF moved = 0 THEN
            RETURN;
        END IF;
    END IF;

    INSERT INTO pledger.log (position, recorded_at, version, stream_id, event_id, actor, voice, business_on, stream_kind,
                             type, correlation_id, idempotency_key, content_mac, leaf_hash, record)
    SELECT places[d.draft], stamp, d.version, d.stream, d.event, d.actor, d.voice, d.business_on, d.kind,
           d.type, d.correlation, d.key, d.mac, d.leaf, d.record
    FROM unnest(draft_version, draft_stream, draft_event, draft_actor, draft_voice, draft_business_on, draft_kind,
                draft_type, draft_correlation, draft_key, draft_mac, draft_leaf, draft_record)
         WITH ORDINALITY AS d(version, stream, event, actor, voice, business_on, kind,
                              type, correlation, key, mac, leaf, record, draft)
    WHERE places[d.draft] > 0;

    INSERT INTO pledger.fact_key (key, position)
    SELECT k.key, places[k.draft] FROM unnest(key_draft, key_text) AS k(draft, key) WHERE places[k.draft] > 0;

    IF cardinality(vault_id) > 0 THEN
        INSERT INTO vault.key (key_id, epoch, wrapped, made_at)
        SELECT v.id, v.epoch, v.wrapped, stamp FROM unnest(vault_request, vault_id, vault_epoch, vault_wrapped)
            AS v(request, id, epoch, wrapped)
        WHERE v.request <> ALL (refused);
    END IF;

    UPDATE pledger.head SET position = moved, recorded_at = stamp;
    PERFORM pg_notify('pledger_facts', moved::text);
END
$$;
REVOKE ALL ON FUNCTION pledger.append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pledger.append TO pledger_writer;

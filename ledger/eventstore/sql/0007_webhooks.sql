-- Webhooks: bookmarks on the log with an address to which its facts go, and what became of each sending.

CREATE TABLE pledger.webhook (
    id uuid PRIMARY KEY,
    credential_id uuid NOT NULL REFERENCES pledger.api_key (id) ON DELETE CASCADE,
    url text NOT NULL CHECK (length(url) <= 2000),
    root text NOT NULL CHECK (length(root) <= 300),
    filters jsonb NOT NULL,
    texts boolean NOT NULL,
    people boolean NOT NULL,
    secret bytea NOT NULL,
    earlier_secret bytea,
    earlier_until timestamptz,
    state text NOT NULL CHECK (state IN ('challenged', 'live', 'paused', 'ended')),
    why text,
    revision bigint NOT NULL DEFAULT 1,
    position bigint NOT NULL CHECK (position >= 0),
    blocking_position bigint,
    attempts integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    next_try_at timestamptz NOT NULL,
    held_until timestamptz NOT NULL DEFAULT 'epoch',
    answered jsonb,
    test_asked_at timestamptz,
    tested jsonb,
    made_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX webhook_credential ON pledger.webhook (credential_id);
COMMENT ON TABLE pledger.webhook IS
    'Everything up to position is done with. Who owns the webhook changes revision, so that a sending under way notices.';
COMMENT ON COLUMN pledger.webhook.secret IS 'AES-256-GCM under a key derived from content.key, which is no part of the database.';
COMMENT ON COLUMN pledger.webhook.held_until IS 'Until then one sender alone sends: nobody else may, even if it seems to be gone.';

CREATE TABLE pledger.webhook_delivery (
    webhook_id uuid NOT NULL REFERENCES pledger.webhook (id) ON DELETE CASCADE,
    position bigint NOT NULL CHECK (position > 0),
    event_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('delivered', 'failing', 'skipped')),
    attempts integer NOT NULL,
    first_tried_at timestamptz NOT NULL,
    tried_at timestamptz NOT NULL,
    next_try_at timestamptz,
    status integer,
    failure text,
    duration_ms integer NOT NULL,
    PRIMARY KEY (webhook_id, position)
);
COMMENT ON TABLE pledger.webhook_delivery IS 'The newest sendings of each webhook; older rows go.';

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pledger_courier') THEN
        BEGIN
            CREATE ROLE pledger_courier NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END IF;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        GRANT pledger_courier TO CURRENT_USER;
    END IF;
END
$$;
GRANT USAGE ON SCHEMA pledger TO pledger_courier;
GRANT SELECT ON pledger.api_key, pledger.head TO pledger_courier;
GRANT SELECT, INSERT, UPDATE, DELETE ON pledger.webhook, pledger.webhook_delivery TO pledger_courier;

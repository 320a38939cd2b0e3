-- What kind of ledger this is, and the credentials by which principals are known. Never a secret in clear.

CREATE TABLE pledger.ledger (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    kind text NOT NULL CHECK (kind IN ('live', 'test', 'demo')),
    origin text NOT NULL,
    zone text NOT NULL,
    made_at timestamptz NOT NULL
);
COMMENT ON TABLE pledger.ledger IS 'One row: the kind decides whether a clock may be given, and the prefix of its API keys.';

CREATE TABLE pledger.api_key (
    id uuid PRIMARY KEY,
    principal uuid NOT NULL,
    name text NOT NULL,
    key_hash bytea NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),
    role text NOT NULL,
    organisations uuid[] NOT NULL DEFAULT '{}',
    trust uuid,
    whole_ledger boolean NOT NULL DEFAULT false,
    person_id uuid,
    scopes text[] NOT NULL DEFAULT '{}',
    made_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    used_at timestamptz
);
CREATE INDEX api_key_principal ON pledger.api_key (principal);
COMMENT ON TABLE pledger.api_key IS 'API keys by their SHA-256; what the principal may do repeats its credential.issued fact.';

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pledger_access') THEN
        BEGIN
            CREATE ROLE pledger_access NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END IF;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        GRANT pledger_access TO CURRENT_USER;
    END IF;
END
$$;
GRANT USAGE ON SCHEMA pledger TO pledger_access;
GRANT SELECT ON pledger.ledger TO pledger_access, pledger_reader, pledger_worker;
GRANT SELECT, INSERT ON pledger.api_key TO pledger_access;
GRANT UPDATE (used_at, revoked_at) ON pledger.api_key TO pledger_access;

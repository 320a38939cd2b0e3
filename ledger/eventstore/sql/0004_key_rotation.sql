-- A key may be replaced while the one before it goes on for a while.

ALTER TABLE pledger.api_key ADD COLUMN rotated_at timestamptz, ADD COLUMN tokens_since timestamptz;
COMMENT ON COLUMN pledger.api_key.rotated_at IS 'When key_hash last took the place of another.';
COMMENT ON COLUMN pledger.api_key.tokens_since IS 'Access tokens issued by then ended with the keys before.';

CREATE TABLE pledger.former_key (
    key_hash bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
    credential uuid NOT NULL REFERENCES pledger.api_key,
    replaced_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL
);
CREATE INDEX former_key_credential ON pledger.former_key (credential);
COMMENT ON TABLE pledger.former_key IS 'Keys that were replaced, by their SHA-256: each goes on until ends_at, no longer.';

GRANT UPDATE (key_hash, rotated_at, tokens_since) ON pledger.api_key TO pledger_access;
GRANT SELECT, INSERT, DELETE ON pledger.former_key TO pledger_access;

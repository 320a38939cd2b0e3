-- Calendar feeds: an address that is its own key, which its reader made and ends. Never the address in clear.

CREATE TABLE pledger.calendar_feed (
    id uuid PRIMARY KEY,
    address_hash bytea NOT NULL UNIQUE CHECK (octet_length(address_hash) = 32),
    principal uuid NOT NULL,
    credential uuid REFERENCES pledger.api_key,
    account uuid REFERENCES pledger.account,
    name text NOT NULL,
    made_at timestamptz NOT NULL,
    read_at timestamptz,
    CHECK (num_nonnulls(credential, account) = 1)
);
CREATE INDEX calendar_feed_principal ON pledger.calendar_feed (principal);
COMMENT ON TABLE pledger.calendar_feed IS 'Feeds by the SHA-256 of their address. One shows what the key or account it was made with may see, and ends with it.';
COMMENT ON COLUMN pledger.calendar_feed.read_at IS 'When somebody last fetched it, to the hour.';

GRANT SELECT, INSERT, DELETE ON pledger.calendar_feed TO pledger_access;
GRANT UPDATE (read_at) ON pledger.calendar_feed TO pledger_access;

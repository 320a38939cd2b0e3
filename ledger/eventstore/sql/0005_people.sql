-- People who sign in: their accounts, factors, invitations and sessions. Never a secret in clear.

CREATE TABLE pledger.account (
    id uuid PRIMARY KEY,
    login text UNIQUE,
    password_hash text,
    totp_sealed bytea,
    totp_step bigint NOT NULL DEFAULT 0,
    name text NOT NULL,
    principal uuid NOT NULL,
    role text NOT NULL,
    organisations uuid[] NOT NULL DEFAULT '{}',
    trust uuid,
    whole_ledger boolean NOT NULL DEFAULT false,
    person_id uuid,
    made_at timestamptz NOT NULL,
    signed_in_at timestamptz,
    ended_at timestamptz
);
CREATE INDEX account_principal ON pledger.account (principal);
COMMENT ON COLUMN pledger.account.login IS 'Lower case; null for who signs in with an issuer only, and when the account is ended.';
COMMENT ON COLUMN pledger.account.password_hash IS 'Argon2id with its parameters.';
COMMENT ON COLUMN pledger.account.totp_sealed IS 'AES-256-GCM, nonce first, under a key derived from a key file; bound to the id.';
COMMENT ON COLUMN pledger.account.totp_step IS 'The last step of 30 seconds whose code was taken: none at or before it is taken again.';

CREATE TABLE pledger.account_identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    account uuid NOT NULL REFERENCES pledger.account,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX account_identity_account ON pledger.account_identity (account);
COMMENT ON TABLE pledger.account_identity IS 'Whom an OpenID Connect issuer means by a subject; an e-mail address is never looked at.';

CREATE TABLE pledger.recovery_code (
    account uuid NOT NULL REFERENCES pledger.account,
    code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
    used_at timestamptz,
    PRIMARY KEY (account, code_hash)
);

CREATE TABLE pledger.session (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    account uuid NOT NULL REFERENCES pledger.account,
    stage text NOT NULL CHECK (stage IN ('second', 'open')),
    device text NOT NULL,
    made_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    proved_at timestamptz
);
CREATE INDEX session_account ON pledger.session (account);
COMMENT ON COLUMN pledger.session.stage IS 'second: the second factor is still asked for; open: signed in.';
COMMENT ON COLUMN pledger.session.proved_at IS 'When who signed in last showed that it is them; null when only an issuer remembered them.';

CREATE TABLE pledger.invitation (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    made_by uuid NOT NULL,
    account uuid REFERENCES pledger.account,
    name text NOT NULL,
    principal uuid NOT NULL,
    role text NOT NULL,
    organisations uuid[] NOT NULL DEFAULT '{}',
    trust uuid,
    whole_ledger boolean NOT NULL DEFAULT false,
    person_id uuid,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    ended_at timestamptz
);
COMMENT ON COLUMN pledger.invitation.account IS 'An account there is already, which gets a new password and factor; null for a new one.';

CREATE TABLE pledger.passage (
    key_hash bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
    carried bytea NOT NULL,
    ends_at timestamptz NOT NULL
);
COMMENT ON TABLE pledger.passage IS 'What a sign-in or an invitation carries from one page to the next, sealed, for minutes.';

CREATE TABLE pledger.throttle (
    key_hash bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
    failures int NOT NULL,
    last_at timestamptz NOT NULL,
    free_at timestamptz NOT NULL
);
COMMENT ON TABLE pledger.throttle IS 'How often signing in failed, by the hash of an account, a login or an address.';

ALTER TABLE pledger.ledger ADD COLUMN awaits_enrolment boolean NOT NULL DEFAULT false;

GRANT SELECT, INSERT, UPDATE ON pledger.account TO pledger_access;
GRANT SELECT, INSERT, DELETE ON pledger.account_identity TO pledger_access;
GRANT SELECT, INSERT, UPDATE, DELETE ON pledger.recovery_code TO pledger_access;
GRANT SELECT, INSERT, UPDATE, DELETE ON pledger.session TO pledger_access;
GRANT SELECT, INSERT, UPDATE, DELETE ON pledger.invitation TO pledger_access;
GRANT SELECT, INSERT, UPDATE, DELETE ON pledger.passage TO pledger_access;
GRANT SELECT, INSERT, UPDATE, DELETE ON pledger.throttle TO pledger_access;
GRANT UPDATE (awaits_enrolment) ON pledger.ledger TO pledger_access;

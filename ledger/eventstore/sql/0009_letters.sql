-- Letters by mail: who can be written to, what is to be sent once, and which devices somebody signed in from.

CREATE TABLE pledger.letter_reader (
    principal uuid PRIMARY KEY,
    address text CHECK (length(address) <= 254),
    weekly boolean NOT NULL DEFAULT true,
    asked_address text CHECK (length(asked_address) <= 254),
    asked_hash bytea CHECK (octet_length(asked_hash) = 32),
    asked_until timestamptz
);
COMMENT ON COLUMN pledger.letter_reader.address IS 'Shown to be theirs: by a link that was sent there, or an invitation that an admin sent there.';
COMMENT ON COLUMN pledger.letter_reader.asked_address IS 'What they asked for and have not shown yet; gone after a day.';

CREATE TABLE pledger.letter (
    key text PRIMARY KEY CHECK (length(key) <= 200),
    kind text NOT NULL CHECK (
        kind IN ('weekly', 'query', 'notice', 'credential', 'invitation', 'device', 'address')
    ),
    principal uuid NOT NULL,
    event_id uuid,
    carried bytea,
    state text NOT NULL DEFAULT 'waiting' CHECK (
        state IN ('waiting', 'sending', 'sent', 'empty', 'void', 'bounced', 'given_up', 'unknown')
    ),
    attempts integer NOT NULL DEFAULT 0,
    made_at timestamptz NOT NULL,
    next_try_at timestamptz NOT NULL,
    settled_at timestamptz,
    reply integer
);
CREATE INDEX letter_due ON pledger.letter (next_try_at) WHERE state IN ('waiting', 'sending');
COMMENT ON TABLE pledger.letter IS 'One row for each letter, so that none is sent twice. What it says is made when it is sent and never kept.';
COMMENT ON COLUMN pledger.letter.carried IS 'What cannot be found again, such as the link of an invitation: AES-256-GCM, bound to the key; gone once it is settled.';
COMMENT ON COLUMN pledger.letter.reply IS 'The last reply code of the mail server.';

CREATE TABLE pledger.letter_progress (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL CHECK (position >= 0)
);
COMMENT ON TABLE pledger.letter_progress IS 'Everything up to position was looked at for letters.';

CREATE TABLE pledger.known_device (
    account uuid NOT NULL REFERENCES pledger.account,
    device_hash bytea NOT NULL CHECK (octet_length(device_hash) = 32),
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (account, device_hash)
);
COMMENT ON TABLE pledger.known_device IS 'The kinds of browser somebody signed in with, without their versions, as hashes with the account.';

GRANT SELECT, INSERT, UPDATE, DELETE ON pledger.letter_reader, pledger.letter, pledger.known_device TO pledger_access;
GRANT SELECT, INSERT, UPDATE ON pledger.letter_progress TO pledger_access;

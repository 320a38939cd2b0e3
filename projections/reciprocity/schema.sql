-- Who gave whom how much, in which state, known and in force from when until when.

CREATE TABLE reciprocity_entry (
    known_from bigint NOT NULL,
    part smallint NOT NULL,
    known_until bigint NOT NULL,
    effective_from date NOT NULL,
    effective_until date NOT NULL,
    kind text NOT NULL,
    giver_id uuid NOT NULL,
    receiver_id uuid NOT NULL,
    partnership_id uuid,
    minutes bigint NOT NULL CHECK (minutes >= 0),
    said_minutes bigint NOT NULL CHECK (said_minutes >= 0),
    basis text NOT NULL,
    status text NOT NULL,
    was text,
    independence text,
    imported boolean NOT NULL,
    business_on date NOT NULL,
    support_id uuid,
    delivery_id text,
    category text,
    disposal text,
    people uuid[] NOT NULL,
    position bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    status_position bigint NOT NULL,
    events uuid[] NOT NULL,
    CHECK (giver_id <> receiver_id),
    CHECK (known_from < known_until AND effective_from <= effective_until),
    PRIMARY KEY (known_from, part)
) WITH (fillfactor = 85);

-- Folding looks deliveries up by their support. The column never changes, so that ending a row touches no index.
CREATE INDEX reciprocity_entry_support ON reciprocity_entry (support_id) WHERE support_id IS NOT NULL;

CREATE TABLE reciprocity_agreement (
    support_id uuid PRIMARY KEY,
    giver_id uuid NOT NULL,
    receiver_id uuid NOT NULL,
    partnership_id uuid,
    category text NOT NULL,
    basis text NOT NULL
);

CREATE TABLE reciprocity_proposal (
    stream_id uuid NOT NULL,
    kind text NOT NULL,
    proposal_id text NOT NULL,
    giver_id uuid,
    receiver_id uuid,
    minutes bigint,
    basis text,
    delivery_id text,
    disposal text,
    to_id uuid,
    day date NOT NULL,
    awaits smallint NOT NULL,
    events uuid[] NOT NULL,
    PRIMARY KEY (stream_id, kind, proposal_id)
);

-- Offers and requests over two times; rows are never corrected in place: a later fact ends one and opens another.

CREATE TABLE board_posting (
    support_id uuid NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint NOT NULL,
    effective_from date NOT NULL,
    effective_until date NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    minutes bigint NOT NULL,
    minutes_left bigint NOT NULL,
    maker_id uuid NOT NULL,
    partnership_id uuid,
    category text NOT NULL,
    open_to text NOT NULL,
    addressed_id uuid,
    starts_on date,
    ends_on date NOT NULL,
    basis text,
    paid_by text,
    pence_per_day integer,
    named boolean NOT NULL,
    confidential boolean NOT NULL,
    summary text,
    review_id uuid,
    finding text,
    position bigint NOT NULL,
    events uuid[] NOT NULL,
    PRIMARY KEY (support_id, known_from, effective_from)
);

CREATE TABLE board_step (
    position bigint PRIMARY KEY,
    support_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    kind text NOT NULL,
    day date NOT NULL,
    word text,
    minutes bigint,
    event_id uuid NOT NULL
);
CREATE INDEX board_step_support ON board_step (support_id);
CREATE INDEX board_step_agreement ON board_step (agreement_id);

CREATE TABLE board_sides (
    support_id uuid PRIMARY KEY,
    giver_id uuid NOT NULL,
    receiver_id uuid NOT NULL,
    category text NOT NULL,
    confidential boolean NOT NULL
);

CREATE TABLE board_outcome (
    known_from bigint PRIMARY KEY,
    known_until bigint NOT NULL,
    support_id uuid NOT NULL,
    outcome_id uuid NOT NULL,
    by_receiver boolean NOT NULL,
    impact smallint NOT NULL,
    assessed_on date NOT NULL
);
CREATE INDEX board_outcome_support ON board_outcome (support_id);

CREATE TABLE board_occasion (
    known_from bigint PRIMARY KEY,
    support_id uuid NOT NULL,
    giver_id uuid NOT NULL,
    occasion text NOT NULL
);

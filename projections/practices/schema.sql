-- Practices and each thing that was said of one. Rows only follow each other; nothing here is ever changed.

CREATE TABLE practices_practice (
    practice_id uuid PRIMARY KEY,
    known_from bigint NOT NULL,
    author_id uuid NOT NULL,
    category text NOT NULL,
    title text NOT NULL,
    summary text NOT NULL,
    link text,
    shared_on date NOT NULL,
    event_id uuid NOT NULL
);

CREATE TABLE practices_step (
    practice_id uuid NOT NULL,
    known_from bigint NOT NULL,
    kind text NOT NULL,
    organisation_id uuid NOT NULL,
    step_on date NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (practice_id, known_from)
);

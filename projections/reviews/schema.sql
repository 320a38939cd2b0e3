-- Which reviews there are, who takes part in each, to whom its report was opened, and what was asked for because of it.
-- What a review says is read from its own facts; nothing here is ever changed.

CREATE TABLE reviews_review (
    review_id uuid PRIMARY KEY,
    known_from bigint NOT NULL,
    reviewed_id uuid NOT NULL,
    reviewer_ids uuid[] NOT NULL,
    lead_id uuid NOT NULL,
    moderator_id uuid,
    partnership_id uuid,
    framework_id uuid,
    planned_on date NOT NULL
);
CREATE INDEX reviews_review_partnership ON reviews_review (partnership_id) WHERE partnership_id IS NOT NULL;

CREATE TABLE reviews_party (
    organisation_id uuid NOT NULL,
    review_id uuid NOT NULL,
    known_from bigint NOT NULL,
    PRIMARY KEY (organisation_id, review_id)
);

CREATE TABLE reviews_opened (
    organisation_id uuid NOT NULL,
    review_id uuid NOT NULL,
    known_from bigint NOT NULL,
    PRIMARY KEY (organisation_id, review_id, known_from)
);

CREATE TABLE reviews_arising (
    support_id uuid PRIMARY KEY,
    review_id uuid NOT NULL,
    finding_id text NOT NULL,
    known_from bigint NOT NULL
);
CREATE INDEX reviews_arising_review ON reviews_arising (review_id);

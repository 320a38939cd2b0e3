-- Who there is. Rows are never corrected in place: a later fact ends one (`known_until`) and opens another.

CREATE TABLE directory_organisation (
    organisation_id uuid NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    phase text,
    region text,
    local_authority text,
    pupils integer,
    closed_on date,
    successor_id uuid,
    succeeded_on date,
    PRIMARY KEY (organisation_id, known_from)
);

CREATE TABLE directory_trust_span (
    organisation_id uuid NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint NOT NULL,
    trust_id uuid NOT NULL,
    since date NOT NULL,
    until date NOT NULL,
    PRIMARY KEY (organisation_id, known_from)
);
CREATE INDEX directory_trust_span_trust ON directory_trust_span (trust_id);

CREATE TABLE directory_duplicate (
    organisation_id uuid NOT NULL,
    known_from bigint NOT NULL,
    duplicate_of uuid NOT NULL,
    effective_from date NOT NULL,
    PRIMARY KEY (organisation_id, known_from)
);

CREATE TABLE directory_partnership (
    partnership_id uuid NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint NOT NULL,
    name text NOT NULL,
    coordinator_id uuid NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    closed_on date,
    PRIMARY KEY (partnership_id, known_from)
);

CREATE TABLE directory_terms (
    partnership_id uuid NOT NULL,
    known_from bigint NOT NULL,
    effective_on date NOT NULL,
    terms jsonb NOT NULL,
    PRIMARY KEY (partnership_id, known_from)
);

CREATE TABLE directory_membership (
    partnership_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint NOT NULL,
    state text NOT NULL,
    role text NOT NULL,
    since date NOT NULL,
    until date NOT NULL,
    PRIMARY KEY (partnership_id, organisation_id, known_from)
);
CREATE INDEX directory_membership_organisation ON directory_membership (organisation_id);

CREATE TABLE directory_period (
    scope text NOT NULL,
    known_from bigint NOT NULL,
    known_until bigint NOT NULL,
    until date NOT NULL,
    figures_position bigint NOT NULL,
    PRIMARY KEY (scope, known_from)
);

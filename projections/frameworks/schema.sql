-- Every version of every framework, and every time the terms of an academic year were set.

CREATE TABLE frameworks_version (
    framework_id uuid NOT NULL,
    known_from bigint NOT NULL,
    version integer NOT NULL,
    owner_id uuid NOT NULL,
    name text NOT NULL,
    published_on date NOT NULL,
    components text NOT NULL,
    PRIMARY KEY (framework_id, known_from)
);

CREATE INDEX frameworks_version_owner ON frameworks_version (owner_id);

CREATE TABLE frameworks_calendar (
    calendar_id uuid NOT NULL,
    known_from bigint NOT NULL,
    version integer NOT NULL,
    for_whom text NOT NULL,
    academic_year text NOT NULL,
    set_on date NOT NULL,
    terms text NOT NULL,
    closed_days text NOT NULL,
    PRIMARY KEY (calendar_id, known_from)
);

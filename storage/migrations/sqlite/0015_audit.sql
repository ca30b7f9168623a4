-- +goose Up
-- What audit records are found by, each in the order of their numbers.
CREATE INDEX audit_records_type_idx ON audit_records (tenant_id, type, number);
CREATE INDEX audit_records_subject_idx ON audit_records (tenant_id, subject, number);
CREATE INDEX audit_records_actor_idx ON audit_records (tenant_id, actor_id, number) WHERE actor_id <> '';
CREATE INDEX audit_records_person_idx ON audit_records (tenant_id, person, number) WHERE person <> '';
CREATE INDEX audit_records_time_idx ON audit_records (tenant_id, time, number);

-- What takes longer than a request may.
CREATE TABLE jobs (
    tenant_id    BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    type         TEXT    NOT NULL,
    status       TEXT    NOT NULL,
    asked        TEXT    NOT NULL,
    scope        TEXT    NOT NULL,
    personal     INTEGER NOT NULL,
    actor_kind   TEXT    NOT NULL,
    actor_id     TEXT    NOT NULL,
    done         INTEGER NOT NULL,
    total        INTEGER NOT NULL,
    code         TEXT    NOT NULL,
    content_type TEXT    NOT NULL,
    parts        INTEGER NOT NULL,
    bytes        INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    started_at   INTEGER,
    finished_at  INTEGER,
    expires_at   INTEGER,
    fence        INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    claimed_to   INTEGER,
    CONSTRAINT jobs_pkey PRIMARY KEY (tenant_id, id)
) STRICT;
CREATE INDEX jobs_unfinished_idx ON jobs (created_at, tenant_id, id) WHERE finished_at IS NULL;
CREATE INDEX jobs_waiting_idx ON jobs (tenant_id, id) WHERE finished_at IS NULL;
CREATE INDEX jobs_expires_idx ON jobs (expires_at, tenant_id, id) WHERE expires_at IS NOT NULL;

-- Results in parts, sealed; only those of the claim that ended the job are its result.
CREATE TABLE job_parts (
    tenant_id BLOB    NOT NULL,
    job_id    BLOB    NOT NULL,
    fence     INTEGER NOT NULL,
    ordinal   INTEGER NOT NULL,
    sealed    BLOB    NOT NULL,
    CONSTRAINT job_parts_pkey PRIMARY KEY (tenant_id, job_id, fence, ordinal)
) STRICT;

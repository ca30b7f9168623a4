-- +goose NO TRANSACTION
-- +goose Up
-- Indexes are made beside writers, who would otherwise wait; that takes no transaction,
-- so everything here can be begun again.

-- What audit records are found by, each in the order of their numbers.
DROP INDEX CONCURRENTLY IF EXISTS audit_records_type_idx;
CREATE INDEX CONCURRENTLY audit_records_type_idx ON audit_records (tenant_id, type, number);
DROP INDEX CONCURRENTLY IF EXISTS audit_records_subject_idx;
CREATE INDEX CONCURRENTLY audit_records_subject_idx ON audit_records (tenant_id, subject, number);
DROP INDEX CONCURRENTLY IF EXISTS audit_records_actor_idx;
CREATE INDEX CONCURRENTLY audit_records_actor_idx ON audit_records (tenant_id, actor_id, number) WHERE actor_id <> '';
DROP INDEX CONCURRENTLY IF EXISTS audit_records_person_idx;
CREATE INDEX CONCURRENTLY audit_records_person_idx ON audit_records (tenant_id, person, number) WHERE person <> '';
DROP INDEX CONCURRENTLY IF EXISTS audit_records_time_idx;
CREATE INDEX CONCURRENTLY audit_records_time_idx ON audit_records (tenant_id, time, number);

-- What takes longer than a request may.
CREATE TABLE IF NOT EXISTS jobs (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    type         text        NOT NULL,
    status       text        NOT NULL,
    asked        text        NOT NULL,
    scope        text        NOT NULL,
    personal     boolean     NOT NULL,
    actor_kind   text        NOT NULL,
    actor_id     text        NOT NULL,
    done         bigint      NOT NULL,
    total        bigint      NOT NULL,
    code         text        NOT NULL,
    content_type text        NOT NULL,
    parts        bigint      NOT NULL,
    bytes        bigint      NOT NULL,
    created_at   timestamptz NOT NULL,
    started_at   timestamptz,
    finished_at  timestamptz,
    expires_at   timestamptz,
    fence        bigint      NOT NULL,
    attempts     bigint      NOT NULL,
    claimed_to   timestamptz,
    CONSTRAINT jobs_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX IF NOT EXISTS jobs_unfinished_idx ON jobs (created_at, tenant_id, id) WHERE finished_at IS NULL;
CREATE INDEX IF NOT EXISTS jobs_waiting_idx ON jobs (tenant_id, id) WHERE finished_at IS NULL;
CREATE INDEX IF NOT EXISTS jobs_expires_idx ON jobs (expires_at, tenant_id, id) WHERE expires_at IS NOT NULL;

-- Results in parts, sealed; only those of the claim that ended the job are its result.
CREATE TABLE IF NOT EXISTS job_parts (
    tenant_id    uuid        NOT NULL,
    job_id       uuid        NOT NULL,
    fence        bigint      NOT NULL,
    ordinal      bigint      NOT NULL,
    sealed       bytea       NOT NULL,
    CONSTRAINT job_parts_pkey PRIMARY KEY (tenant_id, job_id, fence, ordinal)
);

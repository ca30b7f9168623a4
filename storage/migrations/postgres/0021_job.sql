-- +goose NO TRANSACTION
-- +goose Up
-- The index is made beside writers, who would otherwise wait; that takes no transaction,
-- so everything here can be begun again.

-- Which user a job is about: an export is found by whose it is, and goes with them.
ALTER TABLE jobs ADD COLUMN IF NOT EXISTS person text NOT NULL DEFAULT '';
DROP INDEX CONCURRENTLY IF EXISTS jobs_person_idx;
CREATE INDEX CONCURRENTLY jobs_person_idx ON jobs (tenant_id, person, id) WHERE person <> '';

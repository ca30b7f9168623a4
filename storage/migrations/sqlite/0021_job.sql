-- +goose Up
-- Which user a job is about: an export is found by whose it is, and goes with them.
ALTER TABLE jobs ADD COLUMN person TEXT NOT NULL DEFAULT '';
CREATE INDEX jobs_person_idx ON jobs (tenant_id, person, id) WHERE person <> '';
